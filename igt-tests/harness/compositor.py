# SPDX-License-Identifier: MIT
"""weston on a display of ours, and what Mesa needs to draw for it."""

import contextlib
import os

from harness.clients import running, udev, until

# llvmpipe's vectors of 256 bits crash on QEMU 7.2 without KVM, on any display, vkms too: what its texture
# fetches (vpgatherdd) read is 2 GiB below the texture.
MESA = {"LP_NATIVE_VECTOR_WIDTH": "128"}


@contextlib.contextmanager
def weston(number, directory, renderer, background):
    """weston with the DRM backend, with nothing on its screen but one colour: yields it and its clients' environment."""
    config = directory / "weston.ini"
    config.write_text("[shell]\nbackground-image=\nbackground-color=0xff%02x%02x%02x\npanel-position=none\n" % background)
    environment = {**os.environ, **MESA, "XDG_RUNTIME_DIR": str(directory), "WAYLAND_DISPLAY": "lab"}
    argv = ["weston", "--backend=drm", f"--renderer={renderer}", f"--drm-device=card{number}",
            "--continue-without-input", f"--config={config}", "--idle-time=0", "--socket=lab"]
    with udev(), running(argv, env=environment) as process:
        until(lambda: process.poll() is not None or (directory / "lab").exists(), "weston's socket")
        yield process, environment
