"""A message of Outlook as text and blocks: header, text, the names of attachments, messages inside."""

from __future__ import annotations

from collections.abc import Iterator

from qadesk.documents.encoding.page_label import page_label
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
from qadesk.documents.mail.plain_body import write_plain
from qadesk.documents.mail.reading import MailReading
from qadesk.documents.outlook import properties as tags
from qadesk.documents.outlook.compound_file import CompoundFile, Storage
from qadesk.documents.outlook.compressed_rtf import decompressed
from qadesk.documents.outlook.properties import OF_INNER_MESSAGE, OF_PART, PROPERTIES, Properties
from qadesk.documents.parsing import Parsed
from qadesk.documents.rtf import read_rtf
from qadesk.documents.writer import Writer
from qadesk.errors import DocumentError

_RECIPIENT, _ATTACHMENT = "__recip_version1.0_#", "__attach_version1.0_#"
_INNER = "__substg1.0_3701000d"
_MAX_PARTS = 10_000  # recipients, and attachments, of a message
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emz", ".wmz", ".svg")
_MAILS = ("ipm.note", "ipm.post", "ipm.schedule", "report.", "ipm.document", "ipm.outlook")


class OutlookMessage:
    """Writes the message with the properties ``message``, which lies ``depth`` messages deep in the file."""

    def __init__(
        self, file: CompoundFile, message: Properties, writer: Writer, reading: MailReading, depth: int = 0
    ) -> None:
        self._file = file
        self._message = message
        self._writer = writer
        self._reading = reading
        self._depth = depth
        self._inner: list[Storage] = []

    def write(self) -> None:
        """Write the message, and those inside it."""
        write_header(self._pairs(), self._writer)
        self._write_class()
        self._write_text()
        write_attachments(list(self._attachments()), self._writer, self._reading)
        for storage in self._inner:
            if self._depth == MAX_DEPTH:
                self._reading.note(TOO_DEEP)
                return
            write_attached_message_title(self._writer)
            inner = Properties(self._file, storage, OF_INNER_MESSAGE, self._message.codec)
            OutlookMessage(self._file, inner, self._writer, self._reading, self._depth + 1).write()

    def _parts(self, prefix: str) -> Iterator[Properties]:
        names = sorted(name for name in self._message.storage.storages if name.startswith(prefix))
        for name in names[:_MAX_PARTS]:
            if not self._reading.take_part():
                return
            yield Properties(self._file, self._message.storage.storages[name], OF_PART, self._message.codec)

    # Header

    def _pairs(self) -> list[tuple[str, str]]:
        message = self._message
        people: dict[int, list[str]] = {1: [], 2: [], 3: []}
        for person in self._parts(_RECIPIENT):
            mail = person.line(tags.SMTP) or person.line(tags.MAIL)
            people.get(person.number(tags.RECIPIENT_KIND) & 15, []).append(_person(person.line(tags.NAME), mail))
        sender_mail = message.line(tags.SENDER_SMTP) or message.line(tags.SENDER_MAIL)
        return [
            ("From", _person(message.line(tags.SENDER), sender_mail)),
            ("To", "; ".join(filter(None, people[1])) or message.line(tags.TO)),
            ("Cc", "; ".join(filter(None, people[2])) or message.line(tags.CC)),
            ("Bcc", "; ".join(filter(None, people[3])) or message.line(tags.BCC)),
            ("Date", message.date(tags.SENT) or message.date(tags.RECEIVED)),
            ("Subject", message.line(tags.SUBJECT)),
        ]

    def _write_class(self) -> None:
        name = self._message.line(tags.MESSAGE_CLASS)
        if name.lower() == "ipm.note.smime":
            self._reading.note(IS_ENCRYPTED)
        elif name and not name.lower().startswith(_MAILS):
            self._reading.note(f"Outlook calls it {name[:60]}, which is no mail: only its subject and text were read.")

    # Text

    def _write_text(self) -> None:
        text = self._message.text(tags.BODY)
        if text.strip():
            write_plain(text, self._writer)
            return
        try:
            parsed = self._page() or self._rich_text()
        except DocumentError as error:
            self._reading.note(f"The text of a message could not be read: {error.message}")
            return
        if parsed:
            write_formatted(parsed, self._writer, self._reading)

    def _page(self) -> Parsed | None:
        """The text as a web page, which is bytes in an encoding, or a string."""
        data = self._message.binary(tags.HTML)
        label = "" if page_label(data) else _label(self._message.number(tags.CODE_PAGE))
        if not data:
            data, label = self._message.text(tags.HTML).encode("utf-8", "replace"), "utf-8"
        return read_page(data, label, self._reading.source) if data.strip() else None

    def _rich_text(self) -> Parsed | None:
        data = decompressed(self._message.binary(tags.RTF), self._reading.heartbeat)
        return read_rtf(data, self._reading.source) if data.strip() else None

    # Attachments

    def _attachments(self) -> Iterator[tuple[str, str, int]]:
        """The names, media types and sizes of the attachments; messages go to ``_inner``."""
        for part in self._parts(_ATTACHMENT):
            inner = part.storage.storages.get(_INNER)
            if inner and PROPERTIES in inner.streams:
                self._inner.append(inner)
                continue
            name = part.line(tags.LONG_FILENAME) or part.line(tags.FILENAME) or part.line(tags.NAME)
            media_type = part.line(tags.MEDIA_TYPE).lower()
            is_picture = media_type.startswith("image/") or name.lower().endswith(_PICTURES)
            if part.number(tags.IS_HIDDEN) or (is_picture and part.line(tags.CONTENT_ID)):
                continue  # a page in the message shows it
            yield name[:200], media_type[:100], part.size(tags.DATA) or part.number(tags.SIZE)


def _person(name: str, mail: str) -> str:
    """The name and address of someone; addresses of an Exchange server say nothing to a reader."""
    name = name.strip("'\"")
    if "@" not in mail or mail == name:
        return name
    return f"{name} <{mail}>" if name else mail


def _label(page: int) -> str:
    if page == 65001:
        return "utf-8"
    return f"windows-{page}" if 1250 <= page <= 1258 or page == 874 else ""
