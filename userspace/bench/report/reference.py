# SPDX-License-Identifier: MIT
"""The result that is kept in the repository, and what has moved since."""

import json

from report import rows as bench_rows

MOVED = 0.03


def as_dict(rows):
    return {row.name: {cell.party: cell.value for cell in row.cells.values()} for row in bench_rows.compared(rows)}


def write(path, rows):
    path.write_text(json.dumps(as_dict(rows), indent=0, separators=(",", ":")) + "\n")


def changes(path, rows, whole):
    """Lines of text: what moved by more than MOVED, what is new and, when @rows are the @whole benchmark, what is gone."""
    old = json.loads(path.read_text())
    new = as_dict(rows)
    if whole:
        yield from (f"gone: {name}" for name in old if name not in new)
    for name, parties in new.items():
        if name not in old:
            yield f"new: {name}"
            continue
        for party, value in parties.items():
            before = old[name].get(party)
            if before is not None and abs(value - before) > MOVED * max(before, 1):
                yield f"moved: {name}, {party}: {before:,} -> {value:,} ({100 * (value / max(before, 1) - 1):+.1f} %)"
