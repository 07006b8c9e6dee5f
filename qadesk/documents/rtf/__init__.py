"""The reader of Rich Text (.rtf). ``reader`` goes through the file once, ``rtf_text`` makes blocks of the text.

Pictures, objects, comments and what is hidden or deleted are left out; nothing outside the file is opened.
"""

from __future__ import annotations

from qadesk.documents.parsing import Parsed, Source
from qadesk.documents.rtf.reader import RtfReader
from qadesk.documents.symbol_fonts import unknown_symbols_note
from qadesk.documents.text_parts import joined
from qadesk.documents.writer import Writer
from qadesk.errors import DocumentError

_START = b"{\\rtf"
_BEFORE = b"\xef\xbb\xbf \t\r\n\0"


def read(source: Source) -> Parsed:
    """The text of ``source``: headers, paragraphs and tables in order, notes, footers. Raises ``DocumentError``."""
    return read_rtf(source.file.read(), source)


def read_rtf(data: bytes, source: Source) -> Parsed:
    """The text of ``data``, which is in the file ``source``. Raises ``DocumentError``."""
    data = data.lstrip(_BEFORE)
    if not data.startswith(_START):
        raise DocumentError(
            f"{source.name} is not a Rich Text document.",
            "Save it as .docx, PDF or plain text in the program that made it.",
        )
    reader = RtfReader(data, source)
    reader.read()
    parts: tuple[Writer | Parsed, ...] = (
        *reader.headers.values(), reader.body, reader.notes, *reader.footers.values(),
    )  # fmt: skip
    whole = joined(parts, source.name)
    if not whole.text.strip() and reader.has_pictures:
        raise DocumentError(
            f"{source.name} holds only pictures.",
            "Recognise their text with a text recognition (OCR) program first.",
        )
    return Parsed(whole.text, (), tuple(_notes(reader)), whole.blocks)


def _notes(reader: RtfReader) -> list[str]:
    notes = []
    if not reader.is_complete:
        notes.append("The file ends in the middle of the document: the rest of it is missing.")
    if reader.has_formulas:
        notes.append("Formulas were left out.")
    if reader.unknown_symbols:
        notes.append(unknown_symbols_note(reader.unknown_symbols))
    return notes
