"""The table of formats, and how files of each are recognised.

A new format is one row here and one module with a function ``read``. The file dialog, the child process that parses
untrusted files and the installers (``packaging/document_types.py``) follow the table.
"""

from __future__ import annotations

import re

from qadesk.documents.format_row import OLE, Format
from qadesk.documents.mail.mail_signs import MAIL_HEADERS, MESSAGE_START


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


_MAIL_HEADERS = re.compile(b"^(?:" + "|".join(MAIL_HEADERS).encode() + rb")[ \t]*:", re.I | re.M)


def _is_mail(head: bytes, _has_suffix: bool) -> bool:
    """By the header lines that it begins with: at least three different ones that mail has."""
    start = head.removeprefix(b"\xef\xbb\xbf")
    lines = re.split(rb"\r?\n\r?\n", start, maxsplit=1)[0]
    if not re.match(rb"[!-9;-~]{2,80}:[ \t]", lines):
        return False
    return len({name.lower() for name in _MAIL_HEADERS.findall(lines)}) >= 3


def _is_mailbox(head: bytes, _has_suffix: bool) -> bool:
    """By its first line, which a header line follows."""
    return MESSAGE_START.match(head) is not None


def _is_outlook_message(head: bytes, has_suffix: bool) -> bool:
    """Whether it is a compound file that is named as one, or whose first streams are those of a message."""
    return head.startswith(OLE) and (has_suffix or "__substg1.0_".encode("utf-16-le") in head)


