# SPDX-License-Identifier: MIT
"""Processes that the kernel does not let go, although they were killed, and what they wait for there."""

import pathlib
import re
import time

from harness import limits

SECONDS = 15 * limits.SLOWNESS  # that those who were killed may take to die: they free what they have
FRAMES = 8
STAT = re.compile(r"(\d+) \((.*)\) (\S) \d+ \d+ (\d+)", re.DOTALL)


class Stuck(Exception):
    """Who does not die holds what others need: they would hang, too. Its argument: lines, as of stuck()."""


def stuck(session, proc=pathlib.Path("/proc"), limit=SECONDS):
    """Lines that tell of each process of a session that does not die, and then of everybody who sleeps uninterruptibly."""
    deadline = time.monotonic() + limit
    while left := [process for process in processes(proc) if process.session == session and process.state != "Z"]:
        if time.monotonic() > deadline:
            ours = {process.pid for process in left}
            others = [process for process in processes(proc) if process.state == "D" and process.pid not in ours]
            return [f"{process} does not die{process.where()}" for process in left] + \
                [f"{process} waits, too{process.where()}" for process in others]
        time.sleep(0.1)
    return []


def processes(proc):
    for path in proc.glob("[0-9]*"):
        try:
            yield Process(path)
        except (OSError, ValueError):  # gone
            continue


class Process:
    def __init__(self, path):
        self.path = path
        if not (match := STAT.match((path / "stat").read_text(errors="replace"))):
            raise ValueError(path)
        self.pid, self.name, self.state, self.session = int(match[1]), match[2], match[3], int(match[4])

    def __str__(self):
        return f"{self.name} ({self.pid}, state {self.state})"

    def where(self):
        """The innermost functions first, as the kernel tells them."""
        try:
            lines = (self.path / "stack").read_text().splitlines()
        except OSError:
            return ""
        frames = [line.split()[1].partition("+")[0] for line in lines if "+" in line]
        return ", it is in " + " < ".join(frames[:FRAMES]) if frames else ""
