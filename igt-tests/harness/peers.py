# SPDX-License-Identifier: MIT
"""The same upstream IGT tests on a display of the kernel's own, vkms: what it makes of them, beside ours."""

import collections
import contextlib
import json
import pathlib
import subprocess

from harness import devices

DISPLAY = "vkms"
# When it has lost a vblank, it waits half a minute in each test from then on.
SECONDS = 300
KINDS = ("pass", "fail", "skip")


def may_freeze():
    """Whether this kernel's vkms is of before DRM had timers for vblanks (6.19): it waits for its own while it holds locks
    that the timer takes, on two processors for ever and without a word (see drm_crtc_vblank_cancel_timer())."""
    return "drm_crtc_vblank_cancel_timer" not in pathlib.Path("/proc/kallsyms").read_text()


@contextlib.contextmanager
def display():
    """vkms is there. What the kernel complains about meanwhile is no affair of ours."""
    devices.tell_kernel_log("lab: expect .")
    try:
        subprocess.run(["modprobe", DISPLAY], check=True, timeout=devices.MODPROBE_SECONDS)
        yield
    finally:
        # Not always possible: a test that was killed may have left it in use.
        subprocess.run(["modprobe", "-r", DISPLAY], check=False, timeout=devices.MODPROBE_SECONDS)
        devices.tell_kernel_log("lab: expect nothing")


class Counts:
    """How many tests ended how, by driver."""

    def __init__(self):
        self.drivers = collections.defaultdict(lambda: dict.fromkeys(KINDS, 0))

    def count(self, driver, result):
        """Whatever is neither pass nor skip (crash, timeout, ...) is a failure."""
        self.drivers[driver][result.status if result.status in KINDS else "fail"] += 1

    def write_json(self, path):
        path.write_text(json.dumps(self.drivers, indent=1) + "\n")

    def table(self):
        title = "upstream IGT"
        return [f"{title}  {'  '.join(f'{kind:>5}' for kind in KINDS)}",
                *(f"{driver:{len(title)}}  {'  '.join(f'{counts[kind]:>5}' for kind in KINDS)}"
                  for driver, counts in self.drivers.items())]
