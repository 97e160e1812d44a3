# SPDX-License-Identifier: MIT
"""For tests that drive other people's programs: what comes out of them is looked at, not only how they end."""

import contextlib
import fcntl
import os
import pathlib
import re
import signal
import subprocess
import time
import zlib

from harness import colours

VIDIOC_LOG_STATUS = 0x5646
GST_PLUGINS = pathlib.Path("/usr/lib/x86_64-linux-gnu/gstreamer-1.0")
START_UDEV = pathlib.Path(__file__).resolve().parent.parent.parent / "vm/guest/start-udev"
DRM = pathlib.Path("/sys/class/drm")
DEBUGFS = pathlib.Path("/sys/kernel/debug/dri")
PATIENCE_SECONDS = 120


class Wrong(Exception):
    pass


def expect(condition, what):
    if not condition:
        raise Wrong(what)


def until(condition, what):
    """Waits until condition() returns something, and returns it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (result := condition()):
        expect(time.monotonic() < deadline, f"after {PATIENCE_SECONDS} s still not: {what}")
        time.sleep(0.2)
    return result


def stampread(*arguments):
    """The stamps (sequence, time, camera) of a picture or of raw frames; each must have one."""
    done = subprocess.run(["stampread", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    expect(done.returncode == 0, done.stderr.strip())
    return [tuple(map(int, line.split())) for line in done.stdout.splitlines()]


@contextlib.contextmanager
def running(argv, **options):
    """A program that runs meanwhile, and is interrupted at the end unless it has ended: yields it."""
    with subprocess.Popen(argv, stdin=options.pop("stdin", subprocess.DEVNULL), **options) as process:
        try:
            yield process
        finally:
            stop(process)


def stop(process):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)


@contextlib.contextmanager
def udev():
    """The udev daemon runs meanwhile: for programs that look for devices in its database."""
    subprocess.run([START_UDEV], check=True)
    try:
        yield
    finally:
        subprocess.run(["udevadm", "control", "--exit"], check=True)


@contextlib.contextmanager
def paused(process):
    """The program does nothing meanwhile, so that what it shows stays."""
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


def gstreamer(directory, plugins):
    """An environment in which GStreamer knows these plugins only: to look at all takes it twenty seconds."""
    for plugin in plugins:
        (directory / f"libgst{plugin}.so").symlink_to(GST_PLUGINS / f"libgst{plugin}.so")
    return {**os.environ, "GST_PLUGIN_SYSTEM_PATH": str(directory), "GST_REGISTRY": str(directory / "registry"),
            "GST_REGISTRY_FORK": "no"}


def card(driver):
    """The number of a driver's first display, as in /dev/dri/cardN."""
    for path in sorted(DRM.glob("card[0-9]*")):
        if path.name[4:].isdigit() and (path / "device/driver").resolve().name == driver:
            return int(path.name[4:])
    raise Wrong(f"there is no display of {driver}")


def plane_states(number):
    """What debugfs tells of a display's planes that show something, the lowest first."""
    state = (DEBUGFS / str(number) / "state").read_text()
    blocks = [match[0] for match in re.finditer(r"^plane\[\d+\](?:\n?.+)(?:\n\s.*)*", state, re.M)]
    return sorted((block for block in blocks if "\tformat=" in block),
                  key=lambda block: int(re.search(r"normalized-zpos=(\w+)", block)[1], 16))


def layers(number):
    """What a display's planes show, the lowest first: (plane, format, width, height, x, y)."""
    shown = (re.search(r"^plane\[(\d+)\][\s\S]*^\t\tformat=(\w+)[\s\S]*^\tcrtc-pos=(\d+)x(\d+)([+-]\d+)([+-]\d+)$",
                       block, re.M) for block in plane_states(number))
    return [(int(match[1]), match[2], *map(int, match.groups()[2:])) for match in shown]


def colour_properties(number, plane):
    """A plane's COLOR_ENCODING and COLOR_RANGE, as colours.argb_of_yuyv() takes them."""
    block = next(block for block in plane_states(number) if block.startswith(f"plane[{plane}]"))
    return (re.search(r"color-encoding=ITU-R (BT\.\d+)", block)[1], re.search(r"color-range=YCbCr (\w+)", block)[1])


