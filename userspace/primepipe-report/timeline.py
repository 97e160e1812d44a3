# SPDX-License-Identifier: MIT
"""Some frames on their way, as an SVG drawing: a bar for each stage, an arrow where a fence lets the next one begin."""

FRAMES_DRAWN = 12
BAR = 7  # height of a stage's bar and of the space between frames, in the drawing's units
BAND_GAP = 4
STAGES = (  # key in the timeline, name, colour
    ("capture", "capture", "#4c78a8"),
    ("copy_in", "copy to GPU", "#e45756"),
    ("convert", "convert", "#54a24b"),
    ("copy_out", "copy to display", "#e45756"),
    ("flip", "flip", "#b279a2"),
)
ARROW_HEAD = ('<defs><marker id="arrow" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="5" markerHeight="5" orient="auto">'
              '<path d="M0 0 L6 3 L0 6 z" fill="#222"/></marker></defs>')


def drawn_frames(report):
    """Some frames from the middle of the run, when everything is warm."""
    frames = report["timeline_us"]
    first = max(0, (len(frames) - FRAMES_DRAWN) // 2)
    return frames[first:first + FRAMES_DRAWN]


def span_title(frame, name, begin, end):
    return f"frame {frame['sequence']}, {name}: {(end - begin) / 1000:.2f} ms"


def bars(frames, stages, origin, scale, left):
    """One band per frame, each stage a bar of its own height in it so that overlaps show."""
    parts = []
    band = band_height(stages)
    for index, frame in enumerate(frames):
        top = index * band
        parts.append(f'<rect x="0" y="{top}" width="100%" height="{band}" fill="#000" opacity="{0.04 * (index % 2)}"/>'
                     f'<text x="{left - 8}" y="{top + band / 2 + 4}" text-anchor="end">frame {frame["sequence"]}</text>')
        for row, (key, name, colour) in enumerate(stages):
            begin, end = frame.get(key, (0, 0))
            parts.append(
                f'<rect x="{left + (begin - origin) * scale:.1f}" y="{top + BAND_GAP + row * BAR}" '
                f'width="{max((end - begin) * scale, 1.5):.1f}" height="{BAR}" fill="{colour}">'
                f"<title>{span_title(frame, name, begin, end)}</title></rect>")
    return parts


def arrows(frames, stages, origin, scale, left):
    """From where a stage ends, and its fence signals, to the stage that waits for it."""
    parts = []
    for index, frame in enumerate(frames):
        rows = [(row, *frame[key]) for row, (key, _, _) in enumerate(stages) if key in frame]
        for (row, _, end), (next_row, begin, _) in zip(rows, rows[1:]):
            start, finish = (left + (time - origin) * scale for time in (end, max(begin, end)))
            top = index * band_height(stages) + BAND_GAP + BAR / 2
            parts.append(f'<path d="M{start:.1f} {top + row * BAR} L{finish:.1f} {top + next_row * BAR}" stroke="#222" '
                         f'stroke-width=".8" fill="none" marker-end="url(#arrow)"/>')
    return parts


def band_height(stages):
    return len(stages) * BAR + 2 * BAND_GAP


def axis(length, scale, left, height):
    step = next(step for step in (10, 20, 50, 100, 200, 500, 1000, 10 ** 9) if length / step / 1000 <= 14)
    parts = []
    for tick in range(0, length // 1000 + 1, step):
        x = left + tick * 1000 * scale
        parts.append(f'<line x1="{x:.1f}" y1="0" x2="{x:.1f}" y2="{height}" stroke="#ddd"/>'
                     f'<text x="{x:.1f}" y="{height + 13}" text-anchor="middle" fill="#555">{tick} ms</text>')
    return parts


def used_stages(frames):
    return [stage for stage in STAGES if any(stage[0] in frame for frame in frames)]


def drawing(report):
    frames = drawn_frames(report)
    if not frames:
        return "<p>No frame was shown.</p>"
    stages = used_stages(frames)
    left, width = 100, 900
    origin = min(frame["capture"][0] for frame in frames)
    length = max(frame[key][1] for frame in frames for key, _, _ in stages if key in frame) - origin
    scale = (width - left - 30) / max(length, 1)
    height = len(frames) * band_height(stages)
    parts = [ARROW_HEAD, *axis(length, scale, left, height), *bars(frames, stages, origin, scale, left),
             *arrows(frames, stages, origin, scale, left)]
    return f'<svg viewBox="0 0 {width} {height + 18}" role="img">' + "".join(parts) + "</svg>"


def legend(reports):
    stages = used_stages([frame for report in reports for frame in drawn_frames(report)])
    return '<p class="small">' + " &nbsp; ".join(
        f'<span style="color:{colour}">&#9632;</span> {name}' for _, name, colour in stages) + "</p>"
