"""Which block a piece of the text belongs to, and what begins there."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from qadesk.records import Page
from qadesk.structure import Block, Row
from qadesk.structure.line_ends import LINE_ENDS
from qadesk.ui.document.display_text import LONG_LINE, MOST_COLUMNS, column_count

_LINE_END = re.compile(rf"\r\n|[{LINE_ENDS}]")
_DRAWN = " \t-=_~*+|:"  # what lines are drawn of in plain text
_MOST_MARKER = 16  # characters
_MOST_SPACE = 100  # characters that are looked at between two blocks


class BlockIndex:
    """The ``blocks`` and ``pages`` of ``text``, by offset. All answers take logarithmic time."""

    def __init__(self, text: str, blocks: Sequence[Block] = (), pages: Sequence[Page] = ()) -> None:
        self.text = text
        self.blocks = blocks
        self.pages = pages
        self._markers = _markers(text, blocks)
        self._rows: dict[int, list[Row]] = {}  # of tables, by their number

    def number_at(self, start: int, end: int) -> int:
        """The number of the first block with text in ``start:end``; -1 if there is none."""
        number = bisect_right(self.blocks, start, key=lambda block: block.end)
        is_in = number < len(self.blocks) and self.blocks[number].start < max(end, start + 1)
        return number if is_in else -1

    def is_gap(self, number: int, start: int, end: int) -> bool:
        """Whether the line ``start:end`` in block ``number``, or in none, is only space between blocks or rows.

        So is a line of dashes and the like below a heading or between the rows of a table.
        """
        line = self.text[start:end]
        if number >= 0:
            return not line.strip(_DRAWN) and (self.blocks[number].kind == "table" or self._underlines(number))
        if not line.strip():
            return bool(self.blocks)
        before, _, is_first = self.gap_at(start)
        return before is not None and before.kind == "heading" and is_first and not line.strip(_DRAWN)

    def _underlines(self, number: int) -> bool:
        """Whether block ``number`` is a paragraph of one line, directly below a heading."""
        block = self.blocks[number]
        is_line = block.kind == "paragraph" and not _LINE_END.search(self.text, block.start, block.end)
        return is_line and number > 0 and self.blocks[number - 1].kind == "heading" and self.is_tight(number)

    def gap_at(self, start: int) -> tuple[Block | None, Block | None, bool]:
        """The blocks around the white space at ``start``, and whether ``start`` is in its first empty line."""
        number = bisect_right(self.blocks, start, key=lambda block: block.end)
        before = self.blocks[number - 1] if number else None
        after = self.blocks[number] if number < len(self.blocks) else None
        first = before.end if before else 0
        is_first = start - first < _MOST_SPACE and len(_LINE_END.findall(self.text[first:start])) == 1
        return before, after, is_first

    def is_tight(self, number: int) -> bool:
        """Whether block ``number`` begins on the line below the block before it, with no empty line between."""
        if not number:
            return False
        start, end = self.blocks[number - 1].end, self.blocks[number].start
        return end - start < _MOST_SPACE and len(_LINE_END.findall(self.text[start:end])) <= 1

    def marker(self, number: int) -> str:
        """The longest number or bullet of the list that item ``number`` is in, on its level."""
        return self._markers[number][self.blocks[number].level]

    def rows(self, number: int) -> list[Row]:
        """The rows of table ``number`` that are shown in columns."""
        if number not in self._rows:
            table = self.blocks[number]
            has_columns = column_count(table) <= MOST_COLUMNS
            self._rows[number] = [row for row in table.rows if row] if has_columns else []
        return self._rows[number]

    def row_at(self, number: int, start: int, end: int) -> int:
        """The number of the row of table ``number`` that is ``start:end``; -1 if that is no row in columns."""
        rows = self.rows(number)
        row = bisect_right(rows, start, key=lambda row: row[-1].end)
        if row == len(rows) and row and rows[-1][-1].end == start:  # a last row of empty cells
            row -= 1
        is_whole = row < len(rows) and start <= rows[row][0].start and rows[row][-1].end <= end
        return row if is_whole and end - start <= LONG_LINE else -1

    def pages_at(self, start: int, end: int) -> Sequence[Page]:
        """The pages that begin in ``start:end``, without the first one."""
        first = bisect_left(self.pages, start, key=lambda page: page.start)
        last = bisect_left(self.pages, end, key=lambda page: page.start)
        return self.pages[max(1, first) : last]

    def part_around(self, offset: int, reach: int) -> tuple[int, int]:
        """A part of the text from about ``reach`` characters before ``offset`` to as many after it.

        It begins and ends with a block or the row of a table, or with the text.
        """
        return self._start_before(offset - reach), self.end_after(offset + reach)

    def end_after(self, offset: int) -> int:
        """Where the first block or row ends that begins at ``offset`` or later; the end of the text if none does."""
        number = bisect_left(self.blocks, offset, key=lambda block: block.start)
        rows = self.rows(number - 1) if number else []
        row = bisect_left(rows, offset, key=lambda row: row[0].start)
        if row < len(rows):
            return rows[row][-1].end
        return self.blocks[number].end if number < len(self.blocks) else len(self.text)

    def blocks_in(self, start: int, end: int) -> list[Block]:
        """The blocks with text in ``start:end``; a table has no more than the rows in it that are shown in columns."""
        first = bisect_right(self.blocks, start, key=lambda block: block.end)
        last = bisect_left(self.blocks, end, key=lambda block: block.start)
        blocks = list(self.blocks[first:last])
        for number in range(first, last):
            if self.blocks[number].rows:
                blocks[number - first] = replace(self.blocks[number], rows=self._rows_in(number, start, end))
        return blocks

    def _rows_in(self, number: int, start: int, end: int) -> tuple[Row, ...]:
        rows = self.rows(number)
        first = bisect_left(rows, start, key=lambda row: row[0].start)
        return tuple(rows[first : bisect_right(rows, end, key=lambda row: row[-1].end)])

    def _start_before(self, offset: int) -> int:
        """Where the last block or row begins that ends before ``offset``; 0 if there is none."""
        number = bisect_right(self.blocks, offset, key=lambda block: block.end)
        rows = self.rows(number) if number < len(self.blocks) else []
        row = bisect_right(rows, offset, key=lambda row: row[-1].end)
        if row:
            return rows[row - 1][0].start
        return self.blocks[number - 1].start if number else 0


def _markers(text: str, blocks: Sequence[Block]) -> dict[int, dict[int, str]]:
    """The longest markers by level of the list that an item is in, by the item's number; items side by side share."""
    markers: dict[int, dict[int, str]] = {}
    for number, block in enumerate(blocks):
        if block.kind == "item":
            longest = markers[number] = markers.get(number - 1, {})
            marker = text[block.start : min(block.body, block.start + _MOST_MARKER)]
            if len(marker) > len(longest.get(block.level, "")) or block.level not in longest:
                longest[block.level] = marker
    return markers
