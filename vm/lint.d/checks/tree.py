# SPDX-License-Identifier: MIT
"""The files of the tree, by what they are."""

import os
import pathlib
import re

# Where the sources are; anything else below the top was built, or is git's.
ROOMS = (".ci", ".gitlab-ci.yml", "Documentation", "Kbuild", "Kconfig", "Makefile", "README.md", "VERSION", "core", "debian",
         "drivers", "igt-tests", "include", "userspace", "vm")


class Tree:
    """top: where it is. build: where tools may write. only: the files to look at (relative to top); all by default."""

    def __init__(self, top, build, only=None):
        self.top = pathlib.Path(top)
        self.build = pathlib.Path(build)
        self.partial = only is not None
        self.paths = sorted(only if only is not None else self._all())

    def _all(self):
        for room in ROOMS:
            if not (self.top / room).is_dir():
                yield room
                continue
            for directory, directories, files in os.walk(self.top / room):
                directories[:] = [name for name in directories if name != "__pycache__"]
                for name in files:
                    path = pathlib.Path(directory, name)
                    if path.is_file() and not name.endswith((".mod.c", ".o")):
                        yield str(path.relative_to(self.top))

    def kbuild(self):
        """Where links to the modules' sources are, for Kbuild to compile."""
        return self.build / "kbuild"

    def relative(self, directory, path):
        """What a tool that runs in a directory calls by that path, seen from the top of the tree."""
        path = pathlib.Path(os.path.normpath(directory / path))
        for root in (self.kbuild(), self.top):
            if path.is_relative_to(root):
                path = path.relative_to(root)
        return str(path)

    def text(self, path):
        return (self.top / path).read_text(errors="replace")

    def ending(self, *endings):
        return [path for path in self.paths if path.endswith(endings)]

    def kernel_style(self):
        """What checkpatch knows how to read."""
        return [path for path in self.paths
                if path.endswith((".c", ".h", ".S")) or path.rpartition("/")[2] in ("Kbuild", "Kconfig", "Makefile")]

    def modules(self):
        """Sources of the modules, with their KUnit suites."""
        return [path for path in self.ending(".c") if path.startswith(("core/", "drivers/")) and not in_userspace(path)]

    def userspace(self):
        return [path for path in self.ending(".c") if in_userspace(path)]

    def scripts(self, interpreter, ending):
        """Files whose name ends so, and those without an ending whose first line names the interpreter."""
        def is_script(path):
            name = path.rpartition("/")[2]
            first = self.text(path).partition("\n")[0]
            return path.endswith(ending) or "." not in name and re.fullmatch(rf"#!.*\b{interpreter}", first)
        return [path for path in self.paths if is_script(path)]


def in_userspace(path):
    return path.startswith(("igt-tests/", "userspace/")) or "/tests/" in path and not path.endswith("_kunit.c")
