# SPDX-License-Identifier: MIT
"""Lines of the kernel's trace as what they tell."""

import dataclasses
import re

LINE = re.compile(r"\s*.+-\d+\s+\[\d+\]\s+\S+\s+(?P<time>[\d.]+): (?P<name>\w+): (?P<rest>.*)")
LOST = re.compile(r"CPU:\d+ \[LOST (\d+) EVENTS\]")
FIELD = re.compile(r"(\w+) ?= ?([^\s,]+)")


@dataclasses.dataclass
class Event:
    name: str
    time_us: float  # CLOCK_MONOTONIC
    fields: dict
    why: str  # the sentence at the end of refusals and faults

    def number(self, key):
        return int(self.fields.get(key, "0"), 0)


def parse(lines):
    """Events in the order of their time, and how many the kernel could not keep."""
    events, lost = [], 0
    for line in lines:
        text = line.decode(errors="replace")
        if match := LOST.match(text):
            lost += int(match[1])
        elif match := LINE.match(text):
            facts, _, why = match["rest"].partition(": ")
            events.append(Event(match["name"], float(match["time"]) * 1e6, dict(FIELD.findall(facts)), why))
    events.sort(key=lambda event: event.time_us)
    return events, lost
