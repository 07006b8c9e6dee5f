"""The options of the commands that read a document, and the document that they name."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from qadesk.cli.output import show_progress
from qadesk.errors import DocumentError, QadeskError

if TYPE_CHECKING:
    from qadesk.records import Document
    from qadesk.settings import Settings


def add_document_options(parser: argparse.ArgumentParser) -> None:
    """Add the file and the options on how it is read."""
    parser.add_argument("file", help="the document, or - to read text from standard input")
    parser.add_argument("--password", metavar="FILE", help="read the password of an encrypted PDF from FILE")
    parser.add_argument("--recognize", action="store_true", help="recognise the text of pages that are pictures")
    parser.add_argument("--encoding", default="", metavar="NAME", help="the encoding of a text or web page, as UTF-8")


def document_from(options: argparse.Namespace, settings: Settings) -> Document:
    """The document in the file of ``options``, or the text of standard input for '-'. Prints its notes."""
    from qadesk.app import documents, phrases

    if options.file == "-":
        return documents.paste(sys.stdin.buffer.read().decode("utf-8", "replace"))
    password = password_from(options.password)
    document = documents.open_document(Path(options.file), settings, password=password, encoding=options.encoding)
    problem = ""
    is_wanted = options.recognize or settings["documents.recognize"] == "always"
    if document.scans and is_wanted:
        from qadesk.app.reading.recognize import recognize  # with numpy, which takes a while

        pages = show_progress(recognize(document, settings, password=password))
        problem = phrases.not_recognized(pages.failed)
        document = documents.open_document(Path(options.file), settings, password=password)
    about = phrases.about_scans(document)
    if about and not is_wanted:
        problem = "With --recognize it is read by text recognition."
    if about and not document.text:
        raise DocumentError(about, problem)
    print_notes((*document.notes, f"{about} {problem}".strip()))
    return document


def print_notes(notes: tuple[str, ...]) -> None:
    """Print the notes on how a file was read, on standard error."""
    for note in filter(None, notes):
        print(f"qadesk: {note}", file=sys.stderr)


def password_from(file: str | None) -> str | None:
    """The first line of the password file, if there is one. Raises ``QadeskError``."""
    if file is None:
        return None
    try:
        return Path(file).read_text(encoding="utf-8").splitlines()[0]
    except (OSError, ValueError, IndexError) as error:
        raise QadeskError(f"No password can be read from '{file}'.", "Check the file.") from error
