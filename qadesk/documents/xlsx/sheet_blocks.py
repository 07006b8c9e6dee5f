"""Makes blocks of the rows of a sheet: a table of each range of filled rows, a heading or a paragraph of a lone cell.

Columns that are empty in all rows of a range are left out, and so are empty rows.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qadesk.documents.sheet_writer import Merged, SheetRow, SheetWriter
from qadesk.documents.xlsx.excel_names import Area
from qadesk.documents.xlsx.sheet_cells import FilledRow, Room, SheetCells

MOST_COLUMNS = 500
"""How many filled columns of a range are read."""

_MOST_TITLES = 5  # rows of a single cell above a table that are titles and remarks, not rows of it
_MOST_HEADERS = 5
_MOST_HEADING = 120  # characters of a heading


class _Range(NamedTuple):
    """Rows without an empty one between them. ``headers``: how many are headers; None where that is not said."""

    rows: Sequence[FilledRow]
    headers: int | None


def write_sheet(writer: SheetWriter, sheet: SheetCells, room: Room, heading_level: int) -> bool:
    """Write the rows of ``sheet``, headings of ``heading_level``. Returns whether columns were left out.

    There may be no ``room`` for all of them: ``sheet.cut_at`` tells.
    """
    merges = _Merges(sheet.merged)
    is_wide = False
    for part in _ranges(sheet):
        rows = _write_titles(writer, part, heading_level)
        room.cells -= len(part.rows) - len(rows)
        if not rows:
            continue
        columns = sorted({cell.column for row in rows for cell in row.cells})
        is_wide |= len(columns) > MOST_COLUMNS
        columns = columns[:MOST_COLUMNS]
        most = max(0, room.cells) // len(columns)
        grid = [_grid_row(row, columns, merges) for row in rows[:most]]
        room.cells -= len(columns) * len(grid)
        if filled := [row for row in grid if any(row.cells)]:
            headers = part.headers and max(0, part.headers - (len(part.rows) - len(rows)))
            writer.add_table(filled, _header_count(rows, headers))
        if most < len(rows):
            sheet.cut_at = rows[most].number
            room.cells = 0
            break
    return is_wide


def _ranges(sheet: SheetCells) -> Iterator[_Range]:
    """The ranges from top to bottom. A header row begins one, too, and so do the rows above it that have one cell."""
    rows: list[FilledRow] = []
    for row in sheet.rows:
        if rows and (not _is_next(rows[-1], row) or row.number in sheet.header_rows):
            yield _range(rows, sheet)
            rows = []
        rows.append(row)
    if rows:
        yield _range(rows, sheet)


def _range(rows: list[FilledRow], sheet: SheetCells) -> _Range:
    if rows[0].number in sheet.header_rows:
        return _Range(rows, 1)
    frozen = sum(row.number <= sheet.frozen_rows for row in rows[: _MOST_HEADERS + 1])
    return _Range(rows, frozen if 0 < frozen <= min(_MOST_HEADERS, len(rows) - 1) else None)


def _is_next(before: FilledRow, row: FilledRow) -> bool:
    """Whether all rows between the two are hidden."""
    hidden = row.hidden_before - before.hidden_before
    return row.number - before.number - 1 <= hidden


def _write_titles(writer: SheetWriter, part: _Range, level: int) -> Sequence[FilledRow]:
    """Write the single cells above the table of ``part``; of a range without a table all. Returns the other rows."""
    has_table = any(len(row.cells) > 1 for row in part.rows)
    count = 0
    while count < len(part.rows) and len(part.rows[count].cells) == 1 and (count < _MOST_TITLES or not has_table):
        count += 1
    if has_table and count == _MOST_TITLES:
        return part.rows  # a column that begins with more of them is one of the table
    for index, row in enumerate(part.rows[:count]):
        (cell,) = row.cells
        is_heading = cell.is_bold and len(cell.text) <= _MOST_HEADING and "\n" not in cell.text
        if is_heading:
            writer.add_block("heading", cell.text, row.number, level=level)
        else:
            writer.add_block("paragraph", cell.text, row.number, breaks=1 if index else 2)
    return part.rows[count:]


def _header_count(rows: Sequence[FilledRow], headers: int | None) -> int | None:
    """How many of the ``rows`` are headers: as the sheet says, or those at the top whose cells are all bold."""
    if headers:
        return headers
    count = 0
    while count < min(len(rows), _MOST_HEADERS) and all(cell.is_bold for cell in rows[count].cells):
        count += 1
    is_header = 0 < count < min(len(rows), _MOST_HEADERS) and len(rows[0].cells) > 1
    return count if is_header else None


class _Merges:
    """The merged cells of a sheet, asked row by row from top to bottom."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self._areas = sorted(areas)
        self._next = 0
        self._by_column: dict[int, Area] = {}

    def move_to(self, row: int) -> None:
        """Go down to the ``row``."""
        while self._next < len(self._areas) and self._areas[self._next][0] <= row:
            area = self._areas[self._next]
            self._by_column[area[1]] = area
            self._next += 1

    def at(self, row: int, column: int) -> Area | None:
        """The merged cell whose first column is ``column``."""
        area = self._by_column.get(column)
        return area if area and area[2] >= row else None

    def __bool__(self) -> bool:
        return bool(self._areas)


def _grid_row(row: FilledRow, columns: Sequence[int], merges: _Merges) -> SheetRow:
    """The cells of ``row`` in the ``columns``, without the empty ones at its end."""
    if merges:
        merges.move_to(row.number)
        return _merged_row(row, columns, merges)
    if len(row.cells) == len(columns):
        return SheetRow(row.number, [cell.text for cell in row.cells])
    last = row.cells[-1].column
    texts = {cell.column: cell.text for cell in row.cells}
    return SheetRow(row.number, [texts.get(column, "") for column in columns[: bisect_right(columns, last)]])


def _merged_row(row: FilledRow, columns: Sequence[int], merges: _Merges) -> SheetRow:
    texts = {cell.column: cell.text for cell in row.cells}
    cells: list[str] = []
    merged: dict[int, Merged] = {}
    index = 0
    while index < len(columns):
        column = columns[index]
        area = merges.at(row.number, column)
        span = 1
        if area:
            span = max(1, bisect_right(columns, area[3]) - bisect_left(columns, area[1]))
            is_covered = area[0] < row.number
            if span > 1 or is_covered:
                merged[len(cells)] = Merged(span, is_covered)
        cells.append("" if area and area[0] < row.number else texts.get(column, ""))
        index += span
    while cells and not cells[-1]:
        merged.pop(len(cells) - 1, None)
        cells.pop()
    return SheetRow(row.number, cells, merged)
