"""The reader of pictures (PNG, JPEG, TIFF): each is a page, and its text is what text recognition found on it."""

from __future__ import annotations

from contextlib import closing

from qadesk.documents.images.image_pages import open_pages
from qadesk.documents.parsing import Parsed, Source
from qadesk.documents.pdf import assembled
from qadesk.documents.pdf.page_contents import PageContents


def read(source: Source) -> Parsed:
    """The text of ``source`` with its structure, as far as it was recognised. Raises ``DocumentError``."""
    content = PageContents()
    with closing(open_pages(source)) as pages:
        has_more = pages.has_more
        for index in range(len(pages.sizes())):
            source.heartbeat()
            content.add_scan(source.scans.read(pages.page_hash(index)))
    count = len(content.pages)
    assembly = assembled(content.pages, source)
    notes = (
        f"It has more than {count:,} pages: the others were left out." if has_more else "",
        content.empty_note(),
    )
    return Parsed(
        assembly.text,
        assembly.pages(str(number + 1) for number in range(count)),
        tuple(filter(None, notes)),
        assembly.blocks,
        characters=assembly.characters,
        scans=tuple(content.scans),
        recognized_pages=tuple(content.recognized),
    )
