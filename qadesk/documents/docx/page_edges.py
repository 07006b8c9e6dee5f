"""Headers and footers: those that Word prints, each once, whatever number of sections and pages have it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from qadesk.documents.docx.story import Story
from qadesk.documents.docx.word_file import WordFile
from qadesk.documents.office.relations import Relation
from qadesk.documents.parsing import Parsed
from qadesk.documents.writer import Writer
from qadesk.structure import Block

_PAGES = ("first", "default", "even")


def edges(file: WordFile, relations: dict[str, Relation], kind: Literal["header", "footer"]) -> Iterator[Parsed]:
    """The different headers or footers of the document in the order of its sections."""
    pages = _printed_pages(file)
    texts: set[str] = set()
    for section in file.sections:
        references = section.headers if kind == "header" else section.footers
        for page in pages:
            for relation_id in (identifier for key, identifier in references if _page(key) == page):
                parsed = _edge(file, relations.get(relation_id), kind)
                if parsed and parsed.text not in texts:
                    texts.add(parsed.text)
                    yield parsed


def _page(key: str) -> str:
    return key if key in _PAGES else "default"


def _printed_pages(file: WordFile) -> list[str]:
    is_printed = {"first": file.has_first_pages, "default": True, "even": file.has_even_pages}
    return [page for page in _PAGES if is_printed[page]]


def _edge(file: WordFile, relation: Relation | None, kind: Literal["header", "footer"]) -> Parsed | None:
    if relation is None or not file.take(relation.path):
        return None
    writer = Writer(file.name)
    Story(file, relation.path, writer, kind).parse()
    blocks = tuple(_as_edge(writer.blocks, kind))
    return Parsed(writer.text, blocks=blocks) if blocks else None


def _as_edge(blocks: Iterable[Block], kind: Literal["header", "footer"]) -> Iterator[Block]:
    """The blocks as blocks of ``kind``; each cell of a table, which only places things on the page, as one."""
    for block in blocks:
        if block.rows:
            cells = (cell for row in block.rows for cell in row)
            yield from (Block(kind, cell.start, cell.end) for cell in cells if cell.end > cell.start)
        else:
            yield replace(block, kind=kind, level=0, body=block.start)
