"""The layout of a page: its pieces as drafts of blocks, in reading order."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from qadesk.documents.pdf.clause_numbers import join_numbers
from qadesk.documents.pdf.columns import regions
from qadesk.documents.pdf.drafts import Draft, draft_of
from qadesk.documents.pdf.grid_cells import Grid, GridCell
from qadesk.documents.pdf.grids import tables_and_lines
from qadesk.documents.pdf.page_pieces import PagePieces
from qadesk.documents.pdf.paragraphs import paragraphs
from qadesk.documents.pdf.rows import Line
from qadesk.documents.pdf.ruled_grids import is_row_beside, ruled_grid
from qadesk.documents.pdf.rules import RuledArea, RulingLines

_FAR = 1.8  # of the height: what stands further apart on one line is no sentence


def drafts_of(page: PagePieces, edges: tuple[int, int], number: int) -> list[Draft]:
    """The drafts of the page with the number ``number``: its header, its body by columns, its footer.

    ``edges``: how many of its first and last lines are header and footer.
    """
    top, bottom = edges[0], len(page.lines) - edges[1]
    drafts = [draft_of("header", [line], number) for line in page.lines[:top]]
    columns = 0
    for direction, lines in enumerate((page.lines[top:bottom], *page.others)):
        rules = RulingLines() if direction else page.rules
        for column in regions(lines, rules) if lines else ():
            columns += 1
            for draft in _column_drafts(column, rules, number):
                draft.column, draft.is_upright = columns, page.is_upright and not direction
                drafts.append(draft)
    return drafts + [draft_of("footer", [line], number) for line in page.lines[bottom:]]


def _column_drafts(lines: Sequence[Line], rules: RulingLines, number: int) -> Iterator[Draft]:
    pending: list[Line] = []
    for part in _parts(lines, rules):
        if isinstance(part, Grid):
            yield from _prose(pending, number)
            pending = []
            yield from _table(part, number)
        else:
            pending += part
    yield from _prose(pending, number)


def _parts(lines: Sequence[Line], rules: RulingLines) -> Iterator[Grid | list[Line]]:
    """``lines`` cut into tables and lists of lines that are in none."""
    pending: list[Line] = []
    areas = [_area_of(line, rules) if rules.areas else None for line in lines]
    join_numbers([line for line, area in zip(lines, areas, strict=True) if area is None])
    if rules.areas:
        _extend(areas, lines)
    number = 0
    for area, group in itertools.groupby(areas):
        part = lines[number : number + len(list(group))]
        number += len(part)
        grid = ruled_grid(part, area) if area else None
        if grid is None:
            pending += part
            continue
        yield from tables_and_lines(pending, rules)
        pending = []
        yield grid
    yield from tables_and_lines(pending, rules)


def _extend(areas: list[RuledArea | None], lines: Sequence[Line]) -> None:
    """Add the row above and that below to the shaded ones of ``areas``, which are those of the ``lines``."""
    for order in (range(1, len(lines)), range(len(lines) - 2, -1, -1)):
        step = order.step
        for number in order:
            area = areas[number - step]
            if areas[number] is None and area and area.is_shaded and is_row_beside(lines[number], area):
                areas[number] = area


def _area_of(line: Line, rules: RulingLines) -> RuledArea | None:
    """The ruled table that the whole line is in."""
    area = rules.area_at((line.left + line.right) / 2, line.middle)
    return area if area and area.holds(line.left + 2, line.middle) and area.holds(line.right - 2, line.middle) else None


def _prose(lines: Sequence[Line], number: int) -> Iterator[Draft]:
    """Paragraphs; a line whose parts are far apart becomes a key with its value, or a table of one row."""
    run: list[Line] = []
    for line in lines:
        if _is_apart(line):
            yield from paragraphs(run, number) if run else ()
            run = []
            yield from _lone_row(line, number)
        else:
            run.append(line)
    yield from paragraphs(run, number) if run else ()


def _is_apart(line: Line) -> bool:
    return len(line.pieces) > 1 and any(line.gap(n) > _FAR for n in range(1, len(line.pieces)))


def _lone_row(line: Line, number: int) -> Iterator[Draft]:
    cells = line.cells()
    row = [GridCell(column, 1, [cell]) for column, cell in enumerate(cells)]
    yield from _table(Grid(len(row), [row]), number)


def _table(grid: Grid, number: int) -> Iterator[Draft]:
    if grid.columns == 2 and _has_keys(grid):
        for row in grid.rows:
            yield _pair(row, number)
        return
    draft = draft_of("table", [line for row in grid.rows for cell in row for line in cell.lines], number)
    draft.grid = grid
    yield draft


def _has_keys(grid: Grid) -> bool:
    """Whether the first column are keys, each with a colon."""
    keys = [row[0].lines[-1].text for row in grid.rows if row[0].column == 0 and row[0].lines]
    return bool(keys) and sum(key.endswith(":") for key in keys) >= 0.7 * len(grid.rows)


def _pair(row: Sequence[GridCell], number: int) -> Draft:
    lines = [line for cell in row for line in cell.lines]
    draft = draft_of("pair" if len(row) == 2 else "paragraph", lines, number)
    if len(row) == 2:
        draft.marker = sum(len(line.text) + 1 for line in row[0].lines)
    return draft
