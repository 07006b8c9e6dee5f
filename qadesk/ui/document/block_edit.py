"""A text widget that shows blocks: lays them out, scrolls by pixels, and finds the cell of a table under the mouse.

Positions are those of the widget; the view made of it converts offsets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import shiboken6
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QMouseEvent,
    QPainter,
    QTextCharFormat,
    QTextCursor,
    QTextLayout,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QApplication, QFrame, QPlainTextEdit, QWidget

from qadesk.ui.document.blocks.block_layout import BlockLayout
from qadesk.ui.document.blocks.grounds import ShownParagraph
from qadesk.ui.document.blocks.styles import BlockFonts
from qadesk.ui.document.highlights import TextLine, lines_of
from qadesk.ui.document.scroll_stops import stop_at
from qadesk.ui.document.text_contents import WRAP, TextContents, contents_at_once
from qadesk.ui.kit import theme

_NOTCH = 120  # the units of one step of a wheel
_FAR_AWAY = -1e7  # pixels


class BlockEdit(QPlainTextEdit):
    """Shows text that cannot be changed, in blocks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAcceptDrops(False)  # the window opens dropped files
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # else the lines move when it appears
        self.setWordWrapMode(WRAP)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.viewport().setMouseTracking(True)
        self._wheel_rest = 0.0  # pixels that were too few to move
        self._is_cell_selected = False  # by the third click that goes on
        self.set_contents(contents_at_once(""), (0, 100))
        self.verticalScrollBar().actionTriggered.connect(self._on_scroll_action)
        self.selectionChanged.connect(self.viewport().update)  # Qt misses the cells beside the ends of a selection

    def set_contents(self, contents: TextContents, column: tuple[float, float]) -> None:
        """Show ``contents``, which are the view's from now on, in ``column``, as ``BlockLayout`` has it."""
        old = self.document() if self.document().parent() is self else None  # the first one is Qt's, which deletes it
        document = contents.document
        document.setParent(self)
        document.setDefaultFont(self.font())
        self._layout = BlockLayout(document, contents.index, contents.map, BlockFonts(self.font()), column)
        document.setDocumentLayout(self._layout)
        document.firstBlock().clearLayout()  # Qt has laid it out if it is the only one
        self.setDocument(document)
        self._wheel_rest = 0.0
        if old is not None:
            # At once, while this thread has the interpreter. With deleteLater Qt's loop would look for Python's part of
            # the document without the interpreter, while another thread lets go of it: the program crashes.
            shiboken6.delete(old)

    # What is on the screen

    def shown_paragraphs(self) -> list[ShownParagraph]:
        """The paragraphs on the screen, laid out."""
        shown = []
        bottom = self.viewport().height()
        paragraph = self.firstVisibleBlock()
        origin = self.blockBoundingGeometry(paragraph).translated(self.contentOffset()).topLeft()
        while paragraph.isValid() and origin.y() <= bottom:
            item = ShownParagraph(paragraph, self._layout.laid(paragraph), QPointF(origin))
            shown.append(item)
            origin.setY(item.bottom)
            paragraph = paragraph.next()
        return shown

    def lines_in(self, shown: Sequence[ShownParagraph]) -> list[TextLine]:
        """The lines of the paragraphs ``shown`` that are on the screen."""
        bottom = self.viewport().height()
        return [
            line for item in shown for line in lines_of(item.paragraph, item.origin, bottom, is_row=item.laid.row >= 0)
        ]

    def paint_text(self, painter: QPainter, shown: Sequence[ShownParagraph], clip: QRectF) -> None:
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
            if not item.laid.is_gap:
                layout.draw(painter, item.origin, selections, clip if item.laid.row < 0 else QRectF())
            if start <= caret < start + item.paragraph.length():
                layout.drawCursor(painter, item.origin, caret - start, self.cursorWidth())

    # Mouse

    def _line_at(self, point: QPointF) -> tuple[TextLine, ShownParagraph] | None:
        """The line nearest to ``point``, in a row of a table that of the cell at ``point``."""
        shown = self.shown_paragraphs()
        below = [item for item in shown if item.origin.y() <= point.y()]
        if not shown:
            return None
        item = below[-1] if below else shown[0]
        lines = self.lines_in([item])
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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start a selection."""
        with self._snapped(event) as snapped:
            super().mousePressEvent(snapped)
        self._is_cell_selected = self._select_cell(event)

    def _select_cell(self, event: QMouseEvent) -> bool:
        """Reduce the row of a table that a third click has selected to the cell at the mouse."""
        cursor = self.textCursor()
        if not cursor.hasSelection() or event.modifiers():
            return False
        hit = self._line_at(event.position())
        if hit is None or hit[1].laid.row < 0:
            return False
        line, item = hit
        start = item.paragraph.position()
        if cursor.selectionStart() > start or cursor.selectionEnd() < start + item.paragraph.length() - 1:
            return False
        number = line.line.lineNumber()
        cell = next(cell for cell in item.laid.cells if number < cell.last)
        last = item.paragraph.layout().lineAt(cell.last - 1)
        end = start + last.textStart() + last.textLength()
        is_divided = cell is not item.laid.cells[-1]  # the line ends with what divides the cells
        cursor.setPosition(start + item.paragraph.layout().lineAt(cell.first).textStart())
        cursor.setPosition(end - is_divided, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        return True

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select a word."""
        with self._snapped(event) as snapped:
            super().mouseDoubleClickEvent(snapped)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Extend the selection."""
        if self._is_cell_selected and event.buttons():
            return  # Qt would extend the selection to the whole row
        with self._snapped(event) as snapped:
            super().mouseMoveEvent(snapped)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the selection."""
        with self._snapped(event) as snapped:
            super().mouseReleaseEvent(snapped)
        self._is_cell_selected = False

    # Scrolling

    def scroll_to(self, position: int, above: float = 0.0) -> None:
        """Scroll so that the line with ``position`` is ``above`` pixels below the top, as nearly as it can be."""
        paragraph = self.document().findBlock(position)
        self._layout.blockBoundingRect(paragraph)
        line = paragraph.layout().lineForTextPosition(position - paragraph.position())
        y = line.y() if line.lineNumber() else 0.0
        value = stop_at(self._layout, paragraph, y - above)
        self.viewport().setUpdatesEnabled(False)  # else Qt lays out two screens below the old top, to move the picture
        self.verticalScrollBar().setValue(value)
        self.viewport().setUpdatesEnabled(True)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll."""
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
        can_move = value < bar.maximum() if pixels > 0 else value > bar.minimum()
        self._wheel_rest = pixels if value == bar.value() and can_move else 0.0
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


def _selection(start: int, end: int) -> QTextLayout.FormatRange:
    selection = QTextLayout.FormatRange()
    selection.start, selection.length = start, end - start
    selection_format = QTextCharFormat()
    selection_format.setBackground(theme.colour("selection"))
    selection_format.setForeground(theme.colour("ink"))
    selection.format = selection_format
    return selection
