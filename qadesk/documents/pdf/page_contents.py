"""What is on the pages of a file, as it is found page by page, and the notes about pages without text."""

from __future__ import annotations

from dataclasses import dataclass, field

from qadesk.documents.page_notes import page_note
from qadesk.documents.pdf.page_pieces import PagePieces
from qadesk.documents.pdf.scan_pieces import pieces_of_scan
from qadesk.documents.scans.scan_text import ScanText


@dataclass(slots=True)
class PageContents:
    """The pieces of each page, and the numbers of pages: those that could not be read, scans, recognised scans."""

    pages: list[PagePieces] = field(default_factory=list)
    damaged: list[int] = field(default_factory=list)
    scans: list[int] = field(default_factory=list)
    recognized: list[int] = field(default_factory=list)

    def add_scan(self, text: ScanText | None) -> None:
        """Add a page that is a picture, and what was found on it; None if it was not recognised yet."""
        self.pages.append(PagePieces() if text is None else pieces_of_scan(text))
        (self.scans if text is None else self.recognized).append(len(self.pages))

    def add_damaged(self) -> None:
        """Add a page that could not be read."""
        self.pages.append(PagePieces())
        self.damaged.append(len(self.pages))

    @property
    def has_text(self) -> bool:
        """Whether there is text on any page."""
        return any(page.lines for page in self.pages)

    def damage_note(self) -> str:
        """Which pages are damaged; '' for none."""
        return page_note(self.damaged, "{} is damaged and was left out.", "{} are damaged and were left out.")

    def empty_note(self) -> str:
        """Which pages have no text, but for damaged ones and scans; '' for none."""
        others = {*self.damaged, *self.scans}
        empty = [number for number, page in enumerate(self.pages, 1) if not page.lines and number not in others]
        return page_note(empty, "{} has no text.", "{} have no text.")
