# SPDX-License-Identifier: MIT
"""Divides the tests between machines: SHARD=2/4 is the second of four parts that take about the same time.

Each test is in exactly one part, but for those that look at what the others have left behind. The parts depend on
nothing but the names of the tests and durations.txt, so that all machines come to the same ones.
"""

import collections
import fnmatch
import re

# What has to be said of each machine
EVERYWHERE = ("kmemleak@*", "modules@unload")
START_SECONDS = 0.3  # of a program
USUAL_SECONDS = 0.1  # of a test that durations.txt does not know


def parse(text):
    """The pair (index, count) that a text such as "2/4" says."""
    match = re.fullmatch(r"([1-9]\d{0,3})/([1-9]\d{0,3})", text)
    if not match or int(match[1]) > int(match[2]):
        raise ValueError(f"SHARD={text} is none: I/N is wanted, part number I of N parts, such as 2/4")
    return int(match[1]), int(match[2])


def is_everywhere(name):
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in EVERYWHERE)


def read_durations(path):
    """Seconds of a test, on average, by program."""
    lines = [line.split() for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return {program: float(seconds) for program, seconds in lines}


def durations(timed_names):
    """The lines of a durations.txt, of pairs (name, seconds); programs with short tests are not worth one."""
    by_program = collections.defaultdict(list)
    for name, seconds in timed_names:
        by_program[name.partition("@")[0]].append(seconds)
    averages = {program: sum(values) / len(values) for program, values in sorted(by_program.items())}
    return [f"{program} {average:.1f}" for program, average in averages.items()
            if average > 2 * USUAL_SECONDS]


def units(names, alone, seconds):
    """Pairs (weight, names) of what is not divided: the tests of a program, or one of those that run alone."""
    by_unit = collections.defaultdict(list)
    for name in names:
        program = name.partition("@")[0]
        by_unit[name if name in alone else program].append(name)
    return [(START_SECONDS + sum(seconds.get(name.partition("@")[0], USUAL_SECONDS) for name in members), members)
            for members in by_unit.values()]


def divide(names, alone, seconds, count):
    """The names of each of COUNT parts: the longest units first, each to the part that has least to do so far."""
    parts = [set(filter(is_everywhere, names)) for _ in range(count)]
    loads = [0.0] * count
    divisible = [name for name in names if not is_everywhere(name)]
    for weight, members in sorted(units(divisible, alone, seconds), key=lambda unit: (-unit[0], unit[1])):
        least = loads.index(min(loads))
        loads[least] += weight
        parts[least].update(members)
    return parts