def _is_rtf(head: bytes, _has_suffix: bool) -> bool:
    """By its first group; a few programs write white space or a byte order mark before it."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf")


def _is_image(head: bytes, _has_suffix: bool) -> bool:
    """By its first bytes: PNG, JPEG, TIFF of either byte order."""
    return head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*"))


FORMATS: tuple[Format, ...] = (  # sniffed in this order
    Format(
        kind="text",
        title="Text",
        short_title="Text",
        title_in_list="text",
        suffixes=(".txt", ".text", ".log"),
        mime_types=("text/plain",),
        apple_types=("public.plain-text",),
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
        apple_types=("net.daringfireball.markdown",),
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
        apple_types=("public.restructuredtext",),
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
        apple_types=("org.tug.tex",),
        open_with=(".tex", ".ltx"),
        module="qadesk.documents.tex",
        has_encoding=True,
    ),
    Format(
        kind="csv",
        title="CSV table",
        short_title="CSV",
        title_in_list="CSV",
        suffixes=(".csv", ".tsv", ".tab"),
        mime_types=("text/csv", "text/tab-separated-values"),
        apple_types=("public.comma-separated-values-text",),
        open_with=(".csv", ".tsv"),
        module="qadesk.documents.csv_file",
        has_encoding=True,
    ),
    Format(
        kind="html",
        title="Web page",
        short_title="HTML",
        title_in_list="HTML",
        suffixes=(".html", ".htm", ".xhtml", ".mhtml", ".mht"),
        mime_types=("text/html", "application/xhtml+xml", "application/x-mimearchive"),
        apple_types=("public.html",),
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
        apple_types=("com.adobe.pdf",),
        open_with=(".pdf",),
        module="qadesk.documents.pdf",
        sniff=_is_pdf,
        has_signature=True,
        page_module="qadesk.documents.pdf.page_drawing",
    ),
    Format(
        kind="image",
        title="Picture",
        short_title="Picture",
        title_in_list="pictures (.png, .jpg, .tiff)",
        suffixes=(".png", ".jpg", ".jpeg", ".tif", ".tiff"),
        mime_types=("image/png", "image/jpeg", "image/tiff"),
        apple_types=("public.png", "public.jpeg", "public.tiff"),
        open_with=(".png", ".jpg", ".jpeg", ".tif", ".tiff"),
        module="qadesk.documents.images",
        sniff=_is_image,
        has_signature=True,
        page_module="qadesk.documents.images.image_pages",
    ),
    Format(
        kind="docx",
        title="Word document",
        short_title="Word",
        title_in_list="Word (.docx)",
        suffixes=(".docx",),
        mime_types=("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
        apple_types=("org.openxmlformats.wordprocessingml.document",),
        open_with=(".docx",),
        module="qadesk.documents.docx",
        has_signature=True,
        media_types=("application/vnd.openxmlformats-officedocument.wordprocessingml.", "application/vnd.ms-word."),
        main_member="word/document.xml",
    ),
    Format(
        kind="xlsx",
        title="Excel workbook",
        short_title="Excel",
        title_in_list="Excel (.xlsx)",
        suffixes=(".xlsx", ".xlsm"),
        mime_types=(
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.ms-excel.sheet.macroEnabled.12",
        ),
        apple_types=("org.openxmlformats.spreadsheetml.sheet",),
        open_with=(".xlsx", ".xlsm"),
        module="qadesk.documents.xlsx",
        has_signature=True,
        media_types=("application/vnd.openxmlformats-officedocument.spreadsheetml.", "application/vnd.ms-excel."),
        main_member="xl/workbook.xml",
    ),
    Format(
        kind="pptx",
        title="PowerPoint presentation",
        short_title="PowerPoint",
        title_in_list="PowerPoint (.pptx)",
        suffixes=(".pptx", ".ppsx", ".potx", ".pptm"),
        mime_types=(
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "application/vnd.openxmlformats-officedocument.presentationml.slideshow",
        ),
        apple_types=("org.openxmlformats.presentationml.presentation",),
        open_with=(".pptx",),
        module="qadesk.documents.pptx",
        has_signature=True,
        media_types=(
            "application/vnd.openxmlformats-officedocument.presentationml.",
            "application/vnd.ms-powerpoint.",
        ),
        main_member="ppt/presentation.xml",
    ),
    Format(
        kind="odt",
        title="OpenDocument text",
        short_title="OpenDocument",
        title_in_list="OpenDocument (.odt)",
        suffixes=(".odt", ".ott"),
        mime_types=(
            "application/vnd.oasis.opendocument.text",
            "application/vnd.oasis.opendocument.text-template",
        ),
        apple_types=("org.oasis-open.opendocument.text",),
        open_with=(".odt",),
        module="qadesk.documents.odt",
        has_signature=True,
        media_types=("application/vnd.oasis.opendocument.text",),
        main_member="content.xml",
    ),
    Format(
        kind="rtf",
        title="Rich Text document",
        short_title="RTF",
        title_in_list="Rich Text (.rtf)",
        suffixes=(".rtf",),
        mime_types=("application/rtf", "text/rtf"),
        apple_types=("public.rtf",),
        open_with=(".rtf",),
        module="qadesk.documents.rtf",
        sniff=_is_rtf,
        has_signature=True,
    ),
    Format(
        kind="eml",
        title="Mail message",
        short_title="Mail",
        title_in_list="mail (.eml)",
        suffixes=(".eml", ".emlx"),
        mime_types=("message/rfc822",),
        apple_types=("com.apple.mail.email",),
        open_with=(".eml",),
        module="qadesk.documents.mail.eml",
        sniff=_is_mail,
    ),
    Format(
        kind="mbox",
        title="Mailbox",
        short_title="Mailbox",
        title_in_list="mailbox (.mbox)",
        suffixes=(".mbox", ".mbx"),
        mime_types=("application/mbox",),
        apple_types=("com.apple.mail.mbox",),
        open_with=(".mbox",),
        module="qadesk.documents.mail.mbox",
        sniff=_is_mailbox,
    ),
    Format(
        kind="msg",
        title="Message of Outlook",
        short_title="Outlook",
        title_in_list="Outlook (.msg)",
        suffixes=(".msg", ".oft"),
        mime_types=("application/vnd.ms-outlook",),
        apple_types=("com.microsoft.outlook16.email-message",),
        open_with=(".msg",),
        module="qadesk.documents.outlook",
        sniff=_is_outlook_message,
        has_signature=True,
    ),
    Format(
        kind="epub",
        title="E-book",
        short_title="E-book",
        title_in_list="e-books (.epub)",
        suffixes=(".epub",),
        mime_types=("application/epub+zip",),
        apple_types=("org.idpf.epub-container",),
        open_with=(".epub",),
        module="qadesk.documents.epub",
        has_signature=True,
        media_types=("application/epub+zip",),
        main_member="meta-inf/container.xml",
    ),
)
