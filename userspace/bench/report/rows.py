# SPDX-License-Identifier: MIT
"""What bench printed in several runs, as rows: ours beside each of the others and the least that it can be."""

import dataclasses
import json
import re
import statistics


@dataclasses.dataclass
class Cell:
    """One party's value in one row, in every run; ratios are ours to it."""
    party: str
    role: str
    values: list = dataclasses.field(default_factory=list)
    ratios: list = dataclasses.field(default_factory=list)

    @property
    def value(self):
        return round(statistics.median(self.values))

    @property
    def ratio(self):
        return statistics.median(self.ratios) if self.ratios else None

    @property
    def spread(self):
        return (max(self.values) - min(self.values)) / max(min(self.values), 1)


@dataclasses.dataclass
class Row:
    name: str
    unit: str
    cells: dict = dataclasses.field(default_factory=dict)

    def of_role(self, role):
        return [cell for cell in self.cells.values() if cell.role == role]

    @property
    def ours(self):
        return next(iter(self.of_role("ours")), None)

    @property
    def limit(self):
        return next(iter(self.of_role("limit")), None)


def read_runs(paths):
    """Rows in the order in which they come. ValueError when not all runs have all of them."""
    rows = {}
    for path in paths:
        for line in path.read_text().splitlines():
            found = json.loads(line)
            row = rows.setdefault(found["name"], Row(found["name"], found["unit"]))
            cell = row.cells.setdefault(found["party"], Cell(found["party"], found["role"]))
            cell.values.append(found["value"])
            if "ratio" in found:
                cell.ratios.append(found["ratio"])
    if {len(cell.values) for row in rows.values() for cell in row.cells.values()} != {len(paths)}:
        raise ValueError("the runs do not have the same rows")
    return list(rows.values())


def records(rows):
    """One for each peer and variant of each row, and one for a row that has none."""
    for row in rows:
        limit = row.limit
        for peer in row.of_role("variant") + row.of_role("peer") or [None]:
            yield {"name": row.name, "unit": row.unit, "ours": row.ours.value if row.ours else None,
                   "peer": peer.value if peer else None, "peer_name": peer.party if peer else None,
                   "ratio": rounded(peer.ratio) if peer else None, "limit": limit.value if limit else None,
                   "limit_name": limit.party if limit else None,
                   "limit_ratio": rounded(limit.ratio) if limit else None}


def rounded(ratio):
    return None if ratio is None else round(ratio, 4)


# A number is the same in two runs when they differ by less than 1 %, or than 0.1 µs: a hundred instructions of the kernel's.
SPREAD = 0.01
SPREAD_NS = 100


# Numbers of what a boot has left of free memory, not of what anybody does
UNCOMPARED = re.compile(r"pieces of memory, .*")


def compared(rows):
    """Those whose numbers should be the same in all runs, and in the reference."""
    return [row for row in rows if not UNCOMPARED.fullmatch(row.name)]


def is_same(row, cell):
    return cell.spread < SPREAD or (row.unit == "ns" and max(cell.values) - min(cell.values) < SPREAD_NS)


def exceeding(rows):
    """Triples (spread, row's name, party) of what is not the same in all runs, the worst first."""
    found = [(cell.spread, row.name, cell.party) for row in compared(rows) for cell in row.cells.values() if not is_same(row, cell)]
    return sorted(found, reverse=True)


def spread_sentence(rows):
    if all(len(cell.values) == 1 for row in rows for cell in row.cells.values()):
        return "not known, as there was one run only"
    total = sum(len(row.cells) for row in compared(rows))
    differing = exceeding(rows)
    sentence = f"{total - len(differing)} of {total} numbers are the same in all runs, within 1 % or 0.1 µs"
    if differing:
        worst, name, party = differing[0]
        sentence += f"; of the others, the worst differs by {100 * worst:.1f} % ({name}, {party})"
    return sentence
