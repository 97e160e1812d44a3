# SPDX-License-Identifier: MIT
"""The run as JSON in the Trace Event Format, which ui.perfetto.dev and chrome://tracing open.

A process of the trace is a device, a driver's fences, or the buffers; accesses to a buffer are joined by arrows from
each write to the reads of it that follow. Times are microseconds of CLOCK_MONOTONIC."""

ACCESS_US = 1  # the kernel tells when an access ended, not how long it took; an arrow needs something to begin at


class Trace:
    def __init__(self):
        self.events = []
        self._tracks = {}

    def track(self, name):
        """The number of a process of the trace."""
        if name not in self._tracks:
            self._tracks[name] = len(self._tracks) + 1
            self.events.append({"ph": "M", "name": "process_name", "pid": self._tracks[name], "args": {"name": name}})
        return self._tracks[name]

    def add(self, phase, track, name, time_us, **more):
        self.events.append({"ph": phase, "name": name, "pid": self.track(track), "tid": 1, "ts": time_us, **more})


class Writer:
    """Goes through events once; remembers who wrote each buffer last."""

    def __init__(self):
        self.trace = Trace()
        self._writes = {}
        self._arrows = 0

    def access(self, event):
        number, device = event.number("buffer"), event.fields["device"]
        written = "written" in event.fields
        verb = "writes" if written else "reads"
        self.trace.add("X", device, f"{verb} buffer {number}", event.time_us, dur=ACCESS_US,
                       args={"bytes": event.number("written" if written else "read")})
        if written:
            self._writes[number] = device, event.time_us
        elif number in self._writes:
            self._arrow(number, device, event.time_us)

    def _arrow(self, number, reader, time_us):
        writer, written_us = self._writes[number]
        self._arrows += 1
        common = {"cat": "buffer", "id": self._arrows}
        self.trace.add("s", writer, f"buffer {number}", written_us, **common)
        self.trace.add("f", reader, f"buffer {number}", time_us, bp="e", **common)

    def fence(self, event):
        phase = "b" if event.name == "dma_fence_init" else "e"
        fields = event.fields
        self.trace.add(phase, f"fences of {fields['driver']}", fields["timeline"], event.time_us, cat="fence",
                       id=f"{fields['context']}:{fields['seqno']}", args=fields)

    def buffer(self, event):
        phase = {"simbuf_create": "b", "simbuf_release": "e"}.get(event.name, "n")
        number = event.number("buffer")
        name = f"buffer {number}" if phase != "n" else event.name.removeprefix("simbuf_")
        self.trace.add(phase, "buffers", name, event.time_us, cat="buffer", id=f"buffer {number}", args=event.fields)

    def complaint(self, event):
        track = event.fields.get("device") or event.fields.get("importer") or "buffers"
        self.trace.add("i", track, f"{event.name.removeprefix('simbuf_')}: {event.why}", event.time_us, s="p",
                       args=event.fields)

    def frame(self, event):
        self.trace.add("i", f"video minor {event.fields['minor']}", f"frame {event.fields.get('sequence', '?')} dequeued",
                       event.time_us, s="p")

    def flip(self, event):
        self.trace.add("i", f"CRTC {event.fields['crtc']}", f"flip at vblank {event.fields['seq']}", event.time_us, s="p")

    HANDLERS = {"simbuf_device_access": access, "dma_fence_init": fence, "dma_fence_signaled": fence,
                "simbuf_create": buffer, "simbuf_release": buffer, "simbuf_attach": buffer, "simbuf_detach": buffer,
                "simbuf_map": buffer, "simbuf_unmap": buffer, "simbuf_move": buffer, "simbuf_export": buffer,
                "simbuf_unexport": buffer, "simbuf_refuse": complaint, "simbuf_fault": complaint,
                "v4l2_dqbuf": frame, "drm_vblank_event_delivered": flip}


def as_json(events):
    writer = Writer()
    for event in events:
        if handle := Writer.HANDLERS.get(event.name):
            handle(writer, event)
    # By a clock that stands still for milliseconds, as kernels without a better one have it, other processors' ends may
    # come before the beginnings.
    in_order = sorted(writer.trace.events, key=lambda event: (event.get("ts", 0), event["ph"] == "e"))
    return {"displayTimeUnit": "ms", "traceEvents": in_order}
