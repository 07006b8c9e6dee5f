"""The document formats that QADesk reads, as one table, and which of them a file is in.

A new format is one row here and one module with a function ``read``. The file dialog, the child process that parses
untrusted files and the installers (``packaging/document_types.py``) follow the table.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from qadesk.documents.open_file import quoted_name
from qadesk.documents.parsing import Parsed, Source
from qadesk.errors import DocumentError
from qadesk.records import Document

HEAD = 4096
"""How many bytes from the beginning of a file its format is recognised by."""

Sniff = Callable[[bytes, bool], bool]
"""Whether a file that begins with the bytes is in the format. The flag: its suffix is one of the format's."""


@dataclass(frozen=True, slots=True)
class Format:
    """A document format. Its ``module`` has the function ``read(source: Source) -> Parsed``, and is imported only then.

    A format with ``has_signature`` is recognised by ``sniff`` alone, and a file without the signature is refused even
    if its suffix is right. Otherwise the suffix decides, and ``sniff`` only where the suffix is unknown. The reader of
    an ``isolated`` format runs in the child process. In one with ``has_encoding`` files may not say how
    their text is encoded, and the user may choose that.
    """

    kind: str  # Document.kind, stored in the database
    title: str  # in the file dialog and in errors
    short_title: str  # in the line about an open document
    title_in_list: str  # within a sentence that lists the formats
    suffixes: tuple[str, ...]
    mime_types: tuple[str, ...]
    apple_type: str  # uniform type identifier
    open_with: tuple[str, ...]  # the suffixes for which Windows offers QADesk in 'Open with'
    module: str
    isolated: bool = True
    has_encoding: bool = False
    sniff: Sniff | None = None
    has_signature: bool = False

    def read(self, source: Source) -> Parsed:
        """The text of ``source``. Raises ``DocumentError``."""
        reader: Callable[[Source], Parsed] = import_module(self.module).read
        return reader(source)


def _is_html(head: bytes, _has_suffix: bool) -> bool:
    """By its first tag; a browser's single file by the line that names the page that was saved."""
    if (
        re.search(rb"^(snapshot-content-location:|from: <saved by )", head, re.I | re.M)
        and b"multipart/related" in head
    ):
        return True
    start = rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.{0,500}?-->\s*)?<(!doctype html|html)[\s>]"
    return re.match(start, head, re.I | re.S) is not None


def _is_pdf(head: bytes, has_suffix: bool) -> bool:
    """By the header; a file that is named .pdf may have up to 1 kB of other bytes before it, or objects without it."""
    if not has_suffix:
        return head.startswith(b"%PDF-")
    return b"%PDF-" in head[:1024] or re.match(rb"(?:%[^\r\n]{0,99})?\s{0,9}\d+ \d+ obj\b", head) is not None


