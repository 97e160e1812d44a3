# SPDX-License-Identifier: MIT
"""The checks' own tests: what is wrong is found, by each of them, and nothing else."""

import pathlib
import re
import shutil
import tempfile
import unittest

from checks import kernel, scripts, userspace
from checks.finding import Finding
from checks.jobs import Job, run_jobs
from checks.suppressions import Suppressions
from checks.tree import ROOMS, Tree

C = "// SPDX-License-Identifier: MIT\n"
HEADERS = "#include <linux/slab.h>\n"

# A file that is not there otherwise, what it has, and where which findings are.
PLANTED = [
    (scripts.documents, "Documentation/planted.md",
     "\n    make lint\n\n```sh host in=.ci/run\nmake demo\nmake typo\n```\n\n```\nls\n```\n\n`make nothing`\n`vm/run --nothing`\n",
     [(2, "not-run"), (4, "not-run"), (9, "not-run"), (13, "not-run"), (14, "not-run")]),
    (scripts.pyflakes, "vm/planted", "#!/usr/bin/env python3\nimport os\n", [(2, "pyflakes")]),
    (scripts.shellcheck, "vm/planted", "#!/bin/bash\necho $1\n", [(2, "SC2086")]),
    (scripts.shellcheck, "vm/planted", "#!/bin/bash\n# shellcheck disable=SC2086\necho\n", [(2, "disable"), (2, "disable")]),
    (kernel.checkpatch, "core/planted.c", C + "static int planted; \n", [(2, "TRAILING_WHITESPACE")]),
    (kernel.kernel_doc, "core/planted.c", "/**\n * planted - it\n */\nvoid planted(int number);\n", [(3, "kernel-doc")]),
    (kernel.kernel_doc, "core/planted.c", "EXPORT_SYMBOL_NS_GPL(planted, \"SIMBUF\");\n", [(1, "missing")]),
    (kernel.kernel_doc, "include/uapi/planted.h", "struct planted {\n", [(1, "missing")]),
    (kernel.kernel_doc, "userspace/planted.map", "\tplanted;\n", [(1, "missing")]),
    (kernel.coccinelle, "core/planted.c", HEADERS + "static void f(void *p)\n{\n\tif (p)\n\t\tkfree(p);\n}\n",
     [(5, "ifnullfree")]),
    # This semantic patch has a part in Python.
    (kernel.coccinelle, "core/planted.c", HEADERS + "static int f(struct list_head *p)\n{\n\tif (!p)\n\t\treturn !p->next;\n"
     "\treturn 0;\n}\n", [(5, "deref_null")]),
    (kernel.kbuild_w1, "core/planted.c", C + "void planted(void);\nvoid planted(void)\n{\n\tint set;\n\n\tset = 1;\n}\n",
     [(5, "-Wunused-but-set-variable=")]),
    (kernel.sparse, "core/planted.c", C + "int *planted(void);\nint *planted(void)\n{\n\treturn 0;\n}\n", [(5, "sparse")]),
    (userspace.gcc_wextra, "igt-tests/planted.c", "int f(int a, unsigned int b);\nint f(int a, unsigned int b)\n{\n\treturn a < b;\n}\n",
     [(4, "-Wsign-compare")]),
    (userspace.gcc_wextra, "userspace/planted.c", "", [(1, "never-compiled")]),
    (userspace.cppcheck, "igt-tests/planted.c", "void f(void)\n{\n\tchar a[2];\n\n\ta[2] = 0;\n}\n",
     [(5, "arrayIndexOutOfBounds")]),
    (userspace.clang_tidy, "igt-tests/planted.c", "int f(const int *p)\n{\n\treturn p ? 0 : *p;\n}\n",
     [(3, "clang-analyzer-core.NullDereference")]),
]


class PlantedTest(unittest.TestCase):
    """On a copy of the tree."""

    source = pathlib.Path(__file__).resolve().parents[3]

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.top = pathlib.Path(directory.name, "tree")
        for room in ROOMS:
            source = self.source / room
            if source.is_dir():
                shutil.copytree(source, self.top / room, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, self.top / room)
        self.build = pathlib.Path(directory.name, "build")
        self.build.mkdir()

    def test_found(self):
        for check, path, text, expected in PLANTED:
            with self.subTest(check.__name__, expected=expected):
                (self.top / path).write_text(text)
                found = check(Tree(self.top, self.build, [path]))
                (self.top / path).unlink()
                self.assertEqual([(finding.path, finding.line, finding.rule) for finding in found],
                                 [(path, line, rule) for line, rule in expected], found)


class JobTest(unittest.TestCase):
    def test_tool_that_does_not_work(self):
        tree = Tree("/", "/tmp", [])
        self.assertEqual([finding.rule for finding in run_jobs([Job(["false"], re.compile("x"))], tree)], ["did-not-work"])


class SuppressionsTest(unittest.TestCase):
    def judge(self, text, *findings):
        """What remains of the findings, and the lines that are complained of."""
        with tempfile.TemporaryDirectory() as directory:
            pathlib.Path(directory, "tool").write_text(text)
            suppressions = Suppressions(pathlib.Path(directory), "tool")
        remaining = suppressions.remaining(findings)
        return remaining, [complaint.line for complaint in suppressions.complaints()]

    def test_covers(self):
        here, there = Finding("a/b.c", 1, "rule", "the message"), Finding("a/c.c", 1, "rule", "the message")
        self.assertEqual(self.judge("# why\n*b.c rule\n", here, there), ([there], []))
        self.assertEqual(self.judge("# why\na/* rule the *\n", here, there), ([], []))
        self.assertEqual(self.judge("# why\na/* rule\na/b.c other\n", here, there), ([], [3]))
        self.assertEqual(self.judge("# why\na/* rule another\n", here), ([here], [2]))

    def test_reason(self):
        here = Finding("a/b.c", 1, "rule", "the message")
        for text in ("* *\n", "# SPDX-License-Identifier: MIT\n* *\n", "# why\n\n* *\n"):
            self.assertEqual(self.judge(text, here), ([here], [text.count("\n")]), text)
