# SPDX-License-Identifier: MIT
"""What is said of scripts, and of the commands that the pages show."""

import re

from checks.finding import Finding
from checks.jobs import Job, batches, run_jobs

_SHELLCHECK = re.compile(r"(?P<path>[^:]+):(?P<line>\d+):\d+: \w+: (?P<message>.*) \[(?P<rule>SC\d+)\]")
# A directive within a script, which wants a comment of its own that says why
_DISABLE = re.compile(r"# shellcheck\b.*?\bdisable=(?P<rules>[\w,]+)(?P<reason> # \w)?")


def _shellcheck(tree, paths):
    return run_jobs([Job(["shellcheck", "--external-sources", "--format=gcc", *some], _SHELLCHECK)
                     for some in batches(paths, 4)], tree)


def shellcheck(tree):
    paths = tree.scripts("(ba|da)?sh", ".sh")
    return _shellcheck(tree, paths) + list(_directives(tree, paths))


def _directives(tree, paths):
    """Directives without a reason, and those without which nothing more is found."""
    copies = {}
    for path in paths:
        lines = tree.text(path).splitlines(keepends=True)
        for number, line in enumerate(lines, 1):
            directive = _DISABLE.search(line)
            if directive:
                copy = tree.build / "shellcheck" / f"{path}.{number}"
                copy.parent.mkdir(parents=True, exist_ok=True)
                without = line.replace(directive["rules"], "SC9999")
                copy.write_text("".join([*lines[:number - 1], without, *lines[number:]]))
                copies[str(copy)] = path, number, directive
    found = {(finding.path, finding.rule) for finding in _shellcheck(tree, list(copies))}
    for copy, (path, number, directive) in copies.items():
        if not directive["reason"]:
            yield Finding(path, number, "disable", "say why, behind another #")
        for rule in directive["rules"].split(","):
            if (copy, rule) not in found:
                yield Finding(path, number, "disable", f"there is no {rule} here: remove it")


def pyflakes(tree):
    pattern = re.compile(r"(?P<path>[^:]+):(?P<line>\d+):\d+:? (?P<message>.*)")
    return run_jobs([Job(["pyflakes3", *paths], pattern, "pyflakes") for paths in batches(tree.scripts("python3", ".py"), 16)],
                    tree)


def documents(tree):
    pattern = re.compile(r"(?P<path>[^:]+):(?P<line>\d+): (?P<message>.*)")
    return run_jobs([Job(["igt-tests/documents", "--check"], pattern, "not-run")], tree)
