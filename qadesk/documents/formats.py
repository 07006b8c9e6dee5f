"""Which format a file is in. Its first bytes count more than its name."""

from __future__ import annotations

from pathlib import Path

from qadesk.documents.docx import looks_like_docx
from qadesk.documents.html import looks_like_html
from qadesk.documents.open_file import shown
from qadesk.documents.pdf import looks_like_pdf
from qadesk.errors import DocumentError

SUFFIXES: dict[str, tuple[str, ...]] = {
    "Text": (".txt", ".text", ".log", ".rst", ".csv"),
    "Markdown": (".md", ".markdown"),
    "Web page": (".html", ".htm", ".xhtml"),
    "PDF": (".pdf",),
    "Word document": (".docx",),
}
"""The formats that QADesk opens, by the name to show, with the suffixes of their files."""

HEAD = 4096
"""How many bytes from its beginning tell the format of a file."""

_KINDS = dict(zip(SUFFIXES, ("text", "markdown", "html", "pdf", "docx"), strict=True))
_KIND_OF_SUFFIX = {suffix: _KINDS[name] for name, suffixes in SUFFIXES.items() for suffix in suffixes}

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # Word before 2007; also the wrapping of an encrypted .docx
_RTF = b"{\\rtf"


def kind_of(path: Path, head: bytes) -> str:
    """The ``Document.kind`` of the file ``path`` that begins with ``head``. Raises ``DocumentError``."""
    named = _KIND_OF_SUFFIX.get(path.suffix.lower(), "")
    if head.startswith((_OLE, _RTF)):
        raise _other_word_format(path, head)
    if looks_like_pdf(head, late=named == "pdf"):
        return "pdf"
    if looks_like_docx(head):
        return "docx"
    if named in ("pdf", "docx"):
        kind = "PDF" if named == "pdf" else "Word document"
        raise DocumentError(
            f"{shown(path)} is not a {kind}, although its name says so. It may be damaged.",
            "Get the file again. If it holds plain text, rename it to end in .txt.",
        )
    return named or ("html" if looks_like_html(head) else "text")


def _other_word_format(path: Path, head: bytes) -> DocumentError:
    if head.startswith(_RTF):
        return DocumentError(f"{shown(path)} is an RTF file.", "Open it in Word and save it as .docx.")
    if path.suffix.lower() == ".docx":
        return DocumentError(
            f"{shown(path)} is protected by a password, or is an old Word file under a new name.",
            "Open it in Word, remove the password (File, Info, Protect Document) and save it as .docx.",
        )
    return DocumentError(
        f"{shown(path)} is an old Word (.doc) or other Office file.", "Open it in Word and save it as .docx."
    )
