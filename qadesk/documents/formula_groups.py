"""Parts of a formula that is written as a line of text: 1/2, (a+b)/c, x^2, √(x)."""

from __future__ import annotations

import re

JOINT = "\0"
"""After x^2 and beside sin, so that what comes next is not taken for a part of it; left out of the line in the end."""

_SIMPLE = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+(?:[.,][^\W_]+)*|\W?")


def grouped(text: str) -> str:
    """``text`` as one thing: in parentheses unless it is a word, a number or in parentheses already."""
    text = text.strip(f" {JOINT}")
    return text if _SIMPLE.fullmatch(text) or _is_in_parentheses(text) else f"({text})"


def _is_in_parentheses(text: str) -> bool:
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if not depth:
            return character == ")" and place == len(text) - 1
    return False