def grab(number, pixel_format, path, plane=None):
    """What a plane of a display, or its first one, shows now, as a PNG picture: FFmpeg takes the buffer as a dma-buf."""
    grab_pixels(number, path, plane, pixel_format)
    return path


def grab_pixels(number, path, plane=None, pixel_format="bgr0", raw_format="bgra"):
    """The same; returns the pixels, too, as ARGB8888, opaque where the format has no alpha, or in FFmpeg's raw_format."""
    chosen = ["-plane_id", str(plane)] if plane else []
    done = subprocess.run(["ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-device", f"/dev/dri/card{number}",
                           *chosen, "-f", "kmsgrab", "-i", "-", "-filter_complex",
                           f"hwdownload,format={pixel_format},split[picture][pixels]",
                           "-map", "[picture]", "-frames:v", "1", "-pix_fmt", "rgb24", "-y", path,
                           "-map", "[pixels]", "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", raw_format, "-"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True, timeout=PATIENCE_SECONDS)
    pixels = bytearray(done.stdout)
    if raw_format == "bgra" and pixel_format != "bgra":
        pixels[3::4] = b"\xff" * (len(pixels) // 4)
    return pixels


def layer_pixels(number, path, layer):
    """What one of layers() shows, as the display makes opaque ARGB8888 of it; a picture is left, too."""
    plane, fourcc, width, height = layer[:4]
    if fourcc == "YUYV":
        data = grab_pixels(number, path, plane, "yuyv422", "yuyv422")
        pixels = colours.argb_of_yuyv(data, *colour_properties(number, plane))
    else:
        expect(fourcc == "XR24", f"plane {plane} shows {fourcc}")
        pixels = grab_pixels(number, path, plane)
    return pixels if len(pixels) == 4 * width * height else None


def screen_pixels(number, pictures):
    """All that a display shows: its planes laid over the lowest one, which fills it. None while that changes."""
    lowest, *above = shown = layers(number) or [None]
    grabbed = [layer and layer_pixels(number, f"{pictures}-plane-{layer[0]}.png", layer) for layer in shown]
    if not all(grabbed):
        return None
    screen, (width, height) = bytearray(grabbed[0]), lowest[2:4]
    for (*_, columns, lines, x, y), pixels in zip(above, grabbed[1:]):
        expect(0 <= x <= width - columns and 0 <= y <= height - lines, "a plane is partly off the screen")
        for line in range(lines):
            place = 4 * ((y + line) * width + x)
            screen[place:place + 4 * columns] = pixels[4 * columns * line:4 * columns * (line + 1)]
    write_png(f"{pictures}-screen.png", screen, width, height)
    return screen


def write_png(path, pixels, width, height):
    subprocess.run(["ffmpeg", "-hide_banner", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "bgra",
                    "-video_size", f"{width}x{height}", "-i", "-", "-frames:v", "1", "-pix_fmt", "rgb24", "-y", path],
                   input=pixels, check=True, timeout=PATIENCE_SECONDS)


def checksum(pixels):
    """As primesim's displays compute it of such pixels."""
    return zlib.crc32(pixels) ^ 0xffffffff


def checksum_shown(number):
    """What a display of primesim's computes itself of what is visible."""
    data = os.open(DEBUGFS / str(number) / "crtc-0/crc/data", os.O_RDONLY | os.O_CLOEXEC)
    try:
        return int(os.read(data, 4096).split()[1], 0)
    finally:
        os.close(data)


class CameraStatus:
    """What camsim says in the kernel's log became of its frames, asked for while it streams."""

    FATE = re.compile(r"camsim-\d+: frames (.*): (\d+)")

    def __init__(self, node):
        self.camera = os.open(node, os.O_RDWR | os.O_CLOEXEC)
        self.log = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        os.lseek(self.log, 0, os.SEEK_END)
        self.fates = {}

    def ask(self):
        fcntl.ioctl(self.camera, VIDIOC_LOG_STATUS)
        with contextlib.suppress(BlockingIOError):
            while record := os.read(self.log, 8192).decode(errors="replace"):
                if match := self.FATE.search(record):
                    self.fates[match[1]] = int(match[2])

    def close(self):
        os.close(self.camera)
        os.close(self.log)
