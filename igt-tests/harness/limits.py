# SPDX-License-Identifier: MIT
"""What kind of kernel this is, and how much longer everything may take on it."""

import pathlib

# A kernel with lockdep has the other checks of vm/debug-kernel, too, of each access to memory for one.
DEBUG = pathlib.Path("/proc/lockdep").exists()
SLOWNESS = 6 if DEBUG else 1
