"""Shows a file in the system's program for files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def show_in_folder(path: Path) -> None:
    """Open the folder of ``path``. Nothing happens where the system has no program for that."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
