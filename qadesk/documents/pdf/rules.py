"""The ruling lines of a page: drawn lines, and the sides of drawn boxes, between the rows and columns of tables."""

from __future__ import annotations

import ctypes
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qadesk.documents.pdf.page_characters import Floats, Words
from qadesk.documents.pdf.page_objects import PageObjects
from qadesk.documents.pdf.pdfium_calls import function_of
from qadesk.documents.pdf.pieces import turned

_THIN = 3.0  # points: a path that is not thicker is a line
_SHORT = 6.0  # points: a shorter line rules nothing
_SAME = 1.6  # points between two lines that are one
_JOINED = 4.0  # points between the ends of two lines that are one, and between a line and the one it meets
_MAX_SEGMENTS = 13  # of a box with round corners
_MAX_SIDES = 6_000  # a page with more is a drawing
_MAX_MEETINGS = 60_000
_LARGE = 0.85  # of a page: a larger box is its background
_APART = 1.6  # of the height of rows: where every second row is shaded, the others are between the boxes


class Rule(NamedTuple):
    """A line across at the y ``place`` from the x ``low`` to ``high``, or one down at an x between two y, in points."""

    place: float
    low: float
    high: float


@dataclass(slots=True)
class RuledArea:
    """A table whose cells are divided by lines. ``rows``: lines across; ``walls``: lines down, from left to right.

    ``is_shaded``: every second row is a box, so one more row may be above the area and one below it.
    """

    left: float
    bottom: float
    right: float
    top: float
    rows: list[Rule]
    walls: list[Rule]
    is_shaded: bool = False

    @property
    def row_height(self) -> float:
        """The height of the highest row in points."""
        return max(one.place - other.place for one, other in pairwise(self.rows))

    @property
    def places(self) -> list[float]:
        """The x of the walls, each once."""
        return _apart([wall.place for wall in self.walls])

    def holds(self, x: float, y: float) -> bool:
        """Whether the point is in the area."""
        return self.left - 1 <= x <= self.right + 1 and self.bottom <= y <= self.top


@dataclass(slots=True)
class RulingLines:
    """The lines across a page by their y, and the areas with lines down, from the top of the page."""

    across: list[Rule] = field(default_factory=list)
    areas: list[RuledArea] = field(default_factory=list)

    def between(self, top: float, bottom: float) -> Sequence[Rule]:
        """The lines across between two y."""
        low = bisect_left(self.across, bottom, key=lambda rule: rule.place)
        return self.across[low : bisect_right(self.across, top, key=lambda rule: rule.place)]

    def area_at(self, x: float, y: float) -> RuledArea | None:
        """The area that holds the point."""
        return next((area for area in self.areas if area.holds(x, y)), None)

    def cuts(self, words: Words) -> list[int]:
        """The first characters of words that stand behind a wall, and the word before them in front of it."""
        if not self.areas or len(words) < 2:
            return []
        left, bottom, right, top = words.boxes.T
        middles = (bottom + top)[1:] / 2
        is_cut = np.zeros(len(words) - 1, np.bool_)
        for area in self.areas:
            for place, low, high in area.walls:
                is_cut |= (right[:-1] < place + 2) & (left[1:] > place - 2) & (low < middles) & (middles < high)
        cuts: list[int] = words.starts[1:][is_cut].tolist()
        return cuts


def ruling_lines(objects: PageObjects, size: tuple[float, float], angle: int) -> RulingLines:
    """The ruling lines among ``objects`` of a page of this ``size``, turned as text at the ``angle`` is."""
    boxes = turned(_line_boxes(objects, size), angle)
    if not len(boxes):
        return RulingLines()
    across = _merged(_sides(boxes, is_across=True))
    down = _merged(_sides(boxes, is_across=False))
    return RulingLines(sorted(across), _areas(across, down))


def _line_boxes(objects: PageObjects, size: tuple[float, float]) -> Floats:
    """(n, 4): the boxes of the lines and boxes that are drawn."""
    from pypdfium2 import raw

    boxes = objects.bounds
    with np.errstate(invalid="ignore"):
        width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
        is_possible = objects.are_known & (np.maximum(width, height) > _SHORT)
        is_possible &= (np.minimum(width, height) <= _THIN) | (np.minimum(width, height) > _SHORT)
        is_possible &= (width < _LARGE * size[0]) | (height < _LARGE * size[1])
    get_type = function_of("FPDFPageObj_GetType", ctypes.c_int)
    get_count = function_of("FPDFPath_CountSegments", ctypes.c_int)
    numbers = [
        number
        for number in np.flatnonzero(is_possible).tolist()
        if get_type(objects.handles[number]) == raw.FPDF_PAGEOBJ_PATH
        and get_count(objects.handles[number]) <= _MAX_SEGMENTS
    ]
    return boxes[numbers] if len(numbers) <= _MAX_SIDES else boxes[:0]


