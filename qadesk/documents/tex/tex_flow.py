"""Writes the text of a LaTeX file; a row or a cell of a table begins where something is in it."""

from __future__ import annotations

import re

from qadesk.documents.inline_flow import InlineFlow
from qadesk.documents.raised_numbers import RAISED_NUMBER, takes_power

_NOTE_NUMBERS = re.compile(r"\d+(?:\s*[,;–-]\s*\d+)+")
_MAX_HEADER_ROWS = 3


class OpenTabular:
    """A table whose rows and cells are begun where something is in them."""

    def __init__(self) -> None:
        self.rows = 0
        self.is_row_open = False
        self.is_cell_open = False
        self.column = 0
        self.rules: list[int] = []  # how many rows are above each rule
        self.covered: dict[int, int] = {}  # rows that a cell of each column still covers

    def header_rows(self) -> int:
        """How many rows are above the first rule that has rows above and below it. A grid of rules says nothing."""
        inner = sorted({rule for rule in self.rules if 0 < rule < self.rows})
        if not inner or inner[0] > _MAX_HEADER_ROWS or (self.rows > 2 and len(inner) == self.rows - 1):
            return 0
        return inner[0]


class TexFlow(InlineFlow):
    """A flow of words into the cells of tables too."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._tables: list[OpenTabular] = []
        self._is_caption = False  # whether a caption is open that stands in a table before its first row

    def begin_words(self) -> None:
        """Open a cell for the words."""
        if not self._is_caption:
            self._open_cell()

    def paragraph(self) -> None:
        """End the paragraph; in the cell of a table, the line; between cells nothing."""
        if self.is_in_table and not self.writer.is_in_cell:
            self.end_words()
        else:
            super().paragraph()

    def raised(self, text: str) -> None:
        """Write ``text`` that is raised: a power, the mark of a note, or the end of a word."""
        is_number = RAISED_NUMBER.fullmatch(text) is not None
        if self._space or not self._before or self.writer.is_at_line_start:
            self.text(text)
        elif _NOTE_NUMBERS.fullmatch(text) or (is_number and not takes_power(self._before)):
            self.text(f"[{text}]")
        else:
            self.text(f"^{text}" if is_number else text)

    def lowered(self, text: str) -> None:
        """Write ``text`` that is lowered: the 2 of H2O, but 10_2."""
        is_glued = self._before[-1:].isdigit() and text[:1].isdigit() and not self._space
        self.text(f"_{text}" if is_glued else text)

    # Tables

    def start_caption(self) -> None:
        """Start a caption, which may stand in a table before its rows."""
        self._is_caption = self.is_in_table and not self._tables[-1].rows and not self.writer.is_in_cell
        self.start("caption")

    def end_caption(self) -> None:
        """End the caption."""
        if self._is_caption:
            self._is_caption = False
            self.end_words()
            self.writer.block(2)
        else:
            self.end()

    @property
    def is_in_table(self) -> bool:
        """Whether a table is open."""
        return bool(self._tables)

    def start_table(self) -> None:
        """Start a table; what comes before its first cell, as a caption, is not in it."""
        self.drop_lead()
        self.paragraph()
        self._open_cell()
        self._tables.append(OpenTabular())

    def _open_cell(self, span: int = 1, *, is_covered: bool = False) -> None:
        if not self._tables or self._tables[-1].is_cell_open:
            return
        table = self._tables[-1]
        if not table.rows:
            self.writer.start_table()
        if not table.is_row_open:
            self.writer.row()
            table.rows += 1
            table.is_row_open, table.column = True, 0
        self.writer.cell(span=span, is_covered=is_covered)
        table.is_cell_open = True
        table.column += span
        self.end_words()

    def merge_columns(self, span: int) -> None:
        """The next cell covers ``span`` columns."""
        self._open_cell(span)

    def merge_rows(self, count: int) -> None:
        """The open cell covers ``count`` rows."""
        self._open_cell()
        if self._tables:
            self._tables[-1].covered[self._tables[-1].column - 1] = count

    def next_cell(self) -> None:
        """End the cell, which may be empty."""
        if self._tables:
            self._end_cell()

    def _end_cell(self) -> None:
        table = self._tables[-1]
        if not table.is_cell_open:
            column = table.column if table.is_row_open else 0
            self._open_cell(is_covered=table.covered.get(column, 0) > 0)
        table.is_cell_open = False
        self.end_words()

    def end_row(self) -> None:
        """End the row, if one is open."""
        if not self._tables or not self._tables[-1].is_row_open:
            return
        self._end_cell()
        table = self._tables[-1]
        table.is_row_open = False
        table.covered = {column: count - 1 for column, count in table.covered.items() if count > 1}

    def rule(self) -> None:
        """A line over all columns is drawn here."""
        if self._tables and not self._tables[-1].is_row_open:
            self._tables[-1].rules.append(self._tables[-1].rows)

    def end_table(self) -> None:
        """End the table that was started last."""
        if not self._tables:
            return
        table = self._tables.pop()
        if table.rows:
            for row in range(table.header_rows()):
                self.writer.mark_header(row)
            self.writer.end_table()
        self.paragraph()
