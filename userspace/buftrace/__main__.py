# SPDX-License-Identifier: MIT
"""Run a command and tell what became of the simulated devices' buffers meanwhile: who allocated them, which devices
read and wrote them, what a CPU copied or touched, what was refused and why.

Status: the command's; 3 when it did well, but an expectation was not met; 125 when nothing could be traced."""

import argparse
import contextlib
import json
import signal
import subprocess
import sys

import events
import expectations
import ledger
import perfetto
import report
import tracefs

STATUS_EXPECTATION = 3
STATUS_UNTRACED = 125
STATUS_NOT_FOUND = 127
SECONDS_TO_END = 10


def expected(text):
    names = text.split(",")
    for name in names:
        if name not in expectations.EXPECTATIONS:
            raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(expectations.EXPECTATIONS)}")
    return names


def seconds(text):
    value = float(text)
    if not 0 < value < 1e6:
        raise ValueError
    return value


def parse_args():
    parser = argparse.ArgumentParser(prog="buftrace", description=__doc__, usage="buftrace [options] -- command [argument ...]",
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--for", type=seconds, dest="seconds", metavar="SECONDS",
                        help="end the command after this time, for those that run until they are told to end; that it "
                             "still ran is then success")
    parser.add_argument("--expect", type=expected, default=[], metavar="LIST",
                        help="of " + ", ".join(expectations.EXPECTATIONS) + ", separated by commas")
    parser.add_argument("--json", metavar="FILE", help="write what is told as JSON, too")
    parser.add_argument("--trace", metavar="FILE", help="write a trace that ui.perfetto.dev opens")
    parser.add_argument("command", nargs="+", help=argparse.SUPPRESS)
    return parser.parse_args()


def end(process):
    for number in (signal.SIGTERM, signal.SIGKILL):
        process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(SECONDS_TO_END)
            return


def run(command, limit):
    """The command's status as a shell has it; 0 when its time was up."""
    process = subprocess.Popen(command)
    # Ctrl-C reaches the command by itself; what it did until then is still told.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        status = process.wait(limit)
    except subprocess.TimeoutExpired:
        end(process)
        return 0
    return status if status >= 0 else 128 - status


def write_json(path, value):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, indent=1)
        file.write("\n")


def record(args):
    """Returns the command's status, what was traced, and the ledger of it."""
    recording = tracefs.Recording()
    recording.start()
    try:
        before = ledger.live_buffers()
        status = run(args.command, args.seconds)
        after = ledger.live_buffers()
    finally:
        recording.stop()
    traced, lost = events.parse(recording.lines)
    return status, traced, lost, ledger.Ledger(traced, before, after)


def main():
    args = parse_args()
    try:
        status, traced, lost, book = record(args)
    except tracefs.Unavailable as error:
        print(f"buftrace: {error}", file=sys.stderr)
        return STATUS_UNTRACED
    except (FileNotFoundError, PermissionError) as error:
        print(f"buftrace: {args.command[0]}: {error.strerror}", file=sys.stderr)
        return STATUS_NOT_FOUND
    complaints = [what for name in args.expect if (what := expectations.EXPECTATIONS[name](book))]
    if lost and args.expect:
        complaints.append(f"{lost} events were lost: what is expected cannot be told")
    print("\n".join([f"buftrace: {args.command[0]} ended with status {status}"] + report.text(book)), file=sys.stderr)
    for what in complaints:
        print(f"buftrace: expected otherwise: {what}", file=sys.stderr)
    if args.json:
        write_json(args.json, report.as_json(book, args.command, status, lost, complaints))
    if args.trace:
        write_json(args.trace, perfetto.as_json(traced))
    return status or (STATUS_EXPECTATION if complaints else 0)


if __name__ == "__main__":
    sys.exit(main())
