"""Word documents (.docx): a ZIP archive of XML, read as a stream. Nothing is unpacked to the disk.

The archive's directory is checked before anything in it is read, and XML with a DOCTYPE, which Word
never writes, is refused: there are no entities to expand and nothing outside to fetch.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO
from xml.parsers import expat

from qadesk.documents.parsed import Beat, Parsed, Writer
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

# Deleted or moved away by tracked changes; the small reading aid over East Asian words; a second copy of
# a drawing for older programs.
_LEFT_OUT = frozenset(("del", "moveFrom", "rt", "Fallback"))
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}


_DAMAGE = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, LookupError, NotImplementedError, OSError, ValueError,
)  # fmt: skip
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # of packing


def looks_like_docx(head: bytes) -> bool:
    """Whether a file that begins with ``head`` is a ZIP archive; what is in it shows when it is read."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def read(file: BinaryIO, name: str, beat: Beat) -> Parsed:
    """The text of ``file``: paragraphs and tables in order, then notes. Raises ``DocumentError``."""
    with _damage_in_words(name), zipfile.ZipFile(file) as archive:
        _check(archive, name)
        main = _main_part(archive, name)
        out = Writer(name)
        story = _Story(out, name)
        story.read(_open_part(archive, main, name), beat)
        if not story.is_document:
            raise _not_word(name)
        for part in ("footnotes.xml", "endnotes.xml"):
            path = posixpath.join(posixpath.dirname(main), part)
            if path in archive.namelist():
                _Story(out, name).read(_open_part(archive, path, name), beat)
        return Parsed(out.text)


@contextmanager
def _damage_in_words(name: str) -> Iterator[None]:
    """What the two libraries say of a broken file, as one sentence."""
    try:
        yield
    except _DAMAGE as error:
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


def _check(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse by the archive's own directory what no Word document needs."""
    members = archive.infolist()
    if len(members) > _MAX_MEMBERS or sum(member.file_size for member in members) > _MAX_UNPACKED:
        raise _too_large(name)
    if any(member.flag_bits & 1 for member in members):
        raise DocumentError(f"{name} is a ZIP archive with a password, not a Word document.", "Unpack it first.")
    if any(member.compress_type not in _METHODS for member in members):
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
    return archive.open(part)  # reads no more than file_size, whatever comes


def _main_part(archive: zipfile.ZipFile, name: str) -> str:
    """The path in the archive of the part that holds the text: mostly, not always, word/document.xml."""
    if "_rels/.rels" not in archive.namelist():
        raise _not_word(name)
    found: list[str] = []

    def start(_: str, attributes: dict[str, str]) -> None:
        if attributes.get("Type", "").endswith("/officeDocument"):
            found.append(attributes.get("Target", "").lstrip("/"))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    _feed(parser, _open_part(archive, "_rels/.rels", name), name, beat=lambda: None)
    if not found:
        raise _not_word(name)
    return found[0]


def _feed(parser: expat.XMLParserType, part: IO[bytes], name: str, beat: Beat) -> None:
    def refuse(*_: object) -> None:
        raise _damaged(name, ValueError("XML with a DOCTYPE"))

    parser.StartDoctypeDeclHandler = refuse
    with part:
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk, False)
            beat()
    parser.Parse(b"", True)


class _Story:
    """Follows the elements of one part one by one, and writes its text: there is no tree to run out of room."""

    def __init__(self, out: Writer, name: str) -> None:
        self.is_document = False
        self._name = name
        self._writers = [out]  # more than one: inside text boxes
        self._boxes: list[str] = []
        self._tables = 0
        self._stack: list[str] = []
        self._left_out = 0  # how deep inside something that is left out

    def read(self, part: IO[bytes], beat: Beat) -> None:
        """Write the text of ``part`` to the writer."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        _feed(parser, part, self._name, beat)

    def _start(self, qualified: str, attributes: dict[str, str]) -> None:
        element = _NAMES.get(qualified, "")
        parent = self._stack[-1] if self._stack else ""
        self._stack.append(element)
        if self._left_out or element in _LEFT_OUT or _is_separator(element, attributes):
            self._left_out += 1
            return
        out = self._writers[-1]
        if parent == "r" and element in _SIGNS:  # elsewhere a tab is a tab stop
            out.write(_SIGNS[element])
        elif element == "document":
            self.is_document = True
        elif element == "txbxContent":
            self._writers.append(Writer(self._name))
        elif element == "tbl":
            self._tables += 1
        elif element == "tr":
            out.row()
        elif element == "tc":
            out.cell()

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
            self._end_paragraph()

    def _end_paragraph(self) -> None:
        out = self._writers[-1]
        breaks = 1 if self._tables else 2
        out.block(breaks)
        if len(self._writers) == 1:
            for box in self._boxes:  # anchored in the paragraph, read after it
                out.write(box)
                out.block(breaks)
            self._boxes.clear()

    def _data(self, text: str) -> None:
        if not self._left_out and self._stack[-1] == "t":
            self._writers[-1].write(text)


def _is_separator(element: str, attributes: dict[str, str]) -> bool:
    """Whether a 'note' is only the line that Word draws above the notes."""
    return element in ("footnote", "endnote") and any(attributes.get(key, "normal") != "normal" for key in _TYPES)
