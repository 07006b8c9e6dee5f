"""Tables of reStructuredText: grids, simple ones, and lists of rows, as rows of cells that are lines of text."""

from __future__ import annotations

import csv
import io
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from qadesk.documents.rst.lines import BULLET, dedented, indented

_MAX_STEPS = 1_500_000  # looks at a character of a grid
_STEPS = 5  # for each character of a grid: tables take less than two
_MAX_CHARACTERS = 400_000  # of a grid
_MAX_CELLS = 20_000  # of a grid
_MAX_COLUMNS = 200


class TableCell(NamedTuple):
    """A cell: its lines, how many columns it covers, and whether it is the lower part of one above."""

    lines: list[str]
    span: int = 1
    is_covered: bool = False


class RstRows(NamedTuple):
    """The rows of a table, of which the first ``headers`` are header rows, and how many columns at the left are."""

    rows: list[list[TableCell]]
    headers: int = 0
    stubs: int = 0


def _square(lines: Sequence[str]) -> list[str]:
    """``lines`` of one length, in which a wide character takes two places."""
    wide = ["".join(f"{c}\0" if unicodedata.east_asian_width(c) in "WF" else c for c in line) for line in lines]
    width = max(map(len, wide))
    return [line.ljust(width) for line in wide]


def _cell_lines(lines: Sequence[str]) -> list[str]:
    return dedented([line.replace("\0", "").rstrip() for line in lines])


