# SPDX-License-Identifier: MIT
"""Which reasons for refusals the modules' sources have, and which of them no test asserts."""

import re

LITERAL = r'"(?:[^"\\\n]|\\.)*"'
STRING = re.compile(rf"{LITERAL}(?:\s*\w*\s*{LITERAL})*")
TOKEN = re.compile(rf"{LITERAL}|\w+")
CALL = re.compile(rf'\b(?:simbuf_)?refuse\([^;"]*({STRING.pattern})')
CONVERSION = re.compile(r"%#?(?:\.\d+)?(?:ll|l|z)?(?:p(?:4cc|ad|e)|[a-z])")

# A test must have this part of a reason's own words, with the values between them, or so many characters.
ENOUGH, SHORT = 0.65, 20


def joined(string):
    """C's string literals, one after the other, as one string; macros between them are values."""
    tokens = TOKEN.findall(string)
    return "".join(token[1:-1].replace(r"\"", '"') if token[0] == '"' else "?" for token in tokens)


def reasons(sources):
    """The formats of all refusals in C sources, but for those that only pass one on"""
    found = {joined(string) for source in sources for string in CALL.findall(source)}
    return sorted(reason for reason in found if not reason.endswith("%pV"))


def pieces(reason):
    """What a test may assert of a reason, as regular expressions"""
    words = CONVERSION.split(reason)
    length = sum(map(len, words))
    needed = max(ENOUGH * length, min(length, SHORT))
    for first in range(len(words)):
        for end in range(first + 1, len(words) + 1):
            if sum(map(len, words[first:end])) >= needed:
                piece = "\0".join(words[first:end]).strip()
                yield re.compile(".+".join(map(re.escape, piece.split("\0"))))
                break


def unasserted(found, tests):
    """Those reasons that no string in @tests has"""
    strings = {joined(string) for test in tests for string in STRING.findall(test)}
    return [reason for reason in found
            if not any(piece.search(string) for piece in pieces(reason) for string in strings)]


def as_documented(reason):
    """A reason as Documentation/troubleshooting.md has it"""
    return CONVERSION.sub("…", reason)


def documented(page):
    """The reasons in the first cells of its tables of reasons"""
    tables = re.findall(r"^\| what it says \|.*\n\|.*\n((?:\|.*\n)+)", page, re.MULTILINE)
    return {reason for table in tables for reason in re.findall(r"^\| `([^`]*)` \|", table, re.MULTILINE)}
