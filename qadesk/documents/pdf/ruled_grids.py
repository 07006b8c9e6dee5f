"""Tables whose cells are divided by ruling lines: each cell is what stands between them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from qadesk.documents.pdf.grid_cells import Grid, GridCell, mark_header
from qadesk.documents.pdf.pieces import Piece
from qadesk.documents.pdf.rows import Line, lines_from_top
from qadesk.documents.pdf.rules import RuledArea

_INSIDE = 1.5  # points that text may stand over a line
_MOST_LINES = 25  # of text in a row


def ruled_grid(lines: Sequence[Line], area: RuledArea) -> Grid | None:
    """The table that the ``lines`` in the ``area`` make; None if it is none."""
    places = area.places
    columns = list(pairwise([area.left, *places[1:-1], area.right]))
    bands = _bands(lines, area)
    if len(bands) < 2 or max(map(len, bands)) > _MOST_LINES:
        return None
    grid = Grid(len(columns))
    for number, band in enumerate(bands):
        rows = _rows(band, columns)
        if number:
            rows[0] += _covered(rows[0], bands[number - 1][0], band[0], area, columns)
            rows[0].sort(key=lambda cell: cell.column)
        grid.rows += rows
    if len({row[0].column for row in grid.rows} | {row[-1].column for row in grid.rows}) < 2:
        return None
    mark_header(grid)
    return grid


def is_row_beside(line: Line, area: RuledArea) -> bool:
    """Whether ``line`` is of a row above or below the shaded ``area``, with its cells in the same columns.

    One in the first column alone may be text beside the table.
    """
    if not area.bottom - area.row_height < line.middle < area.top + area.row_height:
        return False
    places = area.places
    columns = set()
    for piece in line.pieces:
        column = bisect_right(places, piece.left + 2 * _INSIDE)
        if bisect_right(places, piece.right - 2 * _INSIDE) != column or not 0 < column < len(places):
            return False
        columns.add(column)
    return len(columns) > 1 or min(columns) > 1


def _bands(lines: Sequence[Line], area: RuledArea) -> list[list[Line]]:
    """The lines between each two lines across the area."""
    bands: list[list[Line]] = []
    for line in lines:
        if not bands or _is_ruled(bands[-1][0], line, area):
            bands.append([])
        bands[-1].append(line)
    return bands


def _is_ruled(before: Line, line: Line, area: RuledArea) -> bool:
    """Whether a line across is between the two, over all of the second."""
    middles = [(piece.left + piece.right) / 2 for piece in line.pieces]
    return any(
        line.middle < rule.place < before.middle
        and all(rule.low - _INSIDE <= middle <= rule.high + _INSIDE for middle in middles)
        for rule in area.rows
    )


def _covered(
    row: Sequence[GridCell], above: Line, first: Line, area: RuledArea, columns: Sequence[tuple[float, float]]
) -> list[GridCell]:
    """The empty cells of the ``row``, whose first line is ``first``, that no line divides from the row ``above``."""
    filled_columns = {column for cell in row for column in range(cell.column, cell.column + cell.span)}
    rules = [rule for rule in area.rows if first.middle < rule.place < above.middle]
    return [
        GridCell(column, 1, [], is_covered=True)
        for column, (low, high) in enumerate(columns)
        if column not in filled_columns and rules and not any(rule.low < (low + high) / 2 < rule.high for rule in rules)
    ]


def _rows(band: Sequence[Line], columns: Sequence[tuple[float, float]]) -> list[list[GridCell]]:
    """The row that the lines of a ``band`` are; several where each of them has all cells and begins anew."""
    rows = [_row([line], columns) for line in band]
    are_full = len(rows) > 2 and all(len(row) == len(columns) for row in rows)
    if are_full and not any(cell.lines[0].is_small for row in rows for cell in row):
        return rows
    return [_row(band, columns)]


def _row(lines: Sequence[Line], columns: Sequence[tuple[float, float]]) -> list[GridCell]:
    """The cells of ``lines``: what is in one column, and what goes over several."""
    lows = [low for low, _ in columns]
    parts: dict[int, list[Piece]] = {}
    ends: dict[int, int] = {}
    for piece in (piece for line in lines for piece in line.pieces):
        first = max(0, bisect_right(lows, piece.left + 2 * _INSIDE) - 1)
        last = max(first, bisect_right(lows, piece.right - 2 * _INSIDE) - 1)
        parts.setdefault(first, []).append(piece)
        ends[first] = max(ends.get(first, first), last)
    cells: list[GridCell] = []
    for column in sorted(parts):
        if cells and column < cells[-1].column + cells[-1].span:
            end = max(cells[-1].column + cells[-1].span, ends[column] + 1)
            cells[-1].span = end - cells[-1].column
            pieces = [piece for line in cells[-1].lines for piece in line.pieces] + parts[column]
            cells[-1].lines = lines_from_top(pieces)
        else:
            cells.append(GridCell(column, ends[column] - column + 1, lines_from_top(parts[column])))
    return cells
