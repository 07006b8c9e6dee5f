"""The text of a document with its structure, and with answers and matches marked in it.

The interface is in offsets of the document; positions of the widget stay in here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

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
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextLayout,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QApplication, QFrame, QPlainTextEdit, QWidget

from qadesk.records import Document, Page
from qadesk.structure import Block
from qadesk.ui.document.answer_view import Spans
from qadesk.ui.document.blocks.block_layout import BlockLayout
from qadesk.ui.document.blocks.grounds import ShownParagraph, paint_grounds
from qadesk.ui.document.blocks.index import BlockIndex
from qadesk.ui.document.blocks.styles import Fonts
from qadesk.ui.document.display_text import display_text
from qadesk.ui.document.highlights import Mark, TextLine, lines_of, paint_badge, paint_mark, rects_of
from qadesk.ui.document.scroll_stops import stop_at
from qadesk.ui.document.textmap import TextMap
from qadesk.ui.kit import theme
from qadesk.ui.kit.widgets import font

_FONT_SCALE = 1.15
_SIDE = 24  # pixels beside the text, at least
_MARGIN = 20  # inside the document, pixels: room for the numbers
_NARROWEST = 100  # pixels: the column in a window of no width
_NOTCH = 120  # the units of one step of a wheel
_FAR_AWAY = -1e7  # pixels


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
        self._new_document("", BlockIndex(""))
        self._top = 0  # offset
        self._is_cell_selected = False  # by the third click that goes on
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.verticalScrollBar().actionTriggered.connect(self._on_scroll_action)
        self.selectionChanged.connect(self.viewport().update)  # Qt misses the cells beside the ends of a selection
        self.restyle()

    # Text and marks

    def show_document(self, document: Document) -> None:
        """Show ``document`` from its beginning, without marks."""
        self.show_text(document.text, document.blocks, document.pages)

    def show_text(self, text: str, blocks: Sequence[Block] = (), pages: Sequence[Page] = ()) -> None:
        """Show ``text`` with its structure from its beginning, without marks."""
        self.verticalScrollBar().setValue(0)
        self._text = text
        self._map = TextMap(text)
        self._answers, self._matches = [], []
        self._new_document(display_text(text, blocks), BlockIndex(text, blocks, pages))
        self._top = 0
        self._set_column()

    def _new_document(self, text: str, index: BlockIndex) -> None:
        old = self.document() if self.document().parent() is self else None  # the first one is Qt's, which deletes it
        document = QTextDocument(self)  # quicker than emptying the old one
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(_MARGIN)
        document.setDefaultFont(self.font())
        document.setPlainText(text)
        self._layout = BlockLayout(document, index, self._map, Fonts(self.font()))
        document.setDocumentLayout(self._layout)
        document.firstBlock().clearLayout()  # Qt has laid it out if it is the only one
        self.setDocument(document)
        self._wheel_rest = 0.0
        if old is not None:
            old.deleteLater()

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
            self._centre(first)

    def _centre(self, position: int) -> None:
        paragraph = self.document().findBlock(position)
        self._layout.blockBoundingRect(paragraph)
        line = paragraph.layout().lineForTextPosition(position - paragraph.position())
        y = line.rect().center().y() - self.viewport().height() / 2
        self.verticalScrollBar().setValue(stop_at(self._layout, paragraph, y))

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
        self._layout.restyle(Fonts(large))
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
        side = max(_SIDE + _MARGIN, round((room - column) / 2))
        self._layout.set_column(side, max(_NARROWEST, room - 2 * side))

    def show_at_top(self, offset: int) -> None:
        """Scroll so that the line with ``offset`` is the first."""
        position = self._map.position(offset)
        paragraph = self.document().findBlock(position)
        self._layout.blockBoundingRect(paragraph)  # lays it out
        line = paragraph.layout().lineForTextPosition(position - paragraph.position())
        y = line.y() if line.lineNumber() else 0.0
        if line.lineNumber() and self._layout.laid(paragraph).row < 0:
            self.verticalScrollBar().setValue(paragraph.firstLineNumber() + line.lineNumber())
        else:
            self.verticalScrollBar().setValue(stop_at(self._layout, paragraph, y))

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

    def _shown_paragraphs(self) -> list[ShownParagraph]:
        shown = []
        bottom = self.viewport().height()
        paragraph = self.firstVisibleBlock()
        origin = self.blockBoundingGeometry(paragraph).translated(self.contentOffset()).topLeft()
        while paragraph.isValid() and origin.y() <= bottom:
            height = self._layout.blockBoundingRect(paragraph).height()  # lays it out
            shown.append(ShownParagraph(paragraph, self._layout.laid(paragraph), QPointF(origin)))
            origin += QPointF(0, height)
            paragraph = paragraph.next()
        return shown

    def _lines_of(self, shown: Sequence[ShownParagraph]) -> list[TextLine]:
        bottom = self.viewport().height()
        return [
            line
            for item in shown
            for line in lines_of(item.paragraph, item.origin, bottom, is_row=item.laid.row >= 0)
        ]

    def _visible_lines(self) -> list[TextLine]:
        return self._lines_of(self._shown_paragraphs())

    def _joined_gap(self) -> float:
        """Rectangles of a mark that are less pixels apart are joined."""
        return self.fontMetrics().height() * 0.6

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint grounds and marks, the text above them, and the numbers of the marks on top."""
        shown = self._shown_paragraphs()
        around = QRectF(event.rect()).adjusted(0, -self._layout.fonts.pitch, 0, self._layout.fonts.pitch)
        shown = [item for item in shown if item.origin.y() <= around.bottom() and item.bottom >= around.top()]
        marks = self._marks_on(shown)
        lines = self._lines_of(shown) if marks else []
        rects_by_mark = [(mark, rects_of(lines, mark.start, mark.end, self._joined_gap())) for mark in marks]
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_grounds(painter, self._layout, shown)
            for mark, rects in rects_by_mark:
                paint_mark(painter, mark, rects)
            self._paint_text(painter, shown, QRectF(event.rect()))
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

    def _paint_text(self, painter: QPainter, shown: Sequence[ShownParagraph], clip: QRectF) -> None:
        """Paint the text with the selection and the caret.

        Not left to Qt, which would stop at the first line below ``clip``: in a row of a table, lines of other cells
        follow that are above it.
        """
        painter.setPen(theme.colour("ink"))
        cursor = self.textCursor()
        caret = self.getPaintContext().cursorPosition  # -1 while it is not shown
        for item in shown:
            start, layout = item.paragraph.position(), item.paragraph.layout()
            first = max(cursor.selectionStart() - start, 0)
            last = min(cursor.selectionEnd() - start, item.paragraph.length())
            selections = [_selection(first, last)] if first < last else []
            layout.draw(painter, item.origin, selections, clip if item.laid.row < 0 else QRectF())
            if start <= caret < start + item.paragraph.length():
                layout.drawCursor(painter, item.origin, caret - start, self.cursorWidth())

    # Mouse and keys

    def _line_at(self, point: QPointF) -> tuple[TextLine, ShownParagraph] | None:
        """The line nearest to ``point``, in a row of a table that of the cell at ``point``."""
        shown = self._shown_paragraphs()
        below = [item for item in shown if item.origin.y() <= point.y()]
        if not shown:
            return None
        item = below[-1] if below else shown[0]
        lines = list(lines_of(item.paragraph, item.origin, self.viewport().height(), is_row=item.laid.row >= 0))
        if item.laid.row >= 0:
            x = point.x() - item.origin.x() - self._layout.table_left(item.laid.number)
            cell = next((cell for cell in item.laid.cells if x < cell.right), item.laid.cells[-1])
            lines = lines[cell.first : cell.last]
        if not lines:
            return None
        return min(lines, key=lambda line: abs(line.rect.center().y() - point.y())), item

    @contextmanager
    def _snapped(self, event: QMouseEvent) -> Iterator[QMouseEvent]:
        """The event with its point moved to the nearest line; Qt would take one between two lines for a line's end.

        Qt looks for the line by its height alone: the lines of cells before, in a row of a table, are moved out of its
        way for the time being.
        """
        hit = self._line_at(event.position())
        if hit is None:
            yield event
            return
        line, item = hit
        point = event.position()
        point.setY(min(max(point.y(), line.rect.top() + 1), line.rect.bottom() - 1))
        layout = item.paragraph.layout()
        before = range(line.line.lineNumber()) if item.laid.row >= 0 else range(0)
        positions = [layout.lineAt(number).position() for number in before]
        for number in before:
            layout.lineAt(number).setPosition(QPointF(0, _FAR_AWAY))
        try:
            yield QMouseEvent(
                event.type(), point, event.globalPosition(), event.button(), event.buttons(), event.modifiers()
            )
        finally:
            for number, position in zip(before, positions, strict=True):
                layout.lineAt(number).setPosition(position)

    def _answer_at(self, point: QPointF) -> int | None:
        for index in range(len(self._answers)):
            if any(rect.adjusted(-4, -4, 4, 4).contains(point) for rect in self.answer_rects(index)):
                return index
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start a selection."""
        with self._snapped(event) as snapped:
            super().mousePressEvent(snapped)
        self._is_cell_selected = self._select_cell(event)

    def _select_cell(self, event: QMouseEvent) -> bool:
        """Reduce the row of a table that a third click has selected to the cell at the mouse."""
        cursor, hit = self.textCursor(), self._line_at(event.position())
        if not cursor.hasSelection() or not hit or hit[1].laid.row < 0 or event.modifiers():
            return False
        item = hit[1]
        if cursor.selectionStart() > item.paragraph.position():
            return False
        if cursor.selectionEnd() < item.paragraph.position() + item.paragraph.length() - 1:
            return False
        row = self._layout.index.rows(item.laid.number)[item.laid.row]
        offset = self._map.offset(hit[0].start)
        cell = next((cell for cell in row if offset <= cell.end), row[-1])
        cursor.setPosition(self._map.position(cell.start))
        cursor.setPosition(self._map.position(cell.end), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        return True

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select a word."""
        with self._snapped(event) as snapped:
            super().mouseDoubleClickEvent(snapped)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Extend the selection, or show by the pointer that an answer can be clicked."""
        if event.buttons() == Qt.MouseButton.NoButton:
            is_over = self._answer_at(event.position()) is not None
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if is_over else Qt.CursorShape.IBeamCursor)
        if self._is_cell_selected and event.buttons():
            return  # Qt would extend the selection to the whole row
        with self._snapped(event) as snapped:
            super().mouseMoveEvent(snapped)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the selection; without one it is a click, which may be on an answer."""
        with self._snapped(event) as snapped:
            super().mouseReleaseEvent(snapped)
        self._is_cell_selected = False
        self.is_exact = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            index = self._answer_at(event.position())
            if index is not None:
                self.answer_clicked.emit(index)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl, change the text size."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoomed.emit(1 if event.angleDelta().y() > 0 else -1)
            return
        pixels = -float(event.pixelDelta().y())
        if not pixels:
            pixels = -event.angleDelta().y() / _NOTCH * QApplication.wheelScrollLines() * self._layout.fonts.pitch
        self.verticalScrollBar().setValue(self._stop_after(pixels + self._wheel_rest))
        event.accept()

    def _stop_after(self, pixels: float) -> int:
        """The value of the scroll bar ``pixels`` below the top of the screen; what could not be moved is kept."""
        bar = self.verticalScrollBar()
        first = self.firstVisibleBlock()
        top = -self.contentOffset().y()
        value = stop_at(self._layout, first, top + pixels)
        if value == bar.value():
            self._wheel_rest = pixels if bar.minimum() < value < bar.maximum() else 0.0
        else:
            self._wheel_rest = 0.0
        return value

    def _on_scroll_action(self, action: int) -> None:
        """Move by pixels where Qt has moved by lines: a screen is another number of lines in a table."""
        pitch = self._layout.fonts.pitch
        page = self.viewport().height() - pitch
        steps = QAbstractSlider.SliderAction
        pixels = {
            steps.SliderSingleStepAdd.value: pitch,
            steps.SliderSingleStepSub.value: -pitch,
            steps.SliderPageStepAdd.value: page,
            steps.SliderPageStepSub.value: -page,
        }.get(action)
        if pixels is not None:
            self.verticalScrollBar().setSliderPosition(self._stop_after(pixels))

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


def _selection(start: int, end: int) -> QTextLayout.FormatRange:
    selection = QTextLayout.FormatRange()
    selection.start, selection.length = start, end - start
    selection_format = QTextCharFormat()
    selection_format.setBackground(theme.colour("selection"))
    selection_format.setForeground(theme.colour("ink"))
    selection.format = selection_format
    return selection
