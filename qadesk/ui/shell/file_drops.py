"""Files for QADesk to open: those of the clipboard and of drag and drop, and the name filters of the file dialog."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget


def files_in(data: QMimeData) -> list[Path]:
    """The paths of the local files in ``data``, in order. Other URLs are left out."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def name_filters() -> str:
    """The name filters of a file dialog: all documents, each format, all files."""
    from qadesk.documents.formats import FORMATS

    patterns = {format_.title: " ".join(f"*{suffix}" for suffix in format_.suffixes) for format_ in FORMATS}
    filters = [f"{title} ({pattern})" for title, pattern in patterns.items()]
    return ";;".join([f"Documents ({' '.join(patterns.values())})", *filters, "All files (*)"])


class FileDrops(QObject):
    """Accepts files that are dropped on a window."""

    over = Signal(bool)  # whether files are dragged over the window
    dropped = Signal(list)  # paths of local files

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle the drag and drop events of the window; leave the others to Qt."""
        if isinstance(event, QDragEnterEvent):
            if files_in(event.mimeData()):
                event.acceptProposedAction()
                self.over.emit(True)
        elif event.type() == QEvent.Type.DragLeave:
            self.over.emit(False)
        elif isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            self.over.emit(False)
            event.acceptProposedAction()
            self.dropped.emit(files_in(event.mimeData()))
        else:
            return super().eventFilter(watched, event)
        return True
