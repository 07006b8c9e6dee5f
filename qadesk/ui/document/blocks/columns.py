"""The widths of a table's columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from PySide6.QtGui import QFont, QFontMetricsF

from qadesk.structure import Cell, Row

_SAMPLE = 200  # rows that the widths come from
_LONGEST = 3  # texts of a column that are measured
_MOST_MEASURED = 300  # characters of a cell
_NUMBER = re.compile(r"[(\s]*[-+−–~±]?\s*[$€£¥]?\s*\d[\d.,'’\s\u00a0\u202f]*[%€$£¥)*\s]*")
_MOSTLY = 0.6  # the part of a column's cells that are numbers where it is set to the right


@dataclass(frozen=True, slots=True)
class Columns:
    """``edges`` are the left edges of the columns and the right edge of the last, in pixels from the table's left.

    ``padding`` is between an edge and the text. Columns in ``numbers`` are set to the right.
    """

    edges: tuple[float, ...]
    padding: float
    numbers: frozenset[int]

    @property
    def width(self) -> float:
        """The width of the table."""
        return self.edges[-1]

    def box(self, cell: Cell) -> tuple[float, float]:
        """The left and right edge of ``cell``."""
        last = len(self.edges) - 1
        return self.edges[min(cell.column, last - 1)], self.edges[min(cell.column + cell.span, last)]


def columns_of(text: str, rows: Sequence[Row], width: float, plain: QFont, strong: QFont) -> Columns:
    """The columns of a table in ``width`` pixels; ``strong`` is the font of header cells, ``plain`` of the others.

    The first 200 rows count. A table whose texts fit is as wide as they are; in another, each column has room for its
    longest word, if that is possible, and the rest is shared out by how much the columns have to say.
    """
    metrics = {False: QFontMetricsF(plain), True: QFontMetricsF(strong)}
    padding = round(metrics[False].averageCharWidth())
    count = max(cell.column + cell.span for row in rows for cell in row)
    cells: list[list[Cell]] = [[] for _ in range(count)]
    for row in rows[:_SAMPLE]:
        for cell in row:
            if cell.span == 1 and cell.end > cell.start:
                cells[cell.column].append(cell)
    measures = [_measures(text, column, metrics) for column in cells]
    wanted = [most + 2 * padding + 1 for _, most in measures]
    least = [word + 2 * padding + 1 for word, _ in measures]
    widths = _shared_out(width, least, wanted)
    numbers = frozenset(number for number, column in enumerate(cells) if _are_numbers(text, column))
    return Columns((0.0, *accumulate(widths)), padding, numbers)


def _measures(text: str, cells: Sequence[Cell], metrics: dict[bool, QFontMetricsF]) -> tuple[float, float]:
    """The widths of the longest word and of the longest line of ``cells``."""
    lines, words = [], []
    for cell in cells:
        shown = text[cell.start : min(cell.end, cell.start + _MOST_MEASURED)]
        lines += [(len(line), line, cell.is_header) for line in shown.splitlines()]
        words += [(len(word), word, cell.is_header) for word in shown.split()]
    room = metrics[False].averageCharWidth() * 2
    return _widest(words, metrics, room), _widest(lines, metrics, room)


def _widest(texts: list[tuple[int, str, bool]], metrics: dict[bool, QFontMetricsF], room: float) -> float:
    longest = sorted(texts, reverse=True)[:_LONGEST]
    return max((metrics[is_header].horizontalAdvance(text) for _, text, is_header in longest), default=room)


def _shared_out(width: float, least: Sequence[float], wanted: Sequence[float]) -> list[float]:
    if sum(wanted) <= width:
        return list(wanted)
    most = width * 0.6  # else a very long text leaves the others no more than their longest words
    wanted = [max(low, min(high, most)) for low, high in zip(least, wanted, strict=True)]
    if sum(wanted) <= width:
        return [high * width / sum(wanted) for high in wanted]
    if sum(least) >= width:
        return [low * width / sum(least) for low in least]
    share = (width - sum(least)) / (sum(wanted) - sum(least))
    return [low + (high - low) * share for low, high in zip(least, wanted, strict=True)]


def _are_numbers(text: str, cells: Sequence[Cell]) -> bool:
    texts = [text[cell.start : min(cell.end, cell.start + 40)] for cell in cells if not cell.is_header]
    numbers = sum(1 for shown in texts if _NUMBER.fullmatch(shown))
    return bool(texts) and numbers >= _MOSTLY * len(texts)
