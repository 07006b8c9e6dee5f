"""The text that is labelled: a selection by mouse snaps to words; keys are for the place that it is in."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from qadesk.labels import spans
from qadesk.ui.document.document_view import DocumentView


class SpanView(DocumentView):
    """``picked`` gives the span that was selected: whole words, or with Alt held exactly what was selected."""

    picked = Signal(int, int)

    _SCROLL = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Space)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Text")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take what is selected for the span."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._take_selection(exactly=bool(event.modifiers() & Qt.KeyboardModifier.AltModifier))

    def _take_selection(self, *, exactly: bool) -> None:
        selected = self.selected()
        if selected is None:
            return
        cursor = self.textCursor()
        cursor.clearSelection()
        self.setTextCursor(cursor)
        start, end = selected if exactly else spans.snap(self._text, *selected)
        if start < end:
            self.picked.emit(start, end)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll; all else is for the place."""
        if Qt.Key(event.key()) in self._SCROLL:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        """Leave undo, redo and all other keys to the window."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.ignore()
            return False
        return super().event(event)
