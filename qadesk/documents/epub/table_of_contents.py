"""The table of contents of an e-book: that of EPUB 3, which is a web page, or that of EPUB 2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote
from xml.parsers import expat

from qadesk.documents.archive import Archive
from qadesk.documents.encoding import decode
from qadesk.documents.epub.book_package import BookItem, BookPackage, local_name, parse_book_xml, resolved_path
from qadesk.documents.html.page_tree import Element, tree_of
from qadesk.documents.parsing import Heartbeat
from qadesk.documents.xml_stream import XmlHandler, values_of

_MAX_ENTRIES = 50_000
_MAX_ELEMENTS = 500_000
_MAX_DEPTH = 100
_SPACES = re.compile(r"\s+")


class ContentsEntry(NamedTuple):
    """A line of the table: its title, its level from 1, and where it leads."""

    title: str
    level: int
    path: str
    place: str
    """The id of the element that it leads to; '' for the whole part."""


def contents_of(archive: Archive, package: BookPackage, heartbeat: Heartbeat) -> list[ContentsEntry]:
    """The lines of the table of contents; none if there is none that can be read."""
    try:
        pages = (item for item in package.items.values() if "nav" in item.properties)
        page = next((item for item in pages if item.path in archive), None)
        entries = _entries_of_page(archive, page, heartbeat) if page else []
        old = package.items.get(package.old_contents) or next(
            (item for item in package.items.values() if item.media_type == "application/x-dtbncx+xml"), None
        )
        if not entries and old and old.path in archive:
            entries = _entries_of_old(archive, old, heartbeat)
    except (expat.ExpatError, LookupError, ValueError):
        return []
    return [entry for entry in entries if entry.title and entry.path]


def _entries_of_page(archive: Archive, item: BookItem, heartbeat: Heartbeat) -> list[ContentsEntry]:
    with archive.open_part(item.path, is_small=True) as part:
        decoded = decode(part.read(), "", "")
    if decoded is None:
        return []
    entries: list[ContentsEntry] = []
    for element, level in _links(tree_of(decoded.text, heartbeat, is_xml=True)):
        reference = element.attributes.get("href", "")
        if len(entries) < _MAX_ENTRIES:
            path = resolved_path(item.path, reference)
            entries.append(ContentsEntry(_text(element), max(1, level), path, unquote(reference.partition("#")[2])))
    return entries


def _links(root: Element) -> Iterator[tuple[Element, int]]:
    """The links in the first element nav that has some, which is the table of contents, each with its level."""
    found = False
    for table in _elements(root):
        if table.tag != "nav" or found:
            continue
        waiting = [(table, 0)]
        while waiting:
            element, level = waiting.pop()
            if element.tag == "a":
                found = True
                yield element, level
            else:
                waiting += [(child, level + (child.tag == "ol")) for child in reversed(list(element.elements()))]


def _elements(root: Element) -> list[Element]:
    order = [root]
    for element in order:  # grows
        if len(order) < _MAX_ELEMENTS:
            order += element.elements()
    return order


def _text(element: Element) -> str:
    pieces: list[str] = []
    waiting: list[Element | str] = [element]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            pieces.append(part)
        else:
            waiting += reversed(part.children)
    return _SPACES.sub(" ", "".join(pieces)).strip()


def _entries_of_old(archive: Archive, item: BookItem, heartbeat: Heartbeat) -> list[ContentsEntry]:
    reader = _OldContentsReader(item.path)
    parse_book_xml(archive, item.path, XmlHandler(reader.start, reader.end, reader.data), heartbeat)
    return reader.entries


class _OldContentsReader:
    """Takes the elements of the table of contents of EPUB 2 (NCX)."""

    def __init__(self, path: str) -> None:
        self.entries: list[ContentsEntry] = []
        self._path = path
        self._level = 0
        self._title: list[str] = []
        self._is_title = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = local_name(name)
        if element == "navPoint":
            self._level += 1
            self._title = []
        elif element == "text":
            self._is_title = self._level > 0
        elif element == "content" and self._level and len(self.entries) < _MAX_ENTRIES:
            reference = values_of(attributes).get("src", "")
            title = _SPACES.sub(" ", "".join(self._title)).strip()
            path = resolved_path(self._path, reference)
            self.entries.append(
                ContentsEntry(title, min(self._level, _MAX_DEPTH), path, unquote(reference.partition("#")[2]))
            )

    def data(self, text: str) -> None:
        if self._is_title:
            self._title.append(text)

    def end(self, name: str) -> None:
        element = local_name(name)
        if element == "navPoint":
            self._level -= 1
        elif element == "text":
            self._is_title = False
