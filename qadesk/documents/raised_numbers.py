"""Whether raised characters are a power or the mark of a note: what they stand after tells."""

from __future__ import annotations

import re

RAISED_NUMBER = re.compile(r"[+\-−–]?\d+(?:[.,/]\d+)*")
"""A number as it is raised for a power."""

_LAST_LETTERS = re.compile(r"[^\W\d_]*\Z")
_LONGEST_UNIT = 3  # letters: a number after m, km or mol is a power, one after a longer word the mark of a note
_LONGEST_WORD = 20


def letters_at_end(before: str) -> int:
    """How many letters ``before`` ends with; of more than 20 only those count."""
    letters = _LAST_LETTERS.search(before[-_LONGEST_WORD:])
    return len(letters[0]) if letters else 0


def takes_power(before: str) -> bool:
    """Whether a raised number after ``before`` is a power: of a number, a unit, a variable or brackets."""
    is_base = before[-1:].isalnum() or before[-1:] in (")", "]")
    return is_base and letters_at_end(before) <= _LONGEST_UNIT
