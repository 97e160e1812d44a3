# SPDX-License-Identifier: MIT
"""Commands of tools, as many at a time as there are processors, and what they find."""

import concurrent.futures
import dataclasses
import os
import pathlib
import re
import subprocess

from checks.finding import Finding


@dataclasses.dataclass
class Job:
    """One command, and how it reports a finding on a line of its output: the groups path, line, message and rule."""

    command: list
    pattern: re.Pattern
    rule: str = ""  # where the pattern has no such group, or it matched nothing
    directory: pathlib.Path | None = None  # to run it in; the top of the tree by default


def batches(paths, size):
    return [paths[start:start + size] for start in range(0, len(paths), size)]


def _findings(output, job, tree):
    for line in output.splitlines():
        match = job.pattern.match(line)
        if match:
            groups = match.groupdict()
            rule = groups.get("rule") or job.rule
            yield Finding(tree.relative(job.directory or tree.top, groups["path"] or "."), int(groups["line"] or 0),
                          rule.replace("-Werror=", "-W"), groups["message"].strip())


def _run(job, tree):
    ended = subprocess.run([str(word) for word in job.command], cwd=job.directory or tree.top, stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    found = set(_findings(ended.stdout, job, tree))
    if ended.returncode and not found:
        last = "; ".join(ended.stdout.splitlines()[-5:])
        found.add(Finding(".", 0, "did-not-work", f"{job.command[0]}: status {ended.returncode}: {last}"))
    return found


def run_jobs(jobs, tree):
    """All that they find, each thing once, in order. A job that fails without a finding is one itself."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return sorted(set().union(*pool.map(lambda job: _run(job, tree), jobs)))
