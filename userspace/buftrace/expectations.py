# SPDX-License-Identifier: MIT
"""What --expect can ask of a run: each function returns what is wrong, or nothing."""


def shared(ledger):
    if not ledger.shared():
        return "no buffer was used by a device other than the one that allocated it"
    return None


def no_copies(ledger):
    copied, faulted = ledger.total("cpu_copied"), ledger.total("cpu_faulted")
    if copied or faulted:
        return f"the kernel copied {copied} bytes, and userspace touched {faulted} bytes through mmap"
    return None


def no_refusals(ledger):
    return f"refused: {next(iter(ledger.refusals))}" if ledger.refusals else None


def no_faults(ledger):
    return f"DMA fault: {next(iter(ledger.faults))}" if ledger.faults else None


def frames(ledger):
    return None if ledger.frames else "no frame came out of a camera"


def flips(ledger):
    return None if ledger.flips else "no flip was reported"


EXPECTATIONS = {"shared": shared, "no-copies": no_copies, "no-refusals": no_refusals, "no-faults": no_faults,
                "frames": frames, "flips": flips}
