"""Joins the parts of tables that go on on the next page, or in the next column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from qadesk.documents.pdf.drafts import Draft, draft_of
from qadesk.documents.pdf.grid_cells import Grid, GridCell
from qadesk.documents.pdf.rows import Line

_NEAR = 8.0  # points between the sides of one column on two pages
_MOST_CELLS = 20_000  # of a joined table
_ASIDE = ("header", "footer", "footnote")


def with_joined_tables(pages: Iterable[Sequence[Draft]]) -> list[list[Draft]]:
    """``pages`` with each table that goes on on the next page as one table.

    Headers that are repeated there become page headers; the rows belong to the columns of the first part.
    """
    joined: list[list[Draft]] = []
    last: Draft | None = None
    for page in pages:
        drafts: list[Draft] = []
        for draft in page:
            if draft.kind in _ASIDE:
                drafts.append(draft)
                continue
            is_elsewhere = last is not None and (last.pages[-1], last.column) != (draft.pages[0], draft.column)
            if last is not None and is_elsewhere and _is_rest(last, draft):
                drafts += _join(last, draft)
            else:
                drafts.append(draft)
                last = draft
        joined.append(drafts)
    return joined


def _is_rest(table: Draft, draft: Draft) -> bool:
    """Whether ``draft``, the first in its column, goes on with the ``table`` that the column before ends with."""
    if table.grid is None or draft.grid is None:
        return False
    if len(table.grid.rows) * table.grid.columns > _MOST_CELLS or table.is_upright != draft.is_upright:
        return False
    if table.grid.columns != draft.grid.columns or not 0.93 < table.size / draft.size < 1.07:
        return False
    return _repeated(table.grid, draft.grid) > 0 or _are_in_line(table.grid, draft.grid)


def _repeated(grid: Grid, rest: Grid) -> int:
    """How many rows the ``rest`` begins with that the ``grid`` begins with, too: its first one, and other headers."""
    count = 0
    for one, other in zip(grid.rows, rest.rows, strict=False):
        if _texts(one) != _texts(other) or (count and not one[0].is_header):
            break
        count += 1
    return count


def _texts(row: Sequence[GridCell]) -> list[list[str]]:
    return [[line.text for line in cell.lines] for cell in row]


def _are_in_line(grid: Grid, rest: Grid) -> bool:
    """Whether the columns of both, but for the place on the page, have their sides at the same places."""
    pairs = [(_sides(grid, column), _sides(rest, column)) for column in range(grid.columns)]
    known = [(one, other) for one, other in pairs if one and other]
    if len(known) < 2 or any(cell.is_header for cell in rest.rows[0]):
        return False
    shift = median([other[0] - one[0] for one, other in known])
    return all(min(abs(o - p - shift) for o, p in zip(other, one, strict=True)) < _NEAR for one, other in known)


def _sides(grid: Grid, column: int) -> tuple[float, float, float] | None:
    """The left and the right side and the middle of a column in points; None if no cell is in it alone."""
    lines = [
        line for row in grid.rows for cell in row if cell.column == column and cell.span == 1 for line in cell.lines
    ]
    if not lines:
        return None
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    return left, right, (left + right) / 2


def _join(table: Draft, draft: Draft) -> list[Draft]:
    """Add the rows of ``draft`` to the ``table``. Returns the headers that it repeats."""
    assert table.grid
    assert draft.grid
    count = _repeated(table.grid, draft.grid)
    rows = draft.grid.rows[count:]
    headers = [draft_of("header", _lines_of([row]), draft.pages[0]) for row in draft.grid.rows[:count]]
    for row in rows:
        for cell in row:
            cell.is_header = False
    table.grid.rows += rows
    lines = _lines_of(rows)
    table.lines += lines
    table.pages += [draft.pages[0]] * len(lines)
    table.breaks += [" "] * len(lines)
    table.column = draft.column
    return headers


def _lines_of(rows: Iterable[Sequence[GridCell]]) -> list[Line]:
    return [line for row in rows for cell in row for line in cell.lines]
