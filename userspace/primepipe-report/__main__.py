# SPDX-License-Identifier: MIT
"""Turn reports of primepipe --json into one report.json and one self-contained report.html.

The first report is that of the run without copies; --copy adds the same job done with copies beside it."""

import argparse
import json
import sys

from page import page


def parse_args():
    parser = argparse.ArgumentParser(prog="primepipe-report", description=__doc__)
    parser.add_argument("report", help="report of primepipe --json FILE")
    parser.add_argument("--copy", metavar="FILE", help="report of the same job with primepipe --copy")
    parser.add_argument("--graph", metavar="FILE", help="what bufgraph --json --refusals --faults told midway")
    parser.add_argument("--picture", metavar="FILE", help="PNG picture to show")
    parser.add_argument("--caption", default="", help="what the picture is")
    parser.add_argument("--version-of", action="append", default=[], metavar="NAME=TEXT", help="one more line under versions")
    parser.add_argument("--json", metavar="FILE", help="write the reports as one here")
    parser.add_argument("--html", metavar="FILE", help="write the page here")
    return parser.parse_args()


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def main():
    args = parse_args()
    try:
        report = load(args.report)
        copy = load(args.copy) if args.copy else None
        report["versions"].update(pair.split("=", 1) for pair in args.version_of)
        if copy:
            report["copy"] = copy
        if args.html:
            write(args.html, page(report, copy, load(args.graph) if args.graph else None, args))
        if args.json:
            write(args.json, json.dumps(report, indent=1) + "\n")
    except (OSError, ValueError) as error:
        print(f"primepipe-report: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
