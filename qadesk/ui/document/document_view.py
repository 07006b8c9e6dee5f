"""The text of a document with its structure, and with answers and matches marked in it.

The interface is in offsets of the document; positions of the widget stay in here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from qadesk.records import Document, Page
from qadesk.structure import Block
from qadesk.ui.document.answer_view import Spans
from qadesk.ui.document.block_edit import BlockEdit
from qadesk.ui.document.blocks.grounds import ShownParagraph, paint_grounds
from qadesk.ui.document.blocks.styles import BlockFonts
from qadesk.ui.document.highlights import Mark, TextLine, marks_of, paint_mark, rects_of
from qadesk.ui.document.mark_numbers import paint_numbers
from qadesk.ui.document.text_contents import TextContents, contents_at_once
from qadesk.ui.document.textmap import TextMap
from qadesk.ui.kit import theme
from qadesk.ui.kit.widgets import font

_FONT_SCALE = 1.15
_SIDE = 44  # pixels beside the text, at least: room for the numbers
_NARROWEST = 100  # pixels: the column in a window of no width


class DocumentView(BlockEdit):
    """Shows one text; an ``AnswerView``. Of a long one a part can be shown until ``show_whole``."""

    answer_clicked = Signal(int)
    scrolled = Signal(int)
    selection_changed = Signal()
    zoomed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("document")
        self.setAccessibleName("Document")
        self._text = ""
        self._map = TextMap("")
        self._part = (0, 0)  # what is shown of the text
        self._wanted: Callable[[], None] | None = None  # scrolls to what is not in it
        self._answers: list[Mark] = []
        self._matches: list[Mark] = []
        self._line_length = 76
        self.is_exact = False  # Alt was held at the selection: it does not snap to words
        self._top = 0  # offset
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.copyAvailable.connect(self.selection_changed)
        self.restyle()

    # Text and marks

    def show_document(self, document: Document, contents: TextContents | None = None) -> None:
        """Show ``document`` from its beginning, without marks; ``contents`` are its own, where they were made ahead."""
        self._show(contents or contents_at_once(document.text, document.blocks, document.pages))

    def show_text(self, text: str, blocks: Sequence[Block] = (), pages: Sequence[Page] = ()) -> None:
        """Show ``text`` with its structure from its beginning, without marks."""
        self._show(contents_at_once(text, blocks, pages))

    def show_whole(self, contents: TextContents) -> None:
        """Show the whole text where a part of it was shown: its marks, selection and place on the screen stay."""
        top, wanted, cursor = self._top, self._wanted, self.textCursor()
        anchor, caret = self._map.offset(cursor.anchor()), self._map.offset(cursor.position())
        answers, matches = self._answers, self._matches
        self._show(contents)
        self._answers, self._matches = answers, matches
        self._keep_top(top)
        cursor = self.textCursor()
        cursor.setPosition(self._map.position(anchor))
        cursor.setPosition(self._map.position(caret), cursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        if wanted:
            wanted()

    def _show(self, contents: TextContents) -> None:
        self.verticalScrollBar().setValue(0)
        self._text = contents.text
        self._map = contents.map
        self._part, self._wanted = (contents.start, contents.end), None
        self._answers, self._matches = [], []
        self.set_contents(contents, self._column())
        self._top = contents.start

    def _must_wait(self, offset: int, scroll: Callable[[], None]) -> bool:
        """Whether ``offset`` is not in the part that is shown: ``scroll`` goes there as soon as the whole text is."""
        start, end = self._part
        is_shown = start <= min(max(0, offset), len(self._text)) <= end
        self._wanted = None if is_shown else scroll
        return not is_shown

    def mark_answers(self, answers: Sequence[Spans], current: int, *, doubtful: bool) -> None:
        """Mark the spans of ranked answers; those of the one at ``current`` strongly, all dashed where doubtful."""
        self._answers = marks_of(answers, current, doubtful=doubtful)
        self.viewport().update()

    def mark_matches(self, spans: Spans, current: int) -> None:
        """Mark matches; the one at ``current`` strongly."""
        self._matches = [Mark(start, end, strong=index == current) for index, (start, end) in enumerate(spans)]
        self.viewport().update()

    def reveal(self, start: int, end: int) -> None:
        """Scroll so that ``start:end`` is well inside the view, and put the caret at its beginning."""
        if self._must_wait(start, partial(self.reveal, start, end)):
            return
        first, last = self._map.position(start), self._map.position(end)
        rects = rects_of(self._visible_lines(), first, last, self._joined_gap())
        height = self.viewport().height()
        if not rects or rects[0].top() < height * 0.1 or rects[-1].bottom() > height * 0.9:
            self.scroll_to(first, height / 2)
        cursor = self.textCursor()  # after that, as Qt would scroll to it and lay out what is shown on the way
        cursor.setPosition(first)
        self.setTextCursor(cursor)

    def is_in_view(self, start: int, end: int) -> bool:
        """Whether a part of ``start:end`` is on the screen."""
        place = self._map.position
        rects = rects_of(self._visible_lines(), place(start), place(end), self._joined_gap())
        return any(rect.intersects(QRectF(self.viewport().rect())) for rect in rects)

    def selected(self) -> tuple[int, int] | None:
        """The selected span of the document; None if nothing is selected."""
        cursor = self.textCursor()
        if not cursor.hasSelection():
            return None
        return self._map.offset(cursor.selectionStart()), self._map.offset(cursor.selectionEnd())

    def text_of(self, start: int, end: int) -> str:
        """The text of the document from ``start`` to ``end``."""
        return self._text[start:end]

    def _on_scrolled(self) -> None:
        self._top = self.top_offset()
        self.scrolled.emit(self._top)

    def top_offset(self) -> int:
        """The offset of the first character on the screen."""
        return self._map.offset(self.cursorForPosition(self.viewport().rect().topLeft()).position())

    def answer_rects(self, index: int) -> list[QRectF]:
        """The rectangles of the answer at ``index`` in the viewport, one for each piece of a line on the screen."""
        return self._rects_of(self._answers[index], self._visible_lines())

    # Layout

    def set_line_length(self, characters: int) -> None:
        """Make lines at most about ``characters`` long, and keep the scroll position."""
        top = self._top
        self._line_length = characters
        self._set_column()
        self._keep_top(top)

    def restyle(self) -> None:
        """Apply the theme's colours and text size, and keep the scroll position."""
        top = self.top_offset()
        large = font(_FONT_SCALE * theme.text_scale())
        self.setFont(large)
        self._layout.restyle(BlockFonts(large))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Highlight, theme.colour("selection"))
        palette.setColor(QPalette.ColorRole.HighlightedText, theme.colour("ink"))
        self.setPalette(palette)
        self._set_column()
        self._keep_top(top)

    def _set_column(self) -> None:
        self._layout.set_column(*self._column())

    def _column(self) -> tuple[float, float]:
        column = QFontMetricsF(self.font()).averageCharWidth() * self._line_length
        room = self.contentsRect().width() - self.verticalScrollBar().sizeHint().width()
        side = max(_SIDE, round((room - column) / 2))
        return side, max(_NARROWEST, room - 2 * side)

    def _keep_top(self, offset: int) -> None:
        self.scroll_to(self._map.position(offset))
        self._top = offset  # not the start of its line: each resize would move it up

    def show_at_top(self, offset: int) -> None:
        """Scroll so that the line with ``offset`` is the first."""
        if not self._must_wait(offset, partial(self.show_at_top, offset)):
            self.scroll_to(self._map.position(offset))

    def go_to(self, offset: int) -> None:
        """Scroll so that the line with ``offset`` is the first, and put the caret there."""
        if self._must_wait(offset, partial(self.go_to, offset)):
            return
        cursor = self.textCursor()
        cursor.setPosition(self._map.position(offset))
        self.setTextCursor(cursor)
        self.show_at_top(offset)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the column in the middle, and the first offset: Qt keeps the number of the line, which changes."""
        top = self._top
        self._set_column()
        super().resizeEvent(event)
        self._keep_top(top)

    # Painting

    def _visible_lines(self) -> list[TextLine]:
        return self.lines_in(self.shown_paragraphs())

    def _rects_of(self, mark: Mark, lines: Sequence[TextLine]) -> list[QRectF]:
        return rects_of(lines, self._map.position(mark.start), self._map.position(mark.end), self._joined_gap())

    def _joined_gap(self) -> float:
        """Rectangles of a mark that are less pixels apart are joined."""
        return self.fontMetrics().height() * 0.6

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint grounds and marks, the text above them, and the numbers of the marks on top."""
        shown = self.shown_paragraphs()
        around = QRectF(event.rect()).adjusted(0, -self._layout.fonts.pitch, 0, self._layout.fonts.pitch)
        shown = [item for item in shown if item.origin.y() <= around.bottom() and item.bottom >= around.top()]
        marks = self._marks_on(shown)
        lines = self.lines_in(shown) if marks else []
        rects_by_mark = [(mark, self._rects_of(mark, lines)) for mark in marks]
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_grounds(painter, self._layout, shown)
            for mark, rects in rects_by_mark:
                paint_mark(painter, mark, rects)
            self.paint_text(painter, shown, QRectF(event.rect()))
            paint_numbers(painter, self._numbered(rects_by_mark, lines), self.font())

    def _numbered(
        self, rects_by_mark: Sequence[tuple[Mark, list[QRectF]]], lines: Sequence[TextLine]
    ) -> list[tuple[Mark, QRectF]]:
        """The marks of answers that begin on ``lines``, each with the rectangle of its first character."""
        numbered = []
        for mark, rects in rects_by_mark:
            start = self._map.position(mark.start)
            if mark.number and rects and start >= lines[0].start:
                numbered.append((mark, (rects_of(lines, start, start + 1, 0) or rects)[0]))
        return numbered

    def _marks_on(self, shown: Sequence[ShownParagraph]) -> list[Mark]:
        """The marks on the paragraphs that are ``shown``, the strong ones last."""
        if not shown:
            return []
        start = self._map.offset(shown[0].paragraph.position())
        end = self._map.offset(shown[-1].paragraph.position() + shown[-1].paragraph.length())
        marks = [mark for mark in (*self._matches, *self._answers) if mark.start <= end and mark.end >= start]
        return sorted(marks, key=lambda mark: mark.strong)

    # Mouse and keys

    def _answer_at(self, point: QPointF) -> int | None:
        lines = self._visible_lines() if self._answers else []
        for mark in self._answers:
            rects = self._rects_of(mark, lines)
            if any(rect.adjusted(-4, -4, 4, 4).contains(point) for rect in rects):
                return mark.number - 1
        return None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Extend the selection, or show by the pointer that an answer can be clicked."""
        if event.buttons() == Qt.MouseButton.NoButton:
            is_over = self._answer_at(event.position()) is not None
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if is_over else Qt.CursorShape.IBeamCursor)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the selection; without one it is a click, which may be on an answer."""
        super().mouseReleaseEvent(event)
        self.is_exact = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            index = self._answer_at(event.position())
            if index is not None:
                self.answer_clicked.emit(index)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl, change the text size."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoomed.emit(1 if event.angleDelta().y() > 0 else -1)
        else:
            super().wheelEvent(event)

    def event(self, event: QEvent) -> bool:
        """Leave undo, redo and Ctrl+C to the window, which copies the answer where nothing is selected."""
        if event.type() == QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            keys = QKeySequence.StandardKey
            if any(event.matches(key) for key in (keys.Copy, keys.Undo, keys.Redo)):
                event.ignore()
                return False
        return super().event(event)

    def createMimeDataFromSelection(self) -> QMimeData:
        """The selected text as it is in the document, not as it is shown."""
        data = QMimeData()
        span = self.selected()
        if span:
            data.setText(self.text_of(*span))
        return data
