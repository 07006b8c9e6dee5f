"""Collects the text of spreadsheets: tables of many rows, and where each row begins that has a number.

It does for whole rows what ``Writer`` does cell by cell, which would take most of the time that a large sheet needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from qadesk.documents.parsing import Heartbeat
from qadesk.structure import Block, BlockKind, Cell, Row
from qadesk.structure.header_rows import names_columns

_HEADER_SAMPLE = 200  # rows that are looked at to find out whether the first one names the columns
_SPACE = " \t\n\r\f\v\xa0\u200b\ufeff"


class Merged(NamedTuple):
    """A cell of several columns; ``is_covered``: it goes on from the row above."""

    span: int
    is_covered: bool = False


_SINGLE = Merged(1)


class SheetRow(NamedTuple):
    """The texts of the cells of a row and its ``number`` as printed.

    ``merged``: the merged cells by their index in ``cells``; what they cover to the right is not in ``cells``.
    """

    number: int
    cells: Sequence[str]
    merged: Mapping[int, Merged] = {}


class SheetWriter:
    """Collects text and blocks. ``rows``: where a row begins, and its number; 0 for text that is in no row."""

    def __init__(self, heartbeat: Heartbeat) -> None:
        self._heartbeat = heartbeat
        self.length = 0
        self.blocks: list[Block] = []
        self.rows: list[tuple[int, int]] = []
        self._pieces: list[str] = []

    @property
    def text(self) -> str:
        """The text written so far."""
        return "".join(self._pieces)

    def add_block(self, kind: BlockKind, text: str, number: int = 0, *, level: int = 0, breaks: int = 2) -> None:
        """Add ``text`` as a block of ``kind``, of the row ``number``."""
        text = text.strip(_SPACE)
        if not text:
            return
        self._break(breaks)
        self._number_row(number)
        self.blocks.append(Block(kind, self.length, self.length + len(text), level))
        self._add(text)

    def add_table(self, rows: Sequence[SheetRow], header_rows: int | None = None) -> None:
        """Add a table of the ``rows``, none of which is empty. ``header_rows``: how many; None finds it out."""
        if header_rows is None:
            sample = [row.cells for row in rows[:_HEADER_SAMPLE]]
            header_rows = int(not rows[0].merged and names_columns(sample))
        self._break(2)
        start = self.length
        placed: list[Row] = []
        for index, row in enumerate(rows):
            if index:
                self._add("\n")
            self._heartbeat()
            self._number_row(row.number)
            placed.append(_cells(row, self.length, index < header_rows))
            self._add("\t".join(row.cells))
        self.blocks.append(Block("table", start, self.length, rows=tuple(placed)))

    def _number_row(self, number: int) -> None:
        if number or (self.rows and self.rows[-1][1]):
            self.rows.append((self.length, number))

    def _break(self, breaks: int) -> None:
        if self.length:
            self._add("\n" * breaks)

    def _add(self, text: str) -> None:
        self._pieces.append(text)
        self.length += len(text)


def _cells(row: SheetRow, start: int, is_header: bool) -> Row:
    """The cells of ``row``, whose text begins at the offset ``start``."""
    cells: list[Cell] = []
    if not row.merged:
        for column, text in enumerate(row.cells):
            end = start + len(text)
            cells.append(Cell(start, end, column, 1, is_header))
            start = end + 1
        return tuple(cells)
    column = 0
    for index, text in enumerate(row.cells):
        span, is_covered = row.merged.get(index, _SINGLE)
        end = start + len(text)
        cells.append(Cell(start, end, column, span, is_header, is_covered))
        start = end + 1
        column += span
    return tuple(cells)
