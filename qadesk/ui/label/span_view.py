"""The text that is labelled: a selection by mouse marks a span; most keys are left to the label view."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from qadesk.labels import spans
from qadesk.ui.document.document_view import DocumentView


class SpanView(DocumentView):
    """``span_selected`` gives the selected span: snapped to whole words, or as it is where Alt was held."""

    span_selected = Signal(int, int)

    _SCROLL_KEYS = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Space)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Text")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Mark the selection as the span."""
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
