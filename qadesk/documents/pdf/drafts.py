"""Blocks in the making: lines of a page that belong together, before the text of the document is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from qadesk.documents.pdf.grid_cells import Grid
from qadesk.documents.pdf.rows import Line
from qadesk.structure import BlockKind

DIVIDED = "-"
"""Between two lines of a draft: a word is divided there."""


@dataclass(slots=True)
class Draft:
    """A block in the making. ``breaks[n]`` is what stands after line n: a space, a line end or ``DIVIDED``.

    ``pages[n]`` is the number of the page of line n. ``column_right``: the right side of the column that the draft
    stands in, in points; ``column`` is its number in the document.
    """

    kind: BlockKind
    lines: list[Line]
    breaks: list[str]
    pages: list[int]
    column_right: float = 0.0
    column: int = 0
    is_upright: bool = True  # not turned on the page
    level: int = 0
    marker: int = 0  # characters of a number or bullet, and the space after it
    grid: Grid | None = field(default=None, repr=False)

    @property
    def text(self) -> str:
        """The text of all lines with a space between them."""
        return " ".join(line.text for line in self.lines)

    @property
    def size(self) -> float:
        """The font size of the longest line in points."""
        return max(self.lines, key=lambda line: len(line.text)).size

    @property
    def is_bold(self) -> bool:
        """Whether all of it is bold."""
        return all(line.is_bold for line in self.lines)

    @property
    def left(self) -> float:
        """Where the leftmost line begins, in points."""
        return min(line.left for line in self.lines)


def draft_of(kind: BlockKind, lines: Sequence[Line], page: int) -> Draft:
    """A draft of ``lines`` of the page with the number ``page``, a space after each but the last."""
    return Draft(kind, list(lines), [" "] * (len(lines) - 1), [page] * len(lines))


def break_after(line: Line) -> str:
    """What stands between ``line`` and the next one of its paragraph."""
    return DIVIDED if line.is_divided else " "
