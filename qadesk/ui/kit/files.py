"""Local files from the clipboard and from drag and drop, and the name filters of the file dialog."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData


def files_in(data: QMimeData) -> list[Path]:
    """The paths of the local files in ``data``, in order. Other URLs are left out."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def name_filters() -> str:
    """The name filters of a file dialog: all documents, each format, all files."""
    from qadesk.documents.formats import FORMATS

    patterns = {format_.title: " ".join(f"*{suffix}" for suffix in format_.suffixes) for format_ in FORMATS}
    filters = [f"{title} ({pattern})" for title, pattern in patterns.items()]
    return ";;".join([f"Documents ({' '.join(patterns.values())})", *filters, "All files (*)"])
