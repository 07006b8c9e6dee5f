"""Which of the document formats that QADesk reads a file is in. ``format_table`` has them all."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from qadesk.documents.format_row import OLE, Format
from qadesk.documents.format_table import FORMATS
from qadesk.documents.open_file import quoted_name
from qadesk.errors import DocumentError
from qadesk.records import Document

__all__ = [
    "FORMATS", "HEAD", "Format", "by_kind", "encoding_can_be_chosen", "format_of", "pages_can_be_shown",
    "titles_in_list",
]  # fmt: skip

HEAD = 4096
"""How many bytes from the beginning of a file its format is recognised by."""

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # the second one is empty


def by_kind(kind: str) -> Format:
    """The format with ``Document.kind`` ``kind``. Raises ``ValueError`` for an unknown one."""
    for row in FORMATS:
        if row.kind == kind:
            return row
    raise ValueError(f"no document format is called {kind!r}")


def format_of(path: Path, file: BinaryIO) -> Format:
    """The format of the file ``path``, which is open as ``file``. Raises ``DocumentError``.

    The first bytes, and what is in a ZIP archive, count more than the name. A file without a known suffix or signature
    is taken for plain text.
    """
    file.seek(0)
    head = file.read(HEAD)
    if head.startswith(_ZIP):
        return _archive_format(path, file)
    suffix = path.suffix.lower()
    for row in FORMATS:
        if row.has_signature and row.sniff and row.sniff(head, suffix in row.suffixes):
            return row
    if head.startswith(OLE):
        raise _other_office_format(path)
    named = next((row for row in FORMATS if suffix in row.suffixes), None)
    if named is None:
        return next((row for row in FORMATS if row.sniff and row.sniff(head, False)), by_kind("text"))
    if named.has_signature:
        raise DocumentError(
            f"{quoted_name(path)} is not {named.title_with_article}, although its name says so. It may be damaged.",
            "Get the file again. If it holds plain text, rename it to end in .txt.",
        )
    return named


def _archive_format(path: Path, file: BinaryIO) -> Format:
    """The format of a ZIP archive, by what is in it. Where that says nothing the suffix decides."""
    from qadesk.documents.archive_content import archive_content

    suffix, name = path.suffix.lower(), quoted_name(path)
    named = next((row for row in FORMATS if row.media_types and suffix in row.suffixes), None)
    try:
        content = archive_content(file, name)
    except DocumentError:
        if named is None:
            raise
        return named  # its reader says better what is wrong
    row = _row_of(content.media_type, content.members) or named
    if row is None:
        raise DocumentError(
            f"{name} is a ZIP archive or a file of another program, not a document that QADesk opens.",
            "Unpack it and open the documents in it, or save it as PDF in the program that made it.",
        )
    return row


def _row_of(media_type: str, members: frozenset[str]) -> Format | None:
    rows = [row for row in FORMATS if row.media_types]
    by_type = (row for row in rows if media_type.startswith(row.media_types))
    by_member = (row for row in rows if row.main_member in members)
    return next(by_type, None) or next(by_member, None)


def encoding_can_be_chosen(document: Document | None) -> bool:
    """Whether the file of ``document`` can be read again in another encoding."""
    row = _row_of_file(document)
    return row is not None and row.has_encoding


def pages_can_be_shown(document: Document | None) -> bool:
    """Whether the pages of the file of ``document`` can be drawn as they are printed."""
    row = _row_of_file(document)
    return row is not None and row.page_module != ""


def _row_of_file(document: Document | None) -> Format | None:
    """The format of ``document`` if it was read from a file."""
    if document is None or document.path is None:
        return None
    return next((row for row in FORMATS if row.kind == document.kind), None)


def titles_in_list() -> str:
    """The formats as a sentence names them: 'text, Markdown, LaTeX, HTML, PDF and Word (.docx)'."""
    *titles, last = (row.title_in_list for row in FORMATS)
    return f"{', '.join(titles)} and {last}"


def _other_office_format(path: Path) -> DocumentError:
    name, suffix = quoted_name(path), path.suffix.lower()
    program, new, menu = ("Excel", ".xlsx", "Workbook") if suffix[:3] == ".xl" else ("Word", ".docx", "Document")
    if suffix in (".docx", ".xlsx", ".xlsm"):
        return DocumentError(
            f"{name} is protected by a password, or is an old {program} file under a new name.",
            f"Open it in {program}, remove the password (File, Info, Protect {menu}) and save it as {new}.",
        )
    if program == "Excel":
        return DocumentError(f"{name} is an old Excel file ({suffix}).", "Open it in Excel and save it as .xlsx.")
    if suffix in (".pptx", ".ppsx", ".potx", ".pptm", ".ppt", ".pps"):
        return DocumentError(
            f"{name} is protected by a password, or is an old PowerPoint file (.ppt).",
            "Open it in PowerPoint, remove the password (File, Info, Protect Presentation) and save it as .pptx.",
        )
    return DocumentError(f"{name} is an old Word (.doc) or other Office file.", "Open it in Word and save it as .docx.")
