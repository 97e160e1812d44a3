# SPDX-License-Identifier: MIT
"""v4l2-compliance on camsim's nodes, and on vivid's to compare with.

A run is a line of commands(). Each leaves its complete log as v4l2-compliance-NAME.log and is a line of the table
that ends the tests. Buffers for DMABUF come from a second camera.
"""

import contextlib
import functools
import re

from harness import devices
from harness.command import Command

# Of a media device, the grand total of all its nodes comes last.
TOTAL = re.compile(r"^(?:Grand )?Total for .*: (\d+), Succeeded: \d+, Failed: (\d+), Warnings: (\d+)", re.M)
# Those that only multi-planar nodes have.
MULTI_PLANAR_FORMATS = ("NM12", "YM12")
# What a slow machine makes of a camera that is as it should be: it drops frames, and fills a buffer while whoever queues
# it does not run.
SLOW_WARNING = re.compile(r"warn: \S+: (?:got sequence number|QBUF returned the buffer as DONE)")


def check(output):
    """What is wrong in a log of ours. A slow machine's warnings are no fault; all else that is not right is."""
    totals = TOTAL.findall(output)
    if not totals:
        return "v4l2-compliance did not come to its end"
    faults = [line for line in re.findall(r"(?:warn|fail): .*", output) if not SLOW_WARNING.match(line)]
    failed = sum(int(total[1]) for total in totals)
    return "\n".join([f"{failed} failed", *faults]) if failed or faults else None


def check_peer(output):
    """Of others' drivers any result will do, as long as there is one."""
    return None if TOTAL.search(output) else "v4l2-compliance did not come to its end"


@contextlib.contextmanager
def cameras(pixel_format="YUYV"):
    """The node to test and the one that exports buffers for it, both at that format: others left theirs."""
    with devices.plugged_camera("compliance") as exporter:
        nodes = devices.camsim(), exporter
        for node in nodes:
            devices.set_format(node, f"width=640,height=480,pixelformat={pixel_format}")
        yield nodes


@contextlib.contextmanager
def multi_planar_cameras(pixel_format):
    """The same with the multi-planar API."""
    with devices.plugged_camera("multi-planar", mplane="1") as node, \
            devices.plugged_camera("compliance", mplane="1") as exporter:
        for camera in (node, exporter):
            devices.set_format(camera, f"width=640,height=480,pixelformat={pixel_format}")
        yield node, exporter


@contextlib.contextmanager
def producer_and_exporter(pixel_format="YUYV", **attributes):
    """An output node, and a camera of the same API that exports buffers."""
    with devices.plugged_producer("producer", **attributes) as (producer, _), \
            devices.plugged_camera("compliance", **attributes) as exporter:
        devices.v4l2_ctl(producer, f"--set-fmt-video-out=width=640,height=480,pixelformat={pixel_format}")
        devices.set_format(exporter, f"width=640,height=480,pixelformat={pixel_format}")
        yield producer, exporter


@contextlib.contextmanager
def vivid_and_exporter():
    with devices.vivid() as vivid, devices.plugged_camera("compliance") as exporter:
        yield vivid, exporter


def run(out, name, options, within, check=check, statuses=(0,), seconds=180):
    def argv(nodes):
        node, exporter = nodes
        # No progress: the log is written over 9p, and a client that is busy writing misses frames.
        return ["v4l2-compliance", "--no-progress", "-d", node, "-e", exporter, *options]

    return Command(f"v4l2-compliance@{name}", argv, out / f"v4l2-compliance-{name}.log", seconds, check, within, statuses)


def run_media(out, name, within, check=check, statuses=(0,)):
    """A media device and all nodes that belong to it."""
    def argv(node):
        return ["v4l2-compliance", "--no-progress", "-m", devices.media_node(node)]

    return Command(f"v4l2-compliance@{name}", argv, out / f"v4l2-compliance-{name}.log", 180, check, within, statuses)


def commands(out, slow):
    """All runs: name, options, and what there is while it runs."""
    if slow:
        # Each format in the smallest and the largest size, with and without padding, at the highest rate and at 1 Hz.
        yield run(out, "camsim-all", ["-f1"], cameras, seconds=1200)
    yield run(out, "camsim", ["-s20"], cameras)
    for pixel_format in devices.formats(devices.camsim()):
        yield run(out, f"camsim-{pixel_format}", ["-s5"], functools.partial(cameras, pixel_format))
    for pixel_format in MULTI_PLANAR_FORMATS:
        yield run(out, f"camsim-mplane-{pixel_format}", ["-s5"], functools.partial(multi_planar_cameras, pixel_format))
    yield run(out, "camsim-producer", ["-s20"], producer_and_exporter)
    for pixel_format in MULTI_PLANAR_FORMATS:
        yield run(out, f"camsim-producer-mplane-{pixel_format}", ["-s5"],
                  functools.partial(producer_and_exporter, pixel_format, mplane="1"))
    yield run_media(out, "camsim-media", lambda: contextlib.nullcontext(devices.camsim()))
    yield run_media(out, "camsim-mplane-media", functools.partial(devices.plugged_camera, "multi-planar", mplane="1"))
    yield run_media(out, "camsim-producer-media", functools.partial(devices.plugged_camera, "producer", producer="1"))
    yield run(out, "vivid", ["-s20"], vivid_and_exporter, check_peer, statuses=(0, 1))
    yield run_media(out, "vivid-media", devices.vivid, check_peer, statuses=(0, 1))


def table(out):
    """Lines that compare the runs whose logs are in a directory; none without any."""
    rows = [(log.stem.removeprefix("v4l2-compliance-"), *total)
            for log in sorted(out.glob("v4l2-compliance-*.log"))
            for total in TOTAL.findall(log.read_text(errors="replace"))[-1:]]
    if not rows:
        return []
    title = "v4l2-compliance"
    width = max(len(title), *(len(row[0]) for row in rows))
    return [f"{title:{width}}  tests  failed  warnings",
            *(f"{name:{width}}  {tests:>5}  {failed:>6}  {warnings:>8}" for name, tests, failed, warnings in rows)]
