"""Blocks and spans as JSON lists of small numbers, which take little room: they count from the end of what is before.

span    gap, length: two numbers in a flat list
block   [gap, length, kind, level, body, is_wrapped, rows], without what is as in a paragraph at its end; ``body``
        counts from the start of the block
row     [gap, length, length, ...] where its cells are plain: one in each column, one character between two of them;
        else [gap, [gap, length, column, span, flags], ...]; [] without cells
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from qadesk.library.passage_cutting import Span
from qadesk.structure import Block, Row
from qadesk.structure.serial import row_to_lists

OpenBlock = list[Any]
"""A block as ``structure.serial`` has it, but for its rows, which are relative: ``unpack_rows`` makes lists of them."""

_PARAGRAPH: list[Any] = ["", 0, 0, 0, []]  # from the kind on
_KIND = "paragraph"


def pack_spans(spans: Iterable[Span], at: int) -> list[int]:
    """``spans`` as a flat list; the first one counts from ``at``."""
    numbers: list[int] = []
    for start, end in spans:
        numbers += (start - at, end - start)
        at = end
    return numbers


def unpack_spans(numbers: Sequence[int], at: int) -> list[Span]:
    """The spans that ``pack_spans`` packed."""
    spans = []
    for gap, length in zip(numbers[::2], numbers[1::2], strict=True):
        start = at + gap
        at = start + length
        spans.append((start, at))
    return spans


def pack_blocks(blocks: Iterable[Block], at: int) -> list[list[Any]]:
    """``blocks`` as lists; the first one counts from ``at``."""
    lists = []
    for block in blocks:
        values = [
            block.start - at, block.end - block.start, "" if block.kind == _KIND else block.kind, block.level,
            block.body - block.start, int(block.is_wrapped), _pack_rows(block),
        ]  # fmt: skip
        while len(values) > 2 and values[-1] == _PARAGRAPH[len(values) - 3]:
            values.pop()
        lists.append(values)
        at = block.end
    return lists


def unpack_blocks(lists: Iterable[Sequence[Any]], at: int) -> list[OpenBlock]:
    """The blocks that ``pack_blocks`` packed, with their rows as they are."""
    blocks = []
    for values in lists:
        gap, length, *others = values
        kind, level, body, is_wrapped, rows = (*others, *_PARAGRAPH[len(others) :])
        start = at + gap
        at = start + length
        blocks.append([kind or _KIND, start, at, level, start + body, is_wrapped, rows])
    return blocks


def unpack_rows(rows: Iterable[Sequence[Any]], at: int) -> list[list[list[int]]]:
    """The rows of a block that begins at ``at``, their cells as ``structure.serial`` has them."""
    return [_cells(row, start) for row, start, _ in _placed(rows, at)]


def rows_between(rows: Iterable[Sequence[Any]], at: int, low: int, high: int) -> Iterator[list[list[int]]]:
    """Those of the rows that are not wholly before ``low`` or after ``high``, without empty ones."""
    return (_cells(row, start) for row, start, end in _placed(rows, at) if row and end >= low and start <= high)


def _pack_rows(block: Block) -> list[list[Any]]:
    packed = []
    at = block.start
    for row in block.rows:
        cells: list[Any] = []
        if row:
            cells = [row[0].start - at, *([cell.end - cell.start for cell in row] if _is_plain(row) else _gaps(row))]
            at = row[-1].end
        packed.append(cells)
    return packed


def _is_plain(row: Row) -> bool:
    start = row[0].start
    for number, cell in enumerate(row):
        if (cell.start, cell.column, cell.span) != (start, number, 1) or cell.is_header or cell.is_covered:
            return False
        start = cell.end + 1
    return True


def _gaps(row: Row) -> list[list[int]]:
    """The cells of a row that is not plain: the first one begins where the row does."""
    before = row[0].start
    cells = []
    for start, end, *others in row_to_lists(row):
        cells.append([start - before, end - start, *others])
        before = end
    return cells


def _placed(rows: Iterable[Sequence[Any]], at: int) -> Iterator[tuple[Sequence[Any], int, int]]:
    """Each row with its start and end."""
    for row in rows:
        if not row:
            yield row, at, at
            continue
        start = at + row[0]
        if isinstance(row[1], int):
            at = start + sum(row) - row[0] + len(row) - 2
        else:
            at = start + sum(gap + length for gap, length, *_ in row[1:])
        yield row, start, at


def _cells(row: Sequence[Any], start: int) -> list[list[int]]:
    cells = []
    for column, cell in enumerate(row[1:]):
        if isinstance(cell, int):
            cells.append([start, start + cell, column, 1, 0])
            start += cell + 1
        else:
            gap, length, *others = cell
            cells.append([start + gap, start + gap + length, *others])
            start += gap + length
    return cells
