"""How pages can look, and the links on them: what the window knows of them without the libraries that draw."""

from __future__ import annotations

from typing import Literal, NamedTuple

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
