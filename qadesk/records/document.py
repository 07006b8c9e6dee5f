"""Documents, their pages, and those that were open before. Offsets are as ``qadesk.records`` says."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path

from qadesk.structure import Block, OutlineEntry
from qadesk.structure.character_map import CharacterMap


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a document: ``text[start:end]``. ``label`` is the number printed on it.

    ``unit`` says what takes the place of pages in a format that has none: "slide", "sheet", "part", "chapter".
    """

    number: int
    label: str
    start: int
    end: int
    unit: str = "page"

    @property
    def name(self) -> str:
        """What it is called: 'page iv', 'slide 3'."""
        return f"{self.unit} {self.label}"


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a file as a person reads it, its structure, and where its pages are.

    ``kind`` is that of a row of ``qadesk.documents.formats``, or ``pasted``; ``path`` is None for pasted
    text. ``pages`` is empty where the format has none. ``notes`` are sentences that the user
    should see about how the file was read (a page without text, an encoding that was guessed).
    ``blocks`` and ``outline`` are as ``qadesk.structure`` says; ``characters`` tells where the text of a PDF is on its
    pages. ``rows`` tells of a spreadsheet where each row begins and its number as printed, 0 for what is in no row.
    ``scans`` are the numbers of pages that are pictures whose text was not recognised yet, ``recognized_pages`` of
    those whose text is what text recognition found.
    """

    text: str
    title: str
    kind: str = "pasted"
    path: Path | None = None
    pages: tuple[Page, ...] = ()
    notes: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    outline: tuple[OutlineEntry, ...] = ()
    characters: CharacterMap = field(default_factory=CharacterMap, repr=False, compare=False)
    rows: tuple[tuple[int, int], ...] = field(default=(), repr=False)
    scans: tuple[int, ...] = ()
    recognized_pages: tuple[int, ...] = ()

    def is_recognized(self, offset: int) -> bool:
        """Whether the character at ``offset`` is on a page that was read by text recognition."""
        page = self.page_at(offset) if self.recognized_pages else None
        return page is not None and page.number in self.recognized_pages

    def row_at(self, offset: int) -> int | None:
        """The number, as printed, of the row of a spreadsheet that holds the character at ``offset``."""
        index = bisect_right(self.rows, offset, key=lambda row: row[0])
        return (self.rows[index - 1][1] or None) if index else None

    def page_at(self, offset: int) -> Page | None:
        """The page that holds the character at ``offset``; None where there are no pages."""
        if not self.pages:
            return None
        number = self.characters.page_at(offset)
        if number is not None:  # a footer may stand behind a paragraph that goes on on the next page
            return self.pages[number - 1]
        index = max(0, bisect_right(self.pages, offset, key=lambda page: page.start) - 1)
        while index and self.pages[index].end == self.pages[index - 1].start:  # pages without text
            index -= 1
        return self.pages[index]


@dataclass(frozen=True, slots=True)
class RecentDocument:
    """A document that was open before. ``path`` is None for pasted text, which the database keeps.

    ``opened`` is in seconds since the epoch.
    """

    id: int
    title: str
    kind: str
    path: Path | None
    opened: float
