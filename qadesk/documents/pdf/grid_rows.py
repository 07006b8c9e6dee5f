"""Puts the lines of a table into rows: which of them begin a row, and which go on with the cells above."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from qadesk.documents.pdf.grid_cells import Grid, GridCell, holds_words
from qadesk.documents.pdf.rows import Line
from qadesk.structure.plain.key_lines import is_key_line

_OVERLAP = -0.2  # of the height: a gap between lines of which the second may stand beside the first
_KEYS = 0.4  # of the lines of keys
_SHARP = 0.04  # of the height: how much gaps of one kind differ where there are clearly two kinds
_PAIR_GAP, _TIGHT_GAP = 0.6, 0.4  # of the height, between lines of a pair


def is_beside(before: Line, line: Line) -> bool:
    """Whether ``line`` stands lower than the line ``before`` by a part of the height, and under none of its pieces.

    So the lines of a row stand whose cells have their text in the middle.
    """
    if before.bottom - line.top > _OVERLAP * line.height:
        return False
    return not any(
        piece.left < other.right and other.left < piece.right for piece in line.pieces for other in before.pieces
    )


def fill(
    grid: Grid,
    columns: Sequence[tuple[float, float]],
    lines: Sequence[Line],
    cut: Sequence[Sequence[Line]],
    *,
    last: int,
    are_ruled: Sequence[bool],
) -> int:
    """Put the lines into rows of ``grid``, up to the line ``last`` and what goes on with it. Returns their number."""
    tight = _tight_gap(lines, last)
    rows = [_row(columns, cells) for cells in cut]
    is_divided = _is_divided(rows[: last + 1], are_ruled, len(columns))
    has_keys = len(columns) == 2 and _have_keys(rows[: last + 1])
    for number, row in enumerate(rows):
        if grid.rows and (is_divided or are_ruled[number]) and number <= last:
            if are_ruled[number]:
                grid.rows.append(row)
            else:
                _add_to_row(grid.rows[-1], row)
            continue
        if are_ruled[number] and number > last:
            return number
        gap = lines[number - 1].bottom - lines[number].top if number else 0.0
        if has_keys and grid.rows and _goes_on_with_pair(grid.rows[-1], row, gap / lines[number].height):
            _add_to_row(grid.rows[-1], row)
            continue
        if grid.rows and (
            _goes_on(grid.rows[-1], row, gap / lines[number].height, tight)
            or (len(grid.rows) == 1 and _is_header_line(grid.rows[0], row, gap / lines[number].height))
            or (is_beside(lines[number - 1], lines[number]) and _has_room(grid.rows[-1], row))
        ):
            _add_to_row(grid.rows[-1], row)
        elif number > last:
            return number
        else:
            grid.rows.append(row)
    return len(lines)


def _is_divided(rows: Sequence[Sequence[GridCell]], are_ruled: Sequence[bool], columns: int) -> bool:
    """Whether a ruling line is between each two rows of a table, whose lines are ``rows``."""
    starts = [number for number in range(1, len(rows)) if are_ruled[number]]
    if len(starts) < 2:
        return False
    for low, high in itertools.pairwise([0, *starts, len(rows)]):
        band = rows[low:high]
        is_long = low > 0 and len(band) > (2 if len(starts) > 2 else 1)
        if is_long and all(len(row) == columns for row in band) and not _has_small(band[1:]):
            return False
    return True


def _has_small(rows: Iterable[Sequence[GridCell]]) -> bool:
    """Whether any cell begins with a small letter, as one that goes on may."""
    return any(cell.lines[0].is_small for row in rows for cell in row)


def is_ruled_off(grid: Grid, lines: Sequence[Line], are_ruled: Sequence[bool]) -> bool:
    """Whether a ruling line is below the first row of several, and none between the next two."""
    counts = [sum(len(cell.lines) for cell in row) for row in grid.rows[:3]]
    starts = [number for number in range(1, len(lines)) if are_ruled[number]]
    if len(grid.rows) < 3 or not starts or len(grid.rows[0]) < 2 or not all(map(holds_words, grid.rows[0])):
        return False
    second = grid.rows[1][0].lines[0]
    return (
        bool(counts) and lines[starts[0]].middle <= second.middle + 1 and (len(starts) < 2 or starts[1] > starts[0] + 1)
    )


def _row(columns: Sequence[tuple[float, float]], cells: Sequence[Line]) -> list[GridCell]:
    if len(cells) == len(columns):
        return [GridCell(column, 1, [cell]) for column, cell in enumerate(cells)]
    lows, highs = [low for low, _ in columns], [high for _, high in columns]
    row: list[GridCell] = []
    for cell in cells:
        first, end = bisect_right(highs, cell.left), bisect_left(lows, cell.right)
        if end <= first:  # between two columns: to the nearer
            first = _nearest(columns, cell, first)
            end = first + 1
        if row and first < row[-1].column + row[-1].span:
            row[-1].lines[0] = Line(row[-1].lines[0].pieces + cell.pieces)
            row[-1].span = max(row[-1].span, end - row[-1].column)
        else:
            row.append(GridCell(first, end - first, [cell]))
    return row


def _nearest(columns: Sequence[tuple[float, float]], cell: Line, number: int) -> int:
    """The number of the column that is nearest to ``cell``, which stands before the column ``number``."""
    near = range(max(0, number - 1), min(len(columns), number + 1))
    return min(near, key=lambda n: min(abs(columns[n][0] - cell.right), abs(columns[n][1] - cell.left)))


def _tight_gap(lines: Sequence[Line], last: int) -> float | None:
    """The gap, as a share of the height, up to which lines are of one row; None where all gaps are alike.

    Behind the line ``last`` a wider gap than all before may be that to the text below the table: it does not count.
    """
    gaps = [
        (number, (before.bottom - after.top) / after.height)
        for number, (before, after) in enumerate(itertools.pairwise(lines))
        if not is_beside(before, after)
    ]
    most = max((gap for number, gap in gaps if number < last), default=0.0)
    ordered = sorted(gap for number, gap in gaps if number < last or gap <= most)
    if len(ordered) < 2:
        return None
    widest, below = max((after - before, before) for before, after in itertools.pairwise(ordered))
    least = min(0.25, 1.6 * widest)  # less where the gaps are of two kinds
    if ordered[-1] - ordered[0] - widest < _SHARP:
        least = 0.0
    if ordered[-1] - ordered[0] < least or widest <= 0.12 or below >= 0.35:
        return None
    return below + widest / 2


def _goes_on(before: Sequence[GridCell], row: Sequence[GridCell], gap: float, tight: float | None) -> bool:
    """Whether ``row`` is only the next line of the cells of the row ``before``."""
    known = {cell.column for cell in before}
    if not all(cell.span == 1 and cell.column in known for cell in row) or (_has_key(before) and _has_key(row)):
        return False
    by_column = {cell.column: cell.lines[-1] for cell in before}
    if gap < 0.6 and any(by_column[cell.column].is_divided for cell in row):
        return True
    if gap < 0.4 and len(row) < len(before) and all(_is_open(by_column[cell.column], cell) for cell in row):
        return True
    if len(row) == len(before) > 1 and _begins_anew(before, row):
        return False
    if tight is not None:
        # the line before may be that of other cells, which stand beside those of the row
        gap = max(gap, *((by_column[c.column].bottom - c.lines[0].top) / c.lines[0].height for c in row))
        return gap <= tight and (row[0].column > 0 or len(row) < len(before) or all(map(holds_words, row)))
    starts = [cell.lines[0].text[:1] for cell in row]
    return gap < 0.4 and row[0].column > 0 and len(row) < max(2, len(before)) and all(c.islower() for c in starts)


def _have_keys(rows: Sequence[Sequence[GridCell]]) -> bool:
    """Whether the first of two columns holds keys with a colon, some of which may go over several lines."""
    keys = [row[0].lines[0].text for row in rows if row[0].column == 0]
    return sum(key.endswith(":") for key in keys) > _KEYS * len(keys)


def _has_key(row: Sequence[GridCell]) -> bool:
    return row[0].column == 0 and row[0].lines[-1].text.endswith(":")


def is_pair(row: Sequence[GridCell]) -> bool:
    """Whether the ``row`` is a key with a colon, and its value."""
    return len(row) == 2 and row[0].lines[-1].text.endswith(":")


def _goes_on_with_pair(before: Sequence[GridCell], row: Sequence[GridCell], gap: float) -> bool:
    """Whether ``row`` goes on with the pair ``before``: with its value, or with its key, which has no colon yet."""
    if gap > _PAIR_GAP or len(before) < 2:
        return False
    first = row[0].lines[0]
    if row[0].column == 1:
        return not is_key_line(first.text)
    key = before[0].lines[-1]
    is_alike = key.is_bold == first.is_bold and abs(key.size - first.size) < 0.03 * key.size
    return not key.text.endswith(":") and is_alike and (len(row) == 1 or gap < _TIGHT_GAP)


def _is_open(line: Line, cell: GridCell) -> bool:
    """Whether the text of ``cell`` clearly goes on with what the ``line`` above it says."""
    return line.text.endswith(",") or cell.lines[0].text.startswith("(")


def _is_header_line(before: Sequence[GridCell], row: Sequence[GridCell], gap: float) -> bool:
    """Whether ``row`` is the next line of headers that leave the first column empty, as it does, too."""
    known = {cell.column for cell in before if cell.span == 1}
    return gap < 0.4 and min(known, default=0) > 0 and all(c.span == 1 and c.column in known for c in row)


def _has_room(before: Sequence[GridCell], row: Sequence[GridCell]) -> bool:
    """Whether ``row``, which stands beside a line of the row ``before``, may belong to it.

    Where it goes on with a cell of that row, it is right below it; with several only if one begins with a small letter.
    """
    if any(cell.span > 1 for cell in (*before, *row)):
        return False
    above = {cell.column: cell.lines[-1] for cell in before}
    pairs = [(above[cell.column], cell.lines[0]) for cell in row if cell.column in above]
    if any(line.bottom - after.top > 0.6 * after.height for line, after in pairs):
        return False
    return len(pairs) < 2 or any(after.is_small for _, after in pairs)


def _begins_anew(before: Sequence[GridCell], row: Sequence[GridCell]) -> bool:
    """Whether each cell of the ``row`` begins as none that goes on does. Bold headers may go on with a capital."""
    are_headers = all(line.is_bold for cell in (*before, *row) for line in cell.lines)
    return not are_headers and not any(cell.lines[0].is_small for cell in row)


def _add_to_row(before: list[GridCell], row: Iterable[GridCell]) -> None:
    by_column = {column: cell for cell in before for column in range(cell.column, cell.column + cell.span)}
    for cell in row:
        if cell.column in by_column:
            by_column[cell.column].lines += cell.lines
        else:
            before.append(cell)
    before.sort(key=lambda cell: cell.column)
