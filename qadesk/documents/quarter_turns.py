"""Boxes on pages that are turned by quarters."""

from __future__ import annotations

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, from the upper left corner of the page."""


def turned_box(box: Box, quarters: int, width: float, height: float) -> Box:
    """Where ``box`` of a page, ``width`` by ``height``, is when that is turned by so many ``quarters`` clockwise."""
    left, top, right, bottom = box
    if quarters % 4 == 1:
        return height - bottom, left, height - top, right
    if quarters % 4 == 2:
        return width - right, height - bottom, width - left, height - top
    if quarters % 4 == 3:
        return top, width - right, bottom, width - left
    return box
