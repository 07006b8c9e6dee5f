"""What text recognition found on a page, as pieces of lines: the layout takes them as it takes those of pdfium.

The page is turned and straightened before, as people lay paper on a scanner in any way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import atan2, cos, sin
from statistics import median

from qadesk.documents.pdf.page_pieces import PagePieces
from qadesk.documents.pdf.pieces import Piece
from qadesk.documents.pdf.rows import lines_from_top
from qadesk.documents.quarter_turns import turned_box
from qadesk.documents.scans.scan_text import ScanLine, ScanText

_HEIGHT, _DESCENT = 1.17, 0.25
"""Of the font size: height of a line from descenders to ascenders, and the part below the base line."""
_WIDE_GAP = 0.55
"""Of the height: wider than most spaces between inked letters."""
_LIKE = 0.12
"""Sizes of letters that differ less from what is usual on the page are the usual one: they were measured on pixels."""
_NEAR, _ALIKE = 4, 0.25
"""Lines above and below that say how large a line is, if its measured size differs less from theirs."""
_LONG = 12.0
"""Sizes of its letters: a shorter line says little about how crooked the page is."""


def pieces_of_scan(scan: ScanText) -> PagePieces:
    """What is on the page."""
    pieces = list(_pieces(scan))
    return PagePieces(lines_from_top(pieces), is_upright=scan.angle == 0) if pieces else PagePieces()


def _pieces(scan: ScanText) -> Iterator[Piece]:
    slope = _slope(scan.lines)
    c, s = cos(slope), sin(slope)
    sizes = _sizes(scan.lines)
    words: list[list[int]] = [[] for _ in scan.lines]
    for index, word in enumerate(scan.words):
        words[word.line].append(index)
    quarters = -scan.angle // 90  # turned back
    places = [turned_box(word[1:5], quarters, scan.width, scan.height) for word in scan.words]
    for line, size, indices in zip(scan.lines, sizes, words, strict=True):
        middle = (line.left + line.right) / 2, (line.left_base + line.right_base) / 2
        base = middle[1] * c - middle[0] * s
        for part in _cut(indices, places, _WIDE_GAP * size * _HEIGHT):
            left, right = places[part[0]], places[part[-1]]
            xs = (left[0] * c + left[1] * s, right[2] * c + right[1] * s)
            text = " ".join(scan.words[index].text for index in part)
            bottom = -base - _DESCENT * size
            yield Piece(
                text, xs[0], bottom, xs[1], bottom + _HEIGHT * size, _HEIGHT * size,
                scan.starts[part[0]], len(text), size,
            )  # fmt: skip


def _sizes(lines: Sequence[ScanLine]) -> list[float]:
    """The sizes of the letters of ``lines``: each was measured on a few pixels, and its neighbours say more."""
    near = [median([other.size for other in _neighbours(lines, number)]) for number in range(len(lines))]
    usual = median(near) if near else 1.0
    return [usual if abs(size - usual) < _LIKE * usual else size for size in near]


def _neighbours(lines: Sequence[ScanLine], number: int) -> list[ScanLine]:
    """The line ``number`` and those near it that are of its size, and not far above or below."""
    line = lines[number]
    return [
        other
        for other in lines[max(0, number - _NEAR) : number + _NEAR + 1]
        if abs(other.size - line.size) < _ALIKE * line.size
        and abs(other.left_base - line.left_base) < 2 * _NEAR * line.size
        and min(other.right, line.right) > max(other.left, line.left)
    ]


def _slope(lines: Sequence[ScanLine]) -> float:
    """How far the lines of a page go down from left to right, in radians: the median of the long ones."""
    slopes = [
        atan2(line.right_base - line.left_base, line.right - line.left)
        for line in lines
        if line.right - line.left > _LONG * line.size
    ]
    return median(slopes) if slopes else 0.0


def _cut(indices: list[int], places: list[tuple[float, float, float, float]], widest: float) -> Iterator[list[int]]:
    """The words of a line, cut at gaps of more than ``widest`` points."""
    if not indices:
        return
    part = [indices[0]]
    for before, index in pairwise(indices):
        if places[index][0] - places[before][2] > widest or index != before + 1:
            yield part
            part = []
        part.append(index)
    yield part
