"""A column of pages that can be scrolled, zoomed and turned; draws nothing by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from qadesk.documents.page_looks import Look
from qadesk.structure.character_map import Run
from qadesk.ui.document.pages.page_geometry import GAP, PageGeometry
from qadesk.ui.document.pages.page_painter import Sight
from qadesk.ui.document.pages.page_process import PageProcess
from qadesk.ui.document.pages.page_store import PageItem, PageStore, WordsOfPage
from qadesk.ui.document.pages.page_zoom import Fit, PageZoom
from qadesk.ui.kit import theme

_AHEAD = 1  # pages before and after those on the screen that are drawn too


class PageColumn(QAbstractScrollArea):
    """Shows where the pages of ``process`` are. ``failed`` says, in a sentence, why there are none.

    ``pages_changed`` gives the sizes of the pages that are shown from now on, none where a file is closed.
    """

    failed = Signal(str)
    pages_changed = Signal(object)

    def __init__(self, process: PageProcess | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.process = process or PageProcess(self)
        self.store = PageStore(self.process, self)
        self.column = PageGeometry(())
        self.zoom = PageZoom()
        self.look: Look = "paper"
        self._old_scale = 0.0
        self._back: list[float] = []
        self._forward: list[float] = []
        self.process.failed.connect(self.failed)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.horizontalScrollBar().valueChanged.connect(self._on_scrolled)
        self.restyle()

    def set_pages(self, sizes: Sequence[tuple[float, float]], runs: Mapping[int, Sequence[Run]]) -> None:
        """Show pages of these ``sizes`` from the first on; ``runs`` as ``PageStore.begin`` takes them."""
        self.store.begin(sizes, runs)
        self.column = PageGeometry(sizes, turns=self.column.turns)
        self._back, self._forward = [], []
        self._set_zoom(keep=False)
        self.pages_changed.emit(sizes)

    # Zoom, turns, look

    def zoom_by(self, step: int) -> None:
        """Larger or smaller."""
        self.zoom.step(step)
        self._set_zoom()

    def fit(self, fit: Fit) -> None:
        """Fit the width or the whole page into the window from now on."""
        self.zoom.fit = fit
        self._set_zoom()

    def turn(self, by: int = 1) -> None:
        """Turn all pages by quarters, clockwise."""
        page = self.column.page_at(self._area().top()) if self.column.sizes else 0
        self.column = PageGeometry(self.column.sizes, self.column.zoom, (self.column.turns + by) % 4)
        self._set_zoom(keep=False)
        if self.column.sizes:
            self._scroll_to_page(page)

    def set_look(self, look: Look) -> None:
        """Show the pages as printed, dimmed or inverted."""
        if look != self.look:
            self.look = look
            self._want()
            self.viewport().update()

    def restyle(self) -> None:
        """Take the theme's colours."""
        palette = self.viewport().palette()
        palette.setColor(self.viewport().backgroundRole(), theme.colour("window"))
        self.viewport().setPalette(palette)
        self.viewport().setAutoFillBackground(True)
        self.viewport().update()

    def _set_zoom(self, *, keep: bool = True) -> None:
        """Lay the pages out anew; what is at the top stays there with ``keep``."""
        geometry, room = self.column, QSizeF(self.viewport().size())
        unit = self.logicalDpiX() / 72
        zoom = self.zoom.fitted(geometry.sizes, geometry.turns, room, unit) * unit
        share = self._share_above() if keep else 0.0
        if geometry.sizes and zoom != geometry.zoom:
            self._old_scale = geometry.zoom * self.devicePixelRatioF()
        self.column = PageGeometry(geometry.sizes, zoom, geometry.turns)
        self._set_bars()
        self._scroll_to_share(share)
        self._want()
        self.viewport().update()

    def _set_bars(self) -> None:
        size, room = self.column.size, self.viewport().size()
        for bar, whole, part in (
            (self.verticalScrollBar(), size.height(), room.height()),
            (self.horizontalScrollBar(), size.width(), room.width()),
        ):
            bar.setRange(0, max(0, round(whole) - part))
            bar.setPageStep(part)
            bar.setSingleStep(max(20, part // 12))

    # Scrolling

    def _area(self) -> QRectF:
        """The part of the column that is on the screen."""
        room = self.viewport().rect()
        return QRectF(QPointF(0, 0) - self._origin(), QSizeF(room.size()))

    def _origin(self) -> QPointF:
        """Where the upper end and the middle of the column are in the viewport."""
        bar = self.horizontalScrollBar()
        x = self.viewport().width() / 2 + bar.maximum() / 2 - bar.value()
        return QPointF(round(x), -self.verticalScrollBar().value())

    def _visible_pages(self) -> range:
        area = self._area()
        return self.column.pages_between(area.top(), area.bottom())

    def _scroll_to(self, height: float) -> None:
        self.verticalScrollBar().setValue(round(height))

    def _scroll_to_page(self, page: int) -> None:
        self._scroll_to(self.column.rect(page).top() - GAP)

    def _scroll_across_to(self, rect: QRectF) -> None:
        area, bar = self._area(), self.horizontalScrollBar()
        if rect.left() < area.left() or rect.right() > area.right():
            bar.setValue(bar.value() + round(rect.center().x() - area.center().x()))

    def _on_scrolled(self) -> None:
        self._want()
        self.viewport().update()

    def _share_above(self) -> float:
        """How much of the column is above the viewport: it stays the same at another zoom."""
        return self.verticalScrollBar().value() / max(1.0, self.column.size.height())

    def _scroll_to_share(self, share: float) -> None:
        self._scroll_to(share * self.column.size.height())

    def _remember_place(self) -> None:
        self._back.append(self._share_above())
        self._forward.clear()

    def go_back(self) -> None:
        """Go to where the last jump began."""
        self._go(self._back, self._forward)

    def go_forward(self) -> None:
        """Undo ``go_back``."""
        self._go(self._forward, self._back)

    def _go(self, places: list[float], others: list[float]) -> None:
        if places:
            others.append(self._share_above())
            self._scroll_to_share(places.pop())

    # What is on the screen

    def _sight(self) -> Sight:
        scale = self.column.zoom * self.devicePixelRatioF()
        old_scale = self._old_scale or scale
        return Sight(self.column, self._visible_pages(), self._origin(), self._area(), scale, old_scale, self.look)

    def _want(self) -> None:
        """Ask for what is on the screen, then for what is beside it."""
        sight = self._sight()
        pages = sight.pages
        around = [*range(pages.stop, min(pages.stop + _AHEAD, len(self.column.sizes)))]
        around += [*range(max(0, pages.start - _AHEAD), pages.start)]
        turns = self.column.turns
        items: list[PageItem] = [self.store.small(page, turns, self.look) for page in pages]
        items += [WordsOfPage(page) for page in pages]
        items += [tile for page in pages for tile in sight.tiles(page, sight.scale)]
        items += [self.store.small(page, turns, self.look) for page in around]
        items += [WordsOfPage(page) for page in around]
        self.store.want(items)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl, change the size."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1 if event.angleDelta().y() > 0 else -1)
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the pages into the new room."""
        super().resizeEvent(event)
        self._set_zoom()
