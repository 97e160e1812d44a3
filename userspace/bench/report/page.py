# SPDX-License-Identifier: MIT
"""Tables, for a terminal and as a page."""

import re

from report import goals, processors, rows as bench_rows

MILLION = 1_000_000
ROLES = ("ours", "variant", "limit", "peer")


class Section:
    """Rows whose whole name matches a pattern."""

    def __init__(self, title, pattern, words):
        self.title, self.words = title, words
        self.pattern = re.compile(pattern)

    def rows(self, rows):
        return [row for row in rows if self.pattern.fullmatch(row.name)]


SECTIONS = (
    Section("Round trips within a driver", r"round trip, [^,]*",
            "An object is created, exported, imported on a second file of the same device and all of it closed. Nothing is mapped in "
            "between: primesim and vgem allocate when memory is used, virtio-gpu at once, as do udmabuf and dma-heap, which have no "
            "handles. The least is as many ioctls that do nothing."),
    Section("Import by primesim's GPU", r"import, [^,]* [KM]iB: .*|import, 1080p: .*",
            "FD_TO_HANDLE (attach), what the first SUBMIT that uses it costs more than the next (map), and GEM_CLOSE; the exporters have "
            "their memory already. What grows with size is a list with one entry for each physically contiguous piece. vgem also takes "
            "its pages with every attachment and gives them back; it and udmabuf go through all pages to make the list, large folios or "
            "not; the system heap copies its list for each attachment. The least is what one page of primesim's costs."),
    Section("Import of memory in pieces", r"import, 8 MiB in .*",
            "udmabuf's, of which no piece lies where the one before it ends. The least is primesim's memory of that size."),
    Section("Pieces", r"pieces of memory, .*",
            "In how many physically contiguous pieces the memory of those buffers is. Not compared between boots, nor with earlier results: it "
            "depends on what a boot has left free."),
    Section("Import by a camera", r"QBUF .*",
            "QBUF of a dma-buf that the camera had in that place before, and of another one: it is attached and mapped, the one before is "
            "let go. Its size is whole MiB: in as few pieces as can be."),
    Section("While buffers are alive", r".* alive(: .*)?",
            "Those alive are exported and have a handle on both files, or are imported and mapped; 4 KiB each."),
    Section("While devices have the same buffer", r".* importers(: .*)?",
            "One more GPU imports it, when so many others have it mapped. DRM has numbers for 64 devices."),
    Section("A frame of a camera", r"frame, .*",
            "CPU time of the thread that makes the frames, from one to the next, and of glibc's memset of a frame. camsim shows colour "
            "bars, or what is said, a moving box and the stamp; vivid its colour bars and text."),
    Section("Operations of the GPU", r"operation, .*",
            "Pictures of 1920x1080, from SUBMIT until the fence has signalled. The least is a COPY job, which is the kernel's memcpy, of as "
            "many bytes as the operation reads and writes. libyuv does the same on the CPU's mapping of the same buffers, between the "
            "brackets that dma-buf wants, and once more with mapping and unmapping them."),
    Section("A flip of a display", r"flip, .*",
            "All work of the machine from one flip to the next, of 1920x1080 pixels: when nobody looks at them, when checksums are read, "
            "and when a picture of each is taken. The least is a copy of a picture, in userspace."),
    Section("From camera to display", r"pipeline[ ,].*",
            "primepipe shows frames, as YUYV by way of the GPU or as XRGB8888 without one. Work of the whole machine, of that what "
            "the program does, bytes that the CPU copied and those that simulated devices moved, and the time from the camera's "
            "timestamp to the flip, in thousandths of the time from frame to frame; all for each frame. A simulated device's work is "
            "the machine's; a real one's is not."),
    Section("Pipelines at once", r"pipelines at once, .*",
            "Each with a camera, a GPU and a display of its own, 640x480 as YUYV at 60 Hz. Work of the machine for each frame, starting "
            "the programs included; frames that all of them show in a second; the frame rate of the slowest beside that of the fastest."),
    Section("Modules", r"(module|idle|memory of an object).*",
            "The time that it takes to load and unload a module, with the devices that it brings; work of the machine when they are there and nobody "
            "uses them; and the kernel's memory for a buffer that has no pages yet."),
)


