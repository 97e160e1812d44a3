# SPDX-License-Identifier: MIT
"""Directives that show our own code, always as it is now: a name that is not there any more is an error.

```{source} core/export.c       the definitions of that name, with the comment above each
simbuf_op_pin
```

```{rest-of-header} include/uapi/linux/camsim.h      what of a header kernel-doc does not show
```
"""

import pathlib
import re

from docutils import nodes
from sphinx.directives.code import container_wrapper
from sphinx.util.docutils import SphinxDirective

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
DOCUMENTED = re.compile(r"^/\*\*\n(?: \*.*\n)+struct \w+ \{\n(?:\t.*\n)+\};\n", re.MULTILINE)
BOILERPLATE = re.compile(r"^#(?:ifndef|define) _UAPI\w+\n|^#include .*\n|^#endif.*\n|^/\* SPDX.*\n"
                         r"|^#if defined\(__cplusplus\)\n.*\n#endif\n", re.MULTILINE)


def definition(lines, name):
    """Lines of the function, variable or type @name in C of the kernel's style, or None"""
    for start, line in enumerate(lines):
        if not re.match(rf"\w.*\b{name}\b", line):
            continue
        opening = next((at for at in range(start, len(lines)) if lines[at].endswith(("{", ";"))), None)
        if opening is None or lines[opening].endswith(";"):
            continue
        end = next(at for at in range(opening + 1, len(lines)) if lines[at].startswith("}"))
        while start and lines[start - 1]:
            start -= 1
        return lines[start:end + 1]
    return None


def rest_of_header(text):
    """Constants, ioctls and comments: what is not a struct with a kernel-doc comment of its own"""
    text = BOILERPLATE.sub("", DOCUMENTED.sub("", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


class CodeDirective(SphinxDirective):
    """A box with C and the name of the file it is from"""
    required_arguments = 1

    def read(self):
        path = TOP / self.arguments[0]
        if not path.is_file():
            raise self.error(f"there is no file {self.arguments[0]}")
        self.env.note_dependency(str(path))
        return path.read_text()

    def box(self, code):
        block = nodes.literal_block(code, code, language="c")
        block.source, block.line = self.get_source_info()
        return [container_wrapper(self, block, f"`{self.arguments[0]}`")]


class Source(CodeDirective):
    has_content = True

    def run(self):
        lines = self.read().splitlines()
        definitions = []
        for name in filter(None, self.content):
            found = definition(lines, name)
            if not found:
                raise self.error(f"{self.arguments[0]} does not define {name}")
            definitions.append("\n".join(found))
        return self.box("\n\n".join(definitions).expandtabs())


class RestOfHeader(CodeDirective):
    def run(self):
        return self.box(rest_of_header(self.read()).expandtabs())


def setup(app):
    app.add_directive("source", Source)
    app.add_directive("rest-of-header", RestOfHeader)
    return {"parallel_read_safe": True}
