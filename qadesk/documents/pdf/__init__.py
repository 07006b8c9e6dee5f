"""The reader of PDF files: text and structure from the characters that pdfium finds. Scripts and actions are never run.

Characters become words and pieces of lines (``page_pieces``), these lines (``rows``), columns, tables and paragraphs of
a page (``page_layout``), and these the blocks of the document (``kinds``, ``flow``, ``assembly``).
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from qadesk.documents import parsing
from qadesk.documents.page_notes import named_pages
from qadesk.documents.parsing import Parsed, Source
from qadesk.documents.pdf.assembly import Assembly
from qadesk.documents.pdf.bookmarks import bookmarks, outline
from qadesk.documents.pdf.flow import Hyphens, in_order
from qadesk.documents.pdf.key_pairs import mark_clauses, with_pairs
from qadesk.documents.pdf.kinds import tell_kinds
from qadesk.documents.pdf.opening import open_pdf
from qadesk.documents.pdf.page_contents import PageContents
from qadesk.documents.pdf.page_layout import drafts_of
from qadesk.documents.pdf.page_pieces import PagePieces, PageReader
from qadesk.documents.pdf.running import running_lines
from qadesk.documents.pdf.scan_pages import is_scan, page_hash
from qadesk.documents.pdf.table_pages import with_joined_tables
from qadesk.errors import DocumentError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_LONGEST_LABEL = 10_000  # bytes


def read(source: Source) -> Parsed:
    """The text of ``source`` with its structure. Raises ``DocumentError``, ``PasswordNeeded``."""
    with closing(open_pdf(source)) as document:
        content = _read_pages(document, source)
        pages = content.pages
        if not content.has_text and not content.scans:
            raise _no_text(source.name, has_damage=bool(content.damaged))
        room = ctypes.create_string_buffer(_LONGEST_LABEL)
        labels = [_label(document, index, room) for index in range(len(pages))]
        entries = bookmarks(document)
        assembly = assembled(pages, source, {entry.page_index for entry in entries})
    placed = assembly.pages(labels)
    unreadable = [number for number, page in enumerate(pages, 1) if page.unreadable]
    notes = (
        content.damage_note(),
        content.empty_note(),
        _characters_note(sum(page.unreadable for page in pages), unreadable),
    )
    return Parsed(
        assembly.text,
        placed,
        tuple(filter(None, notes)),
        assembly.blocks,
        outline(entries, [page.start for page in placed], assembly.lines),
        assembly.characters,
        scans=tuple(content.scans),
        recognized_pages=tuple(content.recognized),
    )


def _read_pages(document: PdfDocument, source: Source) -> PageContents:
    from pypdfium2 import PdfiumError

    content = PageContents()
    length = 0
    with closing(PageReader(document, source.file)) as reader:
        for index in range(len(document)):
            source.heartbeat()
            try:
                with closing(document[index]) as page, closing(page.get_textpage()) as textpage:
                    pieces = reader.read(page, textpage, index)
                    if is_scan(page, pieces.letters):
                        content.add_scan(source.scans.read(page_hash(page)))
                    else:
                        content.pages.append(pieces)
            except PdfiumError:
                content.add_damaged()
            length += content.pages[-1].letters
            if length > parsing.MAX_CHARACTERS:
                raise parsing.too_long(source.name)
    return content


def assembled(pages: Sequence[PagePieces], source: Source, placed_pages: Iterable[int] = ()) -> Assembly:
    """The document that the pieces of its pages make. ``placed_pages``: indices of pages with bookmarks."""
    edges = running_lines(pages)
    drafts = []
    for number, page in enumerate(pages, 1):
        source.heartbeat()
        drafts.append(drafts_of(page, edges[number - 1], number))
    tell_kinds(drafts)
    mark_clauses(draft for page in drafts for draft in page)
    order = in_order(map(with_pairs, with_joined_tables(drafts)))
    assembly = Assembly(source.name, Hyphens(order), placed_pages)
    for draft in order:
        source.heartbeat()
        assembly.add(draft)
    return assembly


def _no_text(name: str, *, has_damage: bool) -> DocumentError:
    if has_damage:
        return DocumentError(f"{name} is damaged: none of its pages could be read.", "Get the file again.")
    return DocumentError(f"The pages of {name} are empty.", "Open a file that holds text.")


def _label(document: PdfDocument, index: int, room: ctypes.Array[ctypes.c_char]) -> str:
    """What is printed on the page as its number; the number itself where the file has no label with ``room``."""
    from pypdfium2 import raw

    size = raw.FPDF_GetPageLabel(document, index, room, len(room))
    try:
        label = room.raw[: size - 2].decode("utf-16-le") if 2 < size <= len(room) else ""
    except UnicodeDecodeError:
        label = ""
    return "".join(filter(str.isprintable, label))[:40] or str(index + 1)


def _characters_note(count: int, numbers: list[int]) -> str:
    """A note about characters on these pages that are not known; '' for none."""
    if not numbers:
        return ""
    named = named_pages(numbers)
    where = f"on {named[0].lower()}{named[1:]}"
    return f"1 character {where} could not be read." if count == 1 else f"{count} characters {where} could not be read."
