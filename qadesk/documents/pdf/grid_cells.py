"""Tables in the making: rows of cells, and which of them are headers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from qadesk.documents.pdf.rows import Line

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


def mark_header(grid: Grid) -> None:
    """Mark the cells of the first row if they are headers: bold as no other row, or words over numbers."""
    first, others = grid.rows[0], grid.rows[1:]
    if len(first) < 2:
        return
    bold = all(line.is_bold for cell in first for line in cell.lines)
    bold_below = [all(line.is_bold for cell in row for line in cell.lines) for row in others]
    cells = [cell for row in others for cell in row if cell.column and cell.lines]
    numbers = sum(not holds_words(cell) for cell in cells)
    is_over_numbers = all(map(holds_words, first)) and cells and numbers >= 0.5 * len(cells)
    if is_over_numbers or (bold and sum(bold_below) < 0.5 * len(others)):
        for cell in first:
            cell.is_header = True


def holds_words(cell: GridCell) -> bool:
    """Whether the ``cell`` is no figure."""
    return not cell.lines or not is_figure(cell.lines[0].text)


def is_figure(text: str) -> bool:
    """Whether ``text`` is a number, perhaps with its unit."""
    return _NUMBER.fullmatch(text) is not None
