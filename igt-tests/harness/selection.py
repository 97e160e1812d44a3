# SPDX-License-Identifier: MIT
"""Which tests are run: those whose names match, and of these what QUICK=1, ALL=1 and the kernel leave."""

import fnmatch

# With QUICK=1, of the commands: programs that go through much code once, and what says whether anything is left of it.
QUICK_COMMANDS = ("v4l2-compliance@camsim", "v4l2-compliance@camsim-mplane-NM12", "v4l2-compliance@camsim-producer",
                  "v4l2-compliance@camsim*-media", "primepipe@*", "modules@unload", "kmemleak@*")


def matches_any(name, patterns):
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


class Selection:
    """@pattern: of a shell, or a part of a name. @slow_kernel: everything takes several times as long."""

    def __init__(self, expectations, pattern="*", *, quick=False, everything=False, slow_kernel=False):
        self.pattern = pattern if any(c in pattern for c in "*?[") else f"*{pattern}*"
        self.quick = quick
        self.expectations = expectations
        self.left_out = ["never", *(["slow"] if not everything else []), *(["timed"] if slow_kernel else [])]

    def kunit(self, names):
        return fnmatch.filter(names, self.pattern)

    def ours(self, names):
        return [name for name in fnmatch.filter(names, self.pattern)
                if not (self.quick and self.expectations.marks_as("thorough", name))]

    def upstream(self, names):
        return [name for name in fnmatch.filter(names, self.pattern)
                if not any(self.expectations.marks_as(kind, name) for kind in self.left_out)
                and (not self.quick or self.expectations.marks_as("quick", name))]

    def commands(self, commands):
        return [command for command in commands if fnmatch.fnmatchcase(command.name, self.pattern)
                and (not self.quick or matches_any(command.name, QUICK_COMMANDS))]
