"""Small pictures of all pages, to go to one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from qadesk.ui.document.pages.page_column import PageColumn
from qadesk.ui.document.pages.page_geometry import GAP
from qadesk.ui.document.pages.page_painter import paint_pages
from qadesk.ui.document.pages.page_view import PageView
from qadesk.ui.kit import theme

WIDTH = 150
"""Pixels that it has at first."""


class PageStrip(PageColumn):
    """The pages of ``view``, the one that it shows with a frame. ``page_chosen`` gives the number of a page, from 0."""

    page_chosen = Signal(int)

    def __init__(self, view: PageView, parent: QWidget | None = None) -> None:
        super().__init__(view.process, parent)
        self.setObjectName("pageStrip")
        self.setAccessibleName("Small pages")
        self.setMinimumWidth(WIDTH // 2)
        self._view = view
        self.current = 0
        view.pages_changed.connect(lambda sizes: self.set_pages(sizes, {}))
        view.scrolled.connect(self._follow)
        self.store.arrived.connect(lambda _page: self.viewport().update())

    def _follow(self, offset: int) -> None:
        page = self._view.document.page_at(offset)
        if page is None or not self.column.sizes or page.number - 1 == self.current:
            return
        self.current = min(page.number, len(self.column.sizes)) - 1
        self.setAccessibleDescription(page.name)
        place = self.column.rect(self.current)
        if not self._area().contains(place):
            self._scroll_to(place.center().y() - self.viewport().height() / 2)
        self.viewport().update()

    def _want(self) -> None:
        """Ask for the pages that are on the screen, whole."""
        turns = self.column.turns
        self.store.want([self.store.small(page, turns, self.look) for page in self._visible_pages()])

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the pages with their labels."""
        sight = self._sight()
        with QPainter(self.viewport()) as painter:
            paint_pages(painter, sight, self.store)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for page in sight.pages:
                place = self.column.rect(page).translated(sight.origin)
                is_current = page == self.current
                painter.setPen(QPen(theme.colour("accent" if is_current else "line"), 3 if is_current else 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(place)
                self._paint_label(painter, page, place)

    def _paint_label(self, painter: QPainter, page: int, place: QRectF) -> None:
        pages = self._view.document.pages
        label = pages[page].label if page < len(pages) else str(page + 1)
        metrics = painter.fontMetrics()
        width = metrics.horizontalAdvance(label) + metrics.height() * 0.6
        box = QRectF(place.right() - width, place.bottom() - metrics.height(), width, metrics.height())
        painter.fillRect(box, QColor(theme.colour("raised")))
        painter.setPen(theme.colour("ink"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, label)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the page that was clicked."""
        if self.column.sizes and event.button() == Qt.MouseButton.LeftButton:
            self.page_chosen.emit(self.column.page_at(event.position().y() - self._origin().y() - GAP))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the page above or below."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        elif 0 <= self.current + step < len(self.column.sizes):
            self.page_chosen.emit(self.current + step)
