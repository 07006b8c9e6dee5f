"""Tables of a page, recognised by the places of their cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qadesk.documents.pdf.grid_cells import Grid, mark_header
from qadesk.documents.pdf.grid_rows import fill, is_beside, is_pair, is_ruled_off
from qadesk.documents.pdf.line_rules import is_last, rules_above
from qadesk.documents.pdf.rows import WIDE_GAP, Line, usual_height
from qadesk.documents.pdf.rules import Rule, RulingLines

_MAX_FAILURES = 5  # lines one after another that were looked at as the first of a table
_LEADER = ". . ."  # between a title and its page in a table of contents
_MOST_ABOVE = 40  # lines of a table with which the next one is compared
_OUTSIDE = 1.5  # points: how much further to the left than a table the text below it begins
_SAME_SIDE = 3.0  # points between the left sides of two tables, one below the other
_NARROW_GAP = 0.45  # of the height: between cells, if it comes again in other rows


def tables_and_lines(lines: Sequence[Line], rules: RulingLines) -> list[Grid | list[Line]]:
    """``lines`` of one column of a page, cut into tables and lists of lines that are in none."""
    parts: list[Grid | list[Line]] = []
    are_several = [len(line.pieces) > 1 and len(line.cells(WIDE_GAP)) > 1 for line in lines]
    _add_narrow(are_several, lines)
    above = rules_above(lines, rules)
    are_ruled = [rule is not None for rule in above]
    number, failures, prose_end = 0, 0, 0  # lines before prose_end are in no table
    while number < len(lines):
        end = (
            _end_of_table(lines, are_several, above, number) if are_several[number] and number >= prose_end else number
        )
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
    starts = [{round(piece.left) for piece in line.pieces[1:]} if len(line.pieces) > 1 else None for line in lines]
    for number in range(len(lines) - 2):
        ones, others, thirds = starts[number : number + 3]
        if not ones or not others or not thirds or all(are_several[number : number + 3]):
            continue
        common = ones & others & thirds
        if 2 * len(common) < len(ones) or not common:
            continue
        if all(len(line.cells(_NARROW_GAP)) > 1 and _LEADER not in line.text for line in lines[number : number + 3]):
            are_several[number : number + 3] = [True] * 3


def _end_of_table(lines: Sequence[Line], are_several: Sequence[bool], rules: Sequence[Rule | None], start: int) -> int:
    """The number of the line after the last that could belong to a table that begins with the line ``start``."""
    end, single = start + 1, 0
    widest, left, most = 0.0, lines[start].left, len(lines[start].pieces)
    cells = lines[start].cells(WIDE_GAP)
    is_key = cells[0].text.endswith(":")
    while end < len(lines):
        before, line = lines[end - 1], lines[end]
        gap = (before.bottom - line.top) / max(line.height, before.height)
        left_side, left, most = left, min(left, line.left), max(most, len(line.pieces))
        is_inner = (
            most > 2 or is_key
        ) and line.left > left + 2 * line.height  # no text below the table; lists have two columns
        single = 0 if are_several[end] else single + (not is_inner and not is_beside(before, line))
        if end > start + 1 and gap > widest + 0.15 and is_last(rules, start, end):
            break
        if is_key and len(cells) == 2 and single and _is_across(line, cells):  # neither key nor value
            break
        if single and gap > widest + 0.15 and line.left < left_side - _OUTSIDE and _ends_table(line, lines[start]):
            break
        if _is_other_table(lines[max(start, end - _MOST_ABOVE) : end], lines[end : end + 2], is_far=gap > _far(widest)):
            break
        if gap > 2.2 or single > 3 or (single and line.size > 1.13 * before.size):
            break
        if line.is_bold and not before.is_bold and gap > max(0.3, 1.1 * widest):  # the header of another table
            break
        is_far = end > start + 2 and gap > _far(widest) and (are_several[end] or not is_inner)
        if is_far and not _are_below(lines[start:end], line):
            break
        widest = max(widest, gap)
        end += 1
    return end


def _far(widest: float) -> float:
    """The least gap, as a share of the height, to what may be another table; ``widest`` is the widest in this one."""
    return max(0.75, 0.3 + 1.4 * widest)


def _is_other_table(lines: Sequence[Line], below: Sequence[Line], *, is_far: bool) -> bool:
    """Whether a table of keys begins ``below`` the ``lines`` of a table of another kind; or the other way round.

    ``below``: the next line, and the one after it. ``is_far``: the gap between them is wider than all before.
    """
    line = below[0]
    if not any(":" in other.text for other in (lines[0], *below)):
        return False
    cells, first = line.cells(_NARROW_GAP), lines[0].cells(_NARROW_GAP)
    is_key, was_key = cells[0].text.endswith(":") or _is_wrapped_key(below), first[0].text.endswith(":")
    if len(cells) < 2 or is_key == was_key or len(first) < 2:
        return False
    if abs(line.left - min(above.left for above in lines)) > _SAME_SIDE:
        return False
    if is_key:
        return len(cells) == 2 and ((is_far and len(first) > 2) or not _is_below(lines, cells[1]))
    return len(first) == 2 and len(line.cells(WIDE_GAP)) > 2 and not _is_below(lines, cells[1])


def _is_wrapped_key(lines: Sequence[Line]) -> bool:
    """Whether the first of ``lines`` begins with a key that ends with a colon only in the next one."""
    if len(lines) < 2:
        return False
    key, rest = lines[0].cells(_NARROW_GAP)[0], lines[1].cells(_NARROW_GAP)[0]
    is_tight = lines[0].bottom - lines[1].top < 0.4 * lines[1].height
    return is_tight and abs(key.left - rest.left) < _SAME_SIDE and rest.text.endswith(":") and rest.is_small


def _is_below(lines: Sequence[Line], cell: Line) -> bool:
    """Whether ``cell`` has a side in line with cells of the ``lines`` that are not their first: a third of them."""
    others = [line.cells(_NARROW_GAP)[1:] for line in lines]
    count = sum(any(_has_same_side(cell, other) for other in row) for row in others)
    return 3 * count > len(lines)


def _has_same_side(cell: Line, other: Line) -> bool:
    return min(abs(cell.left - other.left), abs(cell.right - other.right)) < _SAME_SIDE


def _ends_table(line: Line, first: Line) -> bool:
    """Whether ``line``, which begins further to the left than a table, is text below it; ``first`` is its first."""
    cells = first.cells(_NARROW_GAP)
    return cells[0].text.endswith(":") or _is_across(line, cells)


def _is_across(line: Line, cells: Sequence[Line]) -> bool:
    """Whether ``line`` has no gap and goes over the columns of the first two of ``cells``."""
    is_wide = len(cells) > 1 and line.left < cells[0].right and line.right > cells[1].left
    return is_wide and len(line.cells(_NARROW_GAP)) == 1


def _are_below(lines: Sequence[Line], line: Line) -> bool:
    """Whether the cells of ``line``, at least two, are in line with cells of the ``lines`` above it."""
    cells = line.cells(_NARROW_GAP)
    known = [cell for above in lines for cell in above.cells(_NARROW_GAP)]
    return len(cells) > 1 and all(any(_are_in_line(cell, other) for other in known) for cell in cells)


def _are_in_line(cell: Line, other: Line) -> bool:
    """Whether two cells have the left or the right side or the middle at one place."""
    left, right = cell.left - other.left, cell.right - other.right
    return min(abs(left), abs(right), abs(left + right) / 2) < 0.35 * cell.height


def _grid(lines: Sequence[Line], are_several: Sequence[bool], are_ruled: Sequence[bool]) -> tuple[Grid, int] | None:
    """The table that begins with the first of ``lines``, and how many of them are in it; None if there is none."""
    count = sum(are_several)
    if count < 2:
        return None
    cut = [line.cells(_NARROW_GAP) for line in lines]
    several = [cells for cells, is_several in zip(cut, are_several, strict=True) if is_several]
    columns = _columns_of(several, usual_height(lines))
    if len(columns) < 2:
        return None
    grid = Grid(len(columns))
    last = max(number for number, is_several in enumerate(are_several) if is_several)
    count = fill(grid, columns, lines, cut, last=last, are_ruled=are_ruled)
    if len(grid.rows) == 1 and is_pair(grid.rows[0]):
        return grid, count
    if len(grid.rows) < 2 or sum(len(row) > 1 for row in grid.rows) < max(2, 0.4 * len(grid.rows)):
        return None
    mark_header(grid)
    if not grid.rows[0][0].is_header and is_ruled_off(grid, lines[:count], are_ruled):
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
