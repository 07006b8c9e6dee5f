"""What all parts of one Word document share while it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from qadesk.documents.archive import ArchiveKind
from qadesk.documents.docx.numbering import Numbering
from qadesk.documents.docx.style_sheet import StyleSheet
from qadesk.documents.numerals import numeral
from qadesk.documents.open_package import OpenPackage
from qadesk.documents.parsing import Parsed, Source

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
class WordFile(OpenPackage):
    """An open Word document."""

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
