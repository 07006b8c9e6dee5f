"""The reader of Word documents (.docx), which are ZIP archives of XML. The XML is read as a stream.

Nothing is unpacked to the disk. The archive's directory is checked before a member is read. XML with a DOCTYPE, which
Word never writes, is refused: so there are no entities to expand and nothing outside to fetch.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from xml.parsers import expat

from qadesk.documents.parsing import Heartbeat, Parsed, Source
from qadesk.documents.writer import Writer
from qadesk.errors import DocumentError

_MAX_MEMBERS = 10_000
_MAX_UNPACKED = 1_000_000_000
_MAX_XML = 400_000_000
_CHUNK = 64 * 1024

_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_NAMES = {
    **{f"{space} {local}": local for space in _WORD for local in (
        "document", "p", "r", "t", "tab", "br", "cr", "noBreakHyphen", "ptab", "tbl", "tr", "tc", "txbxContent",
        "del", "moveFrom", "rt", "footnote", "endnote",
    )},
    "http://schemas.openxmlformats.org/officeDocument/2006/math t": "t",
    "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback": "Fallback",
}  # fmt: skip
_TYPES = tuple(f"{space} type" for space in _WORD)

# Deleted or moved by tracked changes; ruby text over East Asian words; the copy of a drawing for older programs.
_LEFT_OUT = frozenset(("del", "moveFrom", "rt", "Fallback"))
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}


_DAMAGE_ERRORS = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, LookupError, NotImplementedError, OSError, ValueError,
)  # fmt: skip
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def read(source: Source) -> Parsed:
    """The text of ``source``: paragraphs and tables in order, then notes. Raises ``DocumentError``."""
    name = source.name
    with _damage_as_document_error(name), zipfile.ZipFile(source.file) as archive:
        _check_directory(archive, name)
        main = _main_part(archive, name)
        writer = Writer(name)
        parser = _PartParser(writer, name)
        parser.parse(_open_part(archive, main, name), source.heartbeat)
        if not parser.is_document:
            raise _not_word(name)
        for part in ("footnotes.xml", "endnotes.xml"):
            path = posixpath.join(posixpath.dirname(main), part)
            if path in archive.namelist():
                _PartParser(writer, name).parse(_open_part(archive, path, name), source.heartbeat)
        return Parsed(writer.text, blocks=writer.blocks)


@contextmanager
def _damage_as_document_error(name: str) -> Iterator[None]:
    """Raise the errors of zipfile and expat about a broken file as one ``DocumentError``."""
    try:
        yield
    except _DAMAGE_ERRORS as error:
        raise _damaged(name, error) from error


def _damaged(name: str, error: Exception) -> DocumentError:
    return DocumentError(
        f"{name} is damaged or incomplete.",
        "Get the file again, or open it in Word, which may repair it, and save it anew.",
        f"{type(error).__name__}: {error}",
    )


def _not_word(name: str) -> DocumentError:
    return DocumentError(
        f"{name} is a ZIP archive or a file of another program, not a Word document.",
        "Save it as .docx, PDF or plain text in the program that made it.",
    )


def _check_directory(archive: zipfile.ZipFile, name: str) -> None:
    """Raise ``DocumentError`` if the archive's directory lists what no Word document has."""
    members = archive.infolist()
    if len(members) > _MAX_MEMBERS or sum(member.file_size for member in members) > _MAX_UNPACKED:
        raise _too_large(name)
    if any(member.flag_bits & 1 for member in members):
        raise DocumentError(f"{name} is a ZIP archive with a password, not a Word document.", "Unpack it first.")
    if any(member.compress_type not in _COMPRESSIONS for member in members):
        raise _not_word(name)


def _too_large(name: str) -> DocumentError:
    return DocumentError(
        f"{name} would grow far too large when unpacked.",
        "If you trust it, open it in Word and save its text as a new document.",
    )


