"""What the readers of all formats share: the source that they get, the text that they return, a writer for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from qadesk.errors import DocumentError
from qadesk.records import Page

MAX_CHARACTERS = 20_000_000
"""The longest document: more would fill the memory of the window and take hours to answer from."""

Heartbeat = Callable[[], None]
"""A reader calls it all the time: without it for too long the reader counts as hanging."""


def _no_heartbeat() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Source:
    """The open file that a reader reads. ``name`` is the file's name in quotes, for error messages."""

    file: BinaryIO
    name: str
    heartbeat: Heartbeat = _no_heartbeat
    password: str | None = None


class Parsed(NamedTuple):
    """What a reader returns: the text of a file, its pages and notes to the user, as in ``Document``."""

    text: str
    pages: tuple[Page, ...] = ()
    notes: tuple[str, ...] = ()


def too_long(name: str) -> DocumentError:
    """The error for a file (its name, in quotes) that holds more than ``MAX_CHARACTERS``."""
    return DocumentError(
        f"{name} holds more than {MAX_CHARACTERS // 1_000_000} million characters, the most that QADesk opens.",
        "Split it into smaller files and open the one you need.",
    )


class Writer:
    """Collects text in blocks, rows and cells. Adjacent breaks merge into the largest, as margins in a browser.

    Breaks before the first and after the last word are dropped. Raises ``DocumentError`` (``too_long``).
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._pieces: list[str] = []
        self._length = 0
        self._breaks = 0
        self._cells = 0

    @property
    def text(self) -> str:
        """The text written so far."""
        return "".join(self._pieces)

    @property
    def is_at_line_start(self) -> bool:
        """Whether the next word is the first of a line or a cell."""
        return self._breaks > 0 or not self._pieces or self._pieces[-1][-1] in "\n\t"

    def write(self, text: str) -> None:
        """Add ``text`` as it is."""
        if text:
            self._write_breaks()
        self._add(text)

    def line(self) -> None:
        """End the line; twice leaves an empty one."""
        self._breaks += 1

    def block(self, breaks: int) -> None:
        """Put at least ``breaks`` line ends between the text before and the text after."""
        self._breaks = max(self._breaks, breaks)

    def row(self) -> None:
        """Begin a row of a table, on a line of its own."""
        self.block(1)
        self._write_breaks()
        self._cells = 0

    def cell(self) -> None:
        """Begin a cell: a tab separates it from the one before, even if that is empty."""
        if self._cells:
            self._breaks = 0
            self._add("\t")
        self._cells += 1

    def _write_breaks(self) -> None:
        if self._breaks and self._pieces:
            last = self._pieces[-1]
            self._add("\n" * (self._breaks - (len(last) - len(last.rstrip("\n")))))
        self._breaks = 0

    def _add(self, text: str) -> None:
        if not text:
            return
        self._length += len(text)
        if self._length > MAX_CHARACTERS:
            raise too_long(self._name)
        self._pieces.append(text)
