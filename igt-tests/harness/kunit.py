# SPDX-License-Identifier: MIT
"""Results of the KUnit suites, which ran when our modules were loaded, on a kernel that has KUnit."""

import functools
import pathlib
import re

from harness.results import Result

SUITES = pathlib.Path("/sys/kernel/debug/kunit")
# Of a suite; what is indented more are the parameters of one case.
CASE = re.compile(r" {4}(not )?ok \d+ (\S+)(?: # (SKIP)\b)?")


def present():
    return SUITES.exists()


def names():
    return [result.name for result in results()]


def results():
    """A Result for each case of each suite, in the order in which they ran."""
    for log in sorted(SUITES.glob("*/results")):
        yield from parse(log.parent.name, log.read_text())


def parse(suite, text):
    """A Result for each case in the KTAP of one suite. A suite without any is a failure by itself."""
    log = []  # of one case: its own line is the last one
    cases = 0
    for line in text.splitlines():
        log.append(line)
        if match := CASE.match(line):
            cases += 1
            failed, name, skipped = match.groups()
            status = "fail" if failed else "skip" if skipped else "pass"
            yield Result(f"{suite}@{name}", status, 0, read_log=functools.partial("\n".join, log))
            log = []
    if not cases:
        yield Result(f"{suite}@none", "fail", 0, read_log=lambda: text)
