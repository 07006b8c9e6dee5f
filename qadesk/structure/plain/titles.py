"""Recognises the headings of a plain text: underlined, in capitals, numbered, or short above what they name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qadesk.structure.plain.item_marks import is_next, mark_of
from qadesk.structure.plain.text_lines import PlainLine

LONGEST = 100
_SHORT = 60
_LONG = 80  # a line that is surely running text
_NUMBER = re.compile(
    r"(?:§§?\s?\d{1,4}|\d{1,3}/\d{1,3}|\d{1,3}(?:\.\d{1,3}){0,4}|[IVXLC]{1,6}\.)\.?\s+(?=[^\W\d_a-z\s]|[\"'“‘(])"
)
_PART = re.compile(
    r"(?:part|chapter|section|article|art\.|schedule|appendix|annex|clause)\s(?:\d{1,3}|[ivxlc]{1,6}|[a-z])\b"
    r"|[^\W\d_]{3,20}\s\d{1,3}:\s(?=[^\W\d_])",
    re.I,
)
_LETTER = re.compile(r"[A-Z]\.\s+(?=[^\W\d_a-z])")
_KEY = re.compile(r"[^:]{1,80}:\s+\S")
# Words that a line does not end with unless its sentence goes on in the next one.
_OPEN_ENDS = frozenset(("a", "an", "and", "because", "by", "if", "or", "that", "the", "unless", "until"))
_UNDERLINES = {"=": 1, "*": 1, "-": 2, "~": 2, "^": 2}
_CAPTION = re.compile(
    r"(?:table|figure|fig\.|tab\.|chart|map|plate|tabelle|abbildung|abb\.|tableau)\s\d{1,3}\s?(?:[.:–—(]|\Z)", re.I
)


def heading_level(lines: Sequence[PlainLine], index: int, wraps: bytearray, after_heading: bool = False) -> int:
    """The level of the heading that the line ``index`` is, 1 or 2 or more by its number; 0 if it is none.

    ``after_heading``: the line before is a heading.
    """
    line = lines[index]
    if len(line.text) > LONGEST or wraps[index] or (index and wraps[index - 1]) or not _is_title_like(line.text):
        return 0
    following = lines[index + 1] if index + 1 < len(lines) else None
    if following and not following.is_first and (level := underline_level(following, line)):
        return level
    is_alone = following is None or following.is_first
    is_below = after_heading and not any(character in ",|" or character.isdigit() for character in line.text)
    is_start = line.is_first or is_below or _ends_section(lines[index - 1], line, following)
    if is_capitals(line.text):
        return 1 if is_start or _is_second_capitals(lines, index) else 0
    if following is None or not is_start:
        return 0
    is_text = _is_text(following, line) or bool(wraps[index + 1])
    return _numbered_level(line, following, is_alone) or _short_level(line, following, is_alone, is_text)


def underline_level(line: PlainLine, title: PlainLine) -> int:
    """1 or 2 if ``line`` is a line of ``=`` or ``-`` below ``title``, else 0."""
    if line.text[0] not in _UNDERLINES:
        return 0
    is_line = len(line.text) >= 3 and len(line.text) <= 200 and len(set(line.text)) == 1
    fits = is_line and line.right <= title.right + 10 and 2 * len(line.text) >= len(title.text)
    return _UNDERLINES[line.text[0]] if fits else 0


def is_caption_line(line: PlainLine) -> bool:
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


def _is_second_capitals(lines: Sequence[PlainLine], index: int) -> bool:
    """Whether the line is the second or third of a title in capitals."""
    first = index
    while index - first < 3 and not lines[first].is_first and is_capitals(lines[first - 1].text):
        first -= 1
    return lines[first].is_first and 0 < index - first < 3


def _ends_section(before: PlainLine, line: PlainLine, following: PlainLine | None) -> bool:
    """Whether a heading may follow ``before`` at once: after a paragraph, or between the items of two lists."""
    if before.is_clause_end and before.right > _SHORT - 10:
        return len(line.text) <= _SHORT
    is_between = before.mark is not None and following is not None and following.mark is not None
    return is_between and len(line.text) <= _SHORT / 2 and line.indent <= before.indent


def _is_text(line: PlainLine, title: PlainLine) -> bool:
    """Whether ``line`` is plainly running text below ``title``."""
    if line.is_first:
        return line.right > max(_LONG, 1.5 * title.right)
    return line.right > max(45 if line.is_sentence_end else _SHORT, 2 * title.right)


def _numbered_level(line: PlainLine, following: PlainLine, is_alone: bool) -> int:
    """The depth of the number of a short numbered line that no other of its list follows."""
    match = _NUMBER.match(line.text) or _PART.match(line.text)
    if match is None or len(line.text) > _LONG or line.text.endswith(":"):
        return 0
    if match[0][0].isdigit() and match[0].rstrip()[-1].isdigit() and any(sign in line.text for sign in ",:;"):
        return 0  # an address, a date
    mark, after = line.mark, following.mark
    if mark and after and (is_next(after, mark) or (after.style == mark.style and after.number > mark.number)):
        return 0  # an item of a list
    if match.re is _PART and _PART.match(following.text):
        return 0
    if not is_alone and mark is None and following.text[:1].islower():
        return 0
    return 2 + match[0].rstrip(" .").count(".")


def _short_level(line: PlainLine, following: PlainLine, is_alone: bool, is_text: bool) -> int:
    """2 for a short line above running text, a list or a table that it plainly names."""
    text = line.text
    if len(text) > _SHORT or text[-1] in ":!" or not text[0].isupper():
        return 0
    if mark_of(text) or _LETTER.match(text):
        return 2 if is_text and _LETTER.match(text) else 0
    if text.rsplit(None, 1)[-1] in _OPEN_ENDS or _KEY.match(text) or "|" in text or "@" in text:
        return 0
    is_named = following.mark is not None or "\t" in following.text
    is_pairs = not is_alone and _KEY.match(following.text) is not None
    return 2 if is_named or is_pairs or (is_text and not following.text[0].islower()) else 0
