"""Raised and lowered digits, told from the number or word before them: 10 and a raised 3 are 10^3, not 103."""

from __future__ import annotations

import re
from typing import Literal

from qadesk.documents.raised_numbers import RAISED_NUMBER, takes_power

Position = Literal["", "superscript", "subscript"]

_NUMBERS = re.compile(r"\d+(?:\s*[,;–-]\s*\d+)+")


def raised_text(text: str, before: str, position: Position) -> str:
    """``text`` at ``position``, which follows ``before``, with a mark where it would read as one with it."""
    if not before or before[-1].isspace() or not position:
        return text
    if position == "subscript":
        return f"_{text}" if before[-1].isdigit() and text[:1].isdigit() else text
    if _NUMBERS.fullmatch(text):
        return f"[{text}]"
    if not RAISED_NUMBER.fullmatch(text):
        return text
    return f"^{text}" if takes_power(before) else f"[{text}]"
