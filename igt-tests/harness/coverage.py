# SPDX-License-Identifier: MIT
"""What of our modules the tests reach, from what gcov says (--json-format, a document a line)."""

import collections
import itertools
import json
import pathlib

# Rooms and the modules they make; each header belongs to the room it lies in.
MODULES = {"core/": "simbuf", "include/": "simbuf", "drivers/gpu/drm/primesim/": "primesim",
           "drivers/media/camsim/": "camsim"}
REASONS = pathlib.Path(__file__).resolve().parent.parent / "unreached.txt"


class Function:
    def __init__(self, name, first):
        self.name = name
        self.first = first
        self.count = 0


class File:
    """A source file: how often each of its lines and functions ran."""

    def __init__(self, path):
        self.path = path
        self.module = next(module for room, module in MODULES.items() if path.startswith(room))
        self.lines = collections.Counter()
        self.functions = {}
        self.function_of = {}  # line -> name

    def add(self, document):
        for line in document["lines"]:
            self.lines[line["line_number"]] += line["count"]
            self.function_of[line["line_number"]] = line.get("function_name")
        for found in document["functions"]:
            # What the compiler made of one function (NAME.part.0, NAME.isra.0) is that function.
            name = found["name"].partition(".")[0]
            self.functions.setdefault(name, Function(name, found["start_line"])).count += found["execution_count"]

    def covered(self):
        return sum(count > 0 for count in self.lines.values())

    def missed_functions(self):
        return sorted((function for function in self.functions.values() if not function.count),
                      key=lambda function: function.first)

    def missed_lines(self):
        """Line numbers not reached in functions that were."""
        missed = {function.name for function in self.missed_functions()}
        return sorted(number for number, count in self.lines.items()
                      if not count and (self.function_of[number] or "").partition(".")[0] not in missed)


def our_path(name, directory):
    """A file of ours by its path from the top of the tree, else None: modules are built in a tree of links."""
    name = str(pathlib.PurePosixPath(directory, name)) if not name.startswith("/") else name
    path = name.partition("/kbuild/")[2] or name.removeprefix("/src/")
    path = path.removeprefix("./")
    # Of trace events the kernel's macros make functions that nobody wrote.
    if not path.startswith(tuple(MODULES)) or "/tests/" in path or path.endswith("_trace.h"):
        return None
    return path


def read(paths):
    files = {}
    for path in paths:
        with open(path) as stream:
            for line in stream:
                document = json.loads(line)
                for found in document["files"]:
                    if (name := our_path(found["file"], document["current_working_directory"])) and found["lines"]:
                        files.setdefault(name, File(name)).add(found)
    return [files[name] for name in sorted(files)]


def percent(covered, lines):
    return f"{100 * covered / lines:.1f} %" if lines else "-"


def row(name, files):
    functions = [function for file in files for function in file.functions.values()]
    lines, covered = sum(len(file.lines) for file in files), sum(file.covered() for file in files)
    called = sum(function.count > 0 for function in functions)
    return name, str(lines), percent(covered, lines), str(len(functions)), percent(called, len(functions))


def rows(files):
    """A row for each file and each module, one for all."""
    for module in dict.fromkeys(MODULES.values()):
        of_module = [file for file in files if file.module == module]
        yield from (row(file.path, [file]) for file in of_module)
        yield row(f"{module}.ko", of_module)
    yield row("all", files)


HEAD = ("", "lines", "reached", "functions", "called")


def show(files):
    table = [HEAD, *rows(files)]
    widths = [max(len(cells[column]) for cells in table) for column in range(len(HEAD))]
    for cells in table:
        print(cells[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:])))


def as_ranges(numbers):
    """[1, 2, 3, 7] -> "1-3, 7"."""
    runs = [[number for _, number in group]
            for _, group in itertools.groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def read_reasons():
    reasons = {}
    for line in REASONS.read_text().splitlines() if REASONS.exists() else ():
        if line and not line.startswith("#"):
            key, _, why = line.partition(": ")
            reasons[tuple(key.split(" "))] = why
    return reasons


def stale(files, reasons):
    """What has a reason for not being reached and needs none: it was called, or there is no such function."""
    missed = {(file.path, function.name) for file in files for function in file.missed_functions()}
    return [key for key in reasons if key not in missed]


def write_json(path, files):
    path.write_text(json.dumps({
        file.path: {
            "module": file.module, "lines": len(file.lines), "reached": file.covered(),
            "functions_not_called": [function.name for function in file.missed_functions()],
            "lines_not_reached": [number for number, count in sorted(file.lines.items()) if not count],
        } for file in files}, indent=1) + "\n")


def write_uncovered(path, files, sources):
    with open(path, "w") as stream:
        for file in files:
            text = (sources / file.path).read_text().splitlines()
            for number, count in sorted(file.lines.items()):
                if not count:
                    print(f"{file.path}:{number}: {file.function_of[number]}: {text[number - 1].strip()}", file=stream)


def markdown(files, reasons):
    yield from ("# Coverage", "",
                "Which lines of the three modules the tests reach, counted by GCOV on `KERNEL=coverage`. Written by",
                "`make coverage`, see [testing](testing.md#coverage).", "",
                "| " + " | ".join(HEAD) + " |", "| --- | --: | --: | --: | --: |")
    for cells in rows(files):
        bold = "**" if "/" not in cells[0] else ""
        yield "| " + " | ".join(f"{bold}{cell}{bold}" for cell in cells) + " |"
    yield from ("", "## Not reached", "", "Functions that were never called, and lines of others.", "")
    for file in files:
        yield from missed(file, reasons)


def missed(file, reasons):
    functions, lines = file.missed_functions(), as_ranges(file.missed_lines())
    if functions or lines:
        yield f"* `{file.path}`" + (f": {lines}" if lines else "")
    for function in functions:
        why = reasons.get((file.path, function.name))
        yield f"  * `{function.name}()`" + (f": {why}" if why else "")
