"""The elements of tables in OpenDocument files: rows, merged cells, and which row is the header."""

from __future__ import annotations

from dataclasses import dataclass

from qadesk.documents.block_flow import BlockFlow
from qadesk.documents.xml_stream import number_of

_MAX_SPAN = 1000  # columns


@dataclass(slots=True)
class OpenOdfTable:
    """A table while it is read, and its open row."""

    flow: BlockFlow
    header_rows: int = 0
    """How many elements for header rows are open."""
    rows: int = 0
    cells: int = 0
    bold: int = 0
    """How many pieces of bold text the row has."""
    plain: int = 0
    """How many pieces of other text the row has."""
    covered_to_come: int = 0
    """How many of the next covered cells are a part of the cell before them."""


class OdfTables:
    """The open tables, the innermost last."""

    def __init__(self) -> None:
        self._tables: list[OpenOdfTable] = []

    def note_text(self, *, is_bold: bool) -> None:
        """Some text that is more than spaces was written."""
        if self._tables:
            self._tables[-1].bold += is_bold
            self._tables[-1].plain += not is_bold

    def start_table(self, flow: BlockFlow) -> None:
        """A table begins in ``flow``."""
        flow.interrupt()
        flow.writer.start_table()
        self._tables.append(OpenOdfTable(flow))

    def end_table(self) -> None:
        """The innermost table ends."""
        flow = self._tables.pop().flow
        flow.interrupt()
        flow.writer.end_table()

    def start_headers(self) -> None:
        """The rows that follow are header rows."""
        if self._tables:
            self._tables[-1].header_rows += 1

    def end_headers(self) -> None:
        """The rows that follow are no header rows."""
        if self._tables:
            self._tables[-1].header_rows -= 1

    def start_row(self) -> None:
        """A row begins."""
        if self._tables:
            table = self._tables[-1]
            table.cells = table.bold = table.plain = table.covered_to_come = 0
            table.flow.writer.row()

    def end_row(self) -> None:
        """The row ends: it is a header where the table says so, and a first row if all of it is bold."""
        if self._tables:
            table = self._tables[-1]
            is_bold = table.cells > 1 and table.bold > 0 and table.bold >= 3 * table.plain  # a cell may be forgotten
            if table.header_rows or (not table.rows and is_bold):
                table.flow.writer.mark_header()
            table.rows += 1

    def start_cell(self, values: dict[str, str]) -> None:
        """A cell begins. One that is repeated is read as one over all its columns."""
        if self._tables:
            table = self._tables[-1]
            repeated = number_of(values.get("number-columns-repeated", ""), 1)
            spanned = number_of(values.get("number-columns-spanned", ""), 1)
            table.flow.writer.cell(span=min(max(1, repeated, spanned), _MAX_SPAN))
            table.cells += 1
            table.covered_to_come = max(0, spanned - 1)

    def cover_cell(self, values: dict[str, str]) -> None:
        """A cell that lies under another one begins."""
        if self._tables:
            table = self._tables[-1]
            count = max(1, number_of(values.get("number-columns-repeated", ""), 1))
            beside = min(count, table.covered_to_come)
            table.covered_to_come -= beside
            if count > beside:
                table.flow.writer.cell(span=min(count - beside, _MAX_SPAN), is_covered=True)

    def end_cell(self) -> None:
        """A cell ends."""
        if self._tables:
            self._tables[-1].flow.interrupt()
