"""Where the pages of a document are in a column of pages, one below the other, at a zoom and in a turn.

Points on a page are those of ``documents.pdf.page_drawing``. The column is in logical pixels; its middle is at x = 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF

GAP = 12.0
"""Pixels between two pages, and around the column."""


@dataclass(frozen=True, slots=True, eq=False)
class PageGeometry:
    """``sizes`` are widths and heights in points; ``zoom`` is pixels a point; ``turns`` quarters clockwise."""

    sizes: Sequence[tuple[float, float]]
    zoom: float = 1.0
    turns: int = 0
    _widths: NDArray[np.float64] = field(init=False)
    _heights: NDArray[np.float64] = field(init=False)
    _tops: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        sides = np.array(self.sizes, np.float64).reshape(-1, 2)
        widths, heights = (sides[:, [1, 0]] if self.turns % 2 else sides).T * self.zoom
        tops = GAP + np.concatenate(([0.0], np.cumsum(heights + GAP)))
        for name, value in (("_widths", widths), ("_heights", heights), ("_tops", tops)):
            object.__setattr__(self, name, value)

    @property
    def size(self) -> QSizeF:
        """Of the whole column."""
        width = float(self._widths.max(initial=0)) + 2 * GAP
        return QSizeF(width, float(self._tops[-1]) if len(self.sizes) else 0.0)

    def rect(self, page: int) -> QRectF:
        """Where ``page`` is, the column's middle at x = 0."""
        width = float(self._widths[page])
        return QRectF(-width / 2, float(self._tops[page]), width, float(self._heights[page]))

    def pages_between(self, top: float, bottom: float) -> range:
        """The pages of which a part is between two heights."""
        if not len(self.sizes):
            return range(0)
        ends = self._tops[:-1] + self._heights
        first = int(np.searchsorted(ends, top, "right"))
        last = int(np.searchsorted(self._tops[:-1], bottom, "left"))
        return range(min(first, len(self.sizes)), max(first, last))

    def page_at(self, height: float) -> int:
        """The page at ``height``; the nearest one where there is none."""
        index = int(np.searchsorted(self._tops[:-1], height + GAP + 1, "right")) - 1
        return min(max(0, index), len(self.sizes) - 1)

    def to_column(self, page: int, rect: QRectF) -> QRectF:
        """A rectangle on ``page``, in points, as one of the column."""
        corners = [self._point(page, rect.topLeft()), self._point(page, rect.bottomRight())]
        return QRectF(corners[0], corners[1]).normalized()

    def _point(self, page: int, point: QPointF) -> QPointF:
        width, height = self.sizes[page]
        x, y = point.x(), point.y()
        for _ in range(self.turns % 4):
            x, y, width, height = height - y, x, height, width
        place = self.rect(page)
        return QPointF(place.left() + x * self.zoom, place.top() + y * self.zoom)

    def to_page(self, page: int, point: QPointF) -> QPointF:
        """A point of the column in points of ``page``, which may be beside it."""
        place = self.rect(page)
        x, y = (point.x() - place.left()) / self.zoom, (point.y() - place.top()) / self.zoom
        width, height = self.sizes[page]
        if self.turns % 2:
            width, height = height, width
        for _ in range(-self.turns % 4):  # on to a whole turn
            x, y, width, height = height - y, x, height, width
        return QPointF(x, y)
