"""Documents that a Word document embeds (altChunk)."""

from __future__ import annotations

import io
from pathlib import PurePosixPath

from qadesk.documents.archive import damage_as_document_error
from qadesk.documents.docx.word_file import WORD, Embedding, WordFile
from qadesk.documents.formats import HEAD, by_kind
from qadesk.documents.parsing import Parsed, Source
from qadesk.errors import DocumentError

_MAX_DEPTH = 3  # documents in documents


def read_chunk(file: WordFile, path: str) -> Parsed | None:
    """The embedded document in the part ``path``; None if it cannot be read, which ``file.messages`` then says."""
    if not path:
        file.messages.append("A part of the text lies in another file and was left out.")
        return None
    if not file.take(path):
        return None
    size = file.archive.size_of(path)
    if file.embedding.depth >= _MAX_DEPTH or size > file.embedding.bytes_left:
        file.messages.append("Embedded documents were left out: they are too large or lie too deep in one another.")
        return None
    file.embedding.bytes_left -= size
    with damage_as_document_error(file.name, WORD), file.archive.open_part(path) as part:
        data = part.read()
    try:
        parsed = _read_as_kind(file, path, data)
    except DocumentError as error:
        file.messages.append(f"An embedded document could not be read: {error.message}")
        return None
    file.messages += parsed.notes
    return parsed


def _read_as_kind(file: WordFile, path: str, data: bytes) -> Parsed:
    source = Source(io.BytesIO(data), file.name, file.heartbeat)
    head = data[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"PK"):
        inside = Embedding(file.embedding.depth + 1, file.embedding.bytes_left)
        parsed = file.read_embedded(source, inside)
        file.embedding.bytes_left = inside.bytes_left
        return parsed
    if head.startswith(b"{\\rtf"):
        return by_kind("rtf").read(source)
    is_page = PurePosixPath(path).suffix.lower() in by_kind("html").suffixes
    is_web = is_page or head[:1] == b"<" or head[:13].lower() == b"mime-version:"
    return by_kind("html" if is_web else "text").read(source)
