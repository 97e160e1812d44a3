# SPDX-License-Identifier: MIT
"""All tests that are commands."""

import pathlib
import runpy

from harness import compliance
from harness.command import Command

PROGRAMS = pathlib.Path(__file__).parent.parent
KMEMLEAK = pathlib.Path("/sys/kernel/debug/kmemleak")
PRIMEPIPE_ROUTES = ("gpu-alloc", "virtio", "direct", "cam-alloc")


def userspace_tests():
    """Programs that were built, and scripts as they are."""
    built = pathlib.Path("/opt/lab/userspace/tests")
    source = pathlib.Path(__file__).parent.parent.parent / "userspace/tests"
    return sorted(built.glob("test_*")) + [source / name for name in ("libprimepipe", "primepipe_cli", "simctl")]


def clients(program, out, *arguments):
    """Programs of others, driven by a program of ours that knows them. Read, not run: each start takes most of a second."""
    for client in runpy.run_path(str(PROGRAMS / program))["CLIENTS"]:
        yield Command(f"{program}@{client}", [PROGRAMS / program, client, *arguments],
                      out / f"{program}-{client}.log", 300)


def leak_scan(after, out):
    if KMEMLEAK.exists():
        yield Command(f"kmemleak@after-{after}", [PROGRAMS / "kmemleak"], out / f"kmemleak-after-{after}.log")


def commands(out, slow):
    """All tests of this kind, in the order in which they run, on demand the slow ones too; logs go to the directory out."""
    yield Command("harness@selftest", [PROGRAMS / "harness/selftest"], out / "harness-selftest.log")
    yield from compliance.commands(out, slow)
    yield from clients("camera_client", out, out)
    yield from clients("producer_client", out)
    yield from clients("display_client", out, out)
    for route in PRIMEPIPE_ROUTES:
        argv = ["primepipe", "--route", route, "--frames", "20", "--size", "640x360", "--quiet",
                "--json", out / f"primepipe-{route}.json"]
        yield Command(f"primepipe@{route}", argv, out / f"primepipe-{route}.log", 120)
    yield Command("primepipe@optimus", [PROGRAMS / "optimus", out], out / "primepipe-optimus.log", 120)
    for test in userspace_tests():
        yield Command(f"userspace@{test.name}", [test], out / f"userspace-{test.name}.log", 300)
    for part in ("pipeline", "errors"):
        yield Command(f"bufgraph@{part}", [PROGRAMS / "bufgraph", part, out], out / f"bufgraph-{part}.log")
    for part in ("pipeline", "stages", "copies", "refusal", "command"):
        yield Command(f"buftrace@{part}", [PROGRAMS / "buftrace", part, out], out / f"buftrace-{part}.log", 120)
    yield Command("camsim@vmap-fallback", [PROGRAMS / "vmap_fallback"], out / "vmap-fallback.log", 120)
    yield Command("modules@carveout", [PROGRAMS / "carveout"], out / "carveout.log", 120)
    yield Command("modules@policy", [PROGRAMS / "module_policy"], out / "module-policy.log", 120)
    yield Command("modules@load-and-go", [PROGRAMS / "load_and_go"], out / "load-and-go.log", 180)
    yield Command("modules@several", [PROGRAMS / "several"], out / "several.log", 120)
    yield Command("modules@no-vectors", [PROGRAMS / "no_vectors"], out / "no-vectors.log", 120)
    for page in pathlib.Path("/opt/lab/igt-tests/documents.txt").read_text().splitlines():
        name = pathlib.Path(page).stem
        yield Command(f"documents@{name}", [PROGRAMS / "documents", "--run", "guest", page], out / f"documents-{name}.log", 300)
    yield Command("interop@matrix", [PROGRAMS / "interop", out], out / "interop.log", 240)
    yield Command("bench@rows", [PROGRAMS / "bench", out], out / "bench.log", 120)
    yield Command("fuzz@corpus", [PROGRAMS / "fuzz/on-devices", "--replay", PROGRAMS / "fuzz/corpus.txt"],
                  out / "fuzz-corpus.log", 240)
    yield from leak_scan("tests", out)
    yield Command("modules@unload", [PROGRAMS / "unload"], out / "unload.log")
    yield from leak_scan("unload", out)
    # Last, so that it runs without our modules.
    yield Command("bufgraph@foreign", [PROGRAMS / "bufgraph", "foreign", out], out / "bufgraph-foreign.log")
