# SPDX-License-Identifier: MIT
"""What compilers and analysers say of the programs and tests."""

import dataclasses
import json
import os
import pathlib
import re
import shlex
import subprocess

from checks.finding import Finding
from checks.jobs import Job, run_jobs

# Directories whose Makefile compiles programs. Each is asked for its commands, so that nothing of them is repeated here.
MAKEFILES = {
    "userspace": "all", "igt-tests": "all", "core/tests": "check", "drivers/gpu/drm/primesim/tests": "check bench",
    "drivers/media/camsim/tests": "check",
}
_MESSAGE = re.compile(r"(?P<path>[^ :]+):(?P<line>\d+):\d+: (?:fatal )?(?:warning|error): (?P<message>.*?)"
                      r"(?: \[(?P<rule>[^\]]+)\])?$")


@dataclasses.dataclass
class Unit:
    """A source and how it is compiled: in which directory, with which options."""

    path: str
    directory: pathlib.Path
    options: list


def _compilations(tree, room, goals):
    """The compiler's commands of one Makefile."""
    ended = subprocess.run(["make", "--no-print-directory", "--dry-run", "--always-make", "V=1", f"O={tree.build / room}",
                            *goals.split()], cwd=tree.top / room, text=True, check=True, stdout=subprocess.PIPE)
    for line in ended.stdout.replace("\\\n", " ").splitlines():
        words = shlex.split(line)
        if words and words[0] in ("cc", "gcc"):
            yield words[1:]


def _options(words):
    """Of a command, what else than input and output there is."""
    words = iter(words)
    for word in words:
        if word == "-o":
            next(words)
        elif word != "-c" and not word.startswith("-l") and not word.endswith((".a", ".c", ".o")):
            yield word


def _units(tree):
    """Each of the tree's sources once. Sources of the modules that tests compile are not among them."""
    units = {}
    for room, goals in MAKEFILES.items():
        directory = tree.top / room
        for words in _compilations(tree, room, goals):
            for source in (word for word in words if word.endswith(".c")):
                path = tree.relative(directory, source)
                units.setdefault(path, Unit(path, directory, list(_options(words))))
    return [units[path] for path in tree.userspace() if path in units]


def never_compiled(tree, units):
    compiled = {unit.path for unit in units}
    return [Finding(path, 1, "never-compiled", f"none of {', '.join(MAKEFILES)} compiles this")
            for path in tree.userspace() if path not in compiled]


def gcc_wextra(tree):
    units = _units(tree)
    jobs = []
    for unit in units:
        # What is not to be warned of is told by suppressions, with the reason.
        options = [option for option in unit.options if not option.startswith(("-Wno-", "-Werror"))]
        jobs.append(Job(["gcc", *options, "-Wall", "-Wextra", "-c", "-o", "/dev/null", tree.top / unit.path], _MESSAGE,
                        "gcc", unit.directory))
    return never_compiled(tree, units) + run_jobs(jobs, tree)


def _database(tree):
    """What analysers know compilations from."""
    entries = [{"directory": str(unit.directory), "file": str(tree.top / unit.path),
                "arguments": ["cc", *unit.options, "-c", str(tree.top / unit.path)]} for unit in _units(tree)]
    path = tree.build / "compile_commands.json"
    path.write_text(json.dumps(entries))
    return path


def cppcheck(tree):
    pattern = re.compile(r"(?P<path>[^:]+):(?P<line>\d+): (?P<rule>\w+): (?P<message>.*)")
    command = ["cppcheck", "--quiet", "-j", os.cpu_count(), "--enable=warning,performance,portability",
               "--library=posix", "--template={file}:{line}: {id}: {message}", f"--project={_database(tree)}"]
    return run_jobs([Job(command, pattern)], tree)


def clang_tidy(tree):
    command = ["clang-tidy", "--quiet", f"--config-file={tree.top / 'vm/lint.d/clang-tidy'}", "-p", _database(tree).parent,
               # Paths that the analyser follows in a function: with more, some files take twenty seconds.
               *(f"--extra-arg={word}" for word in ("-Xclang", "-analyzer-config", "-Xclang", "max-nodes=30000"))]
    return run_jobs([Job([*command, tree.top / unit.path], _MESSAGE, "clang-tidy") for unit in _units(tree)], tree)
