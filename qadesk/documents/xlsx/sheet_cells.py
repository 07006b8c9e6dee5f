"""Reads the part of one sheet: the cells with text, as they are shown, in rows, and what it says of their layout."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from qadesk.documents.open_package import OpenPackage
from qadesk.documents.parsing import MAX_CHARACTERS
from qadesk.documents.xlsx.cell_texts import CellTexts
from qadesk.documents.xlsx.excel_names import MAX_COLUMNS, MAX_ROWS, Area, area_of, cell_of, excel_names, is_set
from qadesk.documents.xlsx.shared_strings import MOST_CHARACTERS, StringReader
from qadesk.documents.xml_stream import XmlHandler, number_of, parse_xml, values_of

_MOST_CELLS = 500_000
_MOST_CHARACTERS = MAX_CHARACTERS - 2 * _MOST_CELLS  # the tabs between cells, and the titles of sheets, come to these
_MOST_EMPTY = 2_000_000  # cells and rows of one sheet that hold nothing
_MOST_MERGED = 100_000
_MOST_TABLES = 100_000
_NAMES = excel_names((
    "x:worksheet", "x:sheetFormatPr", "x:pane", "x:col", "x:row", "x:c", "x:f", "x:v", "x:is", "x:t", "x:rPh",
    "x:mergeCell", "x:autoFilter", "x:tablePart",
))  # fmt: skip
_SPACE = " \t\n\r\f\v\xa0\u200b\ufeff"


class SheetCell(NamedTuple):
    """A cell with text."""

    column: int
    text: str
    is_bold: bool


class FilledRow(NamedTuple):
    """A row that is shown and has cells with text. ``hidden_before``: how many rows above it are hidden."""

    number: int
    cells: list[SheetCell]
    hidden_before: int


@dataclass(slots=True)
class Room:
    """How many cells, with empty ones between others, and how many characters of cells may still be read."""

    cells: int = _MOST_CELLS
    characters: int = _MOST_CHARACTERS


@dataclass(slots=True)
class SheetCells:
    """What is in a sheet."""

    rows: list[FilledRow] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)
    header_rows: set[int] = field(default_factory=set)
    """The numbers of rows that are the header of a filter or a table."""
    frozen_rows: int = 0
    """How many rows at the top stay where they are when the sheet is scrolled."""
    table_ids: list[str] = field(default_factory=list)
    """The relations to the tables that are in the sheet."""
    has_hidden_rows: bool = False
    has_hidden_columns: bool = False
    has_uncomputed: bool = False
    """Whether a formula has no stored value."""
    cut_at: int = 0
    """The number of the first row that was not read any more; 0 if all were."""


class _Enough(Exception):
    """The sheet holds more than is read."""


def read_sheet(file: OpenPackage, path: str, texts: CellTexts, room: Room) -> SheetCells:
    """What is in the sheet ``path``, as far as there is ``room``, whose characters become fewer."""
    reader = _CellReader(texts, room)
    handler = XmlHandler(reader.start, reader.end, reader.data)
    try:
        parse_xml(file.archive.open_part(path), file.name, handler, file.heartbeat)
    except _Enough:
        reader.sheet.cut_at = reader.row
    return reader.sheet


class _CellReader:
    def __init__(self, texts: CellTexts, room: Room) -> None:
        self.sheet = SheetCells()
        self.row = 0
        self._texts = texts
        self._room = room
        self._cells_left = room.cells
        self._empty_left = _MOST_EMPTY
        self._hides_rows = False  # whether rows are hidden that do not say that they are not
        self._hidden_rows = 0
        self._hidden_columns: list[tuple[int, int]] = []
        self._is_row_hidden = False
        self._cells: dict[int, SheetCell] = {}
        self._column = 0
        self._columns: dict[str, int] = {}  # by their letters
        self._style = "0"
        self._type = "n"
        self._value: list[str] = []
        self._value_length = 0
        self._is_value = False
        self._is_formula = False
        self._strings = StringReader()
        starts: dict[str, Callable[[dict[str, str]], None]] = {
            "x:v": self._start_value,
            "x:f": self._start_formula,
            "x:sheetFormatPr": self._format,
            "x:pane": self._pane,
            "x:col": self._start_column,
            "x:row": self._start_row,
            "x:c": self._start_cell,
            "x:mergeCell": self._merge,
            "x:autoFilter": self._filter,
            "x:tablePart": self._table,
        }
        ends = {"x:v": self._end_value, "x:c": self._end_cell, "x:row": self._end_row}
        self._starts = {name: starts[short] for name, short in _NAMES.items() if short in starts}
        self._ends = {name: ends[short] for name, short in _NAMES.items() if short in ends}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        handler = self._starts.get(name)
        if handler is not None:
            handler(attributes)
        elif (element := _NAMES.get(name)) is not None:
            self._strings.start(element)

    def end(self, name: str) -> None:
        handler = self._ends.get(name)
        if handler is not None:
            handler()
        elif (element := _NAMES.get(name)) is not None:
            self._strings.end(element)

    def data(self, text: str) -> None:
        if self._is_value:
            if self._value_length < MOST_CHARACTERS:
                self._value.append(text)
                self._value_length += len(text)
        elif self._strings.is_open:
            self._strings.add(text)

    def _start_value(self, _: dict[str, str]) -> None:
        self._is_value = True

    def _end_value(self) -> None:
        self._is_value = False

    def _start_formula(self, _: dict[str, str]) -> None:
        self._is_formula = True

    def _format(self, attributes: dict[str, str]) -> None:
        self._hides_rows = is_set(attributes.get("zeroHeight", "0"))

    def _pane(self, attributes: dict[str, str]) -> None:
        if attributes.get("state", "").startswith("frozen"):
            self.sheet.frozen_rows = number_of(attributes.get("ySplit", "").partition(".")[0])

    def _start_column(self, attributes: dict[str, str]) -> None:
        is_hidden = is_set(attributes.get("hidden", "0"))
        first, last = number_of(attributes.get("min", "")), number_of(attributes.get("max", ""))
        if is_hidden and 0 < first <= last and len(self._hidden_columns) < MAX_COLUMNS:
            insort(self._hidden_columns, (first, last))

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = number_of(attributes.get("r", ""), self.row + 1)
        if not self.row < number <= MAX_ROWS:  # rows are in order
            number = self.row + 1
        if self._hides_rows:
            self._hidden_rows += number - self.row - 1
        self.row, self._column = number, 0
        hidden = attributes.get("hidden")
        self._is_row_hidden = self._hides_rows if hidden is None else is_set(hidden)
        self._hidden_rows += self._is_row_hidden
        self._cells = {}
        self._count_empty()

    def _end_row(self) -> None:
        if self._is_row_hidden:
            self.sheet.has_hidden_rows |= bool(self._cells)
        elif self._cells:
            cells = [self._cells[column] for column in sorted(self._cells)]
            self.sheet.rows.append(FilledRow(self.row, cells, self._hidden_rows))
        self._cells = {}

    def _start_cell(self, attributes: dict[str, str]) -> None:
        letters = attributes.get("r", "").rstrip("0123456789")
        self._column = self._columns.get(letters) or self._new_column(letters)
        self._style = attributes.get("s", "0")
        self._type = attributes.get("t", "n")
        self._value = []
        self._value_length = 0
        self._is_formula = False
        if self._type == "inlineStr":
            self._strings.take()

    def _new_column(self, letters: str) -> int:
        """The number of the column called ``letters``; of the next one if the cell does not say which it is in."""
        place = cell_of(f"{letters}1")
        if not place:
            return self._column + 1
        self._columns[letters] = place[1]
        return place[1]

    def _end_cell(self) -> None:
        value = self._strings.take() if self._type == "inlineStr" else "".join(self._value)
        text = self._texts.text(value, self._type, self._style).strip(_SPACE) if value else ""
        self.sheet.has_uncomputed |= self._is_formula and not value and self._type == "n"
        if not text or self._column > MAX_COLUMNS:
            self._count_empty()
        elif self._is_column_hidden():
            self.sheet.has_hidden_columns |= not self._is_row_hidden
            self._count_empty()
        elif not self._cells_left or self._room.characters < len(text):
            self._room.characters = 0
            raise _Enough
        else:
            self._cells_left -= 1
            self._room.characters -= len(text)
            self._cells[self._column] = SheetCell(self._column, text, self._texts.is_bold(self._style))

    def _is_column_hidden(self) -> bool:
        if not self._hidden_columns:
            return False
        index = bisect_right(self._hidden_columns, (self._column, MAX_ROWS))
        return index > 0 and self._hidden_columns[index - 1][1] >= self._column

    def _count_empty(self) -> None:
        self._empty_left -= 1
        if self._empty_left < 0:
            raise _Enough

    def _merge(self, attributes: dict[str, str]) -> None:
        area = area_of(attributes.get("ref", ""))
        if area and len(self.sheet.merged) < _MOST_MERGED:
            self.sheet.merged.append(area)

    def _filter(self, attributes: dict[str, str]) -> None:
        if area := area_of(attributes.get("ref", "")):
            self.sheet.header_rows.add(area[0])

    def _table(self, attributes: dict[str, str]) -> None:
        if len(self.sheet.table_ids) < _MOST_TABLES:
            self.sheet.table_ids.append(values_of(attributes).get("id", ""))
