"""Recognises lines of a plain text that are a key and its value: "Ref: HW/06/2291"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qadesk.structure.plain.text_lines import PlainLine

_KEY = re.compile(r"(?P<key>[^\W_][^:\t|;!?]{0,49})(?::[ \t]+|[ \t]+:[ \t]*)(?=\S)")
_MOST_WORDS = 6
_LONGEST_VALUE = 100


def is_key_line(text: str) -> bool:
    """Whether the line ``text`` looks like a key and its value."""
    return value_start(text) is not None


def value_offset(lines: Sequence[PlainLine], index: int) -> int | None:
    """Where the value begins in the text of the line ``index``; None if it is no key with a value.

    In a line alone the value must be short and no sentence; among lines of the kind it may be anything.
    """
    text = lines[index].text
    offset = value_start(text)
    if offset is None:
        return None
    if any(is_key_line(lines[other].text) for other in _neighbours(lines, index)):
        return offset
    return offset if is_lone_pair(text, offset) else None


def is_lone_pair(text: str, offset: int) -> bool:
    """Whether the line ``text``, whose value would begin at ``offset``, is a pair also where it stands alone."""
    is_short = len(text) - offset <= _LONGEST_VALUE and text[0].isupper()
    return is_short and not text.endswith((".", "!", "?", ";", ","))


def value_start(text: str) -> int | None:
    """Where the value begins in the line ``text``; None if it does not look like a key and its value."""
    match = _KEY.match(text)
    if match is None or len(match["key"].split()) > _MOST_WORDS or ". " in match["key"]:
        return None
    return match.end()


def _neighbours(lines: Sequence[PlainLine], index: int) -> list[int]:
    """The lines before and after without an empty line between."""
    before = [index - 1] if index and not lines[index].is_first else []
    after = [index + 1] if index + 1 < len(lines) and not lines[index + 1].is_first else []
    return before + after
