"""Files from the clipboard and from drag and drop: local ones only."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData


def files_in(data: QMimeData) -> list[Path]:
    """The local files that ``data`` names, in order."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
