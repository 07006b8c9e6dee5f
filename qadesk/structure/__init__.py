"""The structure of a document: what its text is made of, in offsets of that text.

A document is one string and, beside it, a flat tuple of blocks in the order of the text. Blocks do not overlap. What
is between two of them is white space. Only a table has parts of its own: rows of cells.

    text      1. Rent                       heading, level 1
              The rent is 900 a month.      paragraph
              - by standing order           item, ``body`` after "- "
              Year<TAB>Staff                table, first row of header cells
              2019<TAB>47                   second row
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

BlockKind = Literal[
    "heading", "paragraph", "item", "table", "pair", "caption", "footnote", "header", "footer", "code"
]  # fmt: skip
"""``pair``: a key and its value. ``header``, ``footer``: those of a printed page, which are repeated on others."""

KINDS: frozenset[str] = frozenset(get_args(BlockKind))


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell ``text[start:end]``, empty where ``start == end``. A tab or a line end is between two cells.

    ``column`` counts from 0; a merged cell covers ``span`` columns. ``is_covered``: the cell is the lower part of one
    that begins in a row above, and is empty.
    """

    start: int
    end: int
    column: int = 0
    span: int = 1
    is_header: bool = False
    is_covered: bool = False


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A block ``text[start:end]``, without white space at its ends.

    ``level``: of a heading 1 to 6, of a list item its depth from 1, else 0. ``body``: where the text begins after the
    printed number or bullet of an item, or the value after the key of a pair; ``start`` in other blocks.
    ``is_wrapped``: its line ends are only there because the line was full, and are shown and read as spaces.
    ``rows``: the cells of a table, else empty.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    body: int = -1
    is_wrapped: bool = False
    rows: tuple[Row, ...] = ()

    def __post_init__(self) -> None:
        if self.body < 0:
            object.__setattr__(self, "body", self.start)


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """An entry of a document's outline: a heading, or a bookmark of a PDF. ``level`` counts from 1."""

    title: str
    level: int
    start: int


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit in ``text``: else there is nothing to read or to ask."""
    return any(character.isalnum() for character in text)


def outline_of(text: str, blocks: Iterable[Block]) -> tuple[OutlineEntry, ...]:
    """The headings among ``blocks`` as an outline, each title on one line."""
    return tuple(
        OutlineEntry(" ".join(text[block.start : block.end].split()), block.level, block.start)
        for block in blocks
        if block.kind == "heading"
    )


def units(blocks: Iterable[Block]) -> Iterator[tuple[int, int]]:
    """The spans that an answer stays inside: each block, an item without its number, of a table each filled cell."""
    for block in blocks:
        if block.rows:
            yield from ((cell.start, cell.end) for row in block.rows for cell in row if cell.end > cell.start)
        elif block.kind == "item" and block.body < block.end:
            yield block.body, block.end
        else:
            yield block.start, block.end


def shifted(block: Block, offset: int) -> Block:
    """``block`` moved by ``offset`` characters."""
    rows = tuple(
        tuple(
            Cell(cell.start + offset, cell.end + offset, cell.column, cell.span, cell.is_header, cell.is_covered)
            for cell in row
        )
        for row in block.rows
    )
    start, end, body = block.start + offset, block.end + offset, block.body + offset
    return Block(block.kind, start, end, block.level, body, block.is_wrapped, rows)
