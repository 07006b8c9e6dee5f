"""Where files come from: the clipboard and drag and drop, local ones only, and the dialog."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget


def files_in(data: QMimeData) -> list[Path]:
    """The local files that ``data`` names, in order."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def name_filters() -> str:
    """The kinds of files for the dialog, the documents together first."""
    from qadesk.documents.formats import SUFFIXES

    every = " ".join(f"*{suffix}" for suffixes in SUFFIXES.values() for suffix in suffixes)
    kinds = [f"{name} ({' '.join(f'*{suffix}' for suffix in found)})" for name, found in SUFFIXES.items()]
    return ";;".join([f"Documents ({every})", *kinds, "All files (*)"])


class FileDrops(QObject):
    """Takes files that are dropped on a window. ``over`` says whether some hang over it, ``dropped`` gives them."""

    over = Signal(bool)
    dropped = Signal(list)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Welcome files, see them off, or take them."""
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
