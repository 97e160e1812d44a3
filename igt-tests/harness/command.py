# SPDX-License-Identifier: MIT
"""A test that is a command: one command, one result."""

import contextlib
import os
import pathlib
import signal
import subprocess
import time

from harness import limits, processes
from harness.results import Result


class Command:
    """A command that must end with status 0 in time, and whose output a check may look at.

    check(output) returns what is wrong with it, or nothing.
    within() is a context manager: what there has to be while the command runs.
    """

    def __init__(self, name, argv, log, seconds=60, check=lambda output: None, within=contextlib.nullcontext,
                 statuses=(0,)):
        self.name = name
        self.argv = argv  # or a function of what within() yields that returns it
        self.log = pathlib.Path(log)
        self.seconds = seconds * limits.SLOWNESS
        self.check = check
        self.within = within
        self.statuses = statuses  # with which it may end
        self.stuck = []  # what it left that the kernel does not let go

    def run(self, kernel_log):
        start = time.monotonic()
        self.stuck = []
        with kernel_log.during(self.name), open(self.log, "w") as log:
            status = self._run(log)
        result = Result(self.name, status, time.monotonic() - start, read_log=self._read_log)
        result.complaints = self.stuck + kernel_log.take(self.name)
        return result

    def _run(self, log):
        try:
            with self.within() as surroundings:
                return self._execute(self.argv(surroundings) if callable(self.argv) else self.argv, log)
        except (OSError, subprocess.SubprocessError) as error:
            log.write(f"{error}\n")
            return "fail"

    def _execute(self, argv, log):
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                   start_new_session=True)
        try:
            status = process.wait(self.seconds)
        except subprocess.TimeoutExpired:
            # Not waited for: what hangs in the kernel does not die.
            os.killpg(process.pid, signal.SIGKILL)
            self.stuck = processes.stuck(process.pid)
            return "timeout"
        wrong = [] if status in self.statuses else [f"exit status {status}"]
        wrong += filter(None, [self.check(self._read_log())])
        log.writelines(f"{line}\n" for line in wrong)
        return "fail" if wrong else "pass"

    def _read_log(self):
        return self.log.read_text(errors="replace")
