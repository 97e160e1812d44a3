# SPDX-License-Identifier: MIT
"""Who allocated which buffer and which devices use it, as an SVG drawing of what bufgraph told."""

import html

WIDTH, ROW, BOX = 900, 46, 32
LEFT, MIDDLE, RIGHT = 10, 270, 690  # where the boxes of exporters, buffers and devices begin
WIDTHS = {LEFT: 130, MIDDLE: 290, RIGHT: 180}
# Buffers with the same pages have the same colour, which the mappings of these pages have, too.
COLOURS = ("#4c78a8", "#f58518", "#54a24b", "#b279a2", "#72b7b2", "#9d755d", "#e45756", "#79706e")
HEADS = ('<defs><marker id="to" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
         'orient="auto-start-reverse"><path d="M0 0 L8 4 L0 8 z" fill="#444"/></marker></defs>')


def mib(size):
    return f"{size / (1 << 20):.1f} MiB"


def box(x, y, lines, colour, title=""):
    text = "".join(f'<text x="{x + 8}" y="{y + 13 + 13 * number}">{html.escape(line)}</text>'
                   for number, line in enumerate(lines))
    return (f'<g><title>{html.escape(title)}</title><rect x="{x}" y="{y}" width="{WIDTHS[x]}" height="{BOX}" rx="5" '
            f'fill="#fff" stroke="{colour}" stroke-width="2"/>{text}</g>')


def rows(count, of):
    """Where so many boxes are, spread over the height of the largest column."""
    return [ROW * (of / count) * (number + 0.5) - BOX / 2 for number in range(count)]


def line(start, finish, direction, colour, title, dashed=False):
    """Between two boxes, with a head wherever data goes."""
    (x1, y1), (x2, y2) = start, finish
    heads = (' marker-end="url(#to)"' if "read" in direction else "") + \
            (' marker-start="url(#to)"' if "write" in direction else "")
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    return (f'<path d="M{x1} {y1:.1f} C{(x1 + x2) / 2} {y1:.1f} {(x1 + x2) / 2} {y2:.1f} {x2} {y2:.1f}" fill="none" '
            f'stroke="{colour}" stroke-width="1.6"{heads}{dash}><title>{html.escape(title)}</title></path>')


def use_title(use):
    if not use["mapped"]:
        return f"{use['device']}: attached, not mapped"
    pages = f", pages {use['page_id']}" if "page_id" in use else ""
    return f"{use['device']}: mapped to {use['direction']}, {use['segments']} segments{pages}"


def buffer_lines(buffer):
    pages = next((use["page_id"] for use in buffer["devices"] if "page_id" in use), "unknown")
    return (f"#{buffer.get('id', '-')}  {mib(buffer['size'])}  {buffer.get('placement', '')}", f"pages {pages}")


def drawing(told):
    """Exporters on the left, buffers, and the devices that have them attached on the right."""
    buffers = [buffer for buffer in told["buffers"] if buffer["devices"]]
    if not buffers:
        return "<p>No device used a buffer.</p>"
    # In the order in which the buffers name them: fewer lines cross than by the alphabet.
    exporters = list(dict.fromkeys(buffer["exporter"] for buffer in buffers))
    devices = list(dict.fromkeys(use["device"] for buffer in buffers for use in buffer["devices"]))
    most = max(len(buffers), len(exporters), len(devices))
    left, right = (dict(zip(names, rows(len(names), most))) for names in (exporters, devices))
    parts = [HEADS]
    for number, (buffer, y) in enumerate(zip(buffers, rows(len(buffers), most))):
        colour = COLOURS[number % len(COLOURS)]
        parts.append(line((LEFT + WIDTHS[LEFT], left[buffer["exporter"]] + BOX / 2), (MIDDLE, y + BOX / 2), "", "#999",
                          f"{buffer['exporter']} allocated it"))
        for use in buffer["devices"]:
            parts.append(line((MIDDLE + WIDTHS[MIDDLE], y + BOX / 2), (RIGHT, right[use["device"]] + BOX / 2),
                              use.get("direction", ""), colour, use_title(use), not use["mapped"]))
        holders = ", ".join(f"{holder['command']}[{holder['pid']}]" for holder in buffer["processes"])
        parts.append(box(MIDDLE, y, buffer_lines(buffer), colour, f"held by {holders or 'no process'}"))
    parts += [box(LEFT, y, ("allocated by", name), "#222") for name, y in left.items()]
    parts += [box(RIGHT, y, ("used by", name), "#222") for name, y in right.items()]
    return f'<svg viewBox="0 0 {WIDTH} {ROW * most}" role="img">{"".join(parts)}</svg>'


def complaints(told):
    """What was refused, and accesses that went wrong."""
    lines = [f"refused with {entry['errno']}: {entry['exporter']} to {entry['importer']}: {entry['why']}"
             for entry in told.get("refusals", ())]
    lines += [f"DMA fault of {entry['importer']}: {entry['why']}" for entry in told.get("faults", ())]
    if not lines:
        return '<p class="small">Nothing was refused, and no access went wrong.</p>'
    return "<ul>" + "".join(f"<li>{html.escape(text)}</li>" for text in lines) + "</ul>"
