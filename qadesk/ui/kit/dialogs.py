"""The dialogs of the window: never more than one of them is open."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QWidget

from qadesk.settings import Settings
from qadesk.ui.kit.file_chooser import FileChooser
from qadesk.ui.kit.widgets import TextDialog


class Dialogs(QObject):
    """Opens dialogs; ``current`` is the open one. ``files`` asks for files by the dialogs of the system."""

    def __init__(self, window: QWidget, settings: Settings) -> None:
        super().__init__(window)
        self.window = window
        self.files = FileChooser(window, settings)
        self.current: QDialog | None = None

    def open(self, dialog: QDialog) -> None:
        """Open ``dialog`` in the place of the one that is open."""
        if self.current is not None:
            self.current.close()
        self.current = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._forget)
        QDialog.open(dialog)  # that of QPrintDialog takes arguments in Python

    def _forget(self) -> None:
        self.current = None

    def details(self, sentence: str, detail: str) -> None:
        """Show the details of an error."""
        self.open(TextDialog(self.window, "Details", sentence, detail))
