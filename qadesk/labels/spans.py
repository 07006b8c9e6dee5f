"""Spans of words: what a selection snaps to, and how a span moves by words and by characters.

A word is what a person would mark as one: letters and digits with their accents, what joins them inside
('well-known', '3,000', "keeper's", '10:30'), a currency sign before and a per cent sign after a number, the dots of an
abbreviation ('U.S.'). Scripts without spaces between words count each sign as one. Spans are offsets, end exclusive.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

Span = tuple[int, int]

_NO_SPACES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_ZERO_WIDTH = "\u200c\u200d\ufe00-\ufe0f"
_LONGEST = 512  # characters: longer words are cut
_FAR = 65_536  # characters that are searched for the next word, or for the one before
_JOINERS = frozenset("\u200d")


@lru_cache(maxsize=1)
def _marks() -> str:
    """The accents and vowel signs, as a part of a character class: ``re`` does not count them as letters."""
    codes = [code for code in range(0x300, 0xFFFF) if unicodedata.category(chr(code)).startswith("M")]
    return "".join(map(chr, codes)) + _ZERO_WIDTH


@lru_cache(maxsize=1)
def _word() -> re.Pattern[str]:
    marks = _marks()
    letter = rf"(?![{_NO_SPACES}])\w[{marks}]*"
    core = rf"(?:{letter})+"
    join = r"(?:[-'’‐‑/@&_]|[.:](?=\w)|(?<=\d),(?=\d))"
    return re.compile(
        rf"[{_NO_SPACES}][{marks}]*"
        rf"|(?:\w\.){{2,}}"
        rf"|[$£€¥₹#]?{core}(?:{join}{core})*[%°]?"
    )


def words(text: str, start: int, end: int | None = None) -> Iterator[Span]:
    """The words of ``text`` that begin at ``start`` or later, and before ``end``: 65,536 characters on for None."""
    end = start + _FAR if end is None else end
    for match in _word().finditer(text, start, end + _LONGEST):
        if match.start() >= end:
            return
        yield match.span()


def word_at(text: str, offset: int) -> Span | None:
    """The word that holds the character at ``offset``."""
    for first, last in words(text, _safe_start(text, offset), offset + 1):
        if first <= offset < last:
            return first, last
    return None


def next_word(text: str, offset: int) -> Span | None:
    """The first word that begins at ``offset`` or later, and is not cut by it."""
    held = word_at(text, offset)
    if held and held[0] < offset:
        offset = held[1]
    return next(words(text, offset), None)


def previous_word(text: str, offset: int) -> Span | None:
    """The last word that ends at ``offset`` or before."""
    for reach in (_LONGEST, 8 * _LONGEST, _FAR):
        start = _safe_start(text, max(0, offset - reach))
        found = [span for span in words(text, start, offset) if span[1] <= offset]
        if found:
            return found[-1]
    return None


def _safe_start(text: str, offset: int) -> int:
    """A place at or before ``offset`` where no word is cut: the white space before it, if it is near."""
    lowest = max(0, offset - _LONGEST)
    for index in range(offset, lowest, -1):
        if text[index - 1].isspace():
            return index
    return lowest


def snap(text: str, start: int, end: int) -> Span:
    """``start:end`` to whole words: words that it touches are in it, white space and signs at its ends are not.

    Where it touches no word, only the white space at its ends is taken off.
    """
    start, end = trimmed(text, start, end)
    held = word_at(text, start)
    first = held or next_word(text, start)
    held = word_at(text, end - 1) if end > start else None
    last = held or previous_word(text, end)
    if first is None or last is None or first[0] >= end or last[1] <= start:
        return start, end
    return first[0], last[1]


def trimmed(text: str, start: int, end: int) -> Span:
    """``start:end`` without the white space at its ends; empty where there is nothing else."""
    words_ = text[start:end]
    inside = words_.strip()
    if not inside:
        return start, start
    start += len(words_) - len(words_.lstrip())
    return start, start + len(inside)


def moved(text: str, span: Span, step: int) -> Span:
    """``span`` a word further on (``step`` 1) or back (-1), with as many words; itself at the ends of ``text``."""
    start, end = snap(text, *span)
    if step > 0:
        first, last = next_word(text, start + 1), next_word(text, end)
    else:
        first, last = previous_word(text, start), previous_word(text, max(start, end - 1))
    if first is None or last is None:
        return start, end
    if first[0] == start or last[1] == end:  # a word that is cut, or one without words
        return start, end
    return first[0], max(last[1], first[1])


def start_moved(text: str, span: Span, step: int) -> Span:
    """``span`` with its beginning a word earlier (``step`` -1) or later (1); never empty."""
    start, end = span
    if step < 0:
        before = previous_word(text, start)
        held = word_at(text, start)
        cut = held if held and held[0] < start else before
        return (cut[0], end) if cut else span
    after = next_word(text, start + 1)
    return (after[0], end) if after and after[0] < end else span


def end_moved(text: str, span: Span, step: int) -> Span:
    """``span`` with its end a word later (``step`` 1) or earlier (-1); never empty."""
    start, end = span
    if step > 0:
        held = word_at(text, end - 1)
        if held and held[1] > end:
            return start, held[1]
        after = next_word(text, end)
        return (start, after[1]) if after else span
    before = previous_word(text, end - 1)
    return (start, before[1]) if before and before[1] > start else span


def start_moved_by_character(text: str, span: Span, step: int) -> Span:
    """``span`` with its beginning a character earlier or later; never empty."""
    start = _step(text, span[0], step)
    return (start, span[1]) if start < span[1] else span


def end_moved_by_character(text: str, span: Span, step: int) -> Span:
    """``span`` with its end a character later or earlier; never empty."""
    end = _step(text, span[1], step)
    return (span[0], end) if end > span[0] else span


def moved_by_character(text: str, span: Span, step: int) -> Span:
    """``span`` a character further on or back; itself at the ends of ``text``."""
    start, end = _step(text, span[0], step), _step(text, span[1], step)
    return (start, end) if start != span[0] and end != span[1] and start < end else span


def _step(text: str, offset: int, step: int) -> int:
    """The next place between two characters as a person sees them: no accent, emoji or line end is cut."""
    there = offset + step
    while 0 < there < len(text) and _is_inside(text, there):
        there += step
    return min(max(0, there), len(text))


def _is_inside(text: str, offset: int) -> bool:
    before, after = text[offset - 1], text[offset]
    if before == "\r" and after == "\n":
        return True
    modifies = unicodedata.category(after).startswith("M") or "\U0001f3fb" <= after <= "\U0001f3ff"
    return modifies or after in _JOINERS or before in _JOINERS
