"""A browser's single file (MHTML): a mail whose parts are a web page and what it shows. Finds the page.

The parts are divided here and not by ``email``, which takes quadratic time for parts nested in parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser

from qadesk.errors import DocumentError

_MAX_NESTED = 5
_MAX_HEADERS = 64 * 1024  # bytes of the headers of a part
_MAX_PARTS = 10_000
_HEADER = re.compile(rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+\r?\n")
_IS_MHTML = re.compile(rb"^content-type:\s*(?:multipart/(?:related|alternative|mixed)|text/html)", re.I | re.M)


def is_mhtml(data: bytes) -> bool:
    """Whether a file that begins with ``data`` is one: the headers of a mail with a web page."""
    head = data[:4096]
    return re.match(rb"(?:\xef\xbb\xbf|\s)*[A-Za-z][\w-]*:[ \t\r]", head) is not None and bool(_IS_MHTML.search(head))


def main_page(data: bytes, name: str) -> tuple[bytes, str]:
    """The bytes of the page in ``data``, and the encoding that its headers name, or "".

    ``name`` is the file's name in quotes. Raises ``DocumentError`` where there is no page.
    """
    part = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    for _ in range(_MAX_NESTED):
        headers = _headers(part[:_MAX_HEADERS])
        if headers.get_content_maintype() != "multipart":
            break
        page = _root(headers, list(_parts(part, headers.get_boundary() or "")))
        if page is None:
            break
        part = page
    if headers.get_content_type() not in ("text/html", "application/xhtml+xml", "text/plain"):
        raise DocumentError(f"{name} holds no web page.", "Open the page in a browser and save it again.")
    message = message_from_bytes(part)
    payload = message.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b"", headers.get_content_charset() or ""


def _headers(part: bytes) -> Message:
    return BytesHeaderParser().parsebytes(part)


def _parts(data: bytes, boundary: str) -> Iterator[bytes]:
    """The parts between the lines ``--boundary``."""
    mark = b"--" + boundary.encode("utf-8", "surrogateescape")
    start = -1
    place = data.find(mark) if boundary else -1
    for _ in range(_MAX_PARTS):
        if place < 0:
            break
        if start >= 0:
            yield data[start:place]
        end = data.find(b"\n", place)
        if end < 0 or data.startswith(b"--", place + len(mark)):
            return
        start = end + 1
        place = data.find(b"\n" + mark, end)
        place += place >= 0
    if start >= 0:
        yield data[start:]  # the end is missing


def _root(headers: Message, parts: list[bytes]) -> bytes | None:
    """The part that is the page, or holds it: the one that ``headers`` name, else the first page."""
    start = headers.get_param("start")
    location = headers.get("Snapshot-Content-Location") or headers.get("Content-Location")
    pages = []
    for part in parts:
        own = _headers(part[:_MAX_HEADERS])
        if start and str(own.get("Content-ID", "")).strip() == start:
            return part
        if own.get_content_type() in ("text/html", "application/xhtml+xml") or own.is_multipart():
            pages.append((own.get("Content-Location"), part))
    named = (part for own_location, part in pages if location and own_location == location)
    return next(named, pages[0][1] if pages else parts[0] if parts else None)
