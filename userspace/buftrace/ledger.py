# SPDX-License-Identifier: MIT
"""What became of each buffer, added up from events and from what simbuf tells of buffers that are alive."""

import collections
import dataclasses
import pathlib

from events import FIELD

LIVE_BUFFERS = pathlib.Path("/sys/kernel/debug/simbuf/buffers")
COUNTERS = ("device_read", "device_written", "cpu_copied", "cpu_faulted")


@dataclasses.dataclass
class Buffer:
    number: int
    exporter: str = ""
    size: int = 0
    devices: set = dataclasses.field(default_factory=set)
    exported: bool = False
    moves: int = 0
    created_us: float = None
    released_us: float = None
    counters: dict = dataclasses.field(default_factory=lambda: dict.fromkeys(COUNTERS, 0))


def live_buffers():
    """Buffers that are alive now, by number, each with its counters since it was made."""
    live = {}
    for line in LIVE_BUFFERS.read_text().splitlines():
        if line.startswith("buffer "):
            fields = dict(FIELD.findall(line))
            number = int(line.split()[1])
            live[number] = Buffer(number, fields["exporter"], int(fields["size"]),
                                  counters={name: int(fields[name]) for name in COUNTERS})
    return live


class Ledger:
    """All that happened between two looks at the buffers that are alive."""

    def __init__(self, events, before, after):
        self.buffers = {}
        self.refusals = collections.Counter()
        self.faults = collections.Counter()
        self.frames = collections.Counter()  # by the camera node's minor number
        self.flips = 0
        self._before = before
        for event in events:
            if handle := self.HANDLERS.get(event.name):
                handle(self, event)
        for number, buffer in after.items():
            if number in self.buffers or buffer.counters != self._counters_before(number):
                self._count(self._buffer(number, buffer.exporter, buffer.size), buffer.counters)

    def total(self, counter):
        return sum(buffer.counters[counter] for buffer in self.buffers.values())

    def shared(self):
        """Buffers that more than one device used, or one that did not allocate them."""
        return [buffer for buffer in self.buffers.values() if len(buffer.devices) > 1 or
                any(not device.startswith(buffer.exporter) for device in buffer.devices)]

    def _counters_before(self, number):
        return self._before[number].counters if number in self._before else dict.fromkeys(COUNTERS, 0)

    def _buffer(self, number, exporter="", size=0):
        buffer = self.buffers.setdefault(number, Buffer(number))
        known = self._before.get(number)
        buffer.exporter = buffer.exporter or exporter or (known.exporter if known else "")
        buffer.size = buffer.size or size or (known.size if known else 0)
        return buffer

    def _count(self, buffer, counters):
        before = self._counters_before(buffer.number)
        buffer.counters = {name: counters[name] - before[name] for name in COUNTERS}

    def _buffer_of(self, event):
        return self._buffer(event.number("buffer"), event.fields.get("exporter", ""), event.number("size"))

    def _create(self, event):
        self._buffer_of(event).created_us = event.time_us

    def _export(self, event):
        self._buffer_of(event).exported = True

    def _attach(self, event):
        self._buffer_of(event)

    def _map(self, event):
        self._buffer_of(event).devices.add(event.fields["importer"])

    def _access(self, event):
        if event.number("buffer"):
            self._buffer_of(event).devices.add(event.fields["device"])

    def _move(self, event):
        self._buffer(event.number("buffer")).moves += 1

    def _release(self, event):
        buffer = self._buffer_of(event)
        buffer.released_us = event.time_us
        self._count(buffer, {name: event.number(name) for name in COUNTERS})

    def _refuse(self, event):
        self.refusals[f"{event.fields['exporter']} -> {event.fields['importer']}: {event.why}"] += 1

    def _fault(self, event):
        self.faults[f"{event.fields['device']}: {event.why}"] += 1

    def _frame(self, event):
        self.frames[event.number("minor")] += 1

    def _flip(self, event):
        # One of the kernel's own clients, its console, has no file that would be told.
        self.flips += int(event.fields["file"], 16) != 0

    HANDLERS = {"simbuf_create": _create, "simbuf_export": _export, "simbuf_attach": _attach, "simbuf_map": _map,
                "simbuf_device_access": _access, "simbuf_move": _move, "simbuf_release": _release,
                "simbuf_refuse": _refuse, "simbuf_fault": _fault, "v4l2_dqbuf": _frame,
                "drm_vblank_event_delivered": _flip}
