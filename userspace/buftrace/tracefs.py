# SPDX-License-Identifier: MIT
"""The kernel's trace events of what happens meanwhile, in an instance of tracefs that nobody else sees."""

import contextlib
import os
import pathlib
import select
import threading

TRACEFS = pathlib.Path("/sys/kernel/tracing")
EVENTS = ("simbuf", "dma_fence/dma_fence_init", "dma_fence/dma_fence_signaled", "drm/drm_vblank_event_delivered",
          "v4l2/v4l2_dqbuf")
KIB_PER_CPU = 8192
POLL_MS = 100


class Unavailable(Exception):
    """No tracing here; says what to do."""


class Recording:
    """Collects lines from start() to stop()."""

    def __init__(self):
        self.directory = TRACEFS / "instances" / f"buftrace-{os.getpid()}"
        self.lines = []
        self._ended = threading.Event()
        self._reader = None

    def start(self):
        if os.geteuid():
            raise Unavailable("only root may trace the kernel: run it with sudo")
        if not (TRACEFS / "events/simbuf").is_dir():
            raise Unavailable("there are no simulated devices: modprobe camsim primesim (in the guest: load-modules)"
                              if (TRACEFS / "events").is_dir() else
                              f"no tracefs: mount -t tracefs tracefs {TRACEFS}")
        self.directory.mkdir()
        try:
            self._write("trace_clock", "mono")
            self._write("buffer_size_kb", str(KIB_PER_CPU))
            for event in EVENTS:
                if (self.directory / "events" / event).is_dir():
                    self._write(f"events/{event}/enable", "1")
            self._reader = threading.Thread(target=self._read)
            self._reader.start()
        except OSError as error:
            self.directory.rmdir()
            raise Unavailable(f"{self.directory}: {error.strerror}") from error

    def stop(self):
        self._write("tracing_on", "0")
        self._ended.set()
        self._reader.join()
        self.directory.rmdir()

    def _write(self, name, value):
        (self.directory / name).write_text(value + "\n")

    def _read(self):
        pipe = os.open(self.directory / "trace_pipe", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        poll = select.poll()
        poll.register(pipe, select.POLLIN)
        pending = b""
        while True:
            # Asked before it is read: what was traced before the end is then read after it.
            ended = self._ended.is_set()
            with contextlib.suppress(BlockingIOError):
                while data := os.read(pipe, 1 << 16):
                    *lines, pending = (pending + data).split(b"\n")
                    self.lines += lines
            if ended:
                break
            poll.poll(POLL_MS)
        os.close(pipe)
