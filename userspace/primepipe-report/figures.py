# SPDX-License-Identifier: MIT
"""The figures of one run, and of the same job with copies, side by side."""

import html


def number(value):
    return f"{value:,}".replace(",", "\u202f")


def milliseconds(value):
    return f"{value / 1000:.2f} ms"


def megabytes(value):
    return f"{value / 1e6:.1f} MB" if value else "0"


def segments(report):
    """Most DMA segments of any buffer as any device sees it, and most pieces of memory behind one."""
    views = [buffer[device] for buffer in report["buffers"] for device in ("camera", "gpu", "display") if device in buffer]
    if not views:
        return "unknown"
    return f"{max(view['segments'] for view in views)} (in {max(view['page_runs'] for view in views)} pieces)"


def frame_bytes(key):
    return lambda report: megabytes(report[key] / report["frames"]) if report["frames"] else "-"


ROWS = (  # label, text of a report, what to know about it
    ("frames shown", lambda r: number(r["frames"]), ""),
    ("stamp errors", lambda r: number(r["stamp_errors"]), "frames on the screen that are not the frame the camera gave"),
    ("frames dropped", lambda r: number(r["dropped"]), "the camera had no free buffer, or the display was behind"),
    ("bytes copied by CPU", lambda r: number(r["cpu_copy_bytes"]), "by memcpy in primepipe and by the kernel modules"),
    ("read by devices, per frame", frame_bytes("device_read_bytes"), "GPU, and primesim's display"),
    ("written by devices, per frame", frame_bytes("device_written_bytes"), "camera and GPU"),
    ("same pages for all devices", lambda r: "yes" if r["same_pages"] else "no", "see the buffers below"),
    ("segments per buffer", segments, "as devices see it (as memory lies)"),
    ("frames per second", lambda r: f"{r['fps']:.2f}", ""),
    ("capture to flip, median", lambda r: milliseconds(r["latency_us"]["p50"]), "camera's timestamp to the flip's"),
    ("capture to flip, 99 %", lambda r: milliseconds(r["latency_us"]["p99"]), ""),
    ("CPU time per frame, process", lambda r: milliseconds(r["cpu_us_per_frame"]), "primepipe and its system calls; no kernel threads"),
    ("CPU time per frame, system", lambda r: milliseconds(r["system_cpu_us_per_frame"]),
     "all there is, the simulated camera and GPU included: on real hardware these cost no CPU"),
)


def comparison_table(report, copy):
    columns = [report] + ([copy] if copy else [])
    heads = ["without copies", "with --copy"][:len(columns)]
    lines = ["<table><tr><th></th>" + "".join(f'<th class="number">{head}</th>' for head in heads) + "<th></th></tr>"]
    for label, text, note in ROWS:
        cells = "".join(f'<td class="number">{html.escape(text(column))}</td>' for column in columns)
        lines.append(f'<tr><td>{label}</td>{cells}<td class="note">{html.escape(note)}</td></tr>')
    return "\n".join(lines + ["</table>"])
