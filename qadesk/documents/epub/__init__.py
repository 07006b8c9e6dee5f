"""The reader of e-books (.epub), which are ZIP archives of web pages. The reader of web pages reads the chapters.

Nothing is fetched, and no style sheet or script in the book is used.
"""

from __future__ import annotations

from collections.abc import Container

from qadesk.documents.archive import Archive, open_archive
from qadesk.documents.encoding import decode
from qadesk.documents.encoding.page_label import page_label
from qadesk.documents.epub.book_package import EPUB, BookItem, read_package
from qadesk.documents.epub.book_pages import BookPage, read_book_page
from qadesk.documents.epub.chapters import PartPlace, chapter_pages, outline_by_contents, starts_of
from qadesk.documents.epub.table_of_contents import contents_of
from qadesk.documents.parsing import Parsed, Source
from qadesk.documents.writer import Writer

_PAGES = ("application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/xml", "text/xml", "")


def read(source: Source) -> Parsed:
    """The text of ``source`` in the order of the book. Its chapters are the pages. Raises ``DocumentError``."""
    writer = Writer(source.name)
    parts: list[PartPlace] = []
    with open_archive(source.file, source.name, EPUB) as archive:
        package = read_package(archive, source.heartbeat)
        entries = contents_of(archive, package, source.heartbeat)
        wanted = {entry.place for entry in entries if entry.place}
        items = {item.path.lower(): item for item in package.spine if item.media_type in _PAGES}  # each once
        missing = 0
        for item in items.values():
            page = _page(archive, item, source, wanted)
            if page is None:
                missing += 1
                continue
            writer.block(2)
            writer.append(page.parsed)
            end = writer.length
            parts.append(PartPlace(item.path, end - len(page.parsed.text), end, page.places))
    text, blocks = writer.text, writer.blocks
    starts = starts_of(entries, parts, text, blocks)
    has_headings = any(block.kind == "heading" for block in blocks)
    outline = () if has_headings else outline_by_contents(starts)
    note = "A part of the book is missing." if missing == 1 else f"{missing} parts of the book are missing."
    return Parsed(text, chapter_pages(starts, parts, text), (note,) if missing else (), blocks, outline)


def _page(archive: Archive, item: BookItem, source: Source, wanted: Container[str]) -> BookPage | None:
    """The page ``item``; None if it is not there or is no text."""
    if item.path not in archive:
        return None
    with archive.open_part(item.path, is_small=True) as part:
        data = part.read()
    decoded = decode(data, page_label(data), "")
    if decoded is None:
        return None
    return read_book_page(decoded.text, source, wanted, is_xml=item.media_type != "text/html")
