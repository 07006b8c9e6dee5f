"""Parts that a Word document embeds: other documents (altChunk) and diagrams (SmartArt)."""

from __future__ import annotations

import io
from pathlib import PurePosixPath

from qadesk.documents.docx.archive import damage_as_document_error
from qadesk.documents.docx.word_file import Embedding, WordFile
from qadesk.documents.docx.xml_stream import XmlHandler, parse_xml, qualified, values_of
from qadesk.documents.formats import HEAD, by_kind
from qadesk.documents.parsing import Parsed, Source
from qadesk.documents.writer import Writer
from qadesk.errors import DocumentError

_MAX_DEPTH = 3  # documents in documents
_NAMES = qualified(("dgm:pt", "a:p", "a:t"))
_CONNECTIONS = frozenset(("pres", "parTrans", "sibTrans"))  # points of a diagram that are only drawn


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
    with damage_as_document_error(file.name), file.archive.open_part(path) as part:
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


def diagram_text(file: WordFile, path: str) -> Writer | None:
    """The words of the SmartArt whose data is the part ``path``; None if there are none."""
    if not file.take(path):
        return None
    reader = _DiagramReader(file)
    handler = XmlHandler(reader.start, reader.end, reader.data)
    parse_xml(file.archive.open_part(path), file.name, handler, file.heartbeat)
    return reader.writer if reader.writer.text.strip() else None


class _DiagramReader:
    """Each paragraph of a point of a diagram becomes a line."""

    def __init__(self, file: WordFile) -> None:
        self.writer = Writer(file.name)
        self._is_shown = False  # whether the open point has text that is shown
        self._is_text = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = _NAMES.get(name, "")
        if element == "dgm:pt":
            self._is_shown = values_of(attributes).get("type", "") not in _CONNECTIONS
        self._is_text = element == "a:t"

    def data(self, text: str) -> None:
        if self._is_text and self._is_shown:
            self.writer.write(text)

    def end(self, name: str) -> None:
        element = _NAMES.get(name, "")
        self._is_text = False
        if element == "a:p":
            self.writer.block(1)
        elif element == "dgm:pt":
            self._is_shown = False
