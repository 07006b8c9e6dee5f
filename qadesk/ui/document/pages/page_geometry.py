"""Where the pages of a document are in a column of pages, one below the other, at a zoom and in a turn.

Points on a page are those of ``documents.pdf.page_drawing``. The column is in logical pixels; its middle is at x = 0.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF, QSizeF

GAP = 12.0
"""Pixels between two pages, and around the column."""


@dataclass(frozen=True, slots=True, eq=False)
class PageGeometry:
    """``sizes`` are widths and heights in points; ``zoom`` is pixels a point; ``turns`` quarters clockwise."""

    sizes: Sequence[tuple[float, float]]
    zoom: float = 1.0
    turns: int = 0
    _widths: list[float] = field(init=False)
    _heights: list[float] = field(init=False)
    _tops: list[float] = field(init=False)

    def __post_init__(self) -> None:
        sides = [(height, width) if self.turns % 2 else (width, height) for width, height in self.sizes]
        heights = [height * self.zoom for _, height in sides]
        object.__setattr__(self, "_widths", [width * self.zoom for width, _ in sides])
        object.__setattr__(self, "_heights", heights)
        object.__setattr__(self, "_tops", [*accumulate((height + GAP for height in heights), initial=GAP)])

    @property
    def size(self) -> QSizeF:
        """Of the whole column."""
        return QSizeF(max(self._widths, default=0.0) + 2 * GAP, self._tops[-1] if self.sizes else 0.0)

    def rect(self, page: int) -> QRectF:
        """Where ``page`` is, the column's middle at x = 0."""
        width = self._widths[page]
        return QRectF(-width / 2, self._tops[page], width, self._heights[page])

    def pages_between(self, top: float, bottom: float) -> range:
        """The pages of which a part is between two heights."""
        count = len(self.sizes)
        first = bisect_right(range(count), top, key=lambda page: self._tops[page] + self._heights[page])
        last = bisect_left(self._tops, bottom, hi=count)
        return range(first, max(first, last))

    def page_at(self, height: float) -> int:
        """The page at ``height``; the nearest one where there is none."""
        count = len(self.sizes)
        return min(max(0, bisect_right(self._tops, height + GAP + 1, hi=count) - 1), count - 1)

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
