"""The windows over the window: never more than one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QInputDialog, QWidget

from qadesk.ui.kit.jobs import Jobs
from qadesk.ui.kit.widgets import TextDialog
from qadesk.ui.shell.shortcut_sheet import CommandPalette, ShortcutSheet


class Dialogs(QObject):
    """Opens dialogs; ``current`` is the open one."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.window = window
        self.current: QDialog | None = None

    def open(self, dialog: QDialog) -> None:
        """Open ``dialog`` in the place of the one that is open."""
        if self.current is not None:
            self.current.close()
        self.current = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._forget)
        dialog.open()

    def _forget(self) -> None:
        self.current = None

    def details(self, sentence: str, detail: str) -> None:
        """Show the details of an error."""
        self.open(TextDialog(self.window, "Details", sentence, detail))

    def shortcuts(self) -> None:
        """Show all keys."""
        self.open(ShortcutSheet(self.window))

    def palette(self, commands: Mapping[str, QAction]) -> None:
        """Find a command by its name."""
        self.open(CommandPalette(commands, self.window))

    def page(self, count: int, go: Callable[[int], object]) -> None:
        """Ask for a page of ``count`` and ``go`` there."""
        dialog = QInputDialog(self.window)
        dialog.setWindowTitle("Go to page")
        dialog.setLabelText(f"Page, 1 to {count:,}:")
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setIntRange(1, count)
        dialog.intValueSelected.connect(go)
        self.open(dialog)

    def about(self, jobs: Jobs) -> None:
        """Say what this is, what it is made of, and under which licences; what is looked up for it runs in ``jobs``."""
        from qadesk.ui.shell.about_dialog import AboutDialog

        self.open(AboutDialog(jobs, self.window))
