# SPDX-License-Identifier: MIT
"""How Sphinx makes HTML of README.md and Documentation/; run by make docs, which says where the kernel's tools are."""

import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
# Of the kernel's own documentation: the directive kernel-doc.
sys.path[:0] = [str(HERE), os.path.join(os.environ["srctree"], "Documentation/sphinx")]

project = "A zero-copy lab without hardware"
extensions = ["myst_parser", "kerneldoc", "source_code", "pages"]
kerneldoc_srctree = str(HERE.parent.parent)

# The pages are where they are read without Sphinx, too: links between them are the same in the tree.
root_doc = "README"
include_patterns = ["README.md", "Documentation/**.md"]
source_suffix = {".md": "markdown"}
myst_heading_anchors = 3
highlight_language = "text"

# A name of ours that is not documented is an error; those of the kernel are not here.
nitpicky = True
nitpick_ignore_regex = [("c:.*", r"(?!(struct |enum )?(drm_primesim|camsim|simbuf|simdev|pp_)).*")]

# make docs ALL=1
linkcheck_timeout = 20
linkcheck_workers = 4

html_title = project
html_theme = "alabaster"
html_theme_options = {"page_width": "76rem", "sidebar_width": "16rem", "fixed_sidebar": True, "body_max_width": "58rem"}
html_sidebars = {"**": ["about.html", "navigation.html", "searchbox.html"]}
html_copy_source = False
html_show_sphinx = False
