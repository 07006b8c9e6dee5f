"""The reader of messages that Outlook saved (.msg): a compound file whose streams are the properties of the message."""

from __future__ import annotations

import struct

from qadesk.documents.mail.reading import MailReading
from qadesk.documents.outlook.compound_file import CompoundFile, CompoundFileError
from qadesk.documents.outlook.outlook_message import OutlookMessage
from qadesk.documents.outlook.properties import OF_MESSAGE, PROPERTIES, Properties
from qadesk.documents.parsing import Parsed, Source
from qadesk.documents.writer import Writer
from qadesk.errors import DocumentError


def read(source: Source) -> Parsed:
    """The message in ``source``, with those inside it. Raises ``DocumentError``."""
    writer, reading = Writer(source.name), MailReading(source.name, source.heartbeat)
    try:
        file = CompoundFile(source.file.read())
        if PROPERTIES not in file.root.streams:
            raise DocumentError(
                f"{source.name} is not a message of Outlook but another Office file.",
                "Give it the suffix that it had, or save it as .docx or PDF in the program that made it.",
            )
        OutlookMessage(file, Properties(file, file.root, OF_MESSAGE), writer, reading).write()
    except (CompoundFileError, struct.error) as error:
        raise DocumentError(
            f"{source.name} is damaged or incomplete.",
            "Get the file again, or open it in Outlook and save it anew.",
            f"{type(error).__name__}: {error}",
        ) from error
    return Parsed(writer.text, (), reading.all_notes(), writer.blocks)
