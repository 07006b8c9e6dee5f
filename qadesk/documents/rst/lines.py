"""Looks at lines of reStructuredText: how far a part goes, and what a line begins."""

from __future__ import annotations

import re
from collections.abc import Sequence

ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1+")
BULLET = re.compile(r"([*+•‣⁃-])(?:[ ]+|$)")
NUMBER = re.compile(r"(\(?(?:\d{1,9}|[A-Za-z]|[ivxlcdm]+|[IVXLCDM]+|#)[.)])(?:[ ]+|$)")
FIELD = re.compile(r":(?![: ])((?:[^:\\]|\\.|:(?!\s|$|`))+):(?:[ ]+|$)")
_OPTION = r"--[\w-]++(?:[ =]<?+[\w-]++>?|<[\w-]++>?)?|-\w(?:[ =]?<?[\w-]++>?)?"
OPTION = re.compile(rf"(?:{_OPTION}|/[A-Z]\b(?:[ =]?<?[\w-]++>?)?)(?:, (?:{_OPTION}))*+(?:  +|$)")
"""Nothing in it matches in two ways: a line of many options that is none would take for ever."""

EXPLICIT = re.compile(r"\.\.(?:[ ]+|$)")
NOTE = re.compile(r"\[(\d+|#[\w.:+-]*|\*|[A-Za-z][\w.:+-]*)\](?:[ ]+|$)")
SUBSTITUTION = re.compile(r"\|(?! )([^|]+)\|[ ]+([\w-]+)::(?:[ ]+|$)")
DIRECTIVE = re.compile(r"((?!_)[\w.+-]+(?::[\w.+-]+)*)[ ]?::(?:[ ]+|$)")
GRID = re.compile(r"\+(?:[-=]+\+)+")
SIMPLE = re.compile(r"=+(?:[ ]+=+)+")
LINE = re.compile(r"\|(?: |$)")


def indent_of(line: str) -> int:
    """How many spaces ``line`` begins with."""
    return len(line) - len(line.lstrip(" "))


def indented(lines: Sequence[str], start: int, least: int = 1) -> int:
    """Where the lines from ``start`` on end that are empty or indented by ``least``; empty ones at the end not."""
    end = place = start
    while place < len(lines):
        if lines[place]:
            if indent_of(lines[place]) < least:
                break
            end = place + 1
        place += 1
    return end


def filled(lines: Sequence[str], start: int) -> int:
    """Where the lines from ``start`` on end before an empty one."""
    place = start
    while place < len(lines) and lines[place]:
        place += 1
    return place


def dedented(lines: Sequence[str]) -> list[str]:
    """``lines`` without the indentation that all have."""
    indents = [indent_of(line) for line in lines if line]
    margin = min(indents, default=0)
    return [line[margin:] for line in lines]


def is_adornment(line: str, least: int = 2) -> bool:
    """Whether ``line`` is a line of one sign."""
    return len(line) >= least and ADORNMENT.fullmatch(line) is not None
