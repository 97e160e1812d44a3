# SPDX-License-Identifier: MIT
"""What ours are to reach, and why they do not where they do not."""

import dataclasses
import re

NEAR_LIMIT = 1.5
# A peer that is as good, but for rounding
EVEN = 1.01
# A reason is out of date when what it is for is better than it must be by so much: another kernel's numbers are a bit different.
OUTDATED = 0.97
# A part of a row, which counts as a whole
STEP = re.compile(r".*: (create|HANDLE_TO_FD|FD_TO_HANDLE|close|attach|map)")


@dataclasses.dataclass
class Goal:
    """At most so much of that party, in all rows of that name (a pattern)."""
    what: str
    name: str
    party: str
    at_most: float
    why: str = ""

    def ratios(self, rows):
        return [(row.cells[self.party].ratio, row.name) for row in rows
                if re.fullmatch(self.name, row.name) and self.party in row.cells and row.cells[self.party].ratio is not None]


GOALS = (
    Goal("round trip", r"round trip, [^,]*: all", "vgem", 0.7,
         "HANDLE_TO_FD and FD_TO_HANDLE are DRM's and dma-buf's and cost each driver the same; with four calls that do nothing they are "
         "half of vgem's, of whose other half ours takes 0.6"),
    Goal("import, by size", r"import, (4 KiB|1 MiB|1080p|64 MiB|256 MiB): all", "one page", 1.5),
    Goal("round trips, 10,000 alive", r"round trip, .*10000 alive: all", "none alive", 1.25),
    Goal("imports, 10,000 alive", r"import, .*10000 alive: all", "none alive", 1.25),
    Goal("imports, 50 importers", r"import, .*50 importers: all", "no importers", 1.25),
    Goal("frame of the camera", r"frame, [^,]*", "vivid", 0.15),
    Goal("flip with CRC", r"flip, 1080p, CRC", "vkms", 0.5),
    Goal("16 pipelines, machine's CPU", r"pipelines at once, 16: CPU of the machine", "one pipeline", 1.1),
    Goal("pipeline, program's CPU", r"pipeline, 1080p: CPU of the program", "--copy", 0.1),
    Goal("pipeline without GPU, program's CPU", r"pipeline without GPU, 1080p: CPU of the program", "vivid, memcpy, virtio-gpu", 0.1),
    Goal("pipeline without GPU, machine's CPU", r"pipeline without GPU, 1080p: CPU of the machine", "vivid, memcpy, virtio-gpu", 0.1,
         "the camera is simulated by the CPU that is counted: a memset of the frame alone is 0.1 of it"),
)

# Why ours are behind: (pattern of rows, pattern of parties, reason).
REASONS = (
    (r"round trip, .*", "empty ioctls",
     "an object, a file with its inode, and two handles are made and freed; vgem's takes longer still"),
    (r"import, 8 MiB in .*", "the least pieces", "udmabuf goes through all pages for its list, at about the same cost with 4 pieces as with 64"),
    (r"QBUF of a known .*", "empty ioctl|vivid", "videobuf2's, as with vivid, but for 70 instructions: where in the buffer the picture "
     "is, and whether it is mapped"),
    (r"frame, 640x480 (YUYV|NV12)", "memset", "the stamp: its cells, 70 in NV12, are painted into lines of each plane one by one, however small the picture"),
    (r"frame, 1080p YUYV, noise", "memset", "each line is another, and made by the CPU"),
    (r"operation, (move ARGB8888|\w+ to XRGB8888|ABGR8888 to ARGB8888|XRGB8888 to NV12|turn by 90|turn by 180|double, nearest)", "libyuv",
     "libyuv copies with vectors; the kernel's memcpy, by which devices reach memory, takes four times as many instructions. "
     "Where each new buffer must be mapped, libyuv is behind"),
    (r"operation, turn by 90", "libyuv and mmap|memcpy",
     "a tenth of it tells the processor what will be read, which makes it faster and counts as slower"),
    (r"operation, double, bilinear", "memcpy", "arithmetic: 17 instructions mix eight pixels of two rows, 32 stretch eight of a row"),
    (r"operation, checksum XRGB8888", "memcpy", "the kernel's crc32_le(), to which QEMU offers no vectors"),
    (r"pipeline without GPU, .*: CPU of the program", "vivid to vkms",
     "primepipe asks camsim and primesim what they saw, as the proof; the others cannot be asked"),
    (r"flip, 1080p, .*", "memcpy", "glibc's memcpy copies with vectors, and composes nothing"),
    (r"module of a core: load", "vgem", "20 times vgem's code, of which the kernel sorts the unwind tables, reads the types (BTF) and patches "
     "the returns; what the module itself does is a fiftieth of it"),
    (r"module of a core: unload", "vgem", "another kind of module, so no peer in the strict sense"),
    (r"module of a display: .*", "vkms", "it is a GPU, too. A third of loading it is making the device, with both halves' nodes; the rest is the "
     "kernel's and grows with the code"),
    (r"module of a camera: load", "vivid", "a tenth is making the device; the rest is the kernel's and grows with the code"),
)


def reason(row, cell):
    for name, party, why in REASONS:
        if re.fullmatch(name, row.name) and re.fullmatch(party, cell.party):
            return why
    return ""


def verdicts(rows):
    """Triples (goal, the worst ratio, its row's name), of goals that rows are there for."""
    for goal in GOALS:
        found = goal.ratios(rows)
        if found:
            yield (goal, *max(found))


def table(rows):
    lines = [[goal.what, goal.party, f"{goal.at_most:.2f}", f"{ratio:.2f}", "" if ratio <= goal.at_most else goal.why or "missed"]
             for goal, ratio, _ in verdicts(rows)]
    return ["", "as a part of", "at most", "is", ""], lines


def judged(rows):
    """Pairs (row, cell) of what ours should not be behind: peers, and the least that it can be."""
    for row in rows:
        if row.unit != "ns" or STEP.fullmatch(row.name):
            continue
        for cell in row.of_role("peer") + row.of_role("limit"):
            if cell.ratio is not None:
                yield row, cell


def threshold(cell):
    return EVEN if cell.role == "peer" else NEAR_LIMIT


def behind(rows):
    """Those where a peer is ahead, or the least is far away."""
    return [(row, cell) for row, cell in judged(rows) if cell.ratio > threshold(cell)]


def behind_table(rows):
    return ["", "to", "", "why"], [[row.name, cell.party, f"{cell.ratio:.2f}", reason(row, cell)] for row, cell in behind(rows)]


def failures(rows):
    """Lines of text: goals that were missed and rows that are behind, of which nobody has said why."""
    for goal, ratio, name in verdicts(rows):
        if ratio > goal.at_most and not goal.why:
            yield f"{goal.what}: {ratio:.2f} of {goal.party}, {goal.at_most:.2f} at most ({name})"
    for row, cell in behind(rows):
        if not reason(row, cell):
            yield f"{row.name}: {cell.ratio:.2f} of {cell.party}, and no reason is given in userspace/bench/report/goals.py"
    for what, ratio, party in outdated(rows):
        yield f"{what}: {ratio:.2f} of {party} needs no reason, but userspace/bench/report/goals.py gives one"


def outdated(rows):
    """Triples (what, ratio, party): goals that are reached and rows that are not behind, of which it is said why they are."""
    for goal, ratio, _ in verdicts(rows):
        if goal.why and ratio <= OUTDATED * goal.at_most:
            yield goal.what, ratio, goal.party
    for row, cell in judged(rows):
        if reason(row, cell) and cell.ratio <= OUTDATED * threshold(cell):
            yield row.name, cell.ratio, cell.party
