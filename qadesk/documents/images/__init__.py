"""The reader of pictures (PNG, JPEG, TIFF): each is a page, and its text is what text recognition found on it."""

from __future__ import annotations

from contextlib import closing

from qadesk.documents.images.image_pages import open_pages
from qadesk.documents.page_notes import page_note
from qadesk.documents.parsing import Parsed, Source
from qadesk.documents.pdf import assembled
from qadesk.documents.pdf.page_pieces import PagePieces
from qadesk.documents.pdf.scan_pieces import pieces_of_scan
from qadesk.documents.scans.page_source import PageError


def read(source: Source) -> Parsed:
    """The text of ``source`` with its structure, as far as it was recognised. Raises ``DocumentError``."""
    pieces: list[PagePieces] = []
    damaged: list[int] = []
    scans: list[int] = []
    with closing(open_pages(source)) as pages:
        has_more = pages.has_more
        for index in range(len(pages.sizes())):
            source.heartbeat()
            try:
                text = source.scans.read(pages.page_hash(index))
            except PageError:
                damaged.append(index + 1)
                text = None
            if text is None and index + 1 not in damaged:
                scans.append(index + 1)
            pieces.append(pieces_of_scan(text) if text else PagePieces())
    numbers = range(1, len(pieces) + 1)
    missing = {*damaged, *scans}
    empty = [number for number in numbers if number not in missing and not pieces[number - 1].lines]
    assembly = assembled(pieces, source)
    notes = (
        page_note(damaged, "{} is damaged and was left out.", "{} are damaged and were left out."),
        f"It has more than {len(pieces):,} pages: the others were left out." if has_more else "",
        page_note(empty, "{} has no text.", "{} have no text."),
    )
    return Parsed(
        assembly.text,
        assembly.pages(map(str, numbers)),
        tuple(filter(None, notes)),
        assembly.blocks,
        characters=assembly.characters,
        scans=tuple(scans),
        recognized_pages=tuple(number for number in numbers if number not in missing),
    )
