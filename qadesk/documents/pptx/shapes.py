"""The shapes of a slide with their texts, and the order in which a person reads them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from qadesk.documents.pptx.slide_layouts import Placeholder
from qadesk.documents.writer import Writer

_TITLES = frozenset(("title", "ctrTitle"))
_EDGES = frozenset(("dt", "ftr", "sldNum", "hdr"))
_MAX_CUT = 300  # shapes that are ordered by their columns; more are ordered by their rows alone
_MAX_DEPTH = 50  # of groups in one another, and of cuts


@dataclass(slots=True)
class Shape:
    """A shape: where it is, in units of its own group, and what is written in it."""

    writer: Writer
    placeholder: Placeholder | None = None
    left: int = 0
    top: int = 0
    width: int = 0
    height: int = 0
    is_hidden: bool = False
    is_group: bool = False
    shapes: list[Shape] = field(default_factory=list)
    """Those in a group."""

    @property
    def is_title(self) -> bool:
        """Whether it is the title of the slide."""
        return self.placeholder is not None and self.placeholder.type in _TITLES

    @property
    def is_edge(self) -> bool:
        """Whether it is a footer, or a header of a page of notes."""
        return self.placeholder is not None and self.placeholder.type in _EDGES


def in_reading_order(shapes: Sequence[Shape], depth: int = 0) -> Iterator[Shape]:
    """The shapes that have a text: the title, then the placeholders in their order, then the rest by their places.

    On a slide without a title a text box may stand for it: there all are read by their places, if they say them.
    """
    shown = [shape for shape in shapes if not shape.is_hidden and _has_text(shape, depth)]
    contents = [shape for shape in shown if not shape.is_title and not shape.is_edge]
    placed = contents
    if len(contents) < len(shown) or not all(shape.width for shape in contents):
        placed = [shape for shape in contents if not shape.placeholder]
        yield from (shape for shape in shown if shape.is_title)
        yield from (shape for shape in contents if shape.placeholder)
    for shape in _by_place(placed, 0):
        if not shape.is_group:
            yield shape
        elif depth < _MAX_DEPTH:
            yield from in_reading_order(shape.shapes, depth + 1)
    yield from (shape for shape in shown if shape.is_edge)


def _has_text(shape: Shape, depth: int) -> bool:
    if not shape.is_group:
        return bool(shape.writer.length)
    return depth < _MAX_DEPTH and any(_has_text(inner, depth + 1) for inner in shape.shapes if not inner.is_hidden)


def _by_place(shapes: list[Shape], depth: int) -> list[Shape]:
    """The shapes by rows from the top; by columns from the left where several stand one below another in each.

    They are divided again and again where the widest gap between them is.
    """
    if len(shapes) < 2:
        return shapes
    if len(shapes) > _MAX_CUT or depth >= _MAX_DEPTH:
        return sorted(shapes, key=lambda shape: (shape.top, shape.left))
    rows, row_gap = _cut(shapes, is_vertical=True)
    columns, column_gap = _cut(shapes, is_vertical=False)
    is_columns = len(columns) > 1 and (
        len(rows) == 1 or (min(len(column) for column in columns) > 1 and column_gap >= row_gap)
    )
    parts = columns if is_columns else rows
    if len(parts) == 1:
        return sorted(shapes, key=lambda shape: (shape.top, shape.left))
    return [shape for part in parts for shape in _by_place(part, depth + 1)]


def _cut(shapes: list[Shape], *, is_vertical: bool) -> tuple[list[list[Shape]], int]:
    """The shapes divided in two at the widest gap, and how wide that is; all of them and 0 where there is none."""

    def span(shape: Shape) -> tuple[int, int]:
        start, size = (shape.top, shape.height) if is_vertical else (shape.left, shape.width)
        return start, start + max(0, size)

    ordered = sorted(shapes, key=span)
    end = span(ordered[0])[1]
    place, widest = 0, -1
    for index, shape in enumerate(ordered[1:], 1):
        low, high = span(shape)
        if low - end > widest:
            place, widest = index, low - end
        end = max(end, high)
    return ([ordered[:place], ordered[place:]], widest) if place else ([ordered], 0)
