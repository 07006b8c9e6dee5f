"""The printed numbers of list items and clauses, which some readings of a file have and others lack."""

from __future__ import annotations

import re

from qadesk.labels.comparable import ComparableText

_MAX_INDENT = 9  # characters before a number that are not compared: tabs, brackets
_NUMBER = re.compile(
    r"[^\w\r\n]{0,9}(?:\d{1,3}[.):]|\d{1,3}(?:\.\d{1,3}){1,8}[.):]?|(?:[A-Za-z]|[ivxlcIVXLC]{1,6})[.)])[\t ]+(?=\S)"
)


def number_end(text: ComparableText, index: int) -> int | None:
    """The index behind the number of a list item that begins at ``index``; None if there is none at a line start."""
    offset = text.offset_at(index)
    low = max(0, offset - _MAX_INDENT - 1)
    *before, indent = re.split(r"[\r\n]", text.source[low:offset])
    line_start = offset - len(indent)
    if not before and low:
        return None
    match = _NUMBER.match(text.source, line_start) if text.index_at(line_start) == index else None
    return text.index_at(match.end()) if match else None
