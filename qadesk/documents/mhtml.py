"""A browser's single file (MHTML): a mail whose parts are a web page and what it shows. Finds the page."""

from __future__ import annotations

import re

from qadesk.documents.mime.parts import MimePart, part_of, parts_in
from qadesk.errors import DocumentError

_MAX_NESTED = 4  # parts with parts in one another
_PAGES = ("text/html", "application/xhtml+xml")
_IS_MHTML = re.compile(rb"^content-type:\s*(?:multipart/(?:related|alternative|mixed)|text/html)", re.I | re.M)


def is_mhtml(data: bytes) -> bool:
    """Whether a file that begins with ``data`` is one: the headers of a mail with a web page."""
    head = data[:4096]
    return re.match(rb"(?:\xef\xbb\xbf|\s)*[A-Za-z][\w-]*:[ \t\r]", head) is not None and bool(_IS_MHTML.search(head))


def main_page(data: bytes, name: str) -> tuple[bytes, str]:
    """The bytes of the page in ``data``, and the encoding that its headers name, or "".

    ``name`` is the file's name in quotes. Raises ``DocumentError`` where there is no page.
    """
    start = len(data) - len(data.removeprefix(b"\xef\xbb\xbf").lstrip())
    part = part_of(data, start, len(data))
    for _ in range(_MAX_NESTED):
        page = _root(part) if part.headers.type.startswith("multipart/") else None
        if page is None:
            break
        part = page
    if part.headers.type not in (*_PAGES, "text/plain"):
        raise DocumentError(f"{name} holds no web page.", "Open the page in a browser and save it again.")
    return part.body, part.headers.charset


def _root(part: MimePart) -> MimePart | None:
    """The part in ``part`` that is the page, or holds it: the one that its headers name, else the first page."""
    start = part.headers.parameter("start")
    location = part.headers.text("snapshot-content-location") or part.headers.text("content-location")
    parts = list(parts_in(part))
    if start and (by_id := next((inner for inner in parts if inner.headers.content_id == start), None)):
        return by_id
    pages = [inner for inner in parts if inner.headers.type in _PAGES]
    by_location = [page for page in pages if location and page.headers.text("content-location") == location]
    return next(iter((*by_location, *pages, *parts)), None)
