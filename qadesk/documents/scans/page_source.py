"""What a format gives of which QADesk draws the pages, and reads those that are pictures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from qadesk.documents.page_looks import Look, PageLink


class PagePart(NamedTuple):
    """A part of a page in pixels: the page is ``scale`` pixels a point, turned ``turns`` quarters clockwise."""

    scale: float
    turns: int
    left: int
    top: int
    width: int
    height: int


class PageSource(Protocol):
    """An open file with pages, which count from 0. Places are in points from the upper left corner of a page as shown.

    A page that cannot be read raises ``PageError``.
    """

    def close(self) -> None:
        """Close the file."""

    def sizes(self) -> list[tuple[float, float]]:
        """The width and height of each page, in points."""

    def draw(self, number: int, part: PagePart, look: Look, pixels: memoryview) -> None:
        """Draw a ``part`` of the page ``number`` into ``pixels``: rows of 4 bytes a pixel, blue, green, red, none."""

    def boxes(self, number: int) -> NDArray[np.float32]:
        """The boxes of all characters of a page by their indices: (n, 4) left, top, right, bottom."""

    def links(self, number: int) -> Iterable[PageLink]:
        """The links of a page that lead to pages of the file."""

    def page_hash(self, number: int) -> str:
        """32 hexadecimal digits that tell the picture on a page from others."""

    def picture(self, number: int) -> tuple[NDArray[np.uint8], float]:
        """The page in shades of grey, (height, width), and how many of its pixels are a point."""


class PageError(Exception):
    """A page cannot be read or drawn."""
