"""The words around an answer: its sentence, or the row of its table, never more than its block."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from qadesk.qa.clauses import sentence_around
from qadesk.records import Document
from qadesk.structure import Block

_LONGEST = 320  # characters of a sentence that is shown whole
_AROUND = 110  # characters on each side of an answer in a longer one
_CELL_GAP = " | "


@dataclass(frozen=True, slots=True)
class Excerpt:
    """An answer with the words before and after it, each on one line; ``before`` and ``after`` keep their blanks."""

    before: str
    answer: str
    after: str

    @property
    def text(self) -> str:
        """All of it."""
        return f"{self.before}{self.answer}{self.after}"


def excerpt(document: Document, start: int, end: int) -> Excerpt:
    """The sentence or table row around ``start:end`` of ``document``, cut with an ellipsis where it is long."""
    block = _block_at(document, start)
    if block and block.rows:
        return _row_excerpt(document.text, block, start, end)
    low, high = (min(start, block.body), max(end, block.end)) if block else (0, len(document.text))
    return _sentence(document.text, low, high, start, end)


def excerpt_in(sentence: str, start: int, end: int) -> Excerpt:
    """``sentence``, as ``excerpt`` gave it before, with its characters ``start:end`` as the answer.

    Where these are none of its characters, all of it is before the answer, which is empty.
    """
    if not 0 <= start < end <= len(sentence):
        return Excerpt(sentence, "", "")
    return Excerpt(sentence[:start], sentence[start:end], sentence[end:])


def _block_at(document: Document, offset: int) -> Block | None:
    index = bisect_right(document.blocks, offset, key=lambda block: block.start) - 1
    return document.blocks[index] if index >= 0 and offset < document.blocks[index].end else None


def _sentence(text: str, low: int, high: int, start: int, end: int) -> Excerpt:
    first, last = sentence_around(text, low, high, start, end)
    before, behind = _on_line(text[first:start]), _on_line(text[end : max(end, last)])
    if len(before) + len(behind) > _LONGEST:
        before = f"…{before[-_AROUND:].partition(' ')[2]}" if len(before) > _AROUND else before
        behind = f"{behind[:_AROUND].rpartition(' ')[0]}…" if len(behind) > _AROUND else behind
    return Excerpt(before.lstrip(), _on_line(text[start:end]).strip(), behind.rstrip())


def _row_excerpt(text: str, block: Block, start: int, end: int) -> Excerpt:
    row = next((row for row in block.rows if row and row[0].start <= start <= row[-1].end), ())
    cells = [cell for cell in row if cell.end > cell.start]
    own = next((cell for cell in cells if cell.start <= start and end <= cell.end), None)
    if own is None:
        return Excerpt("", _on_line(text[start:end]), "")
    before = [_on_line(text[cell.start : cell.end]) for cell in cells if cell.end <= own.start]
    after = [_on_line(text[cell.start : cell.end]) for cell in cells if cell.start >= own.end]
    left = _CELL_GAP.join([*before, _on_line(text[own.start : start])])
    right = _CELL_GAP.join([_on_line(text[end : own.end]), *after])
    return Excerpt(left[-_LONGEST:], _on_line(text[start:end]), right[:_LONGEST])


def _on_line(text: str) -> str:
    """``text`` with each run of white space as one blank."""
    return re.sub(r"\s+", " ", text)
