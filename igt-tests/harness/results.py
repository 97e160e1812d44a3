# SPDX-License-Identifier: MIT
"""What a test did, and whether that was expected."""

import collections.abc
import dataclasses
import fnmatch
import itertools
import pathlib
import platform
import re

from harness.setups import SETUPS


@dataclasses.dataclass
class Result:
    """One finished test. status: pass, fail, skip, or igt_runner's words for worse (timeout, crash, ...)."""

    name: str
    status: str
    seconds: float
    complaints: list = dataclasses.field(default_factory=list)  # of the kernel, while the test ran
    read_log: collections.abc.Callable = str  # returns all that the test wrote; not before its group has ended

    def program(self):
        return self.name.partition("@")[0]


@dataclasses.dataclass
class Verdict:
    """A result beside what was expected. kind: passed, failed or skipped."""

    result: Result
    kind: str
    reason: str = ""
    group: str = "run"  # of tests: how it was run


@dataclasses.dataclass
class Expectation:
    status: str
    pattern: str  # of names program@subtest, or of programs
    reason: str
    where: str  # file:line

    def names(self, test):
        # A program without subtests is the only one of its tests.
        if "@" in self.pattern and "@" not in test:
            test += "@"
        return fnmatch.fnmatchcase(test, self.pattern)


# What a kernel may have: a line "skip PATTERN unless FEATURE" is void where it does.
FEATURES = {
    "sw_sync": pathlib.Path("/sys/kernel/debug/sync/sw_sync").exists,
    "fail_nth": pathlib.Path("/proc/self/fail-nth").exists,
}
# What came with a version and cannot be looked for: "unless linux-7.2" is void there and on newer ones.
VERSION = re.compile(r"linux-(\d+)\.(\d+)")

LINE = re.compile(r"([\w-]+) (\S+)(?: unless ([\w.-]+))?")


def is_known(feature):
    return feature in FEATURES or VERSION.fullmatch(feature)


def has(feature, release=platform.release()):
    """Whether this kernel has a feature, or is at least of a version."""
    if feature in FEATURES:
        return FEATURES[feature]()
    return numbers(f"linux-{release}") >= numbers(feature)


def numbers(version):
    return tuple(map(int, VERSION.match(version).groups()))


class Expectations:
    """The *.txt of two directories, one a program: upstream's and ours. Each line stands below a comment that says why:

    skip PATTERN [unless FEATURE]
    fail PATTERN [unless FEATURE]   FEATURE is one of FEATURES, or a version as in linux-7.2
    slow PATTERN                    only run when all tests are asked for
    never PATTERN                   not run at all
    quick PATTERN                   also run when only the tests are asked for that find most in their time
    thorough PATTERN                not run when only those are asked for; of ours all others are
    timed PATTERN                   not run on kernels where everything takes several times as long
    ours PATTERN                    not run on other drivers to compare with
    SETUP PATTERN                   run within one of setups.SETUPS, and not on other drivers
    device DRIVER                   the program may open this driver's device, too, whatever it is told

    Programs of upstream that have no file are named, or matched, by the lines of the file left-out, which stand below a
    comment, too. Programs of ours need none.
    """

    def __init__(self, upstream, ours):
        self.programs = []
        self.no_file = []  # patterns of programs
        self.subtests = []
        self.marks = {kind: [] for kind in ("slow", "quick", "thorough", "never", "timed", "ours", *SETUPS)}
        self.devices = {}  # names of drivers by program
        for path in sorted(pathlib.Path(upstream).glob("*.txt")):
            self.programs.append(path.stem)
            self._read(path, self._line)
        self._read(pathlib.Path(upstream, "left-out"), self._program)
        for path in sorted(pathlib.Path(ours).glob("*.txt")):
            self._read(path, self._line)

    @staticmethod
    def _read(path, take):
        reason = []
        previous = ""
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if line.startswith("#"):
                reason = (reason if previous.startswith("#") else []) + [line.lstrip("# ")]
            elif line:
                take(path.stem, line, " ".join(reason), f"{path.name}:{number}")
            else:
                reason = []
            previous = line

    def _line(self, program, line, reason, where):
        match = LINE.fullmatch(line)
        if not match or not reason or match[3] and not is_known(match[3]):
            raise ValueError(f"{where}: not understood, or without a comment above that says why: {line}")
        if match[1] == "device":
            self.devices.setdefault(program, set()).add(match[2])
        elif match[1] in self.marks:
            self.marks[match[1]].append(Expectation(match[1], f"{program}@{match[2]}", reason, where))
        elif match[1] not in ("skip", "fail"):
            raise ValueError(f"{where}: not understood: {line}")
        elif not match[3] or not has(match[3]):
            self.subtests.append(Expectation(match[1], f"{program}@{match[2]}", reason, where))

    def _program(self, _stem, line, reason, where):
        if not reason:
            raise ValueError(f"{where}: without a comment above that says why: {line}")
        self.no_file.append(Expectation("left out", line, reason, where))

    def strangers(self, programs):
        """What is wrong with the lists of programs, compared with all that there are."""
        for program in sorted(set(programs) - set(self.programs)):
            if not any(expectation.names(program) for expectation in self.no_file):
                yield program, "has no expectations, and is not in left-out"
        for program in sorted(set(self.programs) - set(programs)):
            yield program, "has expectations, but there is no such program"
        for expectation in self.unused_of(self.no_file, programs):
            yield expectation.pattern, f"{expectation.where}: there is no such program"
        for program in self.programs:
            if any(expectation.names(program) for expectation in self.no_file):
                yield program, "has expectations, and is in left-out"

    def of(self, name):
        return next((expectation for expectation in self.subtests if expectation.names(name)), None)

    def marks_as(self, kind, name):
        """Whether a test is slow, never run, not run on others, or run within a setup."""
        return any(expectation.names(name) for expectation in self.marks[kind])

    def setup_of(self, name):
        return next((setup for setup in SETUPS if self.marks_as(setup, name)), None)

    def unused(self, names):
        """Those that name no test at all."""
        return self.unused_of(itertools.chain(self.subtests, *self.marks.values()), names)

    @staticmethod
    def unused_of(expectations, names):
        return [expectation for expectation in expectations if not any(map(expectation.names, names))]


def judge(result, expectations):
    """Compares a result with what was expected of it: what no expectation names must pass."""
    expectation = expectations.of(result.name)
    if result.complaints:
        return Verdict(result, "failed", "the kernel complained: " + result.complaints[0])
    if expectation and result.status == expectation.status:
        return Verdict(result, "skipped", f"expected {result.status}: {expectation.reason}")
    if expectation:
        return Verdict(result, "failed", f"{expectation.where} expects {expectation.status}, but: {result.status}")
    if result.status == "pass":
        return Verdict(result, "passed")
    return Verdict(result, "failed", "unexpected skip" if result.status == "skip" else result.status)
