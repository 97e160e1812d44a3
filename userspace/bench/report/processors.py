# SPDX-License-Identifier: MIT
"""Pipelines on several processors, in real time, and where they waited for locks: what vm/guest/bench-processors leaves."""

import dataclasses
import json
import os
import re

HOTTEST = 3
ROW = re.compile(r"16 pipelines, processors: (\d+): (\w+)")
# An entry of the kernel's histogram, its lines joined: a stack, and what all waits with that stack add up to
ENTRY = re.compile(r"\{ stack\.stacktrace +([^}]*)\} hitcount: *(\d+) +ns: *(\d+)")
FRAME = re.compile(r"(\w[\w.]*)\+0x\S+(?: \[(\w+)\])?")
OURS = ("simbuf", "primesim", "camsim")


@dataclasses.dataclass
class Wait:
    """@place: who waited, @caller: the function of ours that it was called by; "" when none was."""
    place: str
    caller: str
    count: int = 0
    ns: int = 0


@dataclasses.dataclass
class Processors:
    """@shown: by number of processors, frames a second and the slowest pipeline's, in % of the fastest's."""
    host: int
    shown: dict
    waits: list

    @property
    def waited_ns(self):
        return sum(wait.ns for wait in self.waits)

    def hottest(self):
        """Where ours waited longest."""
        return sorted((wait for wait in self.waits if wait.caller), key=lambda wait: -wait.ns)[:HOTTEST]


def read_shown(path):
    found = {}
    for line in path.read_text().splitlines():
        row = json.loads(line)
        processors, step = ROW.fullmatch(row["name"]).groups()
        found.setdefault(int(processors), {})[step] = row["value"]
    return found


def wait_of(frames):
    callers = [name for name, module in frames[1:] if module in OURS]
    place, module = frames[0]
    return place, callers[0] if callers else place if module in OURS else ""


def read_waits(path):
    found = {}
    for stack, count, ns in ENTRY.findall(path.read_text()):
        frames = FRAME.findall(stack)
        if not frames:
            continue
        key = wait_of(frames)
        wait = found.setdefault(key, Wait(*key))
        wait.count += int(count)
        wait.ns += int(ns)
    return list(found.values())


def read(directory):
    return Processors(os.cpu_count(), read_shown(directory / "processors.jsonl"), read_waits(directory / "locks.txt"))


def record(processors):
    """For bench.json."""
    return {"host": processors.host,
            "shown": [{"processors": number, **shown} for number, shown in processors.shown.items()],
            "waited_ns": processors.waited_ns,
            "locks": [dataclasses.asdict(wait) for wait in processors.hottest()]}


def shown_table(processors):
    counts, shown = list(processors.shown), list(processors.shown.values())
    return (["processors", "", *map(str, counts)],
            [["throughput", "frames/s", *(str(of["throughput"]) for of in shown)],
             ["throughput", "part of one's", *(f"{of['throughput'] / shown[0]['throughput']:.2f}" for of in shown)],
             ["fairness", "slowest in % of fastest", *(str(of["fairness"]) for of in shown)]])


def locks_table(processors):
    return (["waits in", "called by", "times", "part of all waiting"],
            [[f"`{wait.place}()`", f"`{wait.caller}()`", str(wait.count), f"{100 * wait.ns / processors.waited_ns:.0f} %"]
             for wait in processors.hottest()])


def locks_sentence(processors):
    return (f"On {max(processors.shown)} processors, tasks waited {processors.waited_ns / 1e6:,.0f} ms for locks in all "
            f"({sum(wait.count for wait in processors.waits)} times), and where that was ours, longest in")
