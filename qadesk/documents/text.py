"""Plain text and Markdown: exactly the characters that are in the file."""

from __future__ import annotations

from typing import BinaryIO

from qadesk.documents.encoding import decode
from qadesk.documents.parsed import MAX_CHARACTERS, Parsed, too_long
from qadesk.errors import DocumentError

_MAX_BYTES = 4 * MAX_CHARACTERS + 4  # the most that so many characters take, in any encoding, with a mark


def read(file: BinaryIO, name: str) -> Parsed:
    """The text of ``file``, line ends as they are. ``name`` is for sentences. Raises ``DocumentError``."""
    data = file.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise too_long(name)
    decoded = decode(data)
    if decoded is None:
        raise DocumentError(
            f"{name} does not hold text.", "QADesk opens text, Markdown, HTML, PDF and Word (.docx) files."
        )
    if len(decoded.text) > MAX_CHARACTERS:
        raise too_long(name)
    return Parsed(decoded.text, notes=(decoded.note,) if decoded.note else ())
