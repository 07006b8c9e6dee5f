"""Makes a table block of the cells that were recognised in lines of a plain text, and finds its header row."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qadesk.structure import Block, Cell
from qadesk.structure.header_rows import names_columns
from qadesk.structure.plain.text_lines import PlainLine

Span = tuple[int, int]
Finding = tuple[Block | None, int]
"""A table, and the number of the first line after it. Without a table no other of its kind begins before that line."""

MOST_CELLS = 100_000
"""About so many cells may be in one table."""
_BORDER = frozenset("+-=|: ")


def end_of_rows(lines: Sequence[PlainLine], first: int, cells: Callable[[PlainLine], int]) -> int:
    """The number of the line after those that are rows, from ``first`` on and without an empty line between them.

    ``cells``: how many cells a line would have as a row; 0 if it is none.
    """
    end, total = first, 0
    while end < len(lines) and total < MOST_CELLS and (end == first or not lines[end].is_first):
        count = cells(lines[end])
        if not count:
            break
        end, total = end + 1, total + count
    return max(end, first + 1)


def is_border(line: PlainLine) -> bool:
    """Whether ``line`` only draws a line between rows, as ``|---|---|``, ``+====+`` and ``----  ----`` do."""
    text = line.text
    return len(text) <= 10_000 and set(text) <= _BORDER and ("--" in text or "==" in text or ":-" in text)


def stripped(part: str, start: int) -> Span:
    """The span of ``part``, which begins at the offset ``start``, without the white space at its ends."""
    low = len(part) - len(part.lstrip())
    return start + low, start + max(low, len(part.rstrip()))


def table_block(
    text: str, rows: Sequence[Sequence[Span]], lines: Sequence[PlainLine], has_border: bool = False
) -> Block:
    """The table that the ``lines`` are, with the cells ``rows``. ``has_border``: a border is below the first row."""
    start, end = lines[0].start, lines[-1].end
    placed = [[(min(max(low, start), end), min(max(high, start), end)) for low, high in row] for row in rows]
    is_header = has_border or names_columns([[text[low:high] for low, high in row] for row in placed])
    cells = tuple(
        tuple(Cell(*span, column, is_header=is_header and number == 0) for column, span in enumerate(row))
        for number, row in enumerate(placed)
    )
    return Block("table", start, end, rows=cells)