def number(value, unit):
    if unit == "ns":
        return f"{value / 1000:,.1f}"
    return f"{value / MILLION:,.1f} M" if unit == "bytes" and value >= MILLION else f"{value:,}"


def unit_name(unit):
    return "µs" if unit == "ns" else unit


def ratio(value):
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def cell_text(row, cell):
    if cell is None:
        return "-"
    text = number(cell.value, row.unit)
    return text if cell.ratio is None else f"{text} ({ratio(cell.ratio)})"


def tables(section, rows):
    """A table for all rows in which ours goes by the same name: (head, lines)."""
    groups = {}
    for row in section.rows(rows):
        groups.setdefault(row.ours.party, []).append(row)
    for members in groups.values():
        parties = parties_of(members)
        yield ["", "unit", *parties], [[row.name, unit_name(row.unit), *(cell_text(row, row.cells.get(party)) for party in parties)]
                                       for row in members]


def parties_of(rows):
    """Of all rows, by role, in the order in which they come."""
    return list(dict.fromkeys(cell.party for role in ROLES for row in rows for cell in row.of_role(role)))


def markdown(head, lines):
    yield "| " + " | ".join(head) + " |"
    yield "| --- | --- |" + " ---: |" * (len(head) - 2)
    yield from ("| " + " | ".join(line) + " |" for line in lines)


def terminal(head, lines):
    table = [head, *lines]
    widths = [max(len(line[i]) for line in table) for i in range(len(head))]
    for line in table:
        yield ("  " + line[0].ljust(widths[0]) + "  " + line[1].ljust(widths[1]) + "  " +
               "  ".join(cell.rjust(width) for cell, width in zip(line[2:], widths[2:])))


def print_tables(rows):
    for section in SECTIONS:
        for head, lines in tables(section, rows):
            print(f"\n{section.title}; in brackets, ours as a part of it")
            print("\n".join(terminal(head, lines)))


PROCESSORS = "16 pipelines on several processors"


def print_processors(found):
    print(f"\n{PROCESSORS}, in real time")
    print("\n".join(terminal(*processors.shown_table(found))))
    print(f"\n{processors.locks_sentence(found)}")
    print("\n".join(terminal(*processors.locks_table(found))))


def processors_part(found):
    yield (f"\n## {PROCESSORS}\n\nReal time, on a host of {found.host} processors that emulates those of the guest, so of these "
           f"numbers only ratios mean something, and more than {found.host} are a test of locks, not of speed. Not a part of what is "
           "compared between boots or with earlier results.\n")
    yield from markdown(*processors.shown_table(found))
    yield f"\n{processors.locks_sentence(found)}\n"
    yield from markdown(*processors.locks_table(found))


HEAD = """<!-- SPDX-License-Identifier: MIT -->
<!-- Written by make bench; do not edit. -->
# Benchmark

What ours cost, beside others and the least that it can be; in brackets, ours as a part of that. [What is measured and how](bench.md).
Time is that of a guest whose clock counts instructions, one a nanosecond, so it says what is done, and nothing of caches and of memory's
speed. Medians, the mean of {runs} boots.
"""


def spread_table(rows):
    return ["", "of", ""], [[name, party, f"{100 * spread:.1f} %"] for spread, name, party in bench_rows.exceeding(rows)]


def page(rows, versions, runs, plots, on_processors):
    yield HEAD.format(runs=runs)
    yield "Versions: " + ", ".join(f"{name} {text}" for name, text in versions.items()) + "."
    yield f"\nSpread: {bench_rows.spread_sentence(rows)}."
    yield "\n## Goals\n"
    yield from markdown(*goals.table(rows))
    for section in SECTIONS:
        found = list(tables(section, rows))
        if not found:
            continue
        yield f"\n## {section.title}\n\n{section.words}\n"
        for plot in plots.get(section.title, ()):
            yield f"![{section.title}]({plot})\n"
        for head, lines in found:
            yield from markdown(head, lines)
            yield ""
    if on_processors:
        yield from processors_part(on_processors)
    yield "\n## Behind\n\nWhere a peer is ahead of ours, or ours takes more than 1.5 times the least, and why.\n"
    yield from markdown(*goals.behind_table(rows))
    if runs > 1:
        yield "\n## Spread\n\nWhat differed between boots, by more than 1 % and 0.1 µs, and by how much.\n"
        yield from markdown(*spread_table(rows))