def _open_part(archive: zipfile.ZipFile, path: str, name: str) -> IO[bytes]:
    part = archive.getinfo(path)
    is_bomb = part.file_size > 20_000_000 and part.file_size > 200 * part.compress_size
    if is_bomb or part.file_size > _MAX_XML:
        raise _too_large(name)
    return archive.open(part)  # reads at most file_size bytes, even of a member that unpacks to more


def _main_part(archive: zipfile.ZipFile, name: str) -> str:
    """The path in the archive of the part with the text: usually, not always, word/document.xml."""
    if "_rels/.rels" not in archive.namelist():
        raise _not_word(name)
    targets: list[str] = []

    def start(_: str, attributes: dict[str, str]) -> None:
        if attributes.get("Type", "").endswith("/officeDocument"):
            targets.append(attributes.get("Target", "").lstrip("/"))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    _feed(parser, _open_part(archive, "_rels/.rels", name), name, heartbeat=lambda: None)
    if not targets:
        raise _not_word(name)
    return targets[0]


def _feed(parser: expat.XMLParserType, part: IO[bytes], name: str, heartbeat: Heartbeat) -> None:
    def refuse(*_: object) -> None:
        raise _damaged(name, ValueError("XML with a DOCTYPE"))

    parser.StartDoctypeDeclHandler = refuse
    with part:
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk, False)
            heartbeat()
    parser.Parse(b"", True)


class _PartParser:
    """Writes the text of one XML part element by element. It builds no tree, which a hostile file could make huge."""

    def __init__(self, writer: Writer, name: str) -> None:
        self.is_document = False
        self._name = name
        self._writers = [writer]  # the last one is written to; the others wait while a text box is read
        self._boxes: list[str] = []  # texts of the text boxes in the current paragraph
        self._tables = 0  # how many tables are open
        self._stack: list[str] = []  # names of the open elements, '' for those without a meaning here
        self._left_out = 0  # how many open elements are inside one that is left out, that one included

    def parse(self, part: IO[bytes], heartbeat: Heartbeat) -> None:
        """Write the text of ``part`` to the writer."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        _feed(parser, part, self._name, heartbeat)

    def _start(self, qualified: str, attributes: dict[str, str]) -> None:
        element = _NAMES.get(qualified, "")
        parent = self._stack[-1] if self._stack else ""
        self._stack.append(element)
        if self._left_out or element in _LEFT_OUT or _is_separator(element, attributes):
            self._left_out += 1
            return
        writer = self._writers[-1]
        if parent == "r" and element in _CHARACTERS:  # elsewhere <tab> defines a tab stop
            writer.write(_CHARACTERS[element])
        elif element == "document":
            self.is_document = True
        elif element == "txbxContent":
            self._writers.append(Writer(self._name))
        elif element == "tbl":
            self._tables += 1
            writer.start_table()
        elif element == "tr":
            writer.row()
        elif element == "tc":
            writer.cell()

    def _end(self, _: str) -> None:
        element = self._stack.pop()
        if self._left_out:
            self._left_out -= 1
        elif element == "txbxContent":
            self._boxes.append(self._writers.pop().text)
        elif element == "p":
            self._end_paragraph()
        elif element == "tbl":
            self._tables -= 1
            self._writers[-1].end_table()

    def _end_paragraph(self) -> None:
        writer = self._writers[-1]
        breaks = 1 if self._tables else 2
        writer.block(breaks)
        if len(self._writers) == 1:
            for box in self._boxes:  # a box is anchored in a paragraph, and its text goes below that
                writer.write(box)
                writer.block(breaks)
            self._boxes.clear()

    def _data(self, text: str) -> None:
        if not self._left_out and self._stack[-1] == "t":
            self._writers[-1].write(text)


def _is_separator(element: str, attributes: dict[str, str]) -> bool:
    """Whether a note element is only the separator line that Word draws above the notes."""
    return element in ("footnote", "endnote") and any(attributes.get(key, "normal") != "normal" for key in _TYPES)