def _sides(boxes: Floats, *, is_across: bool) -> list[Rule]:
    """The lines across, or those down, that ``boxes`` are or have as their sides."""
    left, bottom, right, top = boxes.T if is_across else boxes.T[[1, 0, 3, 2]]
    length, breadth = right - left, top - bottom
    is_line = (breadth <= _THIN) & (length > _SHORT)
    is_box = (breadth > _THIN) & (length > _THIN)
    middle = (bottom + top) / 2
    columns: list[NDArray[np.float64]] = [
        np.stack((middle, left, right), axis=1)[is_line],
        np.stack((bottom, left, right), axis=1)[is_box],
        np.stack((top, left, right), axis=1)[is_box],
    ]
    return [Rule(*row) for row in np.concatenate(columns).tolist()]


def _merged(sides: Iterable[Rule]) -> list[Rule]:
    """``sides`` with those on one line that meet made one."""
    rules: list[Rule] = []
    group: list[Rule] = []
    for side in sorted(sides):
        if group and side.place > group[0].place + _SAME:
            rules += _united(group)
            group = []
        group.append(side)
    return [*rules, *_united(group)] if group else rules


def _united(group: Sequence[Rule]) -> Iterator[Rule]:
    place, low, high = 0.0, 0.0, -1e9
    for rule in sorted(group, key=lambda rule: rule.low):
        if rule.low > high + _JOINED:
            if high > low:
                yield Rule(place, low, high)
            place, low, high = rule
        high = max(high, rule.high)
    yield Rule(place, low, high)


def _areas(across: Sequence[Rule], down: Sequence[Rule]) -> list[RuledArea]:
    """The areas in which lines across meet lines down, with at least two columns and two rows."""
    if not across or not down or len(across) * len(down) > _MAX_MEETINGS:
        return []
    parts = [_area(rows, walls) for rows, walls in _meeting(across, down)]
    areas: list[RuledArea] = []
    for part in sorted((part for part in parts if len(part.places) > 2), key=lambda part: -part.top):
        if areas and _is_next(areas[-1], part):
            areas[-1] = _area(areas[-1].rows + part.rows, _merged_walls(areas[-1], part))
            areas[-1].is_shaded = True
        else:
            areas.append(part)
    return [area for area in areas if len(_apart([rule.place for rule in area.rows])) > 2]


def _meeting(across: Sequence[Rule], down: Sequence[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """The parts of the lines that are connected with one another."""
    rows, walls = np.array(across), np.array(down)
    meets = (rows[:, None, 0] >= walls[None, :, 1] - _JOINED) & (rows[:, None, 0] <= walls[None, :, 2] + _JOINED)
    meets &= (walls[None, :, 0] >= rows[:, None, 1] - _JOINED) & (walls[None, :, 0] <= rows[:, None, 2] + _JOINED)
    rest = meets.any(axis=1)
    while rest.any():
        is_row = np.zeros(len(across), np.bool_)
        is_row[int(np.argmax(rest))] = True
        is_wall = np.zeros(len(down), np.bool_)
        count = 0
        while is_row.sum() != count:
            count = int(is_row.sum())
            is_wall |= meets[is_row].any(axis=0)
            is_row |= meets[:, is_wall].any(axis=1)
        rest &= ~is_row
        yield [across[n] for n in _where(is_row)], [down[n] for n in _where(is_wall)]


def _where(mask: NDArray[np.bool_]) -> list[int]:
    numbers: list[int] = np.flatnonzero(mask).tolist()
    return numbers


def _area(rows: list[Rule], walls: list[Rule]) -> RuledArea:
    left, right = min(rule.low for rule in rows), max(rule.high for rule in rows)
    bottom, top = min(rule.place for rule in rows), max(rule.place for rule in rows)
    return RuledArea(left, bottom, right, top, sorted(rows, reverse=True), sorted(walls))


def _is_next(above: RuledArea, below: RuledArea) -> bool:
    """Whether both are shaded rows of one table, with a row between them."""
    places, others = above.places, below.places
    if len(places) != len(others) or any(abs(a - b) > _THIN for a, b in zip(places, others, strict=True)):
        return False
    return above.bottom - below.top < _APART * max(above.row_height, below.row_height)


def _merged_walls(above: RuledArea, below: RuledArea) -> list[Rule]:
    """The walls of both areas, which also stand between them."""
    return [Rule(place, below.bottom, above.top) for place in above.places]


def _apart(places: Iterable[float]) -> list[float]:
    """``places`` in order, those that are nearly the same once."""
    distinct: list[float] = []
    for place in sorted(places):
        if not distinct or place > distinct[-1] + _JOINED:
            distinct.append(place)
    return distinct
