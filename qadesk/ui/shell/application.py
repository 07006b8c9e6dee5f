"""The Qt application: it also receives the events by which macOS asks a program to open files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication


class Application(QApplication):
    """Stores the files that the system asks to open before there is a window, and then gives them to it."""

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(arguments)
        self._early: list[Path] = []
        self._open: Callable[[Sequence[Path]], None] | None = None

    def open_files_with(self, open_files: Callable[[Sequence[Path]], None]) -> None:
        """Give ``open_files`` what the system asks to open: what came so far at once, the rest as it comes."""
        self._open = open_files
        if self._early:
            open_files(self._early)
            self._early = []

    def event(self, event: QEvent) -> bool:
        """Take a file that the system asks to open. Only what is sent to the application itself comes here."""
        if not isinstance(event, QFileOpenEvent) or not event.url().isLocalFile():
            return super().event(event)
        file = Path(event.url().toLocalFile())
        if self._open:
            self._open([file])
        else:
            self._early.append(file)
        return True
