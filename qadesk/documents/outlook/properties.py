"""The properties of a message of Outlook, of its recipients and attachments: numbers with values (MAPI)."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from qadesk.documents.outlook.compound_file import CompoundFile, Storage
from qadesk.documents.rtf.code_pages import SYMBOLS, codec_of_page

PROPERTIES = "__properties_version1.0"
OF_MESSAGE, OF_INNER_MESSAGE, OF_PART = 32, 24, 8
"""How many bytes stand before the numbers: of the message, of one inside it, of a recipient or an attachment."""

_UNICODE, _BYTES, _BINARY = 0x001F, 0x001E, 0x0102
_ENTRY = struct.Struct("<HHI8s")
_MAX_TEXT = 4 * 20_000_000  # bytes
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)

SUBJECT, MESSAGE_CLASS, SENDER, SENDER_MAIL, SENDER_SMTP = 0x0037, 0x001A, 0x0C1A, 0x0C1F, 0x5D01
TO, CC, BCC, SENT, RECEIVED = 0x0E04, 0x0E03, 0x0E02, 0x0039, 0x0E06
BODY, HTML, RTF, CODE_PAGE, MESSAGE_CODE_PAGE = 0x1000, 0x1013, 0x1009, 0x3FDE, 0x3FFD
NAME, MAIL, SMTP, RECIPIENT_KIND = 0x3001, 0x3003, 0x39FE, 0x0C15
LONG_FILENAME, FILENAME, MEDIA_TYPE, DATA, SIZE = 0x3707, 0x3704, 0x370E, 0x3701, 0x0E20
CONTENT_ID, IS_HIDDEN = 0x3712, 0x7FFE


class Properties:
    """The properties in ``storage`` of ``file``. ``header``: ``OF_MESSAGE`` and so on.

    ``codec`` is that of texts that are not in Unicode, where the properties themselves do not say it.
    """

    def __init__(self, file: CompoundFile, storage: Storage, header: int, codec: str = "") -> None:
        self._file = file
        self.storage = storage
        self._numbers = _fixed(file.stream(storage, PROPERTIES, 1 << 20), header)
        page = self.number(MESSAGE_CODE_PAGE) or self.number(CODE_PAGE)
        own = codec_of_page(page) if page else ""
        self.codec = (own if own != SYMBOLS else "") or codec or "cp1252"

    def text(self, tag: int) -> str:
        """The text ``tag``, or ''."""
        data = self._stream(tag, _UNICODE)
        if data:
            return data.decode("utf-16-le", "replace").rstrip("\0")
        return self._stream(tag, _BYTES).decode(self.codec, "replace").rstrip("\0")

    def line(self, tag: int) -> str:
        """The text ``tag`` on one line, without control characters."""
        text = self.text(tag)
        return " ".join("".join(" " if ord(character) < 32 else character for character in text).split())

    def binary(self, tag: int) -> bytes:
        """The bytes ``tag``, or b''."""
        return self._stream(tag, _BINARY)

    def size(self, tag: int) -> int:
        """How many bytes the binary ``tag`` has."""
        return self.storage.streams.get(_stream_name(tag, _BINARY), (0, 0))[1]

    def number(self, tag: int) -> int:
        """The number ``tag``, or 0."""
        return int.from_bytes(self._numbers.get(tag, b"")[:4], "little")

    def date(self, tag: int) -> str:
        """The time ``tag`` as in mail, in UTC, or ''."""
        ticks = int.from_bytes(self._numbers.get(tag, b""), "little")
        try:
            return format_datetime(_EPOCH + timedelta(microseconds=ticks // 10)) if ticks else ""
        except OverflowError:
            return ""

    def _stream(self, tag: int, kind: int) -> bytes:
        return self._file.stream(self.storage, _stream_name(tag, kind), _MAX_TEXT)


def _stream_name(tag: int, kind: int) -> str:
    return f"__substg1.0_{tag:04x}{kind:04x}"


def _fixed(data: bytes, header: int) -> dict[int, bytes]:
    """The values of fixed length, by their tags."""
    end = len(data) - (len(data) - header) % _ENTRY.size if len(data) > header else header
    return {tag: value for _, tag, _, value in _ENTRY.iter_unpack(data[header:end])}
