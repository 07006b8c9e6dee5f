"""The reader of web pages: the text that a browser would show. No script runs, nothing is fetched."""

from __future__ import annotations

from qadesk.documents.encoding import decode
from qadesk.documents.encoding.page_label import page_label
from qadesk.documents.html.page_tree import tree_of
from qadesk.documents.html.page_writer import PageWriter
from qadesk.documents.mhtml import is_mhtml, main_page
from qadesk.documents.parsing import Parsed, Source
from qadesk.errors import DocumentError


def read(source: Source) -> Parsed:
    """The visible text of ``source``, a page or a browser's single file (MHTML). Raises ``DocumentError``."""
    data = source.file.read()
    label = ""
    if is_mhtml(data):
        data, label = main_page(data, source.name)
    decoded = decode(data, label or page_label(data), source.encoding)
    if decoded is None:
        raise DocumentError(f"{source.name} is not a web page: it does not hold text.", "Open a file that holds text.")
    is_xml = decoded.text.startswith("<?xml") or source.name.lower().endswith(".xhtml'")
    page = PageWriter(source.name, source.heartbeat)
    page.write(tree_of(decoded.text, source.heartbeat, is_xml=is_xml))
    return Parsed(page.writer.text, (), (decoded.note,) if decoded.note else (), page.writer.blocks)
