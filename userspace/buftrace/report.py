# SPDX-License-Identifier: MIT
"""What happened, as a table for people and as JSON for programs."""

import collections


def size_text(size):
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size < 1024 or unit == "GiB":
            return f"{size} B" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return None


def groups(ledger):
    """Buffers of the same exporter, size and devices together."""
    alike = collections.defaultdict(list)
    for buffer in ledger.buffers.values():
        if buffer.devices or any(buffer.counters.values()):
            alike[buffer.exporter, buffer.size, tuple(sorted(buffer.devices))].append(buffer)
    return alike


def buffer_rows(ledger):
    yield ("BUFFERS", "SIZE", "EXPORTER", "DEVICES READ", "WROTE", "CPU COPIED", "TOUCHED", "MOVES", "DEVICES")
    for (exporter, size, devices), buffers in groups(ledger).items():
        sums = [size_text(sum(buffer.counters[name] for buffer in buffers))
                for name in ("device_read", "device_written", "cpu_copied", "cpu_faulted")]
        yield (str(len(buffers)), size_text(size), exporter, *sums, str(sum(buffer.moves for buffer in buffers)),
               " ".join(devices) or "-")


def aligned(rows):
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]


def text(ledger):
    lines = aligned(buffer_rows(ledger)) if groups(ledger) else ["no buffer of the simulated devices was used"]
    lines += [f"frames out of video node with minor {minor}: {count}" for minor, count in ledger.frames.items()]
    lines += [f"flips reported: {ledger.flips}"] if ledger.flips else []
    lines += [f"refused {count} times: {what}" for what, count in ledger.refusals.items()]
    lines += [f"DMA faults {count} times: {what}" for what, count in ledger.faults.items()]
    return lines


def as_json(ledger, command, status, lost, complaints):
    return {
        "command": command, "status": status, "events_lost": lost, "complaints": complaints,
        "frames": sum(ledger.frames.values()), "flips": ledger.flips,
        "refusals": dict(ledger.refusals), "faults": dict(ledger.faults),
        "buffers": [{"id": buffer.number, "exporter": buffer.exporter, "size": buffer.size,
                     "devices": sorted(buffer.devices), "exported": buffer.exported, "moves": buffer.moves,
                     "released": buffer.released_us is not None, **buffer.counters}
                    for buffer in ledger.buffers.values()],
    }
