"""The pages of a PDF, one below the other, as they are printed; an ``AnswerView``.

Everything outside is in offsets of the document's text. Pixels and places of characters come from ``PageStore``, some
time after they were wanted.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from qadesk.documents.page_looks import PageLink
from qadesk.records import Document
from qadesk.ui.document.answer_view import Spans
from qadesk.ui.document.highlights import Mark, marks_of
from qadesk.ui.document.pages.page_column import PageColumn
from qadesk.ui.document.pages.page_geometry import GAP
from qadesk.ui.document.pages.page_painter import paint_marks, paint_pages, paint_selection, rects_on_screen
from qadesk.ui.document.pages.page_process import PageProcess
from qadesk.ui.document.pages.page_selection import PageSelection

_SPOKEN = 4000  # characters of a page that a screen reader is given
_NO_PLACE = "These words cannot be marked on the page: show the text instead (F8)."


class PageView(PageColumn):
    """Shows the pages of one document. ``message_posted`` is a sentence about what cannot be marked."""

    answer_clicked = Signal(int)
    scrolled = Signal(int)
    selection_changed = Signal()
    zoomed = Signal(int)
    message_posted = Signal(str)

    def __init__(self, process: PageProcess | None = None, parent: QWidget | None = None) -> None:
        super().__init__(process, parent)
        self.setObjectName("pages")
        self.setAccessibleName("Pages")
        self.viewport().setMouseTracking(True)
        self.document = Document("", "")
        self.selection = PageSelection()
        self.is_exact = False
        self._had_selection = False
        self._answers: list[Mark] = []
        self._matches: list[Mark] = []
        self._to_reveal: tuple[int, int] | None = None
        self._first_offset = 0  # what is at the top when the pages are there
        self._first_page: int | None = None  # which page then, where that was asked for
        self.process.opened.connect(self._show_pages)
        self.store.arrived.connect(self._on_arrival)
        self._speech = QTimer(self)
        self._speech.setSingleShot(True)
        self._speech.setInterval(300)
        self._speech.timeout.connect(self._describe)

    def show_document(self, document: Document, password: str | None = None) -> None:
        """Show the pages of ``document``, a PDF, from the first."""
        self.document = document
        self.selection.begin(document.text)
        self._had_selection = False
        self._answers, self._matches, self._to_reveal = [], [], None
        self._first_offset, self._first_page = 0, None
        self.set_pages((), {})
        self.process.open(document, password)

    def close_document(self) -> None:
        """Show nothing, and end the process that draws."""
        self.process.close_file()
        self.document = Document("", "")
        self.set_pages((), {})

    def _show_pages(self, sizes: list[tuple[float, float]]) -> None:
        if len(sizes) != len(self.document.pages):
            self.process.close_file()
            self.failed.emit("The file has changed since it was read: load it again (F5).")
            return
        from qadesk.documents.text_on_page import PageRuns

        self.set_pages(sizes, PageRuns(self.document.characters))
        if self._first_page is None:
            self.show_at_top(self._first_offset)
        else:
            self._scroll_to_page(self._first_page)
        if self._to_reveal:
            self.reveal(*self._to_reveal)
        self._speech.start()

    def _on_scrolled(self) -> None:
        super()._on_scrolled()
        self.scrolled.emit(self.top_offset())
        self._speech.start()

    # Answers and matches: see ``AnswerView``

    def mark_answers(self, answers: Sequence[Spans], current: int, *, doubtful: bool) -> None:
        """Mark the spans of ranked answers; those of the one at ``current`` strongly, all dashed where doubtful."""
        self._answers = marks_of(answers, current, doubtful=doubtful)
        self.viewport().update()

    def mark_matches(self, spans: Spans, current: int) -> None:
        """Mark matches; the one at ``current`` strongly."""
        self._matches = [Mark(start, end, strong=index == current) for index, (start, end) in enumerate(spans)]
        self.viewport().update()

    def reveal(self, start: int, end: int) -> None:
        """Scroll so that ``start:end`` is well inside the view, as soon as its place is known."""
        self._to_reveal = (start, end)
        page = self._page_of(start)
        if page is None or not self.column.sizes:
            return
        boxes = self.store.boxes(page)
        if boxes is None:
            if page not in self._visible_pages():
                self._remember_place()
                self._scroll_to_page(page)
            self._want()
            return
        self._to_reveal = None
        rects = [self.column.to_column(page, rect) for rect in boxes.rects(start, end)]
        if not rects:
            self.message_posted.emit(_NO_PLACE)
            return
        if not self._area().adjusted(0, 40, 0, -40).contains(rects[0]):
            self._remember_place()
            self._scroll_to(rects[0].top() - self.viewport().height() / 3)
            self._scroll_across_to(rects[0])

    def is_in_view(self, start: int, end: int) -> bool:
        """Whether a part of ``start:end`` is on the screen."""
        area = QRectF(self.viewport().rect())
        return any(rect.intersects(area) for rect in rects_on_screen(self._sight(), self.store, start, end))

    def selected(self) -> tuple[int, int] | None:
        """The selected span of the document; None if nothing is selected."""
        return self.selection.span

    def text_of(self, start: int, end: int) -> str:
        """The text of the document from ``start`` to ``end``."""
        return self.document.text[start:end]

    def top_offset(self) -> int:
        """The offset of the first character on the screen, or of its page."""
        if not self.column.sizes:
            return self._first_offset
        page = self.column.page_at(self._area().top())
        boxes = self.store.boxes(page)
        place = self.column.rect(page)
        top = QPointF(place.left(), max(place.top(), self._area().top()))
        offset = boxes.offset_at(self.column.to_page(page, top)) if boxes else None
        return self._start_of(page) if offset is None else offset

    def show_at_top(self, offset: int) -> None:
        """Scroll so that the page with ``offset`` is at the top, or its line where that is known."""
        self._first_offset = offset
        page = self._page_of(offset)
        if page is None or not self.column.sizes:
            return
        boxes = self.store.boxes(page)
        rects = boxes.rects(offset, offset + 1) if boxes and offset > self._start_of(page) else []
        if rects:
            self._scroll_to(self.column.to_column(page, rects[0]).top())
        else:
            self._scroll_to_page(page)

    def answer_rects(self, index: int) -> list[QRectF]:
        """The rectangles of the answer at ``index`` in the viewport."""
        marks = [mark for mark in self._answers if mark.number == index + 1]
        return [rect for mark in marks for rect in rects_on_screen(self._sight(), self.store, mark.start, mark.end)]

    def page_in_view(self) -> int:
        """The index of the page at the top."""
        if not self.column.sizes:
            return self._first_page if self._first_page is not None else self._page_of(self._first_offset) or 0
        return self.column.page_at(self._area().top())

    def go_to_page(self, page: int) -> None:
        """Go to the page with this index, which may have no text; ``go_back`` leads back."""
        if self.column.sizes:
            self._remember_place()
            self._scroll_to_page(page)
        else:
            self._first_page = page

    def go_to(self, offset: int) -> None:
        """Go to a heading; ``go_back`` leads back."""
        self._remember_place()
        self.show_at_top(offset)

    def copy(self) -> None:
        """Copy the selected text."""
        span = self.selected()
        if span:
            QGuiApplication.clipboard().setText(self.text_of(*span))

    def _page_of(self, offset: int) -> int | None:
        page = self.document.page_at(offset)
        return page.number - 1 if page else None

    def _start_of(self, page: int) -> int:
        return self.document.pages[page].start if page < len(self.document.pages) else 0

    # Painting

    def _on_arrival(self, page: int) -> None:
        if self._to_reveal and self._page_of(self._to_reveal[0]) == page:
            self.reveal(*self._to_reveal)
        self.viewport().update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the pages, then the selection and the marks over them."""
        sight = self._sight()
        with QPainter(self.viewport()) as painter:
            paint_pages(painter, sight, self.store)
            marks = self._marks_on(sight.pages)
            paint_marks(painter, sight, self.store, marks, self.font())
            if span := self.selection.span:
                paint_selection(painter, sight, self.store, *span)

    def _marks_on(self, pages: range) -> list[Mark]:
        """The marks of which a part may be on ``pages``."""
        if not pages or not self.document.pages:
            return []
        ends = [run for page in pages for run in self.store.span_of(page)]
        if not ends:
            return []
        low, high = min(ends), max(ends)
        return [mark for mark in (*self._matches, *self._answers) if mark.start < high and mark.end > low]

    # Mouse and keys

    def _on_page(self, point: QPointF) -> tuple[int, QPointF]:
        """The page at ``point`` of the viewport, or the nearest one, and the point on it. There must be pages."""
        place = point - self._origin()
        page = self.column.page_at(place.y())
        return page, self.column.to_page(page, place)

    def _offset_at(self, point: QPointF) -> int | None:
        if not self.column.sizes:
            return None
        page, at = self._on_page(point)
        boxes = self.store.boxes(page)
        return boxes.offset_at(at) if boxes else None

    def _link_at(self, point: QPointF) -> PageLink | None:
        if not self.column.sizes:
            return None
        page, at = self._on_page(point)
        links = self.store.links(page)
        return next((link for link in links if link.contains(at.x(), at.y())), None)

    def _answer_at(self, point: QPointF) -> int | None:
        sight = self._sight()
        for mark in self._marks_on(sight.pages):
            rects = rects_on_screen(sight, self.store, mark.start, mark.end) if mark.number else []
            if any(rect.adjusted(-4, -4, 4, 4).contains(point) for rect in rects):
                return mark.number - 1
        return None

    def _show_selection(self) -> None:
        self.viewport().update()
        has_selection = self.selection.span is not None
        if has_selection != self._had_selection:
            self._had_selection = has_selection
            self.selection_changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a selection; with Shift, extend it."""
        offset = self._offset_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or offset is None:
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self.selection.anchor is not None:
            self.selection.move(offset)
        else:
            self.selection.press(offset)
        self._show_selection()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select a word."""
        offset = self._offset_at(event.position())
        if offset is not None:
            self.selection.press_word(offset)
            self._show_selection()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Extend the selection, or show by the pointer what can be clicked."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            offset = self._offset_at(event.position())
            if offset is not None:
                self.selection.move(offset)
                self._show_selection()
            return
        can_click = self._answer_at(event.position()) is not None or self._link_at(event.position()) is not None
        shape = Qt.CursorShape.PointingHandCursor if can_click else Qt.CursorShape.IBeamCursor
        self.viewport().setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the selection; without one it is a click, which may be on an answer or a link."""
        self.is_exact = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.button() != Qt.MouseButton.LeftButton or self.selection.span is not None:
            return
        index, link = self._answer_at(event.position()), self._link_at(event.position())
        if index is not None:
            self.answer_clicked.emit(index)
        elif link is not None:
            self._remember_place()
            place = self.column.to_column(link.page, QRectF(0, link.target_top, 1, 1))
            self._scroll_to(place.top() - GAP)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll by keys; with Shift, select."""
        bar, key = self.verticalScrollBar(), Qt.Key(event.key())
        is_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if key in steps and is_shift:
            by_words = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self.selection.extend(self.top_offset(), steps[key], words=by_words)
            self._show_selection()
        elif key in steps and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            (self.go_back if key == Qt.Key.Key_Left else self.go_forward)()
        elif key == Qt.Key.Key_Home:
            bar.setValue(0)
        elif key == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        elif key == Qt.Key.Key_Space:
            bar.setValue(bar.value() + (-1 if is_shift else 1) * bar.pageStep())
        else:
            super().keyPressEvent(event)

    # For a screen reader

    def _describe(self) -> None:
        if not self.document.pages or not self.column.sizes:
            return
        page = self.document.pages[min(self.column.page_at(self._area().top()), len(self.document.pages) - 1)]
        self.setAccessibleName(f"Pages, {page.name}")
        self.setAccessibleDescription(self.document.text[page.start : page.end][:_SPOKEN])
