"""Where a page is put on paper, and the parts of it that are drawn one after the other."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF
from PySide6.QtGui import QTransform

PART_PIXELS = 1 << 20
"""Pixels of a part, as wide as the page: what the printer takes in a short time."""
_BETTER = 1.01  # times larger a page must come out to be turned


@dataclass(frozen=True, slots=True)
class PaperFit:
    """The page is ``scale`` dots a point, turned ``turns`` quarters clockwise (0 or 3), and fills ``place``, in dots.

    It is drawn in ``pixels`` a point, at most ``scale``.
    """

    size: tuple[float, float]
    turns: int
    scale: float
    pixels: float
    place: QRectF

    @property
    def dots(self) -> float:
        """Of a pixel."""
        return self.scale / self.pixels

    def parts(self) -> Iterator[QRect]:
        """The parts of the page in pixels, from its upper edge down."""
        sides = reversed(self.size) if self.turns % 2 else self.size
        width, height = (math.ceil(side * self.pixels) for side in sides)
        rows = max(1, PART_PIXELS // width)
        for top in range(0, height, rows):
            yield QRect(0, top, width, min(rows, height - top))

    def turn(self) -> QTransform:
        """From pixels of the page as it is to those of the page as it is turned."""
        if not self.turns:
            return QTransform()
        return QTransform.fromTranslate(0, self.size[0] * self.pixels).rotate(90 * self.turns)

    def on_paper(self, part: QRect) -> QRectF:
        """Where ``part`` is on the paper."""
        corner = self.place.topLeft() + QPointF(part.topLeft()) * self.dots
        return QRectF(corner, QSizeF(part.size()) * self.dots)


def fit_on_paper(size: tuple[float, float], room: QSizeF, resolution: float, most: float) -> PaperFit:
    """A page of ``size`` points in the middle of ``room`` dots of paper, ``resolution`` dots an inch.

    It is made smaller, never larger, and turned where it comes out larger that way. ``most`` are the pixels that are
    drawn of an inch of paper.
    """
    width, height = size
    full = resolution / 72
    upright = min(full, room.width() / width, room.height() / height)
    turned = min(full, room.width() / height, room.height() / width)
    turns = 3 if turned > upright * _BETTER else 0
    scale = turned if turns else upright
    if turns:
        width, height = height, width
    left, top = round((room.width() - width * scale) / 2), round((room.height() - height * scale) / 2)
    place = QRectF(left, top, width * scale, height * scale)
    return PaperFit(size, turns, scale, scale * min(1.0, most / resolution), place)
