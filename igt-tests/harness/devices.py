# SPDX-License-Identifier: MIT
"""Devices that tests run on: the camera that is always there, ours that come and go, and the kernel's own camera."""

import contextlib
import pathlib
import re
import subprocess

CONFIGFS = pathlib.Path("/sys/kernel/config")
PLATFORM = pathlib.Path("/sys/devices/platform")
VIDEO = pathlib.Path("/sys/class/video4linux")
MODPROBE_SECONDS = 60
V4L2_CTL_SECONDS = 60


def node_named(part):
    """The first /dev/videoN in whose name that part is, or a name that tells that there is none."""
    for name in sorted(VIDEO.glob("video*/name"), key=lambda path: int(path.parent.name.removeprefix("video"))):
        if part in name.read_text():
            return f"/dev/{name.parent.name}"
    return f"/dev/no-{part}"


def capture_node(device):
    """The capture node of a platform device's directory, or a name that tells that there is none."""
    return node_of(device, "capture")


def producer_node(device):
    """The same of the output node."""
    return node_of(device, "producer")


def node_of(device, kind):
    names = (path for path in device.glob("video4linux/video*/name") if kind in path.read_text())
    return next((f"/dev/{name.parent.name}" for name in names), f"/dev/no-{kind}-of-{device.name}")


def camsim():
    """The default camera's node: others that are plugged in may have lower numbers."""
    return capture_node(PLATFORM / "camsim.0")


def media_node(video):
    """The media device that a video node belongs to, or a name that tells that there is none."""
    device = VIDEO / pathlib.Path(video).name / "device"
    return next((f"/dev/{media.name}" for media in device.glob("media*")), f"/dev/no-media-of-{video}")


def formats(node):
    """The pixel formats that a camera lists, as v4l2-ctl calls them."""
    return re.findall(r"^\s*\[\d+\]: '(.*?)'", v4l2_ctl(node, "--list-formats"), re.M)


def set_format(node, what):
    v4l2_ctl(node, f"--set-fmt-video={what}")


def v4l2_ctl(node, *options):
    return subprocess.run(["v4l2-ctl", "-d", node, *options], stdout=subprocess.PIPE, text=True, check=True,
                          timeout=V4L2_CTL_SECONDS).stdout


@contextlib.contextmanager
def plugged_device(name, driver, **attributes):
    """One more device of a driver of ours, made through configfs, with these written to its files: yields its directory."""
    directory = CONFIGFS / driver / name
    before = set(PLATFORM.glob(f"{driver}.*"))
    directory.mkdir()
    try:
        for attribute, value in attributes.items():
            (directory / attribute).write_text(value)
        (directory / "live").write_text("1")
        made = set(PLATFORM.glob(f"{driver}.*")) - before
        yield made.pop()
    finally:
        directory.rmdir()


@contextlib.contextmanager
def plugged_camera(name, **attributes):
    """One more camera: yields its capture node."""
    with plugged_device(name, "camsim", **attributes) as device:
        yield capture_node(device)


@contextlib.contextmanager
def plugged_producer(name, **attributes):
    """The same with an output node: yields that and the capture node."""
    with plugged_device(name, "camsim", producer="1", **attributes) as device:
        yield producer_node(device), capture_node(device)


@contextlib.contextmanager
def vivid():
    """The kernel's camera, with one input as ours: yields its capture node."""
    # A thread of vivid's that is late asks for a negative timeout, and the kernel shows its stack for that.
    tell_kernel_log("lab: expect Call Trace:")
    try:
        subprocess.run(["modprobe", "vivid", "n_devs=1", "node_types=1", "num_inputs=1"], check=True, timeout=MODPROBE_SECONDS)
        yield node_named("vivid")
    finally:
        subprocess.run(["modprobe", "-r", "vivid"], check=True, timeout=MODPROBE_SECONDS)
        tell_kernel_log("lab: expect nothing")


def tell_kernel_log(text):
    pathlib.Path("/dev/kmsg").write_text(f"{text}\n")
