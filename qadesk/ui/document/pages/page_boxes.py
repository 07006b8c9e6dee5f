"""The characters of one page: where each is, and which character of the document's text it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from qadesk.structure.character_map import CharacterMap, Run

_WIDEST = 1.6
"""A line that is written downwards is at most so many times as wide as its next character."""
_JOINED = 1.5
"""Boxes of a line that are less than so many heights apart are one rectangle."""


class PageBoxes:
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

    def __len__(self) -> int:
        return len(self._offsets)

    def rects(self, start: int, end: int) -> list[QRectF]:
        """The rectangles of ``text[start:end]`` on the page: one for each line, or part of a line."""
        low, high = np.searchsorted(self._offsets, [start, end])
        return [QRectF(left, top, right - left, bottom - top) for left, top, right, bottom in self._lines(low, high)]

    def _lines(self, low: int, high: int) -> Iterator[NDArray[np.float64]]:
        line: NDArray[np.float64] | None = None
        for box in self._boxes[low:high]:
            if box[2] - box[0] <= 0 or box[3] - box[1] <= 0:
                continue
            if line is not None and _is_beside(line, box):
                line = np.concatenate((np.minimum(line[:2], box[:2]), np.maximum(line[2:], box[2:])))
                continue
            if line is not None:
                yield line
            line = box
        if line is not None:
            yield line

    def offset_at(self, point: QPointF) -> int | None:
        """The offset of the border between characters that is nearest to ``point``; None on a page without any."""
        if not len(self):
            return None
        left, top, right, bottom = self._boxes.T
        across = np.maximum(0, np.maximum(left - point.x(), point.x() - right))
        down = np.maximum(0, np.maximum(top - point.y(), point.y() - bottom))
        nearest = int(np.argmin(across + 3 * down))  # what is on the same line is nearer than what is above
        is_behind = point.x() > (left[nearest] + right[nearest]) / 2
        return int(self._offsets[nearest]) + bool(is_behind)


def _is_beside(line: NDArray[np.float64], box: NDArray[np.float64]) -> bool:
    """Whether ``box`` goes on where ``line`` ends: beside it, or below it in text that is written downwards."""
    for along, across in ((0, 1), (1, 0)):
        if along and line[2] - line[0] > _WIDEST * (box[2] - box[0]):
            return False  # the next line of text that is written across
        overlap = min(line[across + 2], box[across + 2]) - max(line[across], box[across])
        height = min(line[across + 2] - line[across], box[across + 2] - box[across])
        distance = max(box[along] - line[along + 2], line[along] - box[along + 2])
        if overlap > 0.5 * height and distance < _JOINED * height:
            return True
    return False


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
