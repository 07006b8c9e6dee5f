"""Paints the pages that are on the screen: their pixels as far as they are there, the selection, and marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QPainter

from qadesk.documents.page_looks import Look
from qadesk.ui.document.highlights import SOURCE_OVER, Mark, paint_mark
from qadesk.ui.document.mark_numbers import paint_numbers
from qadesk.ui.document.pages.page_geometry import PageGeometry
from qadesk.ui.document.pages.page_store import TILE, PageStore, Tile
from qadesk.ui.kit import theme

_GROUNDS = {"paper": "#ffffff", "dim": "#bfbfbf", "invert": "#000000"}


@dataclass(frozen=True, slots=True)
class Sight:
    """What is seen: the ``pages``, whose column begins at ``origin`` of the viewport (its x is the column's middle).

    ``scale`` is pixels of the screen a point; ``old_scale`` the one before, whose tiles are shown until there are new
    ones. ``area`` is the part of the column on the screen.
    """

    geometry: PageGeometry
    pages: range
    origin: QPointF
    area: QRectF
    scale: float
    old_scale: float
    look: Look

    def place(self, page: int) -> QRectF:
        """Where ``page`` is in the viewport, its corner on a pixel of the screen: between two, tiles would blur."""
        place = self.geometry.rect(page).translated(self.origin)
        ratio = self.scale / self.geometry.zoom
        place.moveTo(round(place.left() * ratio) / ratio, round(place.top() * ratio) / ratio)
        return place

    def tiles(self, page: int, scale: float) -> list[Tile]:
        """The tiles of ``page`` at ``scale`` that are in the area."""
        place = self.geometry.rect(page)
        seen = place.intersected(self.area)
        if seen.isEmpty():
            return []
        side = TILE * self.geometry.zoom / scale  # of a tile in the column
        columns = range(int((seen.left() - place.left()) / side), int((seen.right() - place.left() - 0.01) / side) + 1)
        rows = range(int((seen.top() - place.top()) / side), int((seen.bottom() - place.top() - 0.01) / side) + 1)
        return [Tile(page, scale, self.geometry.turns, self.look, column, row) for row in rows for column in columns]


def paint_pages(painter: QPainter, sight: Sight, store: PageStore) -> None:
    """Paint the pixels of the pages: sharp where they are there, else the whole page enlarged, else empty paper."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for page in sight.pages:
        place = sight.place(page)
        painter.fillRect(place, QColor(_GROUNDS[sight.look]))
        sharp = sight.tiles(page, sight.scale)
        if any(store.image(tile) is None for tile in sharp):
            small = store.image(store.small(page, sight.geometry.turns, sight.look))
            if small is not None:
                painter.drawImage(place, small)
            if sight.old_scale != sight.scale:
                _paint_tiles(painter, sight, store, sight.tiles(page, sight.old_scale))
        _paint_tiles(painter, sight, store, sharp)


def _paint_tiles(painter: QPainter, sight: Sight, store: PageStore, tiles: Iterable[Tile]) -> None:
    for tile in tiles:
        image = store.image(tile)
        if image is None:
            continue
        place = sight.place(tile.page)
        factor = sight.geometry.zoom / tile.scale
        rect = store.rect_of(tile)
        corner = place.topLeft() + QPointF(rect.left() * factor, rect.top() * factor)
        painter.drawImage(QRectF(corner.x(), corner.y(), rect.width() * factor, rect.height() * factor), image)


def paint_marks(painter: QPainter, sight: Sight, store: PageStore, marks: Sequence[Mark], font: QFont) -> None:
    """Paint ``marks``, spans of the document's text, over the words; strong ones last."""
    colours, mode = _ink(sight.look)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    numbered: list[tuple[Mark, QRectF]] = []
    for mark in sorted(marks, key=lambda mark: mark.strong):
        rects = rects_on_screen(sight, store, mark.start, mark.end)
        paint_mark(painter, mark, rects, colours, mode)
        if mark.number and rects:
            numbered.append((mark, rects[0]))
    paint_numbers(painter, numbered, font, colours)


def paint_selection(painter: QPainter, sight: Sight, store: PageStore, start: int, end: int) -> None:
    """Paint the selection ``start:end`` of the document's text over the words."""
    colours, mode = _ink(sight.look)
    painter.setCompositionMode(mode)
    for rect in rects_on_screen(sight, store, start, end):
        painter.fillRect(rect, QColor(colours.selection))
    painter.setCompositionMode(SOURCE_OVER)


def _ink(look: Look) -> tuple[theme.Theme, QPainter.CompositionMode]:
    """The colours that suit pages of this ``look``, and how they are painted so that the words show through."""
    modes = QPainter.CompositionMode
    if look == "invert":
        return theme.DARK, modes.CompositionMode_Screen
    return theme.LIGHT, modes.CompositionMode_Multiply


def rects_on_screen(sight: Sight, store: PageStore, start: int, end: int) -> list[QRectF]:
    """The rectangles in the viewport of ``start:end`` of the document's text, on the pages that are on the screen."""
    rects = []
    for page in sight.pages:
        boxes = store.boxes(page)
        for rect in boxes.rects(start, end) if boxes else ():
            rects.append(sight.geometry.to_column(page, rect).translated(sight.origin))
    return rects
