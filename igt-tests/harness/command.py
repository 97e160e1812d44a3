# SPDX-License-Identifier: MIT
"""A test that is a command: one command, one result."""

import contextlib
import os
import pathlib
import signal
import subprocess
import time

from harness import limits
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

    def run(self, kernel_log):
        start = time.monotonic()
        with kernel_log.during(self.name), open(self.log, "w") as log:
            status = self._run(log)
        result = Result(self.name, status, time.monotonic() - start, read_log=self._read_log)
        result.complaints = kernel_log.take(self.name)
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
            return "timeout"
        if status not in self.statuses:
            log.write(f"exit status {status}\n")
            return "fail"
        return "fail" if self._wrong_output() else "pass"

    def _wrong_output(self):
        wrong = self.check(self._read_log())
        if wrong:
            with open(self.log, "a") as log:
                log.write(f"{wrong}\n")
        return wrong

    def _read_log(self):
        return self.log.read_text(errors="replace")
