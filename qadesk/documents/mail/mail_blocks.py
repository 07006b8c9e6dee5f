"""The blocks that a message of any mail format is written as: its header, its attachments, a message inside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qadesk.documents.mail.reading import MailReading
from qadesk.documents.parsing import Parsed
from qadesk.documents.writer import Writer

MAX_DEPTH = 20
"""How deep parts, and messages in messages, may lie in one another."""

TOO_DEEP = f"Parts that lie more than {MAX_DEPTH} levels deep in one another were left out."
IS_ENCRYPTED = (
    "A message is encrypted and its text was not read. Open it in your mail program and save the text as a new file."
)


def write_header(pairs: Iterable[tuple[str, str]], writer: Writer) -> None:
    """Write the header of a message: keys and values, without those that are empty."""
    for key, value in pairs:
        if value:
            writer.start_block("pair", breaks=1)
            writer.write(f"{key}: ")
            writer.start_body()
            writer.write(value)
    writer.block(2)


def write_formatted(text: Parsed, writer: Writer, reading: MailReading) -> None:
    """Write the ``text`` of a web page or of Rich Text."""
    for note in text.notes:
        reading.note(note)
    writer.block(2)
    writer.append(text)
    writer.block(2)


def write_attachments(attachments: Sequence[tuple[str, str, int]], writer: Writer, reading: MailReading) -> None:
    """Write the list of what was not read: names, media types ('' if not known) and sizes in bytes."""
    if attachments:
        writer.start_block("paragraph")
        writer.write("Attachments:")
    for name, media_type, size in attachments:
        reading.count_attachment(name or "unnamed")
        writer.start_block("item", 1, breaks=1)
        writer.write("• ")
        writer.start_body()
        kind = f"{media_type}, " if media_type else ""
        writer.write(f"{name or 'unnamed'} ({kind}{_size_in_words(size)})")
    writer.block(2)


def write_attached_message_title(writer: Writer) -> None:
    """Write the line that stands before a message inside another one."""
    writer.start_block("paragraph")
    writer.write("Attached message:")
    writer.block(2)


def _size_in_words(size: int) -> str:
    """The size of a file for a sentence."""
    if size < 1000:
        return "1 byte" if size == 1 else f"{size} bytes"
    return f"{size / 1000:.0f} kB" if size < 999_500 else f"{size / 1_000_000:.3g} MB"
