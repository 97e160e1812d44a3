# SPDX-License-Identifier: MIT
"""Tests that are commands: one command, one result."""

import os
import pathlib
import re
import signal
import subprocess
import time

from harness import limits
from harness.results import Result

PROGRAMS = pathlib.Path(__file__).parent.parent
KMEMLEAK = pathlib.Path("/sys/kernel/debug/kmemleak")


class Command:
    """A command that must end with status 0 in time, and whose output a check may look at.

    check(output) returns what is wrong with it, or nothing.
    """

    def __init__(self, name, argv, log, seconds=60, check=lambda output: None):
        self.name = name
        self.argv = argv  # or a function that returns it when the command is run
        self.log = pathlib.Path(log)
        self.seconds = seconds * limits.SLOWNESS
        self.check = check

    def run(self, kernel_log):
        start = time.monotonic()
        with kernel_log.during(self.name), open(self.log, "w") as log:
            status = self._run(log)
        result = Result(self.name, status, time.monotonic() - start, read_log=self._read_log)
        result.complaints = kernel_log.take(self.name)
        return result

    def _run(self, log):
        argv = self.argv() if callable(self.argv) else self.argv
        try:
            process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                       start_new_session=True)
        except OSError as error:
            log.write(f"{argv[0]}: {error.strerror}\n")
            return "fail"
        try:
            status = process.wait(self.seconds)
        except subprocess.TimeoutExpired:
            # Not waited for: what hangs in the kernel does not die.
            os.killpg(process.pid, signal.SIGKILL)
            return "timeout"
        if status:
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


def camera_node():
    """camsim's /dev/videoN, or a name that tells that there is none."""
    for name in sorted(pathlib.Path("/sys/class/video4linux").glob("video*/name")):
        if "camsim" in name.read_text():
            return f"/dev/{name.parent.name}"
    return "/dev/no-camsim"


def compliance():
    return ["v4l2-compliance", "-s", "-d", camera_node()]


def check_compliance(output):
    """Frames that a slow machine drops are no fault; all else that is not right is."""
    total = re.search(r"^Total for .*, Failed: (\d+)", output, re.M)
    if not total:
        return "v4l2-compliance did not come to its end"
    warnings = [line for line in re.findall(r"warn: .*", output) if "got sequence number" not in line]
    return None if total[1] == "0" and not warnings else "\n".join([total[0], *warnings])


PRIMEPIPE_ROUTES = ("gpu-alloc", "virtio", "direct", "cam-alloc")


def userspace_tests():
    """Programs that were built, and scripts as they are."""
    built = pathlib.Path("/opt/lab/userspace/tests")
    source = pathlib.Path(__file__).parent.parent.parent / "userspace/tests"
    return sorted(built.glob("test_*")) + [source / "primepipe_cli"]


def leak_scan(after, out):
    if KMEMLEAK.exists():
        yield Command(f"kmemleak@after-{after}", [PROGRAMS / "kmemleak"], out / f"kmemleak-after-{after}.log")


def commands(out):
    """All tests of this kind, in the order in which they run; logs go to the directory out."""
    yield Command("harness@selftest", [PROGRAMS / "harness/selftest"], out / "harness-selftest.log")
    yield Command("v4l2-compliance@camsim", compliance, out / "v4l2-compliance.log", 180, check_compliance)
    for route in PRIMEPIPE_ROUTES:
        argv = ["primepipe", "--route", route, "--frames", "20", "--size", "640x360", "--quiet",
                "--json", out / f"primepipe-{route}.json"]
        yield Command(f"primepipe@{route}", argv, out / f"primepipe-{route}.log", 120)
    for test in userspace_tests():
        yield Command(f"userspace@{test.name}", [test], out / f"userspace-{test.name}.log", 300)
    for part in ("pipeline", "errors"):
        yield Command(f"bufgraph@{part}", [PROGRAMS / "bufgraph", part, out], out / f"bufgraph-{part}.log")
    yield Command("camsim@vmap-fallback", [PROGRAMS / "vmap_fallback"], out / "vmap-fallback.log", 120)
    yield Command("interop@matrix", [PROGRAMS / "interop", out], out / "interop.log", 240)
    yield from leak_scan("tests", out)
    yield Command("modules@unload", [PROGRAMS / "unload"], out / "unload.log")
    yield from leak_scan("unload", out)
    # Last, so that it runs without our modules.
    yield Command("bufgraph@foreign", [PROGRAMS / "bufgraph", "foreign", out], out / "bufgraph-foreign.log")
