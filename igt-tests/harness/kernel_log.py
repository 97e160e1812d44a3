# SPDX-License-Identifier: MIT
"""What the kernel complained about, and during which test."""

import contextlib
import os
import re

STARTED = re.compile(r"\[IGT\] (\S+): starting subtest (\S+)")
FINISHED = re.compile(r"\[IGT\] (\S+): finished subtest (\S+),")
# igt_runner has the kernel print the state of all tasks when it kills a test.
KILLED = re.compile(r"\[IGT\] .* timeout exceeded\. Killing")
PROGRAM_ENDED = re.compile(r"\[IGT\] \S+: exiting")
EXPECTED = re.compile(r"lab: expect (.*)")
# KUnit writes KTAP: the name of a suite before its cases, that of a case after it.
KUNIT_SUITE = re.compile(r" {4}# Subtest: (\S+)")
KUNIT_CASE = re.compile(r" {4}(?:not )?ok \d+ (\S+)")
KUNIT_SUITE_ENDED = re.compile(r"(?:not )?ok \d+ \S+")
# What is written below most complaints: KASAN's access, and who called whom, the innermost first. What the kernel is
# not sure of has a "?".
CALL_TRACE = "Call Trace:"
FRAME = re.compile(r"((?:Read|Write) of size .*)|(?:RIP: \d+:| )(\w[\w.]*)\+0x\w+/0x\w+")
TRACE_ENDED = re.compile(r" </\w+>")
FRAMES = 24

BETWEEN_TESTS = "between tests"


class Patterns:
    """What is a complaint and what is not: the lines "bad REGEX" and "ok REGEX" of vm/guest/dmesg-patterns."""

    def __init__(self, path):
        kinds = {"bad": [], "ok": []}
        for line in path.read_text().splitlines():
            kind, _, pattern = line.partition(" ")
            if kind in kinds:
                kinds[kind].append(re.compile(pattern))
        self.bad = kinds["bad"]
        self.ok = kinds["ok"]

    def complains(self, line):
        return any(pattern.search(line) for pattern in self.bad) and \
            not any(pattern.search(line) for pattern in self.ok)


class Complaints:
    """Sorts the kernel's lines by the test during which they came, and keeps those that are complaints.

    libigt writes the start and end of each subtest into the log. A test that provokes a complaint announces it
    there, as dmesg-check wants it: "lab: expect REGEX" before, "lab: expect nothing" after. KUnit's cases count as
    tests when no test loads the modules. A complaint is one line: the functions of its call trace are in it.
    """

    def __init__(self, patterns):
        self.patterns = patterns
        self.test = BETWEEN_TESTS
        self.suite = None  # of KUnit
        self.expected = None
        self.killed = False  # the test that ran; what follows is no complaint
        self.by_test = {}
        self.last = None  # the list that has the last complaint
        self.frames = 0  # that may still be added to that

    def line(self, line):
        if match := EXPECTED.search(line):
            self.expected = None if match[1] == "nothing" else re.compile(match[1])
        elif match := STARTED.search(line):
            self.test = f"{match[1]}@{match[2]}"
            self.killed = False
        elif KILLED.search(line):
            self.killed = True
        elif FINISHED.search(line) or PROGRAM_ENDED.search(line):
            self.test = BETWEEN_TESTS
        elif self.suite or self.test == BETWEEN_TESTS and KUNIT_SUITE.match(line):
            self._kunit_line(line)
        else:
            self._other_line(line)

    def _kunit_line(self, line):
        if match := KUNIT_SUITE.match(line):
            self.suite = self.test = match[1]
        elif match := KUNIT_CASE.match(line):
            if found := self.by_test.pop(self.suite, None):
                self.by_test[f"{self.suite}@{match[1]}"] = found
        elif KUNIT_SUITE_ENDED.match(line):
            self.suite, self.test = None, BETWEEN_TESTS
        else:
            self._other_line(line)

    def _other_line(self, line):
        if not self.killed and self.patterns.complains(line) and not self._is_expected(line):
            self.add(line)
        elif TRACE_ENDED.match(line):
            self.frames = 0
        elif self.frames and (match := FRAME.match(line)):
            self.last[-1] += f" {match[1] or match[2]}"
            self.frames -= 1

    def add(self, line):
        found = self.by_test.setdefault(self.test, [])
        if CALL_TRACE in line and found and CALL_TRACE not in found[-1]:
            found[-1] += f"; {CALL_TRACE}"
        else:
            found.append(line)
        self.last, self.frames = found, FRAMES

    def _is_expected(self, line):
        return self.expected is not None and self.expected.search(line)


class KernelLog:
    """Follows /dev/kmsg, from boot on: loading the modules counts, too."""

    def __init__(self, patterns):
        self.fd = os.open("/dev/kmsg", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        self.complaints = Complaints(patterns)

    def drain(self):
        """Read all there is. A record that was overwritten before we read it is an error by itself."""
        while True:
            try:
                record = os.read(self.fd, 8192).decode(errors="replace")
            except BlockingIOError:
                return
            except BrokenPipeError:
                self.complaints.add("messages of the kernel were lost: it wrote faster than we read")
                continue
            self.complaints.line(record.partition(";")[2].partition("\n")[0])

    def take(self, test):
        """What was complained about during a test that has finished."""
        self.drain()
        return self.complaints.by_test.pop(test, [])

    def take_rest(self):
        """What belongs to no test that was asked for, by where it came."""
        self.drain()
        rest, self.complaints.by_test = self.complaints.by_test, {}
        return rest

    @contextlib.contextmanager
    def during(self, test):
        """Marks a test that is no IGT program as libigt marks its own."""
        program, _, subtest = test.partition("@")
        self._write(f"{program}: starting subtest {subtest}")
        try:
            yield
        finally:
            self._write(f"{program}: finished subtest {subtest}, END")

    def _write(self, text):
        os.write(self.fd, f"<6>[IGT] {text}\n".encode())
