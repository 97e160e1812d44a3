# SPDX-License-Identifier: MIT
"""What kind of kernel this is, and how much longer everything may take on it."""

import os
import pathlib

# Those of vm/debug-kernel, which check each access to memory and more, tell their configuration. Debian's do not.
DEBUG = pathlib.Path("/proc/config.gz").exists()
SLOWNESS = 6 if DEBUG else 1

# What tests of load add to what they take anyway
STRESS_SECONDS = int(os.environ.get("LAB_STRESS_SECONDS", 0))
