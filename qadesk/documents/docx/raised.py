"""Raised and lowered digits, told from the number or word before them: 10 and a raised 3 are 10^3, not 103."""

from __future__ import annotations

import re
from typing import Literal

Position = Literal["", "superscript", "subscript"]

_NUMBER = re.compile(r"[+\-−–]?\d+(?:[.,]\d+)*")
_NUMBERS = re.compile(r"\d+(?:\s*[,;–-]\s*\d+)+")
_LAST_LETTERS = re.compile(r"[^\W\d_]*\Z")
_LONGEST_UNIT = 3  # letters: a number after m, km or mol is a power, one after a longer word the mark of a note


def raised_text(text: str, before: str, position: Position) -> str:
    """``text`` at ``position``, which follows ``before``, with a mark where it would read as one with it."""
    if not before or before[-1].isspace() or not position:
        return text
    if position == "subscript":
        return f"_{text}" if before[-1].isdigit() and text[:1].isdigit() else text
    if _NUMBERS.fullmatch(text):
        return f"[{text}]"
    if not _NUMBER.fullmatch(text):
        return text
    letters = _LAST_LETTERS.search(before[-20:])
    is_power = (before[-1].isalnum() or before[-1] in ")]") and (not letters or len(letters[0]) <= _LONGEST_UNIT)
    return f"^{text}" if is_power else f"[{text}]"
