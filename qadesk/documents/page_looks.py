"""What the window and the process that draws pages both know of them: no library that draws is needed for that."""

from __future__ import annotations

from typing import Literal, NamedTuple

BOX_BYTES = 16
"""Bytes of the box of a character: four float32."""

Look = Literal["paper", "dim", "invert"]
"""How pages look: as printed, darker, or with light and dark exchanged while colours keep their hue."""


class PageLink(NamedTuple):
    """A place of a page that leads to another page: to ``target_top`` points below its upper edge."""

    left: float
    top: float
    right: float
    bottom: float
    page: int
    target_top: float

    def contains(self, x: float, y: float) -> bool:
        """Whether a point, in points from the upper left corner, is on it."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom
