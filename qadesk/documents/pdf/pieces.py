"""Pieces of a page: words that stand one after another without a gap, the smallest parts that a layout moves."""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from math import cos, hypot, radians, sin
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qadesk.documents.pdf.page_characters import (
    HYPHEN_MARKS,
    LEFT_OUT,
    Codes,
    Floats,
    Indices,
    Words,
    address_of,
    function_of,
    is_hyphen_mark,
    of_characters,
    room_for,
    rtl,
    visible,
)

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

NEWLINE = 10
_LONGEST_NAME = 128  # bytes of the name of a font
_MAX_ASKED = 4096  # fonts at a time, as each takes room for a name
_FORCE_BOLD = 1 << 18  # a flag of a font
_WIDE_GAP = 0.45  # of the height: wider than most spaces, narrower than most gaps between cells
_TO_PRINT = dict.fromkeys((9, 11, 12, 133, 8232, 8233), " ") | {0xF0B7: "•", 0xF0A7: "▪", 0xF0D8: "➢"}
_TO_PRINT |= {ord(mark): "-" for mark in HYPHEN_MARKS}
_IS_ODD = np.zeros(0x10000, np.bool_)
_IS_ODD[list(_TO_PRINT)] = True


@dataclass(slots=True)
class Piece:
    """A piece of a line. Its place is in points, turned so that its text runs from left to right and lines go down.

    ``first``: the pdfium index of its first character, -1 if it has none; ``mapped`` of its characters follow one
    another from there. ``glued_to``: the ``first`` of the piece that it goes on, without white space between them in
    the file; -1 for none. ``size`` is that of the font in points. ``mark``: the character in place of a hyphen that
    it ends with, "" if it does not.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    first: int = -1
    mapped: int = 0
    size: float = 0.0
    is_bold: bool = False
    is_rtl: bool = False
    mark: str = ""
    glued_to: int = -1

    @property
    def height(self) -> float:
        """In points, at least 0.1."""
        return max(0.1, self.top - self.bottom)

    @property
    def middle(self) -> float:
        """Half-way between bottom and top."""
        return (self.bottom + self.top) / 2


def directions_of(words: Words) -> Iterator[tuple[int, Words]]:
    """The words by the direction of their text, in degrees clockwise, turned to run to the right."""
    if not words.angles.any():
        yield 0, words
        return
    for angle in np.unique(words.angles).tolist():
        part = words.chosen(words.angles == angle)
        part.boxes = turned(part.boxes, angle)
        yield angle, part


def turned(boxes: Floats, angle: int) -> Floats:
    """``boxes`` with the page turned so that text which is turned by ``angle`` degrees clockwise runs to the right."""
    if not angle:
        return boxes
    c, s = round(cos(radians(angle)), 9), round(sin(radians(angle)), 9)
    left, bottom, right, top = boxes.T
    if angle % 90:  # the box around a slanted word says little: its middle, and a line of the word's height
        x, y = (left + right) / 2, (bottom + top) / 2
        half = np.maximum(right - left, top - bottom) / 2
        x, y, low = x * c - y * s, x * s + y * c, np.minimum(half, 6.0)
        return np.stack((x - half, y - low, x + half, y + low), axis=1)
    xs = np.stack((left * c - bottom * s, right * c - top * s))
    ys = np.stack((left * s + bottom * c, right * s + top * c))
    return np.stack((xs.min(0), ys.min(0), xs.max(0), ys.max(0)), axis=1)


def pieces_of(
    textpage: PdfTextPage,
    text: str,
    codes: Codes,
    words: Words,
    *,
    repaired: Mapping[int, str],
    cuts: Sequence[int],
) -> list[Piece]:
    """The pieces that ``words``, which all run to the right, make; ``text`` and ``codes``: the page's characters.

    The characters with the indices in ``repaired`` are words of their own, and are read as it says. With those in
    ``cuts`` another piece begins.
    """
    if not len(words):
        return []
    is_break = _is_break(codes, words)
    if repaired:
        is_repaired = np.isin(words.starts, list(repaired))
        is_break |= is_repaired[1:] | is_repaired[:-1]
    if cuts:
        is_break |= np.isin(words.starts[1:], cuts)
    starts = np.concatenate(([0], np.flatnonzero(is_break) + 1))
    lows = np.minimum.reduceat(words.boxes, starts, axis=0)
    highs = np.maximum.reduceat(words.boxes, starts, axis=0)
    lasts = np.concatenate((starts[1:], [len(words)])) - 1
    firsts, ends = words.starts[starts], words.ends[lasts]
    blanks = np.concatenate(([0], np.cumsum(~visible(codes))))
    is_glued = np.concatenate(([False], blanks[firsts[1:]] == blanks[ends[:-1]])).tolist()
    boxes = zip(lows[:, 0].tolist(), lows[:, 1].tolist(), highs[:, 2].tolist(), highs[:, 3].tolist(), strict=True)
    has_rtl = bool(rtl(codes).any())
    is_odd = bool(_IS_ODD.take(codes, mode="clip").any())
    sizes = _font_sizes(textpage, firsts, np.maximum(0.1, highs[:, 3] - lows[:, 1])).tolist()
    are_bold = _are_bold(textpage, firsts, ends - 1).tolist()
    styles = zip(sizes, are_bold, is_glued, strict=True)
    pieces: list[Piece] = []
    for start, end, box, (size, is_bold, glued) in zip(firsts.tolist(), ends.tolist(), boxes, styles, strict=True):
        words_text = text[start:end].translate(_TO_PRINT) if is_odd else text[start:end]
        piece = Piece(words_text, *box, start, end - start, size, is_bold)
        if is_odd and text[end - 1] in HYPHEN_MARKS:
            piece.mark = text[end - 1]
        elif glued and not pieces[-1].mark:  # never the first
            piece.glued_to = pieces[-1].first
        piece.is_rtl = has_rtl and bool(rtl(codes[start:end]).any())
        if start in repaired:
            piece.text, piece.mapped, piece.mark = repaired[start], min(1, len(repaired[start])), ""
        pieces.append(piece)
    return [piece for piece in pieces if piece.text.strip()]


def _is_break(codes: Codes, words: Words) -> NDArray[np.bool_]:
    """(n - 1,): whether the piece of a word ends with it."""
    left, bottom, right, top = words.boxes.T
    heights = np.maximum(0.1, np.minimum(top[:-1] - bottom[:-1], top[1:] - bottom[1:]))
    between = np.concatenate(([0], np.cumsum((codes == NEWLINE) | visible(codes) | (codes == ord(LEFT_OUT)))))
    is_other_line = between[words.starts[1:]] > between[words.ends[:-1]]  # a line end, or words that are left out
    is_other_line |= is_hyphen_mark(codes[words.ends[:-1] - 1])
    middle = (bottom + top) / 2
    high = np.maximum(0.1, np.maximum(top[:-1] - bottom[:-1], top[1:] - bottom[1:]))
    is_raised = (heights < 0.85 * high) & (np.abs(np.diff(bottom)) > 0.1 * high)
    is_other_line |= is_raised & (codes[words.starts[1:]] < 0x590)
    is_other_line |= np.abs(np.diff(middle)) > 0.6 * heights
    is_far = (left[1:] - right[:-1] > _WIDE_GAP * heights) | (right[:-1] - left[1:] > 0.4 * heights)
    far = np.flatnonzero(is_far)
    is_far[far] = (words.boxes[far + 1] != words.boxes[far]).any(axis=1)  # the letters of a ligature have one box
    is_rtl = rtl(codes)
    if is_rtl.any():
        lines = np.concatenate(([0], np.cumsum(codes == NEWLINE)))
        is_far &= ~np.isin(lines[words.starts[1:]], lines[:-1][is_rtl])  # numbers and brackets jump to and fro there
    return np.asarray(is_other_line | is_far)


def _font_sizes(textpage: PdfTextPage, firsts: Indices, heights: Floats) -> Floats:
    """The font sizes in points of pieces of these heights that begin with the characters ``firsts``."""
    from pypdfium2 import raw

    sizes = np.array(of_characters("FPDFText_GetFontSize", ctypes.c_double, textpage, firsts.tolist()), np.float64)
    matrix = raw.FS_MATRIX()
    for number in np.flatnonzero(~((0.7 * heights < sizes) & (sizes < 1.1 * heights))).tolist():
        if raw.FPDFText_GetMatrix(textpage, int(firsts[number]), matrix):
            sizes[number] *= hypot(matrix.c, matrix.d)
    is_likely = (0.3 * heights < sizes) & (sizes < 3 * heights)
    return np.where(is_likely, sizes, heights / 1.17)


def _are_bold(textpage: PdfTextPage, firsts: Indices, lasts: Indices) -> NDArray[np.bool_]:
    """Which of the pieces between the characters ``firsts`` and ``lasts`` are bold at both ends."""
    are_bold = _have_bold_fonts(textpage, firsts)
    bold_indices = np.flatnonzero(are_bold & (lasts > firsts))
    are_bold[bold_indices] = _have_bold_fonts(textpage, lasts[bold_indices])
    return are_bold


def _have_bold_fonts(textpage: PdfTextPage, indices: Indices) -> NDArray[np.bool_]:
    """Which of the characters with these ``indices`` are of a bold font."""
    if len(indices) > _MAX_ASKED:
        parts = range(0, len(indices), _MAX_ASKED)
        return np.concatenate([_have_bold_fonts(textpage, indices[low : low + _MAX_ASKED]) for low in parts])
    count = len(indices)
    names, name_references = room_for(ctypes.c_char * _LONGEST_NAME, count)
    flags, flag_references = room_for(ctypes.c_int, count)
    ctypes.memset(names, 0, count * _LONGEST_NAME)  # pdfium writes no name that has no room
    ctypes.memset(flags, 0, count * ctypes.sizeof(ctypes.c_int))
    function = function_of("FPDFText_GetFontInfo", None)
    rest = (name_references, repeat(ctypes.c_ulong(_LONGEST_NAME)), flag_references)
    deque(map(function, repeat(address_of(textpage)), indices.tolist(), *rest), maxlen=0)
    has_bold_name = list(map(_is_bold_name, np.frombuffer(names, f"S{_LONGEST_NAME}", count).tolist()))
    is_forced = (np.frombuffer(flags, np.intc, count) & _FORCE_BOLD) != 0
    return np.asarray(np.array(has_bold_name, np.bool_) | is_forced)


@cache
def _is_bold_name(name: bytes) -> bool:
    lower = name.lower()
    return any(word in lower for word in (b"bold", b"black", b"heavy", b"-medi", b"cmbx", b"demi"))
