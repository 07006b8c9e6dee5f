"""What the readers of all formats share: the source that they get, and what they return."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from qadesk.documents.encoding import may_be_text
from qadesk.documents.scans.scan_store import NO_SCANS, ScanStore
from qadesk.errors import DocumentError, EncodingNeeded
from qadesk.records import Page
from qadesk.structure import Block, OutlineEntry
from qadesk.structure.character_map import CharacterMap

MAX_CHARACTERS = 20_000_000
"""The longest document: more would fill the memory of the window and take hours to answer from."""

Heartbeat = Callable[[], None]
"""A reader calls it all the time: without it for too long the reader counts as hanging."""


def _no_heartbeat() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Source:
    """The open file that a reader reads. ``name`` is the file's name in quotes, for error messages.

    ``encoding`` is the one that the user chose, a name of ``encoding.whatwg.ENCODINGS``; '' leaves it to the reader.
    ``scans`` holds what text recognition found on pages that are pictures. ``recognized_pages``: the numbers of those
    whose text is that, as ``Document`` has them; only who opens the pages of a document to draw them gives them.
    """

    file: BinaryIO
    name: str
    heartbeat: Heartbeat = _no_heartbeat
    password: str | None = None
    encoding: str = ""
    scans: ScanStore = NO_SCANS
    recognized_pages: Collection[int] = ()


class Parsed(NamedTuple):
    """What a reader returns: the text of a file and what belongs to it, as in ``Document``.

    ``outline`` is that of the file, empty where it has none: the headings then make it.
    """

    text: str
    pages: tuple[Page, ...] = ()
    notes: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    outline: tuple[OutlineEntry, ...] = ()
    characters: CharacterMap = CharacterMap()
    rows: tuple[tuple[int, int], ...] = ()
    scans: tuple[int, ...] = ()
    recognized_pages: tuple[int, ...] = ()


def too_long(name: str) -> DocumentError:
    """The error for a file (its name, in quotes) that holds more than ``MAX_CHARACTERS``."""
    return DocumentError(
        f"{name} holds more than {MAX_CHARACTERS // 1_000_000} million characters, the most that QADesk opens.",
        "Split it into smaller files and open the one you need.",
    )


def not_text(name: str, data: bytes, hint: str) -> DocumentError:
    """The error for a file (its name, in quotes) whose ``data`` ``decode`` takes for no text.

    It is ``EncodingNeeded`` where another encoding could help; ``hint`` is for other files.
    """
    if may_be_text(data):
        return EncodingNeeded(
            f"{name} does not hold text in any encoding that could be found out.",
            "If it is text, choose the encoding in which it was saved.",
        )
    return DocumentError(f"{name} does not hold text.", hint)
