"""Where the characters of a text are on one page: the boxes of its lines, which are marked, and what is at a point.

Places are in points from the upper left corner of the page as it is shown (``scans.page_source``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qadesk.structure.character_map import CharacterMap, Run

_JOINED, _TOUCHING = 1.5, 0.2
"""Boxes of a line that are less than so many heights apart are one rectangle: the second, where that would cover
characters that are not meant, as between a number and the Hebrew words around it."""
_ACROSS, _DOWN = 0, 1
"""Ways in which a line is written: the column of its left or upper edge in a box."""

Box = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(slots=True)
class _BoxLine:
    """A line, or a part of one, so far: what encloses its characters, their ``indices``, and how it is written."""

    box: Box
    indices: list[int]
    along: int | None = None

    def add(self, index: int, box: Box, joined: float) -> bool:
        """Add a character if it goes on where the line ends or begins. Gives whether it does."""
        ways = (_ACROSS, _DOWN) if self.along is None else (self.along,)
        along = next((way for way in ways if _is_next(self.box, box, way, joined)), None)
        if along is None:
            return False
        self.box = np.concatenate((np.minimum(self.box[:2], box[:2]), np.maximum(self.box[2:], box[2:])))
        self.along = along
        self.indices.append(index)
        return True


class TextOnPage:
    """``boxes`` ``[n, 4]`` are left, top, right and bottom of the page's characters, in points; ``runs`` are its own.

    Those that no run names (what is printed and not in the text) are no characters here.
    """

    def __init__(self, boxes: NDArray[np.float32], runs: Iterable[Run]) -> None:
        offsets = np.full(len(boxes), -1, np.int64)
        for run in runs:
            last = min(run.first + run.length, len(boxes))
            offsets[run.first : last] = run.offset + np.arange(max(0, last - run.first))
        order = np.flatnonzero(offsets >= 0)
        order = order[np.argsort(offsets[order], kind="stable")]
        self._offsets = offsets[order]
        self._boxes = boxes[order].astype(np.float64)
        self._centres = (self._boxes[:, :2] + self._boxes[:, 2:]) / 2
        self._has_size: Mask = np.all(self._boxes[:, :2] < self._boxes[:, 2:], axis=1)

    def __len__(self) -> int:
        return len(self._offsets)

    def lines(self, start: int, end: int) -> list[Box]:
        """What ``text[start:end]`` covers: left, top, right and bottom of each line, or part of a line."""
        low, high = map(int, np.searchsorted(self._offsets, [start, end]))
        lines: list[Box] = []
        for line in self._lines(range(low, high), _JOINED):
            parts = self._lines(line.indices, _TOUCHING) if self._covers_others(line.box, low, high) else [line]
            lines += [part.box for part in parts]
        return lines

    def _lines(self, indices: Iterable[int], joined: float) -> Iterator[_BoxLine]:
        """The lines of the characters at ``indices``."""
        line: _BoxLine | None = None
        for index in indices:
            if not self._has_size[index]:
                continue
            if line is None or not line.add(index, self._boxes[index], joined):
                if line is not None:
                    yield line
                line = _BoxLine(self._boxes[index], [index])
        if line is not None:
            yield line

    def _covers_others(self, line: Box, low: int, high: int) -> bool:
        """Whether ``line`` covers characters that are not in ``low:high``."""
        is_inside = (self._centres >= line[:2]) & (self._centres <= line[2:])
        inside: Mask = np.all(is_inside, axis=1) & self._has_size
        inside[low:high] = False
        return bool(inside.any())

    def border_at(self, x: float, y: float) -> int | None:
        """The offset of the border between characters that is nearest to a point; None on a page without any."""
        if not len(self):
            return None
        left, top, right, bottom = self._boxes.T
        across = np.maximum(0, np.maximum(left - x, x - right))
        down = np.maximum(0, np.maximum(top - y, y - bottom))
        nearest = int(np.argmin(across + 3 * down))  # what is on the same line is nearer than what is above
        is_behind = x > (left[nearest] + right[nearest]) / 2
        return int(self._offsets[nearest]) + bool(is_behind)


def _is_next(line: Box, box: Box, along: int, joined: float) -> bool:
    """Whether ``box`` goes on where ``line``, which is written ``along``, ends or begins."""
    across = 1 - along
    overlap = min(line[across + 2], box[across + 2]) - max(line[across], box[across])
    height = min(line[across + 2] - line[across], box[across + 2] - box[across])
    distance = max(box[along] - line[along + 2], line[along] - box[along + 2])
    return bool(overlap > 0.5 * height and distance < joined * height)


class PageRuns(Mapping[int, list[Run]]):
    """The runs of a text by the numbers of their pages, from 1; made of arrays, as there may be 100,000."""

    def __init__(self, characters: CharacterMap) -> None:
        rows = np.frombuffer(characters.numbers, np.int32).reshape(-1, 4)
        self._rows = rows[np.argsort(rows[:, 1], kind="stable")]
        self._pages = self._rows[:, 1]

    def __getitem__(self, page: int) -> list[Run]:
        low, high = np.searchsorted(self._pages, [page, page + 1])
        if low == high:
            raise KeyError(page)
        return [Run(*row) for row in self._rows[low:high].tolist()]

    def __iter__(self) -> Iterator[int]:
        return iter(np.unique(self._pages).tolist())

    def __len__(self) -> int:
        return len(np.unique(self._pages))
