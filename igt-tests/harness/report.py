# SPDX-License-Identifier: MIT
"""Says how the tests went: lines while they run, what failed at the end, files for programs to read."""

import json
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

from harness import ktap, shards

WORDS = {"passed": "ok", "failed": "FAILED", "skipped": "skipped"}
COLOURS = {"passed": "32", "failed": "1;31", "skipped": "33"}
LOG_LINES = 25
SHOWN_FAILURES = 20
SUMMARY_FAILURES = 6
SUMMARY_STUCK = 10
SUMMARY_REASON = 6
# What the person typed: vm/check says it.
REPEAT = os.environ.get("LAB_CHECK", "make check")
CEREMONY = re.compile(r"IGT-Version|Using IGT_SRANDOM|Starting subtest|Subtest \S+( failed\.|: )")
# What a test says it was told by the environment, or has chosen by chance: a line by itself
SETTING = re.compile(r"^LAB_[A-Z_]+=\w+$", re.MULTILINE)
# What no XML document may contain, and the escape sequences with which libigt colours its lines.
UNPRINTABLE = re.compile(r"\x1b\[[0-9;]*m|[^\t\n\x20-\ud7ff\ue000-\ufffd]")


def printable(text):
    return UNPRINTABLE.sub("", text)


class Report:
    def __init__(self, total, out):
        self.total = total
        self.out = out
        self.stuck = []  # lines: why the rest was not run
        self.verdicts = []
        self.skips = []  # the last verdicts, of one program and for one reason, not shown yet
        # The guest's console is always a terminal; vm/run tells by TERM what its output goes to.
        self.colour = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"

    def add(self, verdict):
        if self.skips and not self._continues_skips(verdict):
            self._show_skips()
        self.verdicts.append(verdict)
        if verdict.kind == "skipped":
            self.skips.append(verdict)
        else:
            failed = verdict.kind == "failed"
            self._line(verdict, f"{verdict.result.seconds:6.2f} s  {verdict.result.name}",
                       verdict.reason if failed else "")
            if failed:
                self.write_summary()

    def _continues_skips(self, verdict):
        last = self.skips[-1]
        return verdict.kind == "skipped" and verdict.reason == last.reason and \
            verdict.result.program() == last.result.program()

    def _show_skips(self):
        """One line for all of them: there can be hundreds."""
        first = self.skips[0].result
        what = first.name if len(self.skips) == 1 else f"{first.program()}: {len(self.skips)} tests"
        self._line(self.skips[0], " " * 10 + what, self.skips[0].reason)
        self.skips = []

    def _line(self, verdict, what, reason):
        number = f"[{len(self.verdicts):{len(str(self.total))}}/{self.total}]"
        word = f"{WORDS[verdict.kind]:7}"
        if self.colour:
            word = f"\033[{COLOURS[verdict.kind]}m{word}\033[m"
        print(f"{number} {word} {what}" + (f"  ({reason})" if reason else ""), flush=True)

    def count(self, kind):
        return sum(verdict.kind == kind for verdict in self.verdicts)

    def flush(self):
        if self.skips:
            self._show_skips()

    def _failures(self):
        return [verdict for verdict in self.verdicts if verdict.kind == "failed"]

    def show_failures(self):
        failures = self._failures()
        for verdict in failures[:SHOWN_FAILURES]:
            self._show_failure(verdict)
        if len(failures) > SHOWN_FAILURES:
            print(f"\n... and {len(failures) - SHOWN_FAILURES} more failures: see junit.xml")

    @staticmethod
    def _show_failure(verdict):
        print(f"\n--- {verdict.result.name}: {verdict.reason or verdict.result.status}")
        print(details(verdict))

    def summary(self, with_logs=False):
        """The last words: where only the end of an output is kept, they tell what to look at first.

        with_logs: what the first one that failed says, too. Logs can be read when all groups have ended."""
        failures = self._failures()[:SUMMARY_FAILURES]
        lines = [f"failed: {verdict.result.name}  ({verdict.reason or verdict.result.status})" for verdict in failures]
        why = [details(failures[0], SUMMARY_REASON)] if failures and with_logs else []
        counts = f"{self.count('passed')} passed, {self.count('failed')} failed, {self.count('skipped')} skipped"
        if self.stuck:
            counts += f", {self.total - len(self.verdicts)} not run: they would hang, too"
        return "\n".join([*lines[:1], *why, *lines[1:], *self.stuck[:SUMMARY_STUCK], counts])

    def write_summary(self, with_logs=False):
        """vm/check ends with it, after its own last words, also when the time was up before the last test."""
        (self.out / "summary.txt").write_text(self.summary(with_logs) + "\n")

    def write_json(self, path):
        entries = [{"name": verdict.result.name, "verdict": verdict.kind, "status": verdict.result.status,
                    "seconds": round(verdict.result.seconds, 3), "reason": verdict.reason}
                   for verdict in self.verdicts]
        path.write_text(json.dumps(entries, indent=1) + "\n")

    def write_ktap(self, path):
        path.write_text("".join(f"{line}\n" for line in ktap.lines(self.verdicts, details)))

    def write_durations(self, path):
        timed = [(verdict.result.name, verdict.result.seconds) for verdict in self.verdicts]
        path.write_text("".join(f"{line}\n" for line in shards.durations(timed)))

    def write_junit(self, path):
        suite = ElementTree.Element("testsuite", name="zero-copy-lab", tests=str(len(self.verdicts)),
                                    failures=str(self.count("failed")), skipped=str(self.count("skipped")))
        for verdict in self.verdicts:
            suite.append(junit_case(verdict))
        ElementTree.indent(suite)
        ElementTree.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def details(verdict, length=LOG_LINES):
    """Of one that has failed: why, in so many lines of the kernel's and of its own, and how to see that again."""
    result = verdict.result
    log = printable(result.read_log())
    settings = "".join(f" {setting}" for setting in SETTING.findall(log))
    return "\n".join([*(f"kernel: {line}" for line in result.complaints[:length]),
                      *relevant(log, length), f"repeat: {REPEAT} T='{result.name}'{settings}"])


def junit_case(verdict):
    result = verdict.result
    case = ElementTree.Element("testcase", classname=result.program(), name=result.name.partition("@")[2],
                               time=f"{result.seconds:.3f}")
    if verdict.kind == "failed":
        failure = ElementTree.SubElement(case, "failure", message=printable(verdict.reason))
        failure.text = printable("\n".join(result.complaints) + "\n" + result.read_log())
    elif verdict.kind == "skipped":
        ElementTree.SubElement(case, "skipped", message=printable(verdict.reason))
    return case


def relevant(log, length):
    """The lines of a test's log that tell why: from its first assertion on, without libigt's repetitions, or else its end."""
    log = log.partition("**** DEBUG ****")[0]
    lines = [line for line in log.splitlines() if line.strip() and not CEREMONY.match(line)]
    first = next((i for i, line in enumerate(lines) if "assertion failure" in line or "requirement" in line), None)
    return lines[-length:] if first is None else lines[first:][:length]
