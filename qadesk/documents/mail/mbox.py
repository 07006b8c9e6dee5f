"""The reader of a mailbox (.mbox): messages one after another, each behind a line that begins with 'From '."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, pairwise

from qadesk.documents import parsing
from qadesk.documents.mail.mail_signs import MESSAGE_START
from qadesk.documents.mail.message import is_message, write_message
from qadesk.documents.mail.reading import MailReading
from qadesk.documents.mime.parts import MimePart, part_of
from qadesk.documents.parsing import Parsed, Source
from qadesk.documents.writer import Writer
from qadesk.errors import DocumentError
from qadesk.records import Page
from qadesk.structure import Block, OutlineEntry, shifted

MAX_MESSAGES = 20_000

_FROM = b"From "
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.M)
_INTERNAL = "FOLDER INTERNAL DATA"  # in the subject of a message that some servers keep for themselves
_IS_EXPUNGED = 8  # in X-Mozilla-Status: deleted, and in the file only until it is compacted


def read(source: Source) -> Parsed:
    """The messages in ``source``, each a page. Raises ``DocumentError``."""
    data = source.file.read()
    mailbox, is_mailbox = _Mailbox(source), False
    for (_, start), (end, _) in pairwise(chain(_separators(data), [(len(data), len(data))])):
        is_mailbox = True
        if not mailbox.add(data, start, end):
            break
        source.heartbeat()
    if not is_mailbox:
        raise DocumentError(
            f"{source.name} is not a mailbox: no line in it begins a message.",
            "Export the messages anew in your mail program. If it holds plain text, rename it to end in .txt.",
        )
    return mailbox.parsed()


def _separators(data: bytes) -> Iterator[tuple[int, int]]:
    """Where the lines before messages begin and end."""
    place = 0 if data.startswith(_FROM) else _next_from(data, 0)
    while place >= 0:
        if match := MESSAGE_START.match(data, place):
            yield match.span()
        place = _next_from(data, place)


def _next_from(data: bytes, start: int) -> int:
    """Where the next line begins with 'From ', or -1."""
    line_end = data.find(b"\n" + _FROM, start)
    return line_end + 1 if line_end >= 0 else -1


class _Mailbox:
    """Collects the texts of messages."""

    def __init__(self, source: Source) -> None:
        self._reading = MailReading(source.name, source.heartbeat)
        self._texts: list[str] = []
        self._length = 0
        self._pages: list[Page] = []
        self._blocks: list[Block] = []
        self._outline: list[OutlineEntry] = []
        self._deleted = 0

    def add(self, data: bytes, start: int, end: int) -> bool:
        """Add the message ``data[start:end]``. Returns whether there is room for more."""
        if len(self._pages) == MAX_MESSAGES:
            return self._end(f"Only the first {MAX_MESSAGES:,} messages were read.")
        message = part_of(*_unquoted(data, start, end))
        if not _is_shown(message):
            self._deleted += 1
            return True
        if not is_message(message.headers) and not data[start:end].strip():
            return True
        writer = Writer(self._reading.name)
        write_message(message, writer, self._reading)
        text = writer.text
        if self._length + len(text) > parsing.MAX_CHARACTERS:
            return self._end(f"Only the first {len(self._pages):,} messages were read: more would be too long.")
        if text:
            self._append(text, writer.blocks, message.headers.text("subject"))
        return True

    def _end(self, note: str) -> bool:
        self._reading.note(f"{note} Export the others to a mailbox of their own.")
        return False

    def _append(self, text: str, blocks: tuple[Block, ...], subject: str) -> None:
        offset = self._length + (2 if self._texts else 0)
        number = len(self._pages) + 1
        self._pages.append(Page(number, str(number), offset, offset + len(text), "part"))
        self._outline.append(OutlineEntry(subject or f"Message {number}", 1, offset))
        self._blocks += [shifted(block, offset) for block in blocks]
        self._texts.append(text)
        self._length = offset + len(text)

    def parsed(self) -> Parsed:
        """All that was added."""
        if self._deleted == 1:
            self._reading.note("A message that was deleted in the mail program was left out.")
        elif self._deleted:
            self._reading.note(f"{self._deleted:,} messages that were deleted in the mail program were left out.")
        return Parsed(
            "\n\n".join(self._texts),
            tuple(self._pages),
            self._reading.all_notes(),
            tuple(self._blocks),
            tuple(self._outline),
        )


def _unquoted(data: bytes, start: int, end: int) -> tuple[bytes, int, int]:
    """The message without the marks that keep its own lines from beginning a new one."""
    if data.find(b"\n>", start, end) < 0 or data.find(b">From ", start, end) < 0:
        return data, start, end
    message = _QUOTED_FROM.sub(rb"\1", data[start:end])
    return message, 0, len(message)


def _is_shown(message: MimePart) -> bool:
    try:
        status = int(message.headers.text("x-mozilla-status")[:8] or "0", 16)
    except ValueError:
        status = 0
    return not status & _IS_EXPUNGED and _INTERNAL not in message.headers.text("subject")
