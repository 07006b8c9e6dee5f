"""The text of a document, verbatim, with answers and matches marked in it.

The interface is in offsets of the document; positions of the widget stay in here.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFontInfo,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextDocument,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from qadesk.ui.document.answer_view import Spans
from qadesk.ui.document.highlights import Mark, TextLine, lines_of, paint_badge, paint_mark, rects_of
from qadesk.ui.document.spaced_layout import SpacedLayout
from qadesk.ui.document.textmap import TextMap, display_text
from qadesk.ui.kit import theme
from qadesk.ui.kit.widgets import font

_FONT_SCALE = 1.15
_PITCH = 1.75  # from line to line, in font sizes
_SIDE = 24  # pixels beside the text, at least
_MARGIN = 20  # inside the document, pixels: room for the numbers


class DocumentView(QPlainTextEdit):
    """Shows one text; an ``AnswerView``."""

    answer_clicked = Signal(int)
    scrolled = Signal(int)
    zoomed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("document")
        self.setAccessibleName("Document")
        self.setReadOnly(True)
        self.setAcceptDrops(False)  # the window opens dropped files
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # else the lines move when it appears
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.viewport().setMouseTracking(True)
        self._text = ""
        self._map = TextMap("")
        self._answers: list[Mark] = []
        self._matches: list[Mark] = []
        self._line_length = 76
        self.is_exact = False  # Alt was held at the selection: it does not snap to words
        self._new_document("")
        self._top = 0  # offset
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.restyle()

    # Text and marks

    def show_text(self, text: str) -> None:
        """Show ``text`` from its beginning, without marks."""
        self._text = text
        self._map = TextMap(text)
        self._answers, self._matches = [], []
        self._new_document(display_text(text))
        self._top = 0
        self._set_column()

    def _new_document(self, text: str) -> None:
        old = self.document() if self.document().parent() is self else None  # the first one is Qt's, which deletes it
        document = QTextDocument(self)  # quicker than emptying the old one
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(_MARGIN)
        document.setDefaultFont(self.font())
        document.setDocumentLayout(SpacedLayout(document, self._pitch()))
        document.setPlainText(text)
        self.setDocument(document)
        if old is not None:
            old.deleteLater()

    def _pitch(self) -> int:
        return round(_PITCH * QFontInfo(self.font()).pixelSize())

    def mark_answers(self, spans: Spans, current: int, *, doubtful: bool) -> None:
        """Mark ranked answers; the one at ``current`` strongly, all dashed where they are doubtful."""
        self._answers = [
            Mark(self._map.position(start), self._map.position(end), index + 1, index == current, doubtful)
            for index, (start, end) in enumerate(spans)
        ]
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
        cursor = self.textCursor()
        cursor.setPosition(first)
        self.setTextCursor(cursor)
        rects = rects_of(self._visible_lines(), first, last, self._joined_gap())
        height = self.viewport().height()
        if not rects or rects[0].top() < height * 0.1 or rects[-1].bottom() > height * 0.9:
            self.centerCursor()

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
        """Make lines at most about ``characters`` long."""
        self._line_length = characters
        self._set_column()

    def restyle(self) -> None:
        """Apply the theme's colours and text size, and keep the scroll position."""
        top = self.top_offset()
        large = font(_FONT_SCALE)
        self.setFont(large)
        layout = self.document().documentLayout()
        assert isinstance(layout, SpacedLayout)
        layout.pitch = self._pitch()
        self.document().setDefaultFont(large)  # lays it out anew
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Highlight, theme.colour("selection"))
        palette.setColor(QPalette.ColorRole.HighlightedText, theme.colour("ink"))
        self.setPalette(palette)
        self._set_column()
        self.show_at_top(top)
        self._top = top  # not the start of its line: each resize would move it up

    def _set_column(self) -> None:
        column = QFontMetricsF(self.font()).averageCharWidth() * self._line_length + 2 * _MARGIN
        room = self.contentsRect().width() - self.verticalScrollBar().sizeHint().width()
        side = max(_SIDE, round((room - column) / 2))
        if self.viewportMargins().left() != side:
            self.setViewportMargins(side, 0, side, 0)

    def show_at_top(self, offset: int) -> None:
        """Scroll so that the line with ``offset`` is the first."""
        position = self._map.position(offset)
        block = self.document().findBlock(position)
        self.blockBoundingRect(block)  # lays it out
        line = block.layout().lineForTextPosition(position - block.position())
        self.verticalScrollBar().setValue(block.firstLineNumber() + line.lineNumber())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the column in the middle, and the first offset: Qt keeps the number of the line, which changes."""
        top = self._top
        super().resizeEvent(event)
        self._set_column()
        self.show_at_top(top)
        self._top = top  # not the start of its line: each resize would move it up

    # Painting

    def _visible_lines(self) -> list[TextLine]:
        lines: list[TextLine] = []
        bottom = self.viewport().height()
        block = self.firstVisibleBlock()
        origin = self.blockBoundingGeometry(block).translated(self.contentOffset()).topLeft()
        while block.isValid() and origin.y() <= bottom:
            height = self.blockBoundingRect(block).height()  # lays it out
            lines += lines_of(block, QPointF(origin), bottom)
            origin += QPointF(0, height)
            block = block.next()
        return lines

    def _joined_gap(self) -> float:
        """Rectangles of a mark that are less pixels apart are joined."""
        return self.fontMetrics().height() * 0.6

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the marks below the text and the numbers above it."""
        lines = self._visible_lines()
        span = (lines[0].start, lines[-1].end) if lines else (0, 0)
        marks = [mark for mark in (*self._matches, *self._answers) if mark.start <= span[1] and mark.end >= span[0]]
        marks.sort(key=lambda mark: mark.strong)  # the strong ones on top
        rects_by_mark = [(mark, rects_of(lines, mark.start, mark.end, self._joined_gap())) for mark in marks]
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for mark, rects in rects_by_mark:
                paint_mark(painter, mark, rects)
        super().paintEvent(event)
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for mark, rects in rects_by_mark:
                if mark.number and rects and mark.start >= span[0]:
                    first = rects_of(lines, mark.start, mark.start + 1, 0) or rects
                    paint_badge(painter, mark, first[0], self.font())

    # Mouse and keys

    def _snapped(self, event: QMouseEvent) -> QMouseEvent:
        """The event with a point between two lines moved to the nearer one; Qt would take it for the line's end."""
        point = event.position()
        lines = self._visible_lines()
        if not lines:
            return event
        nearest = min(lines, key=lambda line: abs(line.rect.center().y() - point.y()))
        point.setY(min(max(point.y(), nearest.rect.top() + 1), nearest.rect.bottom() - 1))
        return QMouseEvent(
            event.type(), point, event.globalPosition(), event.button(), event.buttons(), event.modifiers()
        )

    def _answer_at(self, point: QPointF) -> int | None:
        for index in range(len(self._answers)):
            if any(rect.adjusted(-4, -4, 4, 4).contains(point) for rect in self.answer_rects(index)):
                return index
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start a selection."""
        super().mousePressEvent(self._snapped(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select a word."""
        super().mouseDoubleClickEvent(self._snapped(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Extend the selection, or show by the pointer that an answer can be clicked."""
        if event.buttons() == Qt.MouseButton.NoButton:
            is_over = self._answer_at(event.position()) is not None
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if is_over else Qt.CursorShape.IBeamCursor)
        super().mouseMoveEvent(self._snapped(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the selection; without one it is a click, which may be on an answer."""
        super().mouseReleaseEvent(self._snapped(event))
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
