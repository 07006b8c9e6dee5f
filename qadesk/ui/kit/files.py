"""Local files from the clipboard and from drag and drop, and the name filters of the file dialog."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData


def files_in(data: QMimeData) -> list[Path]:
    """The local files that ``data`` names, in order."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def name_filters() -> str:
    """The kinds of files for the dialog, the documents together first."""
    from qadesk.documents.formats import SUFFIXES

    every = " ".join(f"*{suffix}" for suffixes in SUFFIXES.values() for suffix in suffixes)
    kinds = [f"{name} ({' '.join(f'*{suffix}' for suffix in found)})" for name, found in SUFFIXES.items()]
    return ";;".join([f"Documents ({every})", *kinds, "All files (*)"])
