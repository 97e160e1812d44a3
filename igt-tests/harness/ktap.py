# SPDX-License-Identifier: MIT
"""Results as KTAP, version 1 (Documentation/dev-tools/ktap.rst of the kernel): what KernelCI, LAVA and kunit.py read.

Group -> program -> test. Expected skips are SKIP, expected failures XFAIL; what a failed test wrote stands before it.
"""

import collections

DIRECTIVES = {"skip": "SKIP", "fail": "XFAIL"}  # by the status that was expected


def lines(verdicts, details):
    """All lines, for verdicts in the order of their tests; details(verdict) tells why one has failed."""
    groups = collections.defaultdict(lambda: collections.defaultdict(list))
    for verdict in verdicts:
        groups[verdict.group][verdict.result.program()].append(verdict)
    yield from _nested(_group(name, programs, details) for name, programs in groups.items())


def _group(name, programs, details):
    return _parent(name, [_program(program, verdicts, details) for program, verdicts in programs.items()])


def _program(name, verdicts, details):
    if [verdict.result.name for verdict in verdicts] == [name]:
        return _test(name, verdicts[0], details)  # has no subtests
    return _parent(name, [_test(verdict.result.name.partition("@")[2] or name, verdict, details) for verdict in verdicts])


def _test(name, verdict, details):
    """A test is what is before its line, whether it is ok, and the rest of that line."""
    if verdict.kind == "failed":
        return [f"# {line}" for line in details(verdict).splitlines()], False, name
    directive = f" # {DIRECTIVES[verdict.result.status]} {verdict.reason}" if verdict.kind == "skipped" else ""
    return [], True, name + directive


def _parent(name, tests):
    version, *rest = _nested(tests)
    before = [version, f"# Subtest: {name}", *rest]
    skipped = all(" # SKIP " in line for _, _, line in tests)
    return ["  " + line for line in before], all(ok for _, ok, _ in tests), name + (" # SKIP all are" if skipped else "")


def _nested(tests):
    tests = list(tests)
    yield "KTAP version 1"
    yield f"1..{len(tests)}"
    for number, (before, ok, name) in enumerate(tests, 1):
        yield from before
        yield f"{'ok' if ok else 'not ok'} {number} {name}"
