"""Reads a page of an e-book, and where the places in it are that the table of contents names."""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

from qadesk.documents.html.hiding import shown_page
from qadesk.documents.html.page_tree import Element
from qadesk.documents.html.page_writer import PageWriter
from qadesk.documents.parsing import Heartbeat, Parsed, Source


class BookPage(NamedTuple):
    """A page, and by their ids the offsets of elements in its text: each has the text that follows the offset."""

    parsed: Parsed
    places: dict[str, int]


def read_book_page(text: str, source: Source, wanted: Container[str], *, is_xml: bool) -> BookPage:
    """What the page ``text`` shows, and the places of the elements with the ids ``wanted``."""
    for with_sheets in (True, False):
        shown = shown_page(text, source.heartbeat, is_xml=is_xml, with_sheets=with_sheets)
        page = _PlacedPageWriter(source.name, source.heartbeat, wanted)
        page.write(shown.body)
        if page.writer.length:
            break
    return BookPage(Parsed(page.writer.text, blocks=page.writer.blocks), page.places)


class _PlacedPageWriter(PageWriter):
    """Notes the places of some elements."""

    def __init__(self, name: str, heartbeat: Heartbeat, wanted: Container[str]) -> None:
        super().__init__(name, heartbeat)
        self.places: dict[str, int] = {}
        self._wanted = wanted

    def _enter(self, element: Element) -> None:
        identifier = element.attributes.get("id", "")
        if identifier in self._wanted:
            self.places.setdefault(identifier, self.writer.length)
        super()._enter(element)