def _is_zip(head: bytes, _has_suffix: bool) -> bool:
    """Whether it is a ZIP archive, as Word documents are; what is in it shows when it is read."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


FORMATS: tuple[Format, ...] = (  # sniffed in this order: a special kind of ZIP archive must come before "docx"
    Format(
        kind="text",
        title="Text",
        short_title="Text",
        title_in_list="text",
        suffixes=(".txt", ".text", ".log", ".csv"),
        mime_types=("text/plain",),
        apple_type="public.plain-text",
        open_with=(".txt",),
        module="qadesk.documents.text",
        isolated=False,
        has_encoding=True,
    ),
    Format(
        kind="markdown",
        title="Markdown",
        short_title="Markdown",
        title_in_list="Markdown",
        suffixes=(".md", ".markdown"),
        mime_types=("text/markdown",),
        apple_type="net.daringfireball.markdown",
        open_with=(".md", ".markdown"),
        module="qadesk.documents.markdown",
        has_encoding=True,
    ),
    Format(
        kind="rst",
        title="reStructuredText",
        short_title="reStructuredText",
        title_in_list="reStructuredText",
        suffixes=(".rst",),
        mime_types=("text/x-rst",),
        apple_type="public.restructuredtext",
        open_with=(".rst",),
        module="qadesk.documents.rst",
        has_encoding=True,
    ),
    Format(
        kind="tex",
        title="LaTeX",
        short_title="LaTeX",
        title_in_list="LaTeX",
        suffixes=(".tex", ".ltx"),
        mime_types=("text/x-tex",),
        apple_type="org.tug.tex",
        open_with=(".tex", ".ltx"),
        module="qadesk.documents.tex",
        has_encoding=True,
    ),
    Format(
        kind="html",
        title="Web page",
        short_title="HTML",
        title_in_list="HTML",
        suffixes=(".html", ".htm", ".xhtml", ".mhtml", ".mht"),
        mime_types=("text/html", "application/xhtml+xml", "application/x-mimearchive"),
        apple_type="public.html",
        open_with=(".html", ".htm", ".mhtml", ".mht"),
        module="qadesk.documents.html",
        has_encoding=True,
        sniff=_is_html,
    ),
    Format(
        kind="pdf",
        title="PDF",
        short_title="PDF",
        title_in_list="PDF",
        suffixes=(".pdf",),
        mime_types=("application/pdf",),
        apple_type="com.adobe.pdf",
        open_with=(".pdf",),
        module="qadesk.documents.pdf",
        sniff=_is_pdf,
        has_signature=True,
    ),
    Format(
        kind="docx",
        title="Word document",
        short_title="Word",
        title_in_list="Word (.docx)",
        suffixes=(".docx",),
        mime_types=("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
        apple_type="org.openxmlformats.wordprocessingml.document",
        open_with=(".docx",),
        module="qadesk.documents.docx",
        sniff=_is_zip,
        has_signature=True,
    ),
)

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # Word before 2007; also the wrapping of an encrypted .docx
_RTF = b"{\\rtf"


def by_kind(kind: str) -> Format:
    """The format with ``Document.kind`` ``kind``. Raises ``ValueError`` for an unknown one."""
    for row in FORMATS:
        if row.kind == kind:
            return row
    raise ValueError(f"no document format is called {kind!r}")


def format_of(path: Path, head: bytes) -> Format:
    """The format of the file ``path`` that begins with the bytes ``head``. Raises ``DocumentError``.

    The first bytes count more than the name. A file without a known suffix or signature is taken for plain text.
    """
    if head.startswith((_OLE, _RTF)):
        raise _other_word_format(path, head)
    suffix = path.suffix.lower()
    for row in FORMATS:
        if row.has_signature and row.sniff and row.sniff(head, suffix in row.suffixes):
            return row
    named = next((row for row in FORMATS if suffix in row.suffixes), None)
    if named is None:
        return next((row for row in FORMATS if row.sniff and row.sniff(head, False)), by_kind("text"))
    if named.has_signature:
        raise DocumentError(
            f"{quoted_name(path)} is not a {named.title}, although its name says so. It may be damaged.",
            "Get the file again. If it holds plain text, rename it to end in .txt.",
        )
    return named


def encoding_can_be_chosen(document: Document | None) -> bool:
    """Whether the file of ``document`` can be read again in another encoding."""
    if document is None or document.path is None:
        return False
    return any(row.has_encoding for row in FORMATS if row.kind == document.kind)


def titles_in_list() -> str:
    """The formats as a sentence names them: 'text, Markdown, LaTeX, HTML, PDF and Word (.docx)'."""
    *titles, last = (row.title_in_list for row in FORMATS)
    return f"{', '.join(titles)} and {last}"


def _other_word_format(path: Path, head: bytes) -> DocumentError:
    name = quoted_name(path)
    if head.startswith(_RTF):
        return DocumentError(f"{name} is an RTF file.", "Open it in Word and save it as .docx.")
    if path.suffix.lower() == ".docx":
        return DocumentError(
            f"{name} is protected by a password, or is an old Word file under a new name.",
            "Open it in Word, remove the password (File, Info, Protect Document) and save it as .docx.",
        )
    return DocumentError(f"{name} is an old Word (.doc) or other Office file.", "Open it in Word and save it as .docx.")
