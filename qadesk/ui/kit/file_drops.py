"""Files that are dropped on the window, or on a part of it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from qadesk.ui.kit.files import files_in


class FileDrops(QObject):
    """Takes files that are dropped on a window. ``dragged``: whether some are over it; ``dropped`` gives them."""

    dragged = Signal(bool)
    dropped = Signal(list)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accept the drag or the drop of local files."""
        if isinstance(event, QDragEnterEvent):
            if files_in(event.mimeData()):
                event.acceptProposedAction()
                self.dragged.emit(True)
        elif event.type() == QEvent.Type.DragLeave:
            self.dragged.emit(False)
        elif isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            self.dragged.emit(False)
            event.acceptProposedAction()
            self.dropped.emit(files_in(event.mimeData()))
        else:
            return super().eventFilter(watched, event)
        return True
