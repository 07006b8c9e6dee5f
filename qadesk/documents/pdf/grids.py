"""Tables of a page, recognised by the places of their cells."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from qadesk.documents.pdf.markers import is_marker
from qadesk.documents.pdf.rows import WIDE_GAP, Line, usual_height
from qadesk.documents.pdf.rules import Rule, Rules

_MAX_FAILURES = 5  # lines one after another that were looked at as the first of a table
_NARROW_GAP = 0.45  # of the height: between cells, if it comes again in other rows
_KEYS, _PAIR_GAP = 0.4, 0.6  # of the lines of keys; of the height, between lines of a pair
_MOST_BELOW = 8  # lines of a row
_OVERLAP = -0.2  # of the height: a gap between lines of which the second may stand beside the first
_NUMBER = re.compile(r"[\s(+\-–—−<>~≈]*+[$€£¥]?\s*+\d[\d.,\s/:%'’]*[)%°$€£¥*a-zA-Z]{0,4}")


@dataclass(slots=True)
class GridCell:
    """A cell in the making: it covers ``span`` columns from ``column`` on. Its lines are read one after another."""

    column: int
    span: int
    lines: list[Line]
    is_header: bool = False
    is_covered: bool = False  # the lower part, without lines, of a cell that begins in a row above


@dataclass(slots=True)
class Grid:
    """A table in the making: rows of cells from left to right; columns without a cell are empty."""

    columns: int
    rows: list[list[GridCell]] = field(default_factory=list)


def tables_and_lines(lines: Sequence[Line], rules: Rules) -> list[Grid | list[Line]]:
    """``lines`` of one column of a page, cut into tables and lists of lines that are in none."""
    parts: list[Grid | list[Line]] = []
    are_several = [len(line.pieces) > 1 and len(_cells(line, WIDE_GAP)) > 1 for line in lines]
    _add_narrow(are_several, lines)
    above = _rules_above(lines, rules)
    are_ruled = [rule is not None for rule in above]
    number, failures, prose_end = 0, 0, 0  # lines before prose_end are in no table
    while number < len(lines):
        end = _end_of_table(lines, are_several, above, number) if are_several[number] and number >= prose_end else number
        grid = _grid(lines[number:end], are_several[number:end], are_ruled[number:end]) if end > number + 1 else None
        if grid:
            parts.append(grid[0])
            number, failures = number + grid[1], 0
            continue
        failures = failures + 1 if end > number + 1 else 0
        if failures == _MAX_FAILURES:  # a drawing
            prose_end, failures = end, 0
        if not parts or isinstance(parts[-1], Grid):
            parts.append([])
        part = parts[-1]
        assert isinstance(part, list)
        part.append(lines[number])
        number += 1
    return parts


def _add_narrow(are_several: list[bool], lines: Sequence[Line]) -> None:
    """Mark in ``are_several`` the lines with narrow gaps, too, if cells of the next lines begin at the same places."""
    starts = [
        {round(cell.left) for cell in _cells(line, _NARROW_GAP)[1:]} if len(line.pieces) > 1 else set()
        for line in lines
    ]
    for number in range(len(lines) - 2):
        ones, others, third = starts[number : number + 3]
        common = ones & others & third
        if common and len(common) >= 0.5 * len(ones):
            are_several[number : number + 3] = [True] * 3


def _rules_above(lines: Sequence[Line], rules: Rules) -> list[Rule | None]:
    """The ruling line over all pieces of each line, below the line before it."""
    above: list[Rule | None] = [None] * len(lines)
    for number in range(1, len(lines) if rules.across else 0):
        before, line = lines[number - 1], lines[number]
        middles = [(piece.left + piece.right) / 2 for piece in line.pieces]
        for rule in rules.between(before.middle, line.middle):
            if rule.low < min(middles) and rule.high > max(middles) and not _is_underline(before, rule):
                above[number] = rule
    return above


def _is_last(rules: Sequence[Rule | None], start: int, number: int) -> bool:
    """Whether the ruling line above the line ``number`` is the last of several alike since the line ``start``."""
    rule = rules[number]
    if rule is None:
        return False
    before = [other for other in rules[start + 1 : number] if other and _are_alike(rule, other)]
    after = [other for other in rules[number + 1 : number + _MOST_BELOW] if other and _are_alike(rule, other)]
    return bool(before) and not after


def _are_alike(rule: Rule, other: Rule) -> bool:
    return abs(rule.low - other.low) < 3 and abs(rule.high - other.high) < 3


def _is_underline(line: Line, rule: Rule) -> bool:
    """Whether ``rule`` is drawn below words of the ``line``."""
    if rule.place < line.bottom - 1:
        return False
    return any(abs(piece.left - rule.low) < 2 and abs(piece.right - rule.high) < 2 for piece in line.pieces)


def _cells(line: Line, least: float) -> list[Line]:
    """The cells of a line with gaps wider than ``least``; the number or bullet of a list item goes with its text."""
    cells = line.cells(least)
    if len(cells) > 1 and is_marker(cells[0].text) and cells[1].left - cells[0].right < 2.5 * line.height:
        cells[:2] = [Line(cells[0].pieces + cells[1].pieces)]
    return cells


def _end_of_table(
    lines: Sequence[Line], are_several: Sequence[bool], rules: Sequence[Rule | None], start: int
) -> int:
    """The number of the line after the last that could belong to a table that begins with the line ``start``."""
    end, single = start + 1, 0
    widest, left, most = 0.0, lines[start].left, len(lines[start].pieces)
    cells = _cells(lines[start], WIDE_GAP)
    is_key = cells[0].text.endswith(":")
    while end < len(lines):
        before, line = lines[end - 1], lines[end]
        gap = (before.bottom - line.top) / max(line.height, before.height)
        left, most = min(left, line.left), max(most, len(line.pieces))
        is_inner = (most > 2 or is_key) and line.left > left + 2 * line.height  # no text below the table; lists have two columns
        single = 0 if are_several[end] else single + (not is_inner and not _is_beside(before, line))
        if end > start + 1 and gap > widest + 0.15 and _is_last(rules, start, end):
            break
        if is_key and len(cells) == 2 and single and _is_across(line, cells):  # neither key nor value
            break
        if gap > 2.2 or single > 3 or (single and line.size > 1.13 * before.size):
            break
        if line.is_bold and not before.is_bold and gap > max(0.3, 1.1 * widest):  # the header of another table
            break
        is_far = end > start + 2 and gap > max(0.75, 0.3 + 1.4 * widest) and (are_several[end] or not is_inner)
        if is_far and not _are_below(lines[start:end], line):
            break
        widest = max(widest, gap)
        end += 1
    return end


def _is_beside(before: Line, line: Line) -> bool:
    """Whether ``line`` stands lower than the line ``before`` by a part of the height, and under none of its pieces.

    So the lines of a row stand whose cells have their text in the middle.
    """
    if before.bottom - line.top > _OVERLAP * line.height:
        return False
    return not any(
        piece.left < other.right and other.left < piece.right for piece in line.pieces for other in before.pieces
    )


def _is_across(line: Line, cells: Sequence[Line]) -> bool:
    """Whether ``line`` has no gap and goes over the columns of two ``cells``."""
    is_wide = line.left < cells[0].right and line.right > cells[1].left
    return is_wide and len(_cells(line, _NARROW_GAP)) == 1


def _are_below(lines: Sequence[Line], line: Line) -> bool:
    """Whether the cells of ``line``, at least two, are in line with cells of the ``lines`` above it."""
    cells = _cells(line, _NARROW_GAP)
    known = [cell for above in lines for cell in _cells(above, _NARROW_GAP)]
    return len(cells) > 1 and all(any(_are_in_line(cell, other) for other in known) for cell in cells)


def _are_in_line(cell: Line, other: Line) -> bool:
    """Whether two cells have the left or the right side or the middle at one place."""
    left, right = cell.left - other.left, cell.right - other.right
    return min(abs(left), abs(right), abs(left + right) / 2) < 0.35 * cell.height


def _grid(
    lines: Sequence[Line], are_several: Sequence[bool], are_ruled: Sequence[bool]
) -> tuple[Grid, int] | None:
    """The table that begins with the first of ``lines``, and how many of them are in it; None if there is none."""
    count = sum(are_several)
    if count < 2:
        return None
    cut = [_cells(line, _NARROW_GAP) for line in lines]
    several = [cells for cells, is_several in zip(cut, are_several, strict=True) if is_several]
    columns = _columns_of(several, usual_height(lines))
    if len(columns) < 2:
        return None
    grid = Grid(len(columns))
    last = max(number for number, is_several in enumerate(are_several) if is_several)
    count = _fill(grid, columns, lines, cut, last, are_ruled)
    if len(grid.rows) == 1 and _is_pair(grid.rows[0]):
        return grid, count
    if len(grid.rows) < 2 or sum(len(row) > 1 for row in grid.rows) < max(2, 0.4 * len(grid.rows)):
        return None
    mark_header(grid)
    if not grid.rows[0][0].is_header and _is_ruled_off(grid, lines[:count], are_ruled):
        for cell in grid.rows[0]:
            cell.is_header = True
    return grid, count


def _columns_of(rows: Sequence[Sequence[Line]], height: float) -> list[tuple[float, float]]:
    """The columns of ``rows`` of cells. Headers may stand over the middle of a column whose cells begin at its left."""
    if len(rows) > 2:
        columns = _columns([cell for row in rows[1:] for cell in row], len(rows) - 1, height)
        if len(columns) == len(rows[0]):
            return columns
    return _columns([cell for row in rows for cell in row], len(rows), height)


def _columns(cells: Iterable[Line], count: int, height: float) -> list[tuple[float, float]]:
    """The columns of ``cells`` in ``count`` rows, from left to right: what is covered by more than a few of them."""
    tolerated = count // 8
    events = sorted([(cell.left, 1) for cell in cells] + [(cell.right, -1) for cell in cells])
    least = (1.0 if count < 3 else 0.45) * height
    columns: list[list[float]] = []
    depth = 0
    for x, step in events:
        before, depth = depth, depth + step
        if before <= tolerated < depth:
            if columns and x - columns[-1][1] < least:
                continue
            columns.append([x, x])
        elif depth <= tolerated < before:
            columns[-1][1] = x
    return [(low, high) for low, high in columns]


def _fill(
    grid: Grid,
    columns: Sequence[tuple[float, float]],
    lines: Sequence[Line],
    cut: Sequence[Sequence[Line]],
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
            or (_is_beside(lines[number - 1], lines[number]) and _has_room(grid.rows[-1], row))
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
        is_full = all(len(row) == columns for row in band)
        if len(band) > (2 if len(starts) > 2 else 1) and is_full:
            if low and not any(cell.lines[0].is_small for row in band[1:] for cell in row):
                return False
    return True


def _is_ruled_off(grid: Grid, lines: Sequence[Line], are_ruled: Sequence[bool]) -> bool:
    """Whether a ruling line is below the first row of several, and none between the next two."""
    counts = [sum(len(cell.lines) for cell in row) for row in grid.rows[:3]]
    starts = [number for number in range(1, len(lines)) if are_ruled[number]]
    if len(grid.rows) < 3 or not starts or len(grid.rows[0]) < 2 or not all(map(_is_text, grid.rows[0])):
        return False
    second = grid.rows[1][0].lines[0]
    return bool(counts) and lines[starts[0]].middle <= second.middle + 1 and (len(starts) < 2 or starts[1] > starts[0] + 1)


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
        if not _is_beside(before, after)
    ]
    most = max((gap for number, gap in gaps if number < last), default=0.0)
    ordered = sorted(gap for number, gap in gaps if number < last or gap <= most)
    if len(ordered) < 2:
        return None
    widest, below = max((after - before, before) for before, after in itertools.pairwise(ordered))
    least = min(0.25, 1.6 * widest)  # less where the gaps are of two kinds
    if ordered[-1] - ordered[0] < least or widest <= 0.12 or below >= 0.35:
        return None
    return below + widest / 2


def _goes_on(before: Sequence[GridCell], row: Sequence[GridCell], gap: float, tight: float | None) -> bool:
    """Whether ``row`` is only the next line of the cells of the row ``before``."""
    known = {cell.column for cell in before}
    if not all(cell.span == 1 and cell.column in known for cell in row):
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
        return gap <= tight and (row[0].column > 0 or len(row) < len(before) or all(map(_is_text, row)))
    starts = [cell.lines[0].text[:1] for cell in row]
    return gap < 0.4 and row[0].column > 0 and len(row) < max(2, len(before)) and all(c.islower() for c in starts)


def _have_keys(rows: Sequence[Sequence[GridCell]]) -> bool:
    """Whether the first of two columns holds keys with a colon, some of which may go over several lines."""
    keys = [row[0].lines[0].text for row in rows if row[0].column == 0]
    return sum(key.endswith(":") for key in keys) > _KEYS * len(keys)


def _is_pair(row: Sequence[GridCell]) -> bool:
    return len(row) == 2 and row[0].lines[-1].text.endswith(":")


def _goes_on_with_pair(before: Sequence[GridCell], row: Sequence[GridCell], gap: float) -> bool:
    """Whether ``row`` goes on with the pair ``before``: with its value, or with its key, which has no colon yet."""
    if gap > _PAIR_GAP or len(before) < 2:
        return False
    return row[0].column == 1 or not before[0].lines[-1].text.endswith(":")


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


def _is_text(cell: GridCell) -> bool:
    return _NUMBER.fullmatch(cell.lines[0].text) is None


def _add_to_row(before: list[GridCell], row: Iterable[GridCell]) -> None:
    by_column = {column: cell for cell in before for column in range(cell.column, cell.column + cell.span)}
    for cell in row:
        if cell.column in by_column:
            by_column[cell.column].lines += cell.lines
        else:
            before.append(cell)
    before.sort(key=lambda cell: cell.column)


def mark_header(grid: Grid) -> None:
    """Mark the cells of the first row if they are headers: bold as no other row, or words over numbers."""
    first, others = grid.rows[0], grid.rows[1:]
    if len(first) < 2:
        return
    bold = all(line.is_bold for cell in first for line in cell.lines)
    bold_below = [all(line.is_bold for cell in row for line in cell.lines) for row in others]
    numbers = sum(not _is_text(cell) for row in others for cell in row if cell.column)
    cells = sum(1 for row in others for cell in row if cell.column)
    is_over_numbers = all(map(_is_text, first)) and cells and numbers >= 0.5 * cells
    if is_over_numbers or (bold and sum(bold_below) < 0.5 * len(others)):
        for cell in first:
            cell.is_header = True
