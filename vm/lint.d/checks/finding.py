# SPDX-License-Identifier: MIT
"""What a tool found."""

import dataclasses


@dataclasses.dataclass(frozen=True, order=True)
class Finding:
    path: str  # below the top of the tree
    line: int
    rule: str  # what the tool calls it
    message: str

    def show(self, tool):
        return f"{self.path}:{self.line}: {self.message} [{tool}: {self.rule}]"
