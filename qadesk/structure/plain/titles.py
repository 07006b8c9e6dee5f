"""Recognises the headings of a plain text: underlined, in capitals, numbered, or short above what they name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qadesk.structure.plain.item_marks import is_next, mark_of
from qadesk.structure.plain.text_lines import Line

LONGEST = 100
_SHORT = 60
_LONG = 80  # a line that is surely running text
_NUMBER = re.compile(r"(?:§§?\s?\d{1,4}|\d{1,3}(?:\.\d{1,3}){0,4}|[IVXLC]{1,6}\.)\.?\s+(?=[^\W\d_a-z\s]|[\"'“‘(])")
_PART = re.compile(
    r"(?:part|chapter|section|article|art\.|schedule|appendix|annex|clause)\s(?:\d{1,3}|[ivxlc]{1,6}|[a-z])\b"
    r"|[^\W\d_]{3,20}\s\d{1,3}:\s(?=[^\W\d_])",
    re.I,
)
_KEY = re.compile(r"[^:]{1,40}:\s+\S")
_CAPTION = re.compile(r"(?:table|figure|fig\.|tab\.|chart|map|plate|tabelle|abbildung|abb\.|tableau)\s\d{1,3}\b", re.I)


def heading_level(lines: Sequence[Line], index: int, wraps: bytearray) -> int:
    """The level of the heading that the line ``index`` is, 1 or 2 or more by its number; 0 if it is none."""
    line = lines[index]
    if len(line.text) > LONGEST or wraps[index] or (index and wraps[index - 1]) or not _is_title_like(line.text):
        return 0
    following = lines[index + 1] if index + 1 < len(lines) else None
    if following and not following.is_first and (level := underline_level(following, line)):
        return level
    is_alone = following is None or following.is_first
    if is_capitals(line.text):
        return 1 if line.is_first or _is_second_capitals(lines, index) else 0
    if following is None:
        return 0
    before = lines[index - 1] if index else None
    if not (line.is_first or (before and before.is_clause_end and before.right > _SHORT)):
        return 0
    is_text = following.right > max(_LONG, 1.5 * line.right) or bool(wraps[index + 1])
    return _numbered_level(line, following, is_alone) or _short_level(line, following, is_alone, is_text)


def underline_level(line: Line, title: Line) -> int:
    """1 or 2 if ``line`` is a line of ``=`` or ``-`` below ``title``, else 0."""
    is_line = len(line.text) >= 3 and len(line.text) <= 200 and len(set(line.text)) == 1
    fits = is_line and line.right <= title.right + 10 and 2 * len(line.text) >= len(title.text)
    return {"=": 1, "-": 2, "~": 2, "*": 1, "^": 2}.get(line.text[0], 0) if fits else 0


def is_caption(line: Line) -> bool:
    """Whether ``line`` names a table or a figure by its number."""
    return line.is_first and len(line.text) <= 2 * LONGEST and _CAPTION.match(line.text) is not None


def is_capitals(text: str) -> bool:
    """Whether the letters of ``text`` are capitals, and most of it is letters."""
    return text.isupper() and (letters := sum(map(str.isalpha, text))) >= 4 and 2 * letters > len(text)


def _is_title_like(text: str) -> bool:
    """Whether ``text`` is no sentence, no part of a table, and begins like a title."""
    end = text[-1]
    is_open = end in ",;" or (end == "." and not is_capitals(text)) or (end == ":" and mark_of(text) is not None)
    return not is_open and "\t" not in text and "   " not in text and any(map(str.isalpha, text))


def _is_second_capitals(lines: Sequence[Line], index: int) -> bool:
    """Whether the line is the second or third of a title in capitals."""
    first = index
    while index - first < 3 and not lines[first].is_first and is_capitals(lines[first - 1].text):
        first -= 1
    return lines[first].is_first and 0 < index - first < 3


def _numbered_level(line: Line, following: Line, is_alone: bool) -> int:
    """The depth of the number of a short numbered line that no other of its list follows."""
    match = _NUMBER.match(line.text) or _PART.match(line.text)
    if match is None or len(line.text) > _LONG or line.text.endswith(":"):
        return 0
    mark, after = mark_of(line.text), mark_of(following.text)
    if mark and after and (is_next(after, mark) or (after.style == mark.style and after.number > mark.number)):
        return 0  # an item of a list
    if match.re is _PART and _PART.match(following.text):
        return 0
    if not is_alone and mark is None and following.text[:1].islower():
        return 0
    return 2 + match[0].rstrip(" .").count(".")


def _short_level(line: Line, following: Line, is_alone: bool, is_text: bool) -> int:
    """2 for a short line above running text, a list or a table that it plainly names."""
    text = line.text
    if not line.is_first or len(text) > _SHORT or text[-1] in ":!" or not text[0].isupper() or mark_of(text):
        return 0
    if _KEY.match(text) or "|" in text or "@" in text:
        return 0
    is_named = mark_of(following.text) is not None or "\t" in following.text
    is_pairs = not is_alone and _KEY.match(following.text) is not None
    return 2 if is_named or is_pairs or (is_text and not following.text[0].islower()) else 0
