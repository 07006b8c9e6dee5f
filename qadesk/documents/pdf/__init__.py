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
from qadesk.documents.page_notes import named_pages, page_note
from qadesk.documents.parsing import Parsed, Source
from qadesk.documents.pdf.assembly import Assembly
from qadesk.documents.pdf.bookmarks import bookmarks, outline
from qadesk.documents.pdf.flow import Hyphens, in_order
from qadesk.documents.pdf.key_pairs import mark_clauses, with_pairs
from qadesk.documents.pdf.kinds import tell_kinds
from qadesk.documents.pdf.opening import open_pdf
from qadesk.documents.pdf.page_layout import drafts_of
from qadesk.documents.pdf.page_pieces import PagePieces, PageReader
from qadesk.documents.pdf.running import running_lines
from qadesk.errors import DocumentError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_LONGEST_LABEL = 10_000  # bytes


def read(source: Source) -> Parsed:
    """The text of ``source`` with its structure. Raises ``DocumentError``, ``PasswordNeeded``."""
    with closing(open_pdf(source)) as document:
        pages, damaged = _read_pages(document, source)
        without = {number for number, page in enumerate(pages, 1) if not page.lines}
        if not any(page.lines for page in pages):
            raise _no_text(source.name, has_damage=bool(damaged))
        room = ctypes.create_string_buffer(_LONGEST_LABEL)
        labels = [_label(document, index, room) for index in range(len(pages))]
        entries = bookmarks(document)
        assembly = _assembled(pages, source, {entry.page_index for entry in entries})
    placed = assembly.pages(labels)
    unreadable = [number for number, page in enumerate(pages, 1) if page.unreadable]
    notes = (
        page_note(damaged, "{} is damaged and was left out.", "{} are damaged and were left out."),
        page_note(
            sorted(without - {*damaged}),
            "{} has no text: it is empty or a picture.",
            "{} have no text: they are empty or pictures.",
        ),
        _characters_note(sum(page.unreadable for page in pages), unreadable),
    )
    return Parsed(
        assembly.text,
        placed,
        tuple(filter(None, notes)),
        assembly.blocks,
        outline(entries, [page.start for page in placed], assembly.lines),
        assembly.characters,
    )


def _read_pages(document: PdfDocument, source: Source) -> tuple[list[PagePieces], list[int]]:
    """What is on each page, and the numbers of the pages that could not be read."""
    from pypdfium2 import PdfiumError

    pages: list[PagePieces] = []
    damaged: list[int] = []
    length = 0
    with closing(PageReader(document, source.file)) as reader:
        for index in range(len(document)):
            source.heartbeat()
            try:
                with closing(document[index]) as page, closing(page.get_textpage()) as textpage:
                    pages.append(reader.read(page, textpage, index))
            except PdfiumError:
                pages.append(PagePieces())
                damaged.append(index + 1)
            length += sum(len(line.text) for line in pages[-1].lines)
            if length > parsing.MAX_CHARACTERS:
                raise parsing.too_long(source.name)
    return pages, damaged


def _assembled(pages: Sequence[PagePieces], source: Source, placed_pages: Iterable[int]) -> Assembly:
    """The document that the pieces of its pages make. ``placed_pages``: indices of pages with bookmarks."""
    edges = running_lines([page.lines for page in pages])
    drafts = []
    for number, page in enumerate(pages, 1):
        source.heartbeat()
        drafts.append(drafts_of(page, edges[number - 1], number))
    tell_kinds(drafts)
    mark_clauses(draft for page in drafts for draft in page)
    order = in_order(map(with_pairs, drafts))
    assembly = Assembly(source.name, Hyphens(order), placed_pages)
    for draft in order:
        source.heartbeat()
        assembly.add(draft)
    return assembly


def _no_text(name: str, *, has_damage: bool) -> DocumentError:
    if has_damage:
        return DocumentError(f"{name} is damaged: none of its pages could be read.", "Get the file again.")
    return DocumentError(
        f"The pages of {name} are pictures (a scan) without text. QADesk does not read pictures.",
        "Run a text recognition (OCR) program on it first, then open the result.",
    )


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
