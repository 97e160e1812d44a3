# SPDX-License-Identifier: MIT
"""Lines over logarithmic axes, as SVG that every browser shows."""

import html
import math

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 80, 200, 40, 50
COLOURS = ("#c0392b", "#2471a3", "#229954", "#b7950b", "#7d3c98", "#566573")


class Axis:
    """Logarithmic, from a range of values to a range of pixels."""

    def __init__(self, values, begin, end):
        self.low = math.floor(math.log10(min(values)))
        self.high = max(math.ceil(math.log10(max(values))), self.low + 1)
        self.begin, self.end = begin, end

    def at(self, value):
        part = (math.log10(value) - self.low) / (self.high - self.low)
        return self.begin + part * (self.end - self.begin)

    def decades(self):
        return [10 ** power for power in range(self.low, self.high + 1)]


def text(x, y, words, anchor="start", extra=""):
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" {extra}>{html.escape(words)}</text>'


def line(x1, y1, x2, y2):
    return f'<line x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}" stroke="#ddd"/>'


def curve(points, colour):
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}'


def grid(x_axis, y_axis, ticks):
    for value in y_axis.decades():
        y = y_axis.at(value)
        yield line(LEFT, y, WIDTH - RIGHT, y)
        yield text(LEFT - 8, y + 4, f"{value:,g}", "end")
    for value, label in ticks:
        x = x_axis.at(value)
        yield line(x, TOP, x, HEIGHT - BOTTOM)
        yield text(x, HEIGHT - BOTTOM + 18, label, "middle")


def svg(title, x_label, y_label, ticks, curves):
    """@ticks: pairs (x, label); @curves: a list of points (x, y) by name, all greater than 0."""
    points = [point for curve_points in curves.values() for point in curve_points]
    x_axis = Axis([x for x, _ in ticks], LEFT, WIDTH - RIGHT)
    x_axis.low, x_axis.high = (math.log10(f(x for x, _ in ticks)) for f in (min, max))
    y_axis = Axis([y for _, y in points], HEIGHT - BOTTOM, TOP)
    parts = ['<!-- SPDX-License-Identifier: MIT -->',
             f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
             text(LEFT, 20, title, extra='font-size="14" font-weight="bold"'), *grid(x_axis, y_axis, ticks),
             text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, x_label, "middle"), text(LEFT - 60, TOP - 8, y_label)]
    for number, (name, curve_points) in enumerate(curves.items()):
        colour = COLOURS[number % len(COLOURS)]
        parts.append(curve([(x_axis.at(x), y_axis.at(y)) for x, y in curve_points], colour))
        parts.append(text(WIDTH - RIGHT + 12, TOP + 12 + 18 * number, name, extra=f'fill="{colour}"'))
    return "\n".join([*parts, "</svg>"]) + "\n"
