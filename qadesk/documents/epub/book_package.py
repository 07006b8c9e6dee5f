"""The package of an e-book: which parts it has, in which order they are read, and which of them are encrypted."""

from __future__ import annotations

import io
import posixpath
import re
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

from qadesk.documents.archive import Archive, ArchiveKind, other_content
from qadesk.documents.parsing import Heartbeat
from qadesk.documents.xml_stream import XmlHandler, parse_xml, values_of
from qadesk.errors import DocumentError

EPUB = ArchiveKind("an e-book (EPUB)", "a program for e-books, such as Calibre", ".epub")

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_MAX_ITEMS = 20_000
_FONT_ALGORITHMS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_DOCTYPE = re.compile(rb"<!DOCTYPE\s[^\[<>]{0,500}>", re.I)
_DOCTYPE_PLACE = 2000  # bytes of the beginning in which it may be


class BookItem(NamedTuple):
    """A part of a book: its path in the archive, its media type, and its properties ('nav')."""

    path: str
    media_type: str
    properties: tuple[str, ...] = ()


@dataclass(slots=True)
class BookPackage:
    """The parts of a book."""

    items: dict[str, BookItem] = field(default_factory=dict)
    spine: list[BookItem] = field(default_factory=list)
    """The parts that are read, in their order."""
    old_contents: str = ""
    """The id of the table of contents of EPUB 2."""


def local_name(name: str) -> str:
    """The name of an element without its namespace."""
    return name.rpartition(" ")[2]


def parse_book_xml(archive: Archive, path: str, handler: XmlHandler, heartbeat: Heartbeat) -> None:
    """Give the elements of the part ``path`` to ``handler``.

    A DOCTYPE that only names the kind of the part, as EPUB 2 has it, is no harm and is taken out. One that defines
    anything is refused, as in all XML.
    """
    with archive.open_part(path, is_small=True) as part:
        data = part.read()
    head = _DOCTYPE.sub(b"", data[:_DOCTYPE_PLACE], count=1)
    parse_xml(io.BytesIO(head + data[_DOCTYPE_PLACE:]), archive.name, handler, heartbeat)


def resolved_path(base: str, reference: str) -> str:
    """The path of the part that ``reference`` names in the part ``base``; '' if it is outside the archive."""
    path = unquote(reference.partition("#")[0].partition("?")[0])
    if not path:
        return base
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", path):
        return ""
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(base), path))
    return "" if joined.startswith("..") else joined.lstrip("/")


def read_package(archive: Archive, heartbeat: Heartbeat) -> BookPackage:
    """The parts of the book in ``archive``. Raises ``DocumentError``."""
    path = _package_path(archive, heartbeat)
    reader = _PackageReader(path)
    parse_book_xml(archive, path, XmlHandler(reader.start), heartbeat)
    if not reader.package.spine:
        raise other_content(archive.name, EPUB)
    _refuse_encrypted(archive, reader.package, heartbeat)
    return reader.package


def _package_path(archive: Archive, heartbeat: Heartbeat) -> str:
    paths: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if local_name(name) == "rootfile" and len(paths) < _MAX_ITEMS:
            paths.append(values_of(attributes).get("full-path", ""))

    if _CONTAINER not in archive:
        raise other_content(archive.name, EPUB)
    parse_book_xml(archive, _CONTAINER, XmlHandler(start), heartbeat)
    path = next((path for path in paths if path in archive), "")
    if not path:
        raise other_content(archive.name, EPUB)
    return path


class _PackageReader:
    """Takes the elements of the part that describes the package."""

    def __init__(self, path: str) -> None:
        self.package = BookPackage()
        self._path = path

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = local_name(name)
        if element not in ("item", "itemref", "spine"):
            return
        values = values_of(attributes)
        items = self.package.items
        if element == "item" and len(items) < _MAX_ITEMS:
            path = resolved_path(self._path, values.get("href", ""))
            properties = tuple(values.get("properties", "").split())
            items[values.get("id", "")] = BookItem(path, values.get("media-type", ""), properties)
        elif element == "spine":
            self.package.old_contents = values.get("toc", "")
        elif element == "itemref":
            item = items.get(values.get("idref", ""))
            # The table of contents of EPUB 3 is often in the spine only as a part that is not leafed through.
            if item and not ("nav" in item.properties and values.get("linear") == "no"):
                self.package.spine.append(item)


def _refuse_encrypted(archive: Archive, package: BookPackage, heartbeat: Heartbeat) -> None:
    """Raise ``DocumentError`` if a part that is read is encrypted. Fonts may be: that is no protection of the text."""
    if _ENCRYPTION not in archive:
        return
    encrypted: set[str] = set()
    algorithm = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal algorithm
        element, values = local_name(name), values_of(attributes)
        if element == "EncryptedData":
            algorithm = ""
        elif element == "EncryptionMethod":
            algorithm = values.get("Algorithm", "")
        elif element == "CipherReference" and algorithm not in _FONT_ALGORITHMS and len(encrypted) < _MAX_ITEMS:
            encrypted.add(resolved_path("", values.get("URI", "")).lower())

    parse_book_xml(archive, _ENCRYPTION, XmlHandler(start), heartbeat)
    if any(item.path.lower() in encrypted for item in package.spine):
        raise DocumentError(
            f"{archive.name} is an encrypted book, which only the shop's own program opens.",
            "Ask the publisher for a copy without copy protection (DRM), or open another edition.",
        )
