# SPDX-License-Identifier: MIT
"""The order of the pages. It is added to README.md here, where it would be no use without Sphinx."""

PAGES = {
    "Start": ["install", "concepts", "prime", "exporter-importer", "troubleshooting"],
    "Programs": ["primepipe", "libprimepipe", "bufgraph", "buftrace", "ci"],
    "Devices": ["camsim", "primesim", "profiles/README", "uapi"],
    "Findings": ["interop", "benchmark", "bench"],
    "Work on it": ["testing", "coverage", "security", "vm", "interfaces"],
}


def toctree(caption, names):
    """One part of the list at the side of each page"""
    pages = "\n".join(f"Documentation/{name}" for name in names)
    return f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{pages}\n```\n"


def add_toctrees(_app, docname, source):
    if docname == "README":
        source[0] += "".join(toctree(*part) for part in PAGES.items())
    elif docname == "Documentation/profiles/README":
        source[0] += "\n```{toctree}\n:hidden:\n:glob:\n\n*\n```\n"


def setup(app):
    app.connect("source-read", add_toctrees)
    return {"parallel_read_safe": True}
