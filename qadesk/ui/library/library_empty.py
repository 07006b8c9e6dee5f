"""The library while nothing is in it: where to drop a folder, and what a library is, in a sentence."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from qadesk.ui.kit.drop_zone import DropZone, show_in_the_middle
from qadesk.ui.kit.widgets import push_button

_PROMISE = (
    "The folder is linked: nothing is copied or changed, and all stays on this computer. QADesk reads the documents "
    "in it once, and what changes later, so that one question finds its answers in all of them."
)


class LibraryEmptyView(QScrollArea):
    """``folder_requested``, ``files_requested``: the user wants to choose some."""

    folder_requested = Signal()
    files_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folder_button = push_button("Add a folder…", self.folder_requested, kind="main")
        self.files_button = push_button("Add files…", self.files_requested)
        self._zone = DropZone("folder", "Drop a folder here", _PROMISE, (self.folder_button, self.files_button), 10)
        self.set_over = self._zone.set_over
        self.restyle = self._zone.restyle
        show_in_the_middle(self, [self._zone])
        self.restyle()
