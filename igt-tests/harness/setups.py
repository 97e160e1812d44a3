# SPDX-License-Identifier: MIT
"""What some tests of upstream IGT need beside primesim's one display: context managers that yield variables for libigt."""

import contextlib
import functools

from harness import clients, devices


@contextlib.contextmanager
def displays(count):
    """A device of primesim's with so many displays, which libigt opens instead of the default one."""
    with devices.plugged_device(f"displays-{count}", "primesim", displays=str(count)) as device:
        node = next(device.glob("drm/card*"))
        yield {"IGT_DEVICE": f"drm:/dev/dri/{node.name}"}


@contextlib.contextmanager
def udev():
    """The udev daemon, which passes the kernel's events on."""
    with clients.udev():
        yield {}


# By the words for them in the files of expectations
SETUPS = {
    "displays-2": functools.partial(displays, 2),
    "displays-4": functools.partial(displays, 4),
    "udev": udev,
}
