"""The elements of tables: rows, cells, which cells are merged, and which row is the header."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from qadesk.documents.docx.paragraph_flow import ParagraphFlow
from qadesk.documents.docx.word_file import WordFile
from qadesk.documents.office.office_names import is_on, value_of
from qadesk.documents.xml_stream import hex_of, number_of, values_of

_MAX_SPAN = 1000  # columns; Word has 63
_FIRST_ROW = 0x20  # the bit of the table's look that says that the first row has a look of its own

Handlers = Mapping[str, Callable[[dict[str, str]], None]]


class StoryWithTables(Protocol):
    """What these elements need of the part of the document that they stand in."""

    file: WordFile

    @property
    def flow(self) -> ParagraphFlow:
        """Where paragraphs are written to."""
        ...

    def parent(self, distance: int = 1) -> str:
        """The short name of the open element so many levels above the innermost one."""
        ...

    def leave_out(self, distance: int) -> None:
        """Leave out what is still to come of the open element so many levels above the innermost one."""
        ...


@dataclass(slots=True)
class OpenTable:
    """A table while it is read, and its open row and cell."""

    style: str = ""
    has_first_row_look: bool = False
    rows: int = 0
    """How many rows have begun."""
    rows_read: int = 0
    """How many of them have ended and are not deleted."""
    shaded_row: int | None = None
    """The number, from 0, of the first row if all its cells are shaded."""
    has_only_headers: bool = True
    is_header: bool = False
    columns_before: int = 0
    cells: int = 0
    bold: int = 0
    """How many pieces of bold text the row has."""
    plain: int = 0
    """How many pieces of other text the row has."""
    shaded: int = 0
    """How many cells of the row are shaded."""
    is_cell_pending: bool = False
    span: int = 1
    is_covered: bool = False


class TableElements:
    """Tells the writer of the story's flow about tables. ``starts`` and ``ends`` say what to call for which element."""

    def __init__(self, story: StoryWithTables) -> None:
        self._story = story
        self._tables: list[OpenTable] = []
        self.starts: Handlers = {
            "w:tbl": self._start_table,
            "w:tblStyle": self._style,
            "w:tblLook": self._look,
            "w:tr": self._start_row,
            "w:tblHeader": self._header,
            "w:gridBefore": self._grid_before,
            "w:hidden": self._hidden,
            "w:tc": self._start_cell,
            "w:gridSpan": self._span,
            "w:vMerge": self._covered,
            "w:shd": self._shading,
            "w:cellDel": self._deleted_cell,
        }
        self.ends: Mapping[str, Callable[[], None]] = {
            "w:tbl": self._end_table,
            "w:tr": self._end_row,
            "w:tcPr": self.open_cell,
            "w:tc": self._end_cell,
        }

    def note_text(self, *, is_bold: bool) -> None:
        """Some text that is more than spaces was written."""
        if self._tables:
            self._tables[-1].bold += is_bold
            self._tables[-1].plain += not is_bold

    def open_cell(self) -> None:
        """Begin the cell, whose properties are known now, unless it has begun."""
        table = self._tables[-1] if self._tables else None
        if table and table.is_cell_pending:
            table.is_cell_pending = False
            if table.columns_before:  # the row begins further to the right
                self._story.flow.writer.cell(span=table.columns_before)
                table.columns_before = 0
            self._story.flow.writer.cell(span=table.span, is_covered=table.is_covered)
            table.cells += 1

    def _start_table(self, _: dict[str, str]) -> None:
        self.open_cell()
        self._story.flow.interrupt()
        self._story.flow.writer.start_table()
        self._tables.append(OpenTable())

    def _end_table(self) -> None:
        self._tables.pop()
        self._story.flow.interrupt()
        self._story.flow.writer.end_table()

    def _style(self, attributes: dict[str, str]) -> None:
        if self._tables:
            self._tables[-1].style = value_of(attributes)

    def _look(self, attributes: dict[str, str]) -> None:
        if self._tables:
            values = values_of(attributes)
            self._tables[-1].has_first_row_look = values.get("firstRow", "") in ("1", "true", "on") or (
                "firstRow" not in values and bool(hex_of(values.get("val", "")) & _FIRST_ROW)
            )

    def _start_row(self, _: dict[str, str]) -> None:
        if self._tables:
            table = self._tables[-1]
            table.rows += 1
            table.is_header = table.is_cell_pending = False
            table.columns_before = table.cells = table.bold = table.plain = table.shaded = 0
            self._story.flow.writer.row()

    def _end_row(self) -> None:
        if not self._tables:
            return
        table, writer = self._tables[-1], self._story.flow.writer
        is_shaded = table.cells > 1 and table.shaded == table.cells
        if (table.rows_read == 0 and self._looks_like_header(table)) or (table.is_header and table.has_only_headers):
            writer.mark_header()
        else:
            table.has_only_headers = False
            if table.rows_read == 0 and is_shaded:
                table.shaded_row = table.rows - 1
            elif table.rows_read == 1 and table.shaded_row is not None and not is_shaded:
                writer.mark_header(table.shaded_row)  # only the first row is shaded, not every other one
        table.rows_read += 1

    def _looks_like_header(self, table: OpenTable) -> bool:
        is_bold = table.cells > 1 and table.bold > 0 and table.bold >= 3 * table.plain  # a cell may be forgotten
        has_look = table.has_first_row_look and self._story.file.styles.meaning(table.style or " ").has_header_row
        return is_bold or has_look

    def _header(self, attributes: dict[str, str]) -> None:
        if self._tables and is_on(attributes):
            self._tables[-1].is_header = True

    def _grid_before(self, attributes: dict[str, str]) -> None:
        if self._tables and self._story.parent() == "w:trPr":
            self._tables[-1].columns_before = min(number_of(value_of(attributes)), _MAX_SPAN)

    def _hidden(self, attributes: dict[str, str]) -> None:
        if self._story.parent() == "w:trPr" and is_on(attributes):
            self._story.leave_out(2)

    def _start_cell(self, _: dict[str, str]) -> None:
        if self._tables:
            self.open_cell()
            table = self._tables[-1]
            table.is_cell_pending, table.span, table.is_covered = True, 1, False

    def _end_cell(self) -> None:
        self.open_cell()
        self._story.flow.interrupt()

    def _span(self, attributes: dict[str, str]) -> None:
        if self._tables:
            self._tables[-1].span = min(max(1, number_of(value_of(attributes), 1)), _MAX_SPAN)

    def _covered(self, attributes: dict[str, str]) -> None:
        if self._tables:
            self._tables[-1].is_covered = value_of(attributes, "continue") != "restart"

    def _shading(self, attributes: dict[str, str]) -> None:
        if self._tables and self._story.parent() == "w:tcPr":
            values = values_of(attributes)
            is_white = values.get("fill", "auto").upper() in ("AUTO", "FFFFFF") and "themeFill" not in values
            self._tables[-1].shaded += not is_white

    def _deleted_cell(self, _: dict[str, str]) -> None:
        if self._tables and self._story.parent() == "w:tcPr":
            self._tables[-1].is_cell_pending = False
            self._story.leave_out(2)
