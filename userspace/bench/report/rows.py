# SPDX-License-Identifier: MIT
"""What bench printed in several runs, as rows: ours beside each of the others and the least that it can be."""

import dataclasses
import json
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


# Runs that agree differ by less.
SPREAD = 0.01


def spread_sentence(rows):
    if all(len(cell.values) == 1 for row in rows for cell in row.cells.values()):
        return "not known, as there was one run only"
    spreads = sorted((cell.spread, row.name, cell.party) for row in rows for cell in row.cells.values())
    within = sum(spread < SPREAD for spread, _, _ in spreads)
    worst, name, party = spreads[-1]
    return (f"{within} of {len(spreads)} numbers differ by less than 1 % between runs; the most by {100 * worst:.2f} % "
            f"({name}, {party})")


def exceeding(rows):
    """Cells whose runs do not agree, the worst first."""
    found = [(cell.spread, row.name, cell.party) for row in rows for cell in row.cells.values() if cell.spread >= SPREAD]
    return sorted(found, reverse=True)
