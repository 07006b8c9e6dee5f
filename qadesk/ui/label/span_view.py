"""The text that is labelled: a selection by mouse marks a span, whose ends can be dragged.

Most keys are left to the label view.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from qadesk.labels import spans
from qadesk.labels.spans import Span
from qadesk.ui.document.document_view import DocumentView
from qadesk.ui.document.highlights import rects_of
from qadesk.ui.kit import theme

_KNOB = 4.0  # pixels: the radius of the lower end of a handle
_REACH = 8.0  # pixels beside a handle at which it can be grabbed
_Side = Literal["start", "end"]


class SpanView(DocumentView):
    """``span_selected`` gives the selected span: snapped to whole words, or as it is where Alt was held.

    The span that ``show_span`` gives it has a handle at each end. While one ``is_dragging``, ``span_selected`` gives
    the span as it becomes.
    """

    span_selected = Signal(int, int)

    _SCROLL_KEYS = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Space)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Text")
        self.setAccessibleDescription("Select words to mark them, or drag the ends of what is marked.")
        self._span: Span | None = None
        self._dragged: _Side | None = None

    @property
    def is_dragging(self) -> bool:
        """Whether an end of the span is being dragged: the view must not be scrolled then."""
        return self._dragged is not None

    def show_span(self, span: Span | None) -> None:
        """Show handles at the ends of ``span``, which is marked; none for None."""
        self._span = span
        self.viewport().update()

    def handles(self) -> dict[_Side, QRectF]:
        """The handles on the screen by the end of the span: upright lines in the viewport, as high as their lines."""
        if self._span is None:
            return {}
        start, end = (self._map.position(offset) for offset in self._span)
        lines = self._visible_lines()
        first, last = rects_of(lines, start, start + 1, 0), rects_of(lines, end - 1, end, 0)
        handles: dict[_Side, QRectF] = {}
        if first:
            handles["start"] = QRectF(first[0].left() - 2, first[0].top(), 0, first[0].height() + 1)
        if last:
            handles["end"] = QRectF(last[-1].right() + 2, last[-1].top(), 0, last[-1].height() + 1)
        return handles

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text with its marks, then the handles."""
        super().paintEvent(event)
        handles = self.handles()  # before painting: to find them may lay out lines, and so move the scroll bar
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("mark_line"), 2))
            painter.setBrush(theme.colour("mark_line"))
            for handle in handles.values():
                below_number = handle.topLeft() + QPointF(0, handle.height() * 0.4)
                painter.drawLine(below_number, handle.bottomLeft())
                painter.drawEllipse(handle.bottomLeft() + QPointF(0, _KNOB), _KNOB, _KNOB)

    def _handle_at(self, point: QPointF) -> _Side | None:
        """The end whose handle is at ``point``: of two the nearer one."""
        near: list[tuple[float, _Side]] = [
            (abs(handle.left() - point.x()), side)
            for side, handle in self.handles().items()
            if handle.adjusted(-_REACH, 0, _REACH, 2 * _KNOB + 2).contains(point)
        ]
        return min(near)[1] if near else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag a handle, or to select."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragged = self._handle_at(event.position())
        if self._dragged is None:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the end that is dragged; show by the pointer where one can be."""
        if self._dragged is not None:
            self._drag(event)
            return
        super().mouseMoveEvent(event)
        if event.buttons() == Qt.MouseButton.NoButton and self._handle_at(event.position()):
            self.viewport().setCursor(Qt.CursorShape.SizeHorCursor)

    def _drag(self, event: QMouseEvent) -> None:
        assert self._span is not None  # its handle is dragged
        self._scroll_to(event.position().y())
        offset = self._map.offset(self.cursorForPosition(event.position().toPoint()).position())
        is_exact = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        move = spans.with_start_at if self._dragged == "start" else spans.with_end_at
        span = move(self._text, self._span, offset, is_exact=is_exact)
        if span != self._span:
            self.span_selected.emit(*span)

    def _scroll_to(self, y: float) -> None:
        """Scroll a step towards ``y``, where that is outside of the viewport."""
        bar = self.verticalScrollBar()
        if y < 0:
            bar.setValue(bar.value() - bar.singleStep())
        elif y > self.viewport().height():
            bar.setValue(bar.value() + bar.singleStep())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Mark the selection as the span, or end the dragging."""
        if self._dragged is not None:
            self._dragged = None
            return
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._emit_selection(is_exact=bool(event.modifiers() & Qt.KeyboardModifier.AltModifier))

    def _emit_selection(self, *, is_exact: bool) -> None:
        selected = self.selected()
        if selected is None:
            return
        cursor = self.textCursor()
        cursor.clearSelection()
        self.setTextCursor(cursor)
        start, end = selected if is_exact else spans.snap(self._text, *selected)
        if start < end:
            self.span_selected.emit(start, end)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll; other keys are left to the label view."""
        if Qt.Key(event.key()) in self._SCROLL_KEYS:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        """Leave undo, redo and all other keys to the window."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.ignore()
            return False
        return super().event(event)
