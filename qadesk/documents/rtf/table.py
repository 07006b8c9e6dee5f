"""A table of RTF: each row says where its cells end, in twips; the columns are found from those of all rows."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from qadesk.documents.writer import Writer

_TOLERANCE = 40  # twips: edges that lie so near are one
MAX_COLUMNS = 1000

Merge = Literal["", "left", "above"]
"""That the cell goes on with the one to its left, or with the one above it."""


class CellEdge(NamedTuple):
    """The right edge of a cell, and how it is merged."""

    place: int
    merge: Merge = ""


@dataclass(slots=True)
class RowLayout:
    """What the document says of the cells of the row that is coming or open."""

    edges: list[CellEdge] = field(default_factory=list)
    is_header: bool = False
    merge: Merge = ""
    """Of the next cell."""

    def add_edge(self, place: int) -> None:
        """The next cell ends at ``place``."""
        if len(self.edges) < MAX_COLUMNS:
            self.edges.append(CellEdge(place, self.merge))
        self.merge = ""


class RtfRow(NamedTuple):
    """The texts of the cells of a row, and their edges, of which there may be fewer or more."""

    cells: list[str]
    edges: list[CellEdge]
    is_header: bool


def write_table(rows: list[RtfRow], writer: Writer) -> None:
    """Write the table that ``rows`` are."""
    grid = _grid(rows)
    writer.start_table()
    for row in rows:
        writer.row()
        column = 0
        for number, text in enumerate(row.cells):
            edge = row.edges[number] if number < len(row.edges) else CellEdge(0)
            if edge.merge == "left" and not text:
                continue
            last = _last_of_merged(row, number)
            end = bisect_left(grid, row.edges[last].place - _TOLERANCE) + 1 if last < len(row.edges) else column + 1
            span = max(1, end - column)
            writer.cell(span=span, is_header=row.is_header, is_covered=edge.merge == "above" and not text)
            writer.write(text)
            column += span
    writer.end_table()


def _last_of_merged(row: RtfRow, number: int) -> int:
    """The last of the cells that go on with the cell ``number``."""
    while number + 1 < min(len(row.cells), len(row.edges)):
        if row.edges[number + 1].merge != "left" or row.cells[number + 1]:
            break
        number += 1
    return number


def _grid(rows: list[RtfRow]) -> list[int]:
    """The right edges of all columns."""
    grid: list[int] = []
    for place in sorted({edge.place for row in rows for edge in row.edges[: len(row.cells)]}):
        if not grid or place - grid[-1] > _TOLERANCE:
            grid.append(place)
    return grid
