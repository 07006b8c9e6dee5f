"""The reader of a mail that was saved as a file (.eml; .emlx of Apple Mail)."""

from __future__ import annotations

import re

from qadesk.documents.mail.message import is_message, write_message
from qadesk.documents.mail.reading import MailReading
from qadesk.documents.mime.parts import part_of
from qadesk.documents.parsing import Parsed, Source
from qadesk.documents.writer import Writer
from qadesk.errors import DocumentError

_COUNT = re.compile(rb"(\d{1,10})[ \t]*\r?\n")  # the first line of a file of Apple Mail: the bytes of the message


def read(source: Source) -> Parsed:
    """The message in ``source``, with those inside it. Raises ``DocumentError``."""
    data = source.file.read()
    start, end = _span(data)
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")  # line ends of old Macintosh programs
    message = part_of(data, start, end)
    if not is_message(message.headers):
        raise DocumentError(
            f"{source.name} is not an e-mail, although its name says so.",
            "Save the message anew in your mail program. If it holds plain text, rename it to end in .txt.",
        )
    writer, reading = Writer(source.name), MailReading(source.name, source.heartbeat)
    write_message(message, writer, reading)
    return Parsed(writer.text, (), reading.all_notes(), writer.blocks)


def _span(data: bytes) -> tuple[int, int]:
    """Where the message is: Apple Mail writes its length before it, and what it knows of it behind it."""
    start = len(data) - len(data.removeprefix(b"\xef\xbb\xbf").lstrip())
    count = _COUNT.match(data, start)
    if count:
        return count.end(), min(len(data), count.end() + int(count[1]))
    return start, len(data)
