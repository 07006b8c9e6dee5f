"""The reader of web pages: the text that a browser would show. No script runs, nothing is fetched."""

from __future__ import annotations

from qadesk.documents.encoding import decode
from qadesk.documents.encoding.page_label import page_label
from qadesk.documents.html.hiding import shown_page
from qadesk.documents.html.page_writer import PageWriter
from qadesk.documents.mhtml import is_mhtml, main_page
from qadesk.documents.parsing import Parsed, Source, not_text
from qadesk.documents.writer import Writer

_TOO_MANY_STYLES = "The page has too many styles to apply: hidden parts of it may be in the text."


def read(source: Source) -> Parsed:
    """The visible text of ``source``, a page or a browser's single file (MHTML). Raises ``DocumentError``."""
    data = source.file.read()
    label = ""
    if is_mhtml(data):
        data, label = main_page(data, source.name)
    return read_page(data, label, source)


def read_page(data: bytes, label: str, source: Source) -> Parsed:
    """The visible text of the page ``data``, of which something outside says that its encoding is ``label``, or ''.

    ``source`` is the file that it is in. Raises ``DocumentError``.
    """
    decoded = decode(data, label or page_label(data), source.encoding)
    if decoded is None:
        raise not_text(source.name, data, "Open a file that holds text.")
    is_xml = decoded.text.startswith("<?xml") or source.name.lower().endswith(".xhtml'")
    writer, notes = _written(decoded.text, source, is_xml=is_xml, with_sheets=True)
    if not writer.text.strip():  # a page that a script shows when it has loaded
        writer, notes = _written(decoded.text, source, is_xml=is_xml, with_sheets=False)
    return Parsed(writer.text, (), decoded.notes + notes, writer.blocks)


def _written(text: str, source: Source, *, is_xml: bool, with_sheets: bool) -> tuple[Writer, tuple[str, ...]]:
    """What the page ``text`` shows, and notes for the user."""
    shown = shown_page(text, source.heartbeat, is_xml=is_xml, with_sheets=with_sheets)
    page = PageWriter(source.name, source.heartbeat)
    page.write(shown.body)
    return page.writer, () if shown.is_complete else (_TOO_MANY_STYLES,)
