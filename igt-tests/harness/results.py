# SPDX-License-Identifier: MIT
"""What a test did, and whether that was expected."""

import collections.abc
import dataclasses
import fnmatch
import pathlib


@dataclasses.dataclass
class Result:
    """One finished test. status: pass, fail, skip, or igt_runner's words for worse (timeout, crash, ...)."""

    name: str
    status: str
    seconds: float
    complaints: list = dataclasses.field(default_factory=list)  # of the kernel, while the test ran
    read_log: collections.abc.Callable = str  # returns all that the test wrote; not before its group has ended


@dataclasses.dataclass
class Verdict:
    """A result beside what was expected. kind: passed, failed or skipped."""

    result: Result
    kind: str
    reason: str = ""


@dataclasses.dataclass
class Expectation:
    status: str
    pattern: str  # of names program@subtest
    reason: str
    where: str  # file:line
    used: bool = False


def read_expectations(directory):
    """All *.txt of a directory, one a program: lines "skip PATTERN" and "fail PATTERN", each below its reason."""
    expectations = []
    for path in sorted(pathlib.Path(directory).glob("*.txt")):
        expectations += read_file(path)
    return expectations


def read_file(path):
    expectations = []
    reason = []
    after_comment = False
    for number, line in enumerate(path.read_text().splitlines(), 1):
        line = line.strip()
        if line.startswith("#"):
            reason = (reason if after_comment else []) + [line.lstrip("# ")]
            after_comment = True
            continue
        after_comment = False
        if not line:
            reason = []
            continue
        status, _, pattern = line.partition(" ")
        where = f"{path.name}:{number}"
        if status not in ("skip", "fail") or not pattern or not reason:
            raise ValueError(f"{where}: want 'skip PATTERN' or 'fail PATTERN' below a comment that says why")
        expectations.append(Expectation(status, f"{path.stem}@{pattern.strip()}", " ".join(reason), where))
    return expectations


class Judge:
    """Compares results with expectations. What no expectation names must pass."""

    def __init__(self, expectations):
        self.expectations = expectations

    def expectation(self, name):
        for expectation in self.expectations:
            if fnmatch.fnmatchcase(name, expectation.pattern):
                return expectation
        return None

    def verdict(self, result):
        expectation = self.expectation(result.name)
        if expectation:
            expectation.used = True
        if result.complaints:
            return Verdict(result, "failed", "the kernel complained: " + result.complaints[0])
        if not expectation:
            return self._unforeseen(result)
        if result.status == expectation.status:
            return Verdict(result, "skipped", f"expected {result.status}: {expectation.reason}")
        return Verdict(result, "failed", f"{expectation.where} expects {expectation.status}, but: {result.status}")

    @staticmethod
    def _unforeseen(result):
        if result.status == "pass":
            return Verdict(result, "passed")
        return Verdict(result, "failed", "unexpected skip" if result.status == "skip" else result.status)

    def unused(self):
        """Expectations that name no test at all, after all tests ran."""
        return [expectation for expectation in self.expectations if not expectation.used]
