"""What all parts of one Word document share while it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from qadesk.documents.archive import Archive, ArchiveKind
from qadesk.documents.docx.numbering import Numbering
from qadesk.documents.docx.numerals import numeral
from qadesk.documents.docx.style_sheet import StyleSheet
from qadesk.documents.parsing import Heartbeat, Parsed, Source

WORD = ArchiveKind("a Word document", "Word", ".docx")


class Section(NamedTuple):
    """The headers and footers that a section names: kind of page ('first', 'default', 'even') and relation."""

    headers: list[tuple[str, str]]
    footers: list[tuple[str, str]]


@dataclass(slots=True)
class NoteMarks:
    """The footnotes or the endnotes of a document. ``style`` is the format of their numbers."""

    style: str
    labels: dict[str, str] = field(default_factory=dict)
    """The marks of the notes by their ids; '' for a mark that stands in the text as such."""
    deleted: set[str] = field(default_factory=set)
    """The ids of notes whose marks are in deleted or hidden text."""
    count: int = 0

    def refer(self, identifier: str, *, has_own_mark: bool) -> str:
        """The mark where the text names the note ``identifier``: '[3]', which no word or number swallows."""
        if identifier not in self.labels:
            self.count += not has_own_mark
            self.labels[identifier] = "" if has_own_mark else f"[{numeral(self.count, self.style)}]"
        return self.labels[identifier]


@dataclass(slots=True)
class Embedding:
    """How deep documents are embedded in one another here, and how many bytes more may be read of such parts."""

    depth: int = 0
    bytes_left: int = 400_000_000


@dataclass(slots=True)
class WordFile:
    """An open Word document. ``name`` is the file's, in quotes."""

    archive: Archive
    name: str
    heartbeat: Heartbeat
    styles: StyleSheet
    numbering: Numbering
    read_embedded: Callable[[Source, Embedding], Parsed]
    """Reads a Word document that is embedded in this one."""
    embedding: Embedding = field(default_factory=Embedding)
    footnotes: NoteMarks = field(default_factory=lambda: NoteMarks("decimal"))
    endnotes: NoteMarks = field(default_factory=lambda: NoteMarks("lowerRoman"))
    sections: list[Section] = field(default_factory=list)
    has_first_pages: bool = False
    """Whether a section has a header and a footer of its own for its first page."""
    has_even_pages: bool = False
    parts_read: set[str] = field(default_factory=set)
    """Parts that were read: none is read twice, which could multiply a small file."""
    unknown_symbols: int = 0
    has_prompts: bool = False
    """Whether prompts of content controls, such as 'Click here to enter text', were left out."""
    messages: list[str] = field(default_factory=list)
    """What else the user should know about the text."""

    @property
    def notes(self) -> tuple[str, ...]:
        """``Parsed.notes``."""
        messages = [*self.messages]
        if self.has_prompts:
            messages.append("Prompts of fields that are not filled in were left out.")
        if self.unknown_symbols == 1:
            messages.append("One symbol of a special font could not be read: \ufffd is in its place.")
        elif self.unknown_symbols:
            count = f"{self.unknown_symbols:,} symbols of special fonts"
            messages.append(f"{count} could not be read: \ufffd is in their place.")
        return tuple(dict.fromkeys(messages))

    def take(self, path: str) -> bool:
        """Whether the part ``path`` is there and was not read before."""
        is_new = path in self.archive and path.lower() not in self.parts_read
        self.parts_read.add(path.lower())
        return is_new
