# SPDX-License-Identifier: MIT
"""How much longer everything may take on this kernel."""

import pathlib

# A kernel with lockdep has the other checks of vm/debug-kernel, too, of each access to memory for one.
SLOWNESS = 6 if pathlib.Path("/proc/lockdep").exists() else 1
