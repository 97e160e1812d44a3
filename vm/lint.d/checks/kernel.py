# SPDX-License-Identifier: MIT
"""What the kernel's own tools say of the modules, and checkpatch of all that is written in C."""

import os
import pathlib
import re
import subprocess

from checks.finding import Finding
from checks.jobs import Job, batches, run_jobs

LINUX = pathlib.Path("/usr/src/linux")


def checkpatch(tree):
    pattern = re.compile(r"(?P<path>.+?):(?P<line>\d+): \w+:(?P<rule>\w+): (?P<message>.*)")
    command = [LINUX / "scripts/checkpatch.pl", "--strict", "--no-tree", "--terse", "--show-types", "--no-summary", "-f"]
    return run_jobs([Job(command + paths, pattern) for paths in batches(tree.kernel_style(), 8)], tree)


# of the compiler and sparse; of objtool, which names an object, and of modpost, which names nothing
_KBUILD = re.compile(r"(?:(?P<path>[^ :]+):(?:(?P<line>\d+):(?:\d+:)?)? )?(?:fatal )?(?:warning|error|WARNING|ERROR): "
                     r"(?P<message>.*?)(?: \[(?P<rule>-W[^\]]+)\])?$")


def _kbuild(tree, rule, *words):
    directory = tree.kbuild()
    subprocess.run([tree.top / "vm/link-sources", directory], check=True)
    kernel, = pathlib.Path("/lib/modules").iterdir()
    goals = [path.removesuffix(".c") + ".o" for path in tree.modules()] if tree.partial else ["modules"]
    command = ["make", "-s", "-k", "-j", os.cpu_count(), "-C", kernel / "build", f"M={directory}", *words, *goals]
    return run_jobs([Job(command, _KBUILD, rule, directory)], tree)


def kbuild_w1(tree):
    """e: what has a warning does not compile. So the next run shows it again, and need not compile what was fine."""
    return _kbuild(tree, "W=1", "W=1e")


def sparse(tree):
    return _kbuild(tree, "sparse", "C=2")


def coccinelle(tree):
    """But for minmax, which looks for opportunities only and takes as long as a dozen others, and for semantic patches with
    a part in OCaml, which would need its compiler: one is about a battery charger, the other finds null pointers that are
    written as 0, as sparse does."""
    pattern = re.compile(r"(?P<path>[^:]+):(?P<line>\d+):[\d-]+: (?P<message>.*)")
    # Each file is a group: of one file spatch reads nothing when the semantic patch looks for words that it does not have.
    groups = tree.build / "coccinelle-groups"
    groups.write_text("\n\n".join(tree.modules()) + "\n")
    jobs = []
    for patch in sorted((LINUX / "scripts/coccinelle").rglob("*.cocci")):
        text = patch.read_text()
        if not re.search(r"^virtual\s+report", text, re.MULTILINE) or patch.stem == "minmax" or \
                "script:ocaml" in text:
            continue
        options = re.search(r"^//+\s*Options:(.*)", text, re.MULTILINE)
        command = ["spatch", "-D", "report", "--no-show-diff", "--very-quiet", "--cocci-file", patch,
                   *(options[1].split() if options else []), "-I", "include", "-I", "include/uapi", "--file-groups", groups]
        jobs.append(Job(command, pattern, patch.stem))
    return run_jobs(jobs, tree)


def kernel_doc(tree):
    """Comments that are wrong, exported functions and structs of the uapi that have none."""
    paths = [path for path in tree.ending(".c", ".h") if re.search(r"^\s*/\*\*$", tree.text(path), re.MULTILINE)]
    command = [LINUX / "tools/docs/kernel-doc", "-Wall", *paths]
    pattern = re.compile(r"(?:Warning|Error): (?P<path>[^:]+):(?P<line>\d+) (?P<message>.*)")
    found = run_jobs([Job([*command, "-none"], pattern, "kernel-doc")] if paths else [], tree)
    pages = subprocess.run([*command, "-rst"], cwd=tree.top, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                           check=False).stdout
    documented = set(re.findall(r"^\.\. c:(?:function:: .*?(?=\w+ \()|struct:: )(\w+)", pages, re.MULTILINE))
    return found + [Finding(path, line, "missing", f"{name} has no kernel-doc")
                    for path, line, name in _to_be_documented(tree) if name not in documented]


# Where names are that must have kernel-doc: exported functions, structs of the uapi, functions of a library
_TO_BE_DOCUMENTED = (
    (("core/", "drivers/"), (".c", ".h"), re.compile(r"EXPORT_SYMBOL\w*\((\w+)")),
    ("include/uapi/", (".h",), re.compile(r"struct (\w+) \{")),
    ("userspace/", (".map",), re.compile(r"\t(\w+);")),
)


def _to_be_documented(tree):
    for rooms, endings, pattern in _TO_BE_DOCUMENTED:
        for path in tree.ending(*endings):
            if path.startswith(rooms):
                for line, text in enumerate(tree.text(path).splitlines(), 1):
                    match = pattern.match(text)
                    if match:
                        yield path, line, match[1]
