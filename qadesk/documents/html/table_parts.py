"""The rows of an HTML table, those that hold data told from those that only place parts of the page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from qadesk.documents.html.page_tree import Element
from qadesk.documents.html.shown import is_shown, leading_integer

MAX_COVERED = 100_000
"""The most cells of a page that the cells above them cover."""

_MAX_COLUMNS, _MAX_ROWS = 1000, 65534  # that a cell may cover, as in browsers


class TableRow(NamedTuple):
    """A row that is shown, its cells, and whether it is in the head of the table."""

    cells: tuple[Element, ...]
    is_head: bool
    is_layout: bool


class TablePart(NamedTuple):
    """Adjacent rows. In those of a layout every cell is a part of the page of its own."""

    rows: tuple[TableRow, ...]
    is_layout: bool


class PlacedCell(NamedTuple):
    """A cell of a row; no element where one above covers the place."""

    element: Element | None
    span: int


def captions_of(table: Element) -> list[Element]:
    """The captions of ``table``."""
    return [child for child in table.elements() if child.tag == "caption"]


def parts_of(table: Element) -> Iterator[TablePart]:
    """The rows of ``table`` as they are shown: its head first, its foot last."""
    is_layout = table.attributes.get("role", "").lower() in ("none", "presentation")
    for is_part_layout, rows in groupby(_rows(table), key=lambda row: row.is_layout):
        part = tuple(rows)
        has_columns = max(len(row.cells) for row in part) > 1
        yield TablePart(part, is_layout or is_part_layout or not has_columns)


def _rows(table: Element) -> Iterator[TableRow]:
    sections: dict[str, list[TableRow]] = {"thead": [], "tbody": [], "tfoot": []}
    for child in table.elements():
        if child.tag == "tr":
            sections["tbody"] += _row(child, is_head=False)
        elif child.tag in sections and is_shown(child):
            for row in child.elements():
                if row.tag == "tr":
                    sections[child.tag] += _row(row, is_head=child.tag == "thead")
    for rows in sections.values():
        yield from rows


def _row(row: Element, *, is_head: bool) -> list[TableRow]:
    cells = tuple(cell for cell in row.elements() if cell.tag in ("td", "th") and is_shown(cell))
    return [TableRow(cells, is_head, row.is_layout)] if cells and is_shown(row) else []


class Covering:
    """Which places of the next row the cells above it cover. ``left``: how many more may be covered."""

    def __init__(self, left: int) -> None:
        self.left = left
        self._covered: dict[int, tuple[int, int]] = {}  # by column: how many rows more, and the columns
        self._is_head = False

    def places(self, row: TableRow) -> list[PlacedCell]:
        """The cells of ``row`` and the covered places between and behind them."""
        places: list[PlacedCell] = []
        if row.is_head != self._is_head:
            self._covered = {}  # no cell goes on from the head into the body
        self._is_head = row.is_head
        below = {column: (rows - 1, span) for column, (rows, span) in self._covered.items() if rows > 1}
        column = 0
        for cell in (*row.cells, None):
            while column in self._covered:
                span = self._covered[column][1]
                places.append(PlacedCell(None, span))
                column += span
            if cell:
                span = min(max(1, leading_integer(cell.attributes.get("colspan", ""), 1)), _MAX_COLUMNS)
                rows = min(max(0, leading_integer(cell.attributes.get("rowspan", ""), 1)), _MAX_ROWS)
                places.append(PlacedCell(cell, span))
                if rows != 1:
                    below[column] = ((rows or _MAX_ROWS) - 1, span)
                column += span
        self.left -= len(below)
        self._covered = below if self.left > 0 else {}
        return places
