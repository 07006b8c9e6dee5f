"""Spans of words in a text: snapping a selection to words, moving a span by words and by characters.

A word is what a person would mark as one: letters and digits with their accents, joiners inside ('well-known', '3,000',
"keeper's", '10:30'), a currency sign before and a per cent sign after a number, the dots of an abbreviation ('U.S.').
In scripts without spaces between words every character is one. Spans are offsets, end exclusive.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

Span = tuple[int, int]

_NO_SPACES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_ZERO_WIDTH = "\u200c\u200d\ufe00-\ufe0f"
_MAX_WORD = 512  # characters: longer words are cut
_MAX_DISTANCE = 65_536  # characters that are searched for the next or the previous word
_JOINERS = frozenset("\u200d")


@lru_cache(maxsize=1)
def _combining_marks() -> str:
    """Accents and vowel signs for a character class: ``\\w`` of ``re`` does not include them."""
    codes = [code for code in range(0x300, 0xFFFF) if unicodedata.category(chr(code)).startswith("M")]
    return "".join(map(chr, codes)) + _ZERO_WIDTH


@lru_cache(maxsize=1)
def _word_pattern() -> re.Pattern[str]:
    marks = _combining_marks()
    letter = rf"(?![{_NO_SPACES}])\w[{marks}]*"
    core = rf"(?:{letter})+"
    join = r"(?:[-'’‐‑/@&_]|[.:](?=\w)|(?<=\d),(?=\d))"
    return re.compile(
        rf"[{_NO_SPACES}][{marks}]*"
        rf"|(?:\w\.){{2,}}"
        rf"|[$£€¥₹#]?{core}(?:{join}{core})*[%°]?"
    )


def words(text: str, start: int, end: int | None = None) -> Iterator[Span]:
    """The words of ``text`` that begin in ``start:end``. Without ``end`` 65,536 characters are searched."""
    end = start + _MAX_DISTANCE if end is None else end
    for match in _word_pattern().finditer(text, start, end + _MAX_WORD):
        if match.start() >= end:
            return
        yield match.span()


def word_at(text: str, offset: int) -> Span | None:
    """The word with the character at ``offset``; None if that is not in a word."""
    for first, last in words(text, _safe_start(text, offset), offset + 1):
        if first <= offset < last:
            return first, last
    return None


def next_word(text: str, offset: int) -> Span | None:
    """The first word that begins at ``offset`` or later."""
    word = word_at(text, offset)
    if word and word[0] < offset:
        offset = word[1]
    return next(words(text, offset), None)


def previous_word(text: str, offset: int) -> Span | None:
    """The last word that ends at ``offset`` or before."""
    for reach in (_MAX_WORD, 8 * _MAX_WORD, _MAX_DISTANCE):
        start = _safe_start(text, max(0, offset - reach))
        before = [span for span in words(text, start, offset) if span[1] <= offset]
        if before:
            return before[-1]
    return None


def _safe_start(text: str, offset: int) -> int:
    """An offset at or before ``offset`` that is not inside a word: after white space, if some is near."""
    lowest = max(0, offset - _MAX_WORD)
    for index in range(offset, lowest, -1):
        if text[index - 1].isspace():
            return index
    return lowest


def snap(text: str, start: int, end: int) -> Span:
    """``start:end`` extended to whole words, without white space and punctuation at its ends.

    If it touches no word, only the white space at its ends is removed.
    """
    start, end = trimmed(text, start, end)
    first = word_at(text, start) or next_word(text, start)
    last = (word_at(text, end - 1) if end > start else None) or previous_word(text, end)
    if first is None or last is None or first[0] >= end or last[1] <= start:
        return start, end
    return first[0], last[1]


def trimmed(text: str, start: int, end: int) -> Span:
    """``start:end`` without the white space at its ends; empty if there is nothing else."""
    selected = text[start:end]
    inner = selected.strip()
    if not inner:
        return start, start
    start += len(selected) - len(selected.lstrip())
    return start, start + len(inner)


def moved(text: str, span: Span, step: int) -> Span:
    """``span`` moved a word forward (``step`` 1) or back (-1), with as many words; unchanged at an end of ``text``."""
    start, end = snap(text, *span)
    if step > 0:
        first, last = next_word(text, start + 1), next_word(text, end)
    else:
        first, last = previous_word(text, start), previous_word(text, max(start, end - 1))
    if first is None or last is None:
        return start, end
    if first[0] == start or last[1] == end:  # the span is inside a long word, or has no word
        return start, end
    return first[0], max(last[1], first[1])


def start_moved(text: str, span: Span, step: int) -> Span:
    """``span`` with its start a word earlier (``step`` -1) or later (1); never empty."""
    start, end = span
    if step < 0:
        word = word_at(text, start)
        if word is None or word[0] >= start:
            word = previous_word(text, start)
        return (word[0], end) if word else span
    after = next_word(text, start + 1)
    return (after[0], end) if after and after[0] < end else span


def end_moved(text: str, span: Span, step: int) -> Span:
    """``span`` with its end a word later (``step`` 1) or earlier (-1); never empty."""
    start, end = span
    if step > 0:
        word = word_at(text, end - 1)
        if word and word[1] > end:
            return start, word[1]
        after = next_word(text, end)
        return (start, after[1]) if after else span
    before = previous_word(text, end - 1)
    return (start, before[1]) if before and before[1] > start else span


def with_start_at(text: str, span: Span, offset: int, *, is_exact: bool = False) -> Span:
    """``span`` with its start at the word of ``offset``, or, if ``is_exact``, at ``offset``; never empty."""
    if is_exact:
        start = _between_characters(text, offset)
        return (start, span[1]) if start < span[1] else start_moved_by_character(text, (span[1], span[1]), -1)
    word = word_at(text, offset) or next_word(text, offset)
    if word is None or word[0] >= span[1]:
        word = previous_word(text, span[1])
    return (word[0], span[1]) if word and word[0] < span[1] else span


def with_end_at(text: str, span: Span, offset: int, *, is_exact: bool = False) -> Span:
    """``span`` with its end at the word before ``offset``, or, if ``is_exact``, at ``offset``; never empty."""
    if is_exact:
        end = _between_characters(text, offset)
        return (span[0], end) if end > span[0] else end_moved_by_character(text, (span[0], span[0]), 1)
    word = (word_at(text, offset - 1) if offset else None) or previous_word(text, offset)
    if word is None or word[1] <= span[0]:
        word = next_word(text, span[0])
    return (span[0], word[1]) if word and word[1] > span[0] else span


def _between_characters(text: str, offset: int) -> int:
    while 0 < offset < len(text) and _is_inside_character(text, offset):
        offset -= 1
    return offset


def start_moved_by_character(text: str, span: Span, step: int) -> Span:
    """``span`` with its start a character earlier or later; never empty."""
    start = _step(text, span[0], step)
    return (start, span[1]) if start < span[1] else span


def end_moved_by_character(text: str, span: Span, step: int) -> Span:
    """``span`` with its end a character later or earlier; never empty."""
    end = _step(text, span[1], step)
    return (span[0], end) if end > span[0] else span


def moved_by_character(text: str, span: Span, step: int) -> Span:
    """``span`` moved a character forward or back; unchanged at the ends of ``text``."""
    start, end = _step(text, span[0], step), _step(text, span[1], step)
    return (start, end) if start != span[0] and end != span[1] and start < end else span


def _step(text: str, offset: int, step: int) -> int:
    """The next offset between two visible characters: not inside one with accents, an emoji or a line end."""
    target = offset + step
    while 0 < target < len(text) and _is_inside_character(text, target):
        target += step
    return min(max(0, target), len(text))


def _is_inside_character(text: str, offset: int) -> bool:
    before, after = text[offset - 1], text[offset]
    if before == "\r" and after == "\n":
        return True
    modifies = unicodedata.category(after).startswith("M") or "\U0001f3fb" <= after <= "\U0001f3ff"
    return modifies or after in _JOINERS or before in _JOINERS
