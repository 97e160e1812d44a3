# SPDX-License-Identifier: MIT
"""Findings that are none, each with the reason: a file for each tool that has some."""

import dataclasses
import fnmatch

from checks.finding import Finding


@dataclasses.dataclass
class Suppression:
    """One line: PATH RULE [MESSAGE], shell patterns all three."""

    where: int
    path: str
    rule: str
    message: str
    used: bool = False

    def covers(self, finding):
        return (fnmatch.fnmatchcase(finding.path, self.path) and fnmatch.fnmatchcase(finding.rule, self.rule) and
                fnmatch.fnmatchcase(finding.message, self.message))


class Suppressions:
    """Lines below a comment that says why; an empty line ends what the comment is about."""

    def __init__(self, directory, tool):
        self.path = directory / tool
        self.lines = []
        self.errors = []
        if self.path.exists():
            self._read(self.path.read_text())

    def _read(self, text):
        reason = False
        for number, line in enumerate(text.splitlines(), 1):
            words = line.split(maxsplit=2)
            if not words:
                reason = False
            elif line.startswith("#"):
                reason = reason or not line.startswith("# SPDX-")
            elif len(words) < 2 or not reason:
                self._wrong(number, "a line is PATH RULE [MESSAGE], below a comment that says why")
            else:
                self.lines.append(Suppression(number, *words, *["*"] * (3 - len(words))))

    def _wrong(self, number, message):
        self.errors.append(Finding(f"vm/lint.d/suppressions/{self.path.name}", number, "suppression", message))

    def remaining(self, findings):
        """Those of the findings that no line covers."""
        remaining = []
        for finding in findings:
            covering = [line for line in self.lines if line.covers(finding)]
            for line in covering:
                line.used = True
            if not covering:
                remaining.append(finding)
        return remaining

    def complaints(self):
        """After remaining() has seen all findings: lines that are wrong, or that cover nothing."""
        for line in self.lines:
            if not line.used:
                self._wrong(line.where, "this covers no finding: remove it")
        return self.errors
