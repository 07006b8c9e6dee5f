"""A message in the format of the internet (RFC 5322 and MIME) as text and blocks."""

from __future__ import annotations

from qadesk.documents.encoding import decode
from qadesk.documents.html import read_page
from qadesk.documents.mail.mail_blocks import (
    IS_ENCRYPTED,
    MAX_DEPTH,
    TOO_DEEP,
    write_attached_message_title,
    write_attachments,
    write_formatted,
    write_header,
)
from qadesk.documents.mail.mail_signs import MAIL_HEADERS
from qadesk.documents.mail.plain_body import write_plain
from qadesk.documents.mail.reading import MailReading
from qadesk.documents.mime.header_lines import Headers
from qadesk.documents.mime.parts import MAX_PARTS, MimePart, message_in, parts_in
from qadesk.documents.parsing import Parsed
from qadesk.documents.writer import Writer
from qadesk.errors import DocumentError

_KEYS = ("From", "To", "Cc", "Bcc", "Date", "Subject")
_HTML = frozenset(("text/html", "application/xhtml+xml"))
_REPORTS = frozenset(("message/delivery-status", "message/disposition-notification", "text/rfc822-headers"))
_MESSAGES = frozenset(("message/rfc822", "message/global", "message/news"))
_NO_TEXT = frozenset(("text/calendar", "text/rtf", "text/vcard", "text/x-vcard", "text/x-amp-html"))
_SIGNATURES = frozenset(("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"))
_ENCRYPTED = frozenset(("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"))
_STUB = 300  # characters: a shorter text may only say that the message is a web page
_STUB_SHARE = 10  # so many times as long the page must be then

_NOT_TEXT = "A part that says to be text is none, and was left out."


def is_message(headers: Headers) -> bool:
    """Whether the headers are those of a mail."""
    return any(name in headers for name in MAIL_HEADERS)


def write_message(message: MimePart, writer: Writer, reading: MailReading, depth: int = 0) -> None:
    """Write ``message`` and those inside it: header, text, the names of attachments."""
    headers = message.headers
    write_header(((key, headers.text(key.lower())) for key in _KEYS), writer)
    body = _Body(writer, reading)
    body.walk(message, depth, is_root=True)
    write_attachments(body.attachments, writer, reading)
    for inner in body.messages:
        write_attached_message_title(writer)
        write_message(message_in(inner), writer, reading, depth + 1)


class _Body:
    """Writes the text of one message, and collects what is attached to it."""

    def __init__(self, writer: Writer, reading: MailReading) -> None:
        self.attachments: list[tuple[str, str, int]] = []
        self.messages: list[MimePart] = []
        self._writer = writer
        self._reading = reading
        self._last_page: tuple[MimePart | None, Parsed | None] = (None, None)

    def walk(self, part: MimePart, depth: int, *, is_shown: bool = True, is_root: bool = False) -> None:
        """Write what is in ``part``. Without ``is_shown`` only attachments are taken: another part says the same."""
        if depth > MAX_DEPTH:
            self._reading.note(TOO_DEEP)
            return
        if not self._reading.take_part():
            return
        media_type = part.headers.type
        if media_type in _ENCRYPTED:
            self._reading.note(IS_ENCRYPTED)
        elif media_type in _MESSAGES:
            self.messages.append(part)
        elif media_type.startswith("multipart/") and (parts := list(parts_in(part))):
            self._walk_parts(media_type, parts, depth + 1, is_shown=is_shown)
        elif _is_text(part.headers, is_root=is_root):
            if is_shown:
                self._write_text(part)
        elif media_type not in _SIGNATURES:
            self.attachments.append((part.headers.filename, media_type, part.size))

    def _walk_parts(self, media_type: str, parts: list[MimePart], depth: int, *, is_shown: bool) -> None:
        if len(parts) == MAX_PARTS:
            self._reading.note(f"Of a message only the first {MAX_PARTS:,} parts were read.")
        if media_type == "multipart/alternative":
            best = self._best(parts) if is_shown else None
            for part in parts:
                self.walk(part, depth, is_shown=part is best)
            return
        if media_type == "multipart/related":
            parts = [part for part in parts if not _is_shown_picture(part.headers)]
        for part in parts:
            self.walk(part, depth, is_shown=is_shown)

    def _best(self, parts: list[MimePart]) -> MimePart | None:
        """The plain text, or where it says nothing the last part that can be read, which is the best one."""
        plain = next((part for part in parts if part.headers.type == "text/plain"), None)
        others = [part for part in parts if part.headers.type.startswith("multipart/") or part.headers.type in _HTML]
        best = others[-1] if others else None
        if plain is None or best is None:
            return plain or best or next((part for part in parts if _is_text(part.headers, is_root=True)), None)
        length = len(plain.body.strip())
        may_be_stub = length < _STUB and best.headers.type in _HTML and best.size > length * _STUB_SHARE
        is_stub = may_be_stub and self._page_length(best) > length * _STUB_SHARE
        return best if is_stub or not length else plain

    # Text

    def _write_text(self, part: MimePart) -> None:
        if part.headers.type in _HTML:
            page = self._page(part)
            if page is not None:
                write_formatted(page, self._writer, self._reading)
            return
        decoded = decode(part.body, part.headers.charset)
        if decoded is None:
            if part.body.strip():
                self._reading.note(_NOT_TEXT)
            return
        self._reading.note(decoded.note)
        is_flowed = part.headers.parameter("format").lower() == "flowed"
        drops_space = part.headers.parameter("delsp").lower() == "yes"
        write_plain(decoded.text, self._writer, is_flowed=is_flowed, drops_space=drops_space)

    def _page(self, part: MimePart) -> Parsed | None:
        """The page ``part``. One whose length was asked for is not read again to be written."""
        if self._last_page[0] is not part:
            self._last_page = part, self._read_page(part)
        return self._last_page[1]

    def _read_page(self, part: MimePart) -> Parsed | None:
        body = part.body
        try:
            return read_page(body, part.headers.charset, self._reading.source)
        except DocumentError as error:
            if body:
                self._reading.note(f"A part that is a web page was left out: {error.message}")
            return None

    def _page_length(self, part: MimePart) -> int:
        page = self._page(part)
        return len(page.text) if page else 0


def _is_text(headers: Headers, *, is_root: bool) -> bool:
    """Whether a mail program shows the part as text: the root of a message always, what is attached as a file not."""
    media_type = headers.type
    is_text = media_type.startswith("text/") or media_type in _HTML or media_type in _REPORTS
    if not is_text or media_type in _NO_TEXT:
        return media_type.startswith("multipart/")  # one without parts
    if is_root:
        return True
    return headers.disposition != "attachment" and (headers.disposition == "inline" or not headers.filename)


def _is_shown_picture(headers: Headers) -> bool:
    """Whether a page of the mail shows the part: then it is no attachment for a reader."""
    return headers.type.startswith("image/") and headers.disposition != "attachment" and bool(headers.content_id)
