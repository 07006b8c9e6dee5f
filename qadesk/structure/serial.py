"""Blocks as plain lists of numbers and words, for JSON: between processes, in the database and on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from qadesk.structure import KINDS, Block, Cell, Row

_HEADER, _COVERED = 1, 2


def to_lists(blocks: Iterable[Block]) -> list[list[Any]]:
    """``blocks`` as lists that ``from_lists`` reads: [kind, start, end, level, body, is_wrapped, rows]."""
    return [
        [block.kind, block.start, block.end, block.level, block.body, int(block.is_wrapped),
         [row_to_lists(row) for row in block.rows]]
        for block in blocks
    ]  # fmt: skip


def from_lists(lists: Sequence[Sequence[Any]], length: int) -> tuple[Block, ...]:
    """The blocks of a text of ``length`` characters; ``lists`` can be any JSON value.

    Raises ValueError, TypeError for what ``to_lists`` never gives.
    """
    blocks = []
    before = 0
    for kind, start, end, level, body, is_wrapped, rows in lists:
        is_whole = type(start) is type(end) is type(level) is type(body) is int  # a float can be compared, not sliced
        if kind not in KINDS or not is_whole or not before <= start < end <= length or not start <= body <= end:
            raise ValueError("an invalid block")
        block = Block(kind, start, end, level, body, bool(is_wrapped), tuple(map(_row, rows)))
        if block.rows:
            _check_cells(block)
        blocks.append(block)
        before = end
    return tuple(blocks)


def row_to_lists(row: Row) -> list[list[int]]:
    """The cells of a row: [start, end, column, span, flags]."""
    return [
        [cell.start, cell.end, cell.column, cell.span, cell.is_header * _HEADER + cell.is_covered * _COVERED]
        for cell in row
    ]


def _row(cells: Sequence[Sequence[int]]) -> Row:
    return tuple(
        Cell(start, end, column, span, bool(flags & _HEADER), bool(flags & _COVERED))
        for start, end, column, span, flags in cells
    )


def _check_cells(block: Block) -> None:
    if len(block.rows) + sum(len(row) for row in block.rows) > 2 * (block.end - block.start + 1):
        raise ValueError("more cells than characters")  # a tab or a line end is between two
    before = block.start
    for row in block.rows:
        for cell in row:
            is_whole = type(cell.start) is type(cell.end) is type(cell.column) is type(cell.span) is int
            if not is_whole or not before <= cell.start <= cell.end <= block.end or cell.column < 0 or cell.span < 1:
                raise ValueError("an invalid cell")
            before = cell.end
