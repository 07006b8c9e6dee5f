"""Recognises the structure of plain text: paragraphs, list items, headings, and tables of cells between tabs.

Only what is plain is recognised; all else is a paragraph. The text stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qadesk.structure import Block, Cell, Row

_LINE = re.compile(r"[^\r\n]*\S[^\r\n]*|(?:\r\n|\r|\n)[ \t]*(?=\r|\n)")
_ITEM = re.compile(r"[ \t]*((?:[-*+•‣▪–]|\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-z]|[ivx]{1,4})[.)])[ \t]+)(?=\S)")


def blocks_of(text: str) -> tuple[Block, ...]:
    """The blocks of the plain ``text``, in order."""
    blocks: list[Block] = []
    for start, end in _groups(text):
        blocks += _group_blocks(text, start, end)
    return tuple(blocks)


def _groups(text: str) -> Iterator[tuple[int, int]]:
    """The runs of lines without an empty line between them."""
    for match in re.finditer(r"[^\s](?:.*?\S)??(?=\s*\Z|[ \t]*(?:\r\n|\r|\n)[ \t]*(?:\r|\n))", text, re.S):
        yield match.start(), match.end()


def _group_blocks(text: str, start: int, end: int) -> Iterator[Block]:
    lines = [(match.start(), match.end()) for match in re.finditer(r"[^\r\n]+", text[start:end])]
    spans = [(start + low, start + high) for low, high in lines]
    if len(spans) > 1 and all("\t" in text[low:high] for low, high in spans):
        yield Block("table", spans[0][0], spans[-1][1], rows=tuple(_row(text, *span) for span in spans))
    else:
        yield Block("paragraph", start, end, is_wrapped=True)


def _row(text: str, start: int, end: int) -> Row:
    cells = []
    for column, part in enumerate(text[start:end].split("\t")):
        cells.append(Cell(start, start + len(part), column))
        start += len(part) + 1
    return tuple(cells)
