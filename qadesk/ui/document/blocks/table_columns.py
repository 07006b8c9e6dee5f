"""The widths of a table's columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import accumulate

from PySide6.QtGui import QFontMetricsF

from qadesk.structure import Cell, Row

_SAMPLE = 200  # rows that the widths come from
_LONGEST = 8  # texts of a column that are measured
_MOST_MEASURED = 300  # characters of a cell
_NUMBER = re.compile(r"[(\s]*[-+−–~±]?\s*[$€£¥]?\s*\d[\d.,'’\s\u00a0\u202f]*[%€$£¥)*\s]*")
_HINTING = 0.95  # small letters are a little wider than they should be
_EASE = 1.15  # of columns as wide as their longest words
_WORDY, _WIDER = 2.0, 1.3  # a table whose texts are so much wider than the smaller room is made so much wider
_SMALLEST = 0.72  # scale of the font
_MOSTLY = 0.6  # the part of a column's cells that are numbers where it is set to the right


@dataclass(frozen=True, slots=True)
class Columns:
    """``edges`` are the left edges of the columns and the right edge of the last, in pixels from the table's left.

    ``padding`` is between an edge and the text. Columns in ``numbers`` are set to the right. ``scale`` is that of the
    font, smaller than 1 where the words have no room else.
    """

    edges: tuple[float, ...]
    padding: float
    numbers: frozenset[int]
    scale: float = 1.0

    @property
    def width(self) -> float:
        """The width of the table."""
        return self.edges[-1]

    def box(self, cell: Cell) -> tuple[float, float]:
        """The left and right edge of ``cell``."""
        last = len(self.edges) - 1
        return self.edges[min(cell.column, last - 1)], self.edges[min(cell.column + cell.span, last)]


def columns_of(
    text: str, rows: Sequence[Row], room: tuple[float, float], metrics: dict[bool, QFontMetricsF]
) -> Columns:
    """The columns of a table; ``metrics[True]`` are for header cells, the others for all else.

    The first 200 rows count. A table whose texts fit into the smaller ``room``, in pixels, is as wide as they are. In
    another each column has at least room for its longest word, for which the table can grow to the larger ``room``, and
    the font shrink. What is left is shared out by how much the columns have to say.
    """
    count = max(cell.column + cell.span for row in rows for cell in row)
    cells: list[list[Cell]] = [[] for _ in range(count)]
    for row in rows[:_SAMPLE]:
        for cell in row:
            if cell.span == 1 and cell.end > cell.start:
                cells[cell.column].append(cell)
    padding = round(metrics[False].averageCharWidth())
    measures = [_measures(text, column, metrics) for column in cells]
    least = [word + 2 * padding + 1 for word, _ in measures]
    full = [line + 2 * padding + 1 for _, line in measures]
    width = room[0]
    if sum(least) > width or sum(full) > _WORDY * width:
        width = min(room[1], max(sum(least) * _EASE, _WIDER * width))
    scale = min(1.0, max(_SMALLEST, width / sum(least)))
    widths = _shared_out(width, [scale * low for low in least], [scale * high for high in full])
    numbers = frozenset(number for number, column in enumerate(cells) if _are_numbers(text, column))
    font_scale = scale * _HINTING if scale < 1 else 1.0
    return Columns((0.0, *accumulate(widths)), scale * padding, numbers, font_scale)


def _measures(text: str, cells: Sequence[Cell], metrics: dict[bool, QFontMetricsF]) -> tuple[float, float]:
    """The widths of the longest word and of the longest line of ``cells``."""
    room = metrics[False].averageCharWidth() * 2
    word, line = room, room
    for is_header, metric in metrics.items():
        texts = [
            text[cell.start : min(cell.end, cell.start + _MOST_MEASURED)]
            for cell in cells
            if cell.is_header is is_header
        ]
        word = max(word, _widest((word for shown in texts for word in shown.split()), metric))
        line = max(line, _widest((line for shown in texts for line in shown.splitlines()), metric))
    return word, line


def _widest(texts: Iterable[str], metrics: QFontMetricsF) -> float:
    return max((metrics.horizontalAdvance(text) for text in nlargest(_LONGEST, set(texts), key=len)), default=0.0)


def _shared_out(width: float, least: Sequence[float], full: Sequence[float]) -> list[float]:
    if sum(full) <= width:
        return list(full)
    most = width * 0.75  # else a very long text leaves the others no more than their longest words
    full = [max(low, min(high, most)) for low, high in zip(least, full, strict=True)]
    if sum(full) <= width:
        return [high * width / sum(full) for high in full]
    if sum(least) >= width:
        return [low * width / sum(least) for low in least]
    share = (width - sum(least)) / (sum(full) - sum(least))
    return [low + (high - low) * share for low, high in zip(least, full, strict=True)]


def _are_numbers(text: str, cells: Sequence[Cell]) -> bool:
    texts = [text[cell.start : min(cell.end, cell.start + 40)] for cell in cells if not cell.is_header]
    numbers = sum(1 for shown in texts if _NUMBER.fullmatch(shown))
    return bool(texts) and numbers >= _MOSTLY * len(texts)