class _RstGrid:
    """Finds the cells of a grid, each by going around it along its lines."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = _square(lines)
        self._steps = min(_MAX_STEPS, 10_000 + _STEPS * len(self._lines) * len(self._lines[0]))
        self.head = next((number for number, line in enumerate(lines) if number and line.startswith("+=")), 0)
        if self.head:
            self._lines[self.head] = self._lines[self.head].replace("=", "-")

    def cells(self) -> list[tuple[int, int, int, int]]:
        """Top, left, bottom and right of each cell; empty where the grid is not closed or takes too long."""
        bottom, right = len(self._lines) - 1, len(self._lines[0]) - 1
        done = [-1] * (right + 1)
        corners, seen = [(0, 0)], {(0, 0)}
        cells: list[tuple[int, int, int, int]] = []
        while corners:
            top, left = heappop(corners)
            if top == bottom or left == right or top <= done[left]:
                continue
            found = self._cell(top, left)
            if self._steps < 0 or len(cells) == _MAX_CELLS:
                return []
            if found is None:
                continue
            done[left : found[1]] = [found[0] - 1] * (found[1] - left)
            cells.append((top, left, *found))
            for corner in ((top, found[1]), (found[0], left)):
                if corner not in seen:
                    seen.add(corner)
                    heappush(corners, corner)
        return cells

    def _cell(self, top: int, left: int) -> tuple[int, int] | None:
        line = self._lines[top]
        if line[left] != "+":
            return None
        for right in range(left + 1, len(line)):
            self._steps -= 1
            if line[right] == "+":
                bottom = self._bottom(top, left, right)
                if bottom is not None:
                    return bottom, right
            elif line[right] != "-" or self._steps < 0:
                return None
        return None

    def _bottom(self, top: int, left: int, right: int) -> int | None:
        for bottom in range(top + 1, len(self._lines)):
            self._steps -= 1
            sign = self._lines[bottom][right]
            if sign == "+" and self._is_closed(top, left, bottom, right):
                return bottom
            if sign not in "+|" or self._steps < 0:
                return None
        return None

    def _is_closed(self, top: int, left: int, bottom: int, right: int) -> bool:
        if self._lines[bottom][left] != "+":
            return False
        line = self._lines[bottom][left : right + 1]
        self._steps -= len(line) + bottom - top
        is_line = not line.strip("+-")
        return is_line and self._steps > 0 and all(self._lines[row][left] in "+|" for row in range(top + 1, bottom))

    def text(self, top: int, left: int, bottom: int, right: int) -> list[str]:
        return _cell_lines([line[left + 1 : right] for line in self._lines[top + 1 : bottom]])


def grid_table(lines: Sequence[str]) -> RstRows | None:
    """The rows of the grid that ``lines`` draw, None if they draw none."""
    if len(lines) * max(map(len, lines)) > _MAX_CHARACTERS:
        return None
    grid = _RstGrid(lines)
    cells = grid.cells()
    if not cells:
        return None
    tops = sorted({top for top, *_ in cells})
    lefts = sorted({left for _, left, *_ in cells})
    if len(lefts) > _MAX_COLUMNS:
        return None
    rows: list[dict[int, TableCell]] = [{} for _ in tops]
    row_of, column_of = ({place: number for number, place in enumerate(places)} for places in (tops, lefts))
    for top, left, bottom, right in cells:
        span = bisect_left(lefts, right) - column_of[left]
        row = row_of[top]
        rows[row][column_of[left]] = TableCell(grid.text(top, left, bottom, right), span)
        for below in range(row + 1, len(tops)):
            if tops[below] >= bottom:
                break
            rows[below][column_of[left]] = TableCell([], span, is_covered=True)
    headers = sum(top < grid.head for top in tops)
    return RstRows([[row[column] for column in sorted(row)] for row in rows], headers)


def simple_table(lines: Sequence[str]) -> RstRows | None:
    """The rows of a table between lines of =; None if there is none."""
    squared = _square(lines)
    columns = _columns(squared[0], "=")
    if len(columns) > _MAX_COLUMNS or len(squared) * len(squared[0]) > 10 * _MAX_CHARACTERS:
        return None
    rows: list[list[TableCell]] = []
    borders: list[int] = []
    waiting: list[str] = []

    def end_row(spans: list[tuple[int, int]]) -> None:
        if any(line.strip() for line in waiting):
            rows.append(_simple_row(waiting, spans, columns))
        waiting.clear()

    for line in squared:
        is_border = bool(line.strip()) and not line.strip().strip("= ")
        if is_border or (waiting and line.strip() and not line.strip().strip("- ")):
            end_row(_columns(line, "=" if is_border else "-"))
            if is_border:
                borders.append(len(rows))
            continue
        first = line[columns[0][0] : columns[0][1]].strip()
        if first and waiting:
            end_row(columns)
        waiting.append(line)
    end_row(columns)
    return RstRows(rows, borders[1] if len(borders) > 2 else 0) if rows else None


def _columns(line: str, sign: str) -> list[tuple[int, int]]:
    """Where the runs of ``sign`` begin and end."""
    spans, place = [], 0
    while (start := line.find(sign, place)) >= 0:
        place = start
        while place < len(line) and line[place] == sign:
            place += 1
        spans.append((start, place))
    return spans


def _simple_row(
    lines: Sequence[str], spans: Sequence[tuple[int, int]], columns: Sequence[tuple[int, int]]
) -> list[TableCell]:
    cells = []
    starts = [column for column, _ in columns]
    for number, (start, _) in enumerate(spans):
        end = spans[number + 1][0] if number + 1 < len(spans) else None
        covered = bisect_left(starts, end or len(lines[0]) + 1) - bisect_left(starts, start)
        cells.append(TableCell(_cell_lines([line[start:end] for line in lines]), max(1, covered)))
    return cells


def list_table(lines: Sequence[str], headers: int, stubs: int) -> RstRows | None:
    """The rows of a list of lists."""
    rows = [[TableCell(cell) for cell in _items(row)] for row in _items(lines)]
    return RstRows(rows, headers, stubs) if any(rows) else None


def _items(lines: Sequence[str]) -> list[list[str]]:
    items: list[list[str]] = []
    place = 0
    while place < len(lines):
        match = BULLET.match(lines[place])
        if match is None:
            place += 1
            continue
        end = indented(lines, place + 1)
        items.append([lines[place][match.end() :], *dedented(lines[place + 1 : end])])
        place = end
    return items


def csv_rows(text: str, delimiter: str, quote: str) -> list[list[str]]:
    """The rows of ``text``; empty if it is no CSV."""
    try:
        reader = csv.reader(io.StringIO(text), delimiter=delimiter, quotechar=quote, skipinitialspace=True)
        return [row for row in reader if any(cell.strip() for cell in row)]
    except (csv.Error, TypeError, ValueError):
        return []
