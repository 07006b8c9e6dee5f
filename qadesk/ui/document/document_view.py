"""The text of a document with its structure, and with answers and matches marked in it.

The interface is in offsets of the document; positions of the widget stay in here.
"""

from __future__ import annotations

from collections.abc import Sequence

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
from qadesk.ui.document.highlights import Mark, TextLine, marks_of, paint_badge, paint_mark, rects_of
from qadesk.ui.document.text_contents import TextContents
from qadesk.ui.document.textmap import TextMap
from qadesk.ui.kit import theme
from qadesk.ui.kit.widgets import font

_FONT_SCALE = 1.15
_SIDE = 44  # pixels beside the text, at least: room for the numbers
_NARROWEST = 100  # pixels: the column in a window of no width


class DocumentView(BlockEdit):
    """Shows one text; an ``AnswerView``."""

    answer_clicked = Signal(int)
    scrolled = Signal(int)
    zoomed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("document")
        self.setAccessibleName("Document")
        self._text = ""
        self._map = TextMap("")
        self._answers: list[Mark] = []
        self._matches: list[Mark] = []
        self._line_length = 76
        self.is_exact = False  # Alt was held at the selection: it does not snap to words
        self._top = 0  # offset
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.restyle()

    # Text and marks

    def show_document(self, document: Document, contents: TextContents | None = None) -> None:
        """Show ``document`` from its beginning, without marks; ``contents`` are its own, where they were made ahead."""
        self._show(contents or TextContents(document.text, document.blocks, document.pages))

    def show_text(self, text: str, blocks: Sequence[Block] = (), pages: Sequence[Page] = ()) -> None:
        """Show ``text`` with its structure from its beginning, without marks."""
        self._show(TextContents(text, blocks, pages))

    def _show(self, contents: TextContents) -> None:
        self.verticalScrollBar().setValue(0)
        self._text = contents.text
        self._map = contents.map
        self._answers, self._matches = [], []
        self.set_contents(contents)
        self._top = 0
        self._set_column()

    def mark_answers(self, answers: Sequence[Spans], current: int, *, doubtful: bool) -> None:
        """Mark the spans of ranked answers; those of the one at ``current`` strongly, all dashed where doubtful."""
        self._answers = marks_of(answers, current, doubtful=doubtful, place=self._map.position)
        self.viewport().update()

    def mark_matches(self, spans: Spans, current: int) -> None:
        """Mark matches; the one at ``current`` strongly."""
        self._matches = [
            Mark(self._map.position(start), self._map.position(end), strong=index == current)
            for index, (start, end) in enumerate(spans)
        ]
        self.viewport().update()

    def reveal(self, start: int, end: int) -> None:
        """Scroll so that ``start:end`` is well inside the view, and put the caret at its beginning."""
        first, last = self._map.position(start), self._map.position(end)
        rects = rects_of(self._visible_lines(), first, last, self._joined_gap())
        height = self.viewport().height()
        if not rects or rects[0].top() < height * 0.1 or rects[-1].bottom() > height * 0.9:
            self.scroll_to(first, height / 2)
        cursor = self.textCursor()  # after that, as Qt would scroll to it and lay out what is shown on the way
        cursor.setPosition(first)
        self.setTextCursor(cursor)

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
        mark = self._answers[index]
        return rects_of(self._visible_lines(), mark.start, mark.end, self._joined_gap())

    # Layout

    def set_line_length(self, characters: int) -> None:
        """Make lines at most about ``characters`` long, and keep the scroll position."""
        top = self._top
        self._line_length = characters
        self._set_column()
        self.show_at_top(top)
        self._top = top

    def restyle(self) -> None:
        """Apply the theme's colours and text size, and keep the scroll position."""
        top = self.top_offset()
        large = font(_FONT_SCALE)
        self.setFont(large)
        self._layout.restyle(BlockFonts(large))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Highlight, theme.colour("selection"))
        palette.setColor(QPalette.ColorRole.HighlightedText, theme.colour("ink"))
        self.setPalette(palette)
        self._set_column()
        self.show_at_top(top)
        self._top = top  # not the start of its line: each resize would move it up

    def _set_column(self) -> None:
        column = QFontMetricsF(self.font()).averageCharWidth() * self._line_length
        room = self.contentsRect().width() - self.verticalScrollBar().sizeHint().width()
        side = max(_SIDE, round((room - column) / 2))
        self._layout.set_column(side, max(_NARROWEST, room - 2 * side))

    def show_at_top(self, offset: int) -> None:
        """Scroll so that the line with ``offset`` is the first."""
        self.scroll_to(self._map.position(offset))

    def go_to(self, offset: int) -> None:
        """Scroll so that the line with ``offset`` is the first, and put the caret there."""
        cursor = self.textCursor()
        cursor.setPosition(self._map.position(offset))
        self.setTextCursor(cursor)
        self.show_at_top(offset)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the column in the middle, and the first offset: Qt keeps the number of the line, which changes."""
        top = self._top
        self._set_column()
        super().resizeEvent(event)
        self.show_at_top(top)
        self._top = top  # not the start of its line: each resize would move it up

    # Painting

    def _visible_lines(self) -> list[TextLine]:
        return self.lines_in(self.shown_paragraphs())

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
        rects_by_mark = [(mark, rects_of(lines, mark.start, mark.end, self._joined_gap())) for mark in marks]
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_grounds(painter, self._layout, shown)
            for mark, rects in rects_by_mark:
                paint_mark(painter, mark, rects)
            self.paint_text(painter, shown, QRectF(event.rect()))
            for mark, rects in rects_by_mark:
                if mark.number and rects and mark.start >= lines[0].start:
                    first = rects_of(lines, mark.start, mark.start + 1, 0) or rects
                    paint_badge(painter, mark, first[0], self.font())

    def _marks_on(self, shown: Sequence[ShownParagraph]) -> list[Mark]:
        """The marks on the paragraphs that are ``shown``, the strong ones last."""
        if not shown:
            return []
        start = shown[0].paragraph.position()
        end = shown[-1].paragraph.position() + shown[-1].paragraph.length()
        marks = [mark for mark in (*self._matches, *self._answers) if mark.start <= end and mark.end >= start]
        return sorted(marks, key=lambda mark: mark.strong)

    # Mouse and keys

    def _answer_at(self, point: QPointF) -> int | None:
        lines = self._visible_lines() if self._answers else []
        for mark in self._answers:
            rects = rects_of(lines, mark.start, mark.end, self._joined_gap())
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
