"""Divides text that is laid out into sheets: between lines, rows of a table stay whole, a heading stays with its text.

Heights are in the units of the layout.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF
from PySide6.QtGui import QTextBlock

from qadesk.ui.document.blocks.block_layout import BlockLayout, Laid
from qadesk.ui.document.blocks.grounds import ShownParagraph


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """A sheet has the paragraphs ``first`` to ``last``, from ``top`` of the first one to ``bottom`` of the last one."""

    first: int
    top: float
    last: int
    bottom: float

    def paragraphs(self, layout: BlockLayout) -> Iterator[ShownParagraph]:
        """What is printed on it, laid out from its upper left corner."""
        y = -self.top
        paragraph = layout.document().findBlockByNumber(self.first)
        while paragraph.isValid() and paragraph.blockNumber() <= self.last:
            item = ShownParagraph(paragraph, layout.laid(paragraph), QPointF(0, y))
            yield item
            y = item.bottom
            paragraph = paragraph.next()

    def height(self, items: list[ShownParagraph]) -> float:
        """How much of the sheet ``items``, its paragraphs, fill."""
        return items[-1].origin.y() + self.bottom


class SheetBreaks:
    """Finds the sheets of ``layout``, each ``room`` high."""

    def __init__(self, layout: BlockLayout, room: float) -> None:
        self._layout, self._room = layout, room
        self.sheets: list[PrintedSheet] = []
        self._first, self._top = 0, 0.0  # where the sheet begins
        self._full = 0.0
        self._last, self._bottom = 0, 0.0  # where it ends so far
        self._headings: tuple[int, float] | None = None  # just above: the first, how full the sheet was before it

    def find(self) -> Generator[int, None, None]:
        """Fill ``sheets``; yields after each paragraph its number. Lines are forgotten again: they take memory."""
        paragraph = self._layout.document().firstBlock()
        while paragraph.isValid():
            laid = self._layout.laid(paragraph)
            self._add(paragraph, laid)
            paragraph.clearLayout()
            yield paragraph.blockNumber()
            paragraph = paragraph.next()
        if self._full > 0 or not self.sheets:
            self._end_sheet(self._last, self._bottom, self._last + 1, 0.0)

    def _add(self, paragraph: QTextBlock, laid: Laid) -> None:
        number, height, top = paragraph.blockNumber(), float(paragraph.userState()), 0.0
        if laid.is_gap and not self._full:
            self._first, self._top = number + 1, 0.0
            return
        while self._full + height - top > self._room:
            cut = _cut(paragraph, laid, top, top + self._room - self._full)
            if cut is None and self._full > 0:
                self._end_before(number)
                continue
            cut = top + self._room if cut is None else cut
            self._end_sheet(number, cut, number, cut)
            top = cut
        if laid.block is not None and laid.block.kind == "heading":
            self._headings = self._headings or (number, self._full)
        elif not laid.is_gap:
            self._headings = None
        self._full += height - top
        self._last, self._bottom = number, height

    def _end_before(self, number: int) -> None:
        """End the sheet above paragraph ``number`` and the headings above it."""
        first, full = self._headings or (number, self._full)
        if not full:  # there is nothing but headings
            first, full = number, self._full
        rest = self._full - full
        bottom = self._layout.document().findBlockByNumber(first - 1).userState()
        self._end_sheet(first - 1, float(bottom), first, 0.0)
        self._full = rest

    def _end_sheet(self, last: int, bottom: float, first: int, top: float) -> None:
        self.sheets.append(PrintedSheet(self._first, self._top, last, bottom))
        self._first, self._top, self._full = first, top, 0.0
        self._headings = None


def _cut(paragraph: QTextBlock, laid: Laid, top: float, most: float) -> float | None:
    """The lowest height between two lines of ``paragraph`` that is above ``most`` and below ``top``."""
    layout = paragraph.layout()
    if laid.row >= 0 or laid.is_gap:
        return None
    cuts = [
        (layout.lineAt(number - 1).rect().bottom() + layout.lineAt(number).y()) / 2
        for number in range(1, layout.lineCount())
    ]
    place = bisect_right(cuts, most)
    return cuts[place - 1] if place and cuts[place - 1] > top else None
