# SPDX-License-Identifier: MIT
"""Runs IGT programs under igt_runner and reports each subtest as it finishes."""

import collections
import contextlib
import functools
import json
import os
import pathlib
import re
import subprocess
import time

from harness import processes
from harness.results import Result

FINISHED = re.compile(r"Subtest (\S+): (\w+) \(([\d.]+)s\)")
RUNNER_SECONDS = 30  # to end its test when it is told to
STATUS = {"SUCCESS": "pass", "FAIL": "fail", "SKIP": "skip", "CRASH": "crash"}
# dmesg-*: the kernel wrote a line of level warning; what of that matters is kernel_log's to say.
FINAL_STATUS = {"dmesg-warn": "pass", "dmesg-fail": "fail", "warn": "fail"}


def subtests(path):
    """Names program@subtest by program, in the order in which they run, as igt-tests/Makefile has listed them."""
    names = collections.defaultdict(list)
    for name in path.read_text().split():
        names[name.partition("@")[0]].append(name)
    return names


class Group:
    """Programs of one directory, run one after another by igt_runner."""

    def __init__(self, directory, names, results, kernel_log, seconds, environment):
        self.directory = directory
        self.names = names  # program@subtest, those of a program side by side
        self.results = pathlib.Path(results)  # an empty directory; gets one for each igt_runner that it takes
        self.kernel_log = kernel_log
        self.seconds = seconds  # that one subtest may take
        self.environment = environment

    def run(self):
        """Yields a Result as each subtest finishes. A program that hangs or dies takes only one test with it, but for
        one that the kernel does not let go: that raises processes.Stuck."""
        left = list(self.names)
        while left:
            before = len(left)
            for result in Execution(self, self._next_directory()).run(left):
                left.remove(result.name)
                yield result
            if len(left) == before:
                yield from (Result(name, "notrun", 0) for name in left)
                return

    def _next_directory(self):
        return self.results / str(len(list(self.results.glob("*.list"))))


def opened_devices(results):
    """Pairs (program, device node) of what the programs of a group opened through libigt."""
    pairs = set()
    for execution in results.glob("*/joblist.txt"):
        for number, job in enumerate(execution.read_text().splitlines()):
            out = execution.parent / str(number) / "out.txt"
            text = out.read_text(errors="replace") if out.exists() else ""
            pairs.update((job.split()[0], node) for node in re.findall(r"Opened device: (\S+)", text))
    return sorted(pairs)


class Execution:
    """One igt_runner. It gives up after a timeout and leaves the rest to the next one."""

    def __init__(self, group, directory):
        self.group = group
        self.directory = directory

    def run(self, names):
        reported = set()
        # In its own session: what hangs in it must not take our terminal along.
        runner = subprocess.Popen(self._command(names), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, env=self._environment(), start_new_session=True)
        follower = Follower(self.directory)
        running = True
        try:
            while running:
                time.sleep(0.1)
                running = runner.poll() is None
                for result in follower.finished():
                    if result.name not in reported:
                        reported.add(result.name)
                        yield self._complete(result)
                self.group.kernel_log.drain()
        finally:
            # Whoever has heard enough closes this generator: the runner ends its test, too.
            if running:
                runner.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    runner.wait(RUNNER_SECONDS)
        unfinished = self._unfinished(names, reported)
        stuck = processes.stuck(runner.pid) if unfinished else []
        for result in unfinished:
            result = self._complete(result)
            result.complaints = stuck + result.complaints
            yield result
        if stuck:
            raise processes.Stuck(stuck)

    def _command(self, names):
        test_list = self.directory.with_suffix(".list")
        test_list.write_text("".join(f"igt@{name}\n" for name in names))
        return ["igt_runner", "--multiple-mode", "--abort-on-monitored-error=", "--log-level", "quiet",
                "--per-test-timeout", str(self.group.seconds), "--test-list", test_list,
                self.group.directory, self.directory]

    def _environment(self):
        # Without the socket the programs write their progress as text, which we follow.
        return {**os.environ, "IGT_RUNNER_DISABLE_SOCKET_COMMUNICATION": "1", **self.group.environment}

    def _unfinished(self, names, reported):
        """What began and did not end by itself."""
        return [Result(name, FINAL_STATUS.get(entry["result"], entry["result"]), seconds(entry))
                for name, entry in self._results().items()
                if name in names and name not in reported and entry["result"] != "notrun"]

    def _complete(self, result):
        result.complaints = self.group.kernel_log.take(result.name)
        result.read_log = lambda: self._log(result.name)
        return result

    def _log(self, name):
        entry = self._results().get(name, {})
        return entry.get("out", "") + entry.get("err", "")

    @functools.cache
    def _results(self):
        """igt_results' findings, once igt_runner has ended."""
        subprocess.run(["igt_results", self.directory], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            tests = json.loads((self.directory / "results.json").read_text())["tests"]
        except (OSError, ValueError):
            return {}
        return {name.removeprefix("igt@"): entry for name, entry in tests.items()}


def seconds(entry):
    span = entry.get("time", {})
    return span.get("end", 0) - span.get("start", 0)


class Follower:
    """Follows the growing output of all executions of one igt_runner."""

    def __init__(self, results):
        self.results = results
        self.places = {}  # how far we read each execution's output

    def finished(self):
        """Results of the subtests that have finished since the last call."""
        for execution in sorted(self.results.glob("[0-9]*"), key=lambda path: int(path.name)):
            for line in self._new_lines(execution / "out.txt"):
                if match := FINISHED.search(line):
                    yield Result(f"{self._program(execution)}@{match[1]}",
                                 STATUS.get(match[2], match[2].lower()), float(match[3]))

    def _new_lines(self, path):
        """Whole lines only: the rest comes with the next call."""
        try:
            with open(path, "rb") as file:
                file.seek(self.places.get(path, 0))
                text = file.read()
        except OSError:
            return []
        text = text[:text.rfind(b"\n") + 1]
        self.places[path] = self.places.get(path, 0) + len(text)
        return text.decode(errors="replace").splitlines()

    def _program(self, execution):
        job = (self.results / "joblist.txt").read_text().splitlines()[int(execution.name)]
        return job.split()[0]
