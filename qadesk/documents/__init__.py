"""Bytes to text: a file, from the user's disk and trusted by nobody, becomes a ``Document``.

Text and Markdown are decoded here. HTML, PDF and Word files are parsed in a child process (``isolated``,
``child``) with bounds on time and memory. Each format has a file; ``registry`` says which one a file is in.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qadesk.documents import isolated, text
from qadesk.documents.formats import HEAD, SUFFIXES, kind_of
from qadesk.documents.open_file import open_file, shown, title_of, without_surrogates
from qadesk.errors import Cancelled, DocumentError
from qadesk.records import Document

__all__ = ["SUFFIXES", "read"]


def read(
    path: Path,
    *,
    password: str | None = None,
    max_bytes: int = 200_000_000,
    cancelled: Callable[[], bool] = lambda: False,
) -> Document:
    """The document in the file ``path``. Blocks: call it on a worker thread.

    ``cancelled`` is asked about ten times a second. Raises ``Cancelled`` after it said yes,
    ``PasswordNeeded`` for an encrypted PDF, ``DocumentError`` for whatever else keeps the file from
    being read: not there, larger than ``max_bytes``, damaged, without text.
    """
    path = path.absolute()
    with open_file(path, max_bytes) as file:
        kind = kind_of(path, file.read(HEAD))
        if kind in ("text", "markdown"):
            file.seek(0)
            parsed = text.read(file, shown(path))
        else:
            parsed = isolated.parse(path, kind, password, max_bytes, cancelled)
    if cancelled():
        raise Cancelled
    if not parsed.text.strip():
        raise DocumentError(f"{shown(path)} holds no text.", "Open a file that holds text.")
    return Document(without_surrogates(parsed.text), title_of(path), kind, path, parsed.pages, parsed.notes)
