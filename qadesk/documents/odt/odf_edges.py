"""Headers and footers of an OpenDocument text: those of the master pages that it uses, each once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from qadesk.documents.odt.odf_file import OdfFile
from qadesk.documents.odt.odf_names import odf_names
from qadesk.documents.odt.odf_objects import read_object
from qadesk.documents.odt.odf_story import OdfStory
from qadesk.documents.parsing import Parsed
from qadesk.documents.text_parts import edge_blocks
from qadesk.documents.writer import Writer
from qadesk.documents.xml_stream import XmlHandler, parse_xml, values_of

_STYLES = "styles.xml"
_DEFAULT_PAGE = "Standard"
_MAX_PAGES = 10_000
_KINDS: dict[str, Literal["header", "footer"]] = {
    "style:header": "header", "style:header-first": "header", "style:header-left": "header",
    "style:footer": "footer", "style:footer-first": "footer", "style:footer-left": "footer",
}  # fmt: skip
_NAMES = odf_names((*_KINDS, "style:master-page"))


def page_edges_of(file: OdfFile, master_pages: Iterable[str]) -> tuple[list[Parsed], list[Parsed]]:
    """The different headers and the different footers of ``master_pages``, of the first page and of those after it."""
    if _STYLES not in file.archive:
        return [], []
    reader = _EdgeReader(file)
    handler = XmlHandler(reader.start, reader.end, reader.data)
    parse_xml(file.archive.open_part(_STYLES, is_small=True), file.name, handler, file.heartbeat)
    pages = reader.with_next_pages({_DEFAULT_PAGE, *master_pages})
    edges: tuple[dict[str, Parsed], dict[str, Parsed]] = ({}, {})
    for page, kind, writer in reader.edges:
        blocks = tuple(edge_blocks(writer.blocks, kind))
        if blocks and page in pages:
            edges[kind == "footer"].setdefault(writer.text, Parsed(writer.text, blocks=blocks))
    return list(edges[0].values()), list(edges[1].values())


class _EdgeReader:
    """Takes the elements of styles.xml, and reads the headers and footers in them."""

    def __init__(self, file: OdfFile) -> None:
        self.edges: list[tuple[str, Literal["header", "footer"], Writer]] = []
        self._file = file
        self._next: dict[str, str] = {}
        self._page = ""
        self._story: OdfStory | None = None

    def with_next_pages(self, pages: set[str]) -> set[str]:
        """``pages`` and those that follow them."""
        order = list(pages)
        for page in order:  # grows
            after = self._next.get(page, "")
            if after and after not in pages:
                pages.add(after)
                order.append(after)
        return pages

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = _NAMES.get(name)
        if element == "style:master-page":
            values = values_of(attributes)
            self._page = values.get("name", "")
            if len(self._next) < _MAX_PAGES:
                self._next[self._page] = values.get("next-style-name", "")
        elif element and self._story is None and len(self.edges) < _MAX_PAGES:
            writer = Writer(self._file.name)
            self._story = OdfStory(self._file, writer, read_object, _KINDS[element])
            if values_of(attributes).get("display") != "false":
                self.edges.append((self._page, _KINDS[element], writer))
        elif self._story:
            self._story.start(name, attributes)

    def end(self, name: str) -> None:
        if _NAMES.get(name) in _KINDS:
            self._story = None
        elif self._story:
            self._story.end(name)

    def data(self, text: str) -> None:
        if self._story:
            self._story.data(text)
