"""Pieces of a page: words that stand one after another without a gap, the smallest parts that a layout moves."""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from math import cos, hypot, radians, sin
from typing import TYPE_CHECKING

import numpy as np

from qadesk.documents.pdf.page_characters import Floats, Words
from qadesk.documents.pdf.page_text import (
    HIDDEN,
    HYPHEN,
    HYPHEN_MARKS,
    NEWLINE,
    REPLACED,
    RTL,
    TO_PRINT,
    VISIBLE,
    Indices,
    Mask,
    PageText,
    any_between,
)
from qadesk.documents.pdf.pdfium_calls import address_of, function_of, of_characters, room_for

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

_LONGEST_NAME = 128  # bytes of the name of a font
_MAX_ASKED = 4096  # fonts at a time, as each takes room for a name
_FORCE_BOLD = 1 << 18  # a flag of a font
_WIDE_GAP = 0.45  # of the height: wider than most spaces, narrower than most gaps between cells
_FIRST_LETTER, _MOSTLY = 0xC0, 0.6  # the first letter that is not ASCII; a share of the words of a line
_WIDEST_SPACE, _WIDEST_ALONE = 3.0, 1.5  # of the height: a space of a justified line; one with no other beside it


@dataclass(slots=True)
class Piece:
    """A piece of a line. Its place is in points, turned so that its text runs from left to right and lines go down.

    ``first``: the pdfium index of its first character, -1 if it has none; ``mapped`` of its characters follow one
    another from there. ``glued_to``: the ``first`` of the piece that it goes on, without white space between them in
    the file; -1 for none. ``height`` is at least 0.1, ``size`` that of the font in points. ``mark``: the character in
    place of a hyphen that it ends with, "" if it does not.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    height: float
    first: int = -1
    mapped: int = 0
    size: float = 0.0
    is_bold: bool = False
    is_rtl: bool = False
    mark: str = ""
    glued_to: int = -1

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
    textpage: PdfTextPage, page: PageText, words: Words, *, repaired: Mapping[int, str], cuts: Sequence[int]
) -> list[Piece]:
    """The pieces that ``words`` of the ``page``, which all run to the right, make.

    The characters with the indices in ``repaired`` are words of their own, and are read as it says. With those in
    ``cuts`` another piece begins.
    """
    if not len(words):
        return []
    is_break = _is_break(textpage, page, words)
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
    is_glued = ~any_between(~page.are(VISIBLE), ends[:-1], firsts[1:])
    heights = np.maximum(0.1, highs[:, 3] - lows[:, 1])
    sizes = _font_sizes(textpage, firsts, heights)
    are_bold = _are_bold(textpage, firsts, ends - 1)
    columns = (lows[:, 0], lows[:, 1], highs[:, 2], highs[:, 3], heights, firsts, ends - firsts, sizes, are_bold)
    texts = [page.text[start:end] for start, end in zip(firsts.tolist(), ends.tolist(), strict=True)]
    pieces = list(map(Piece, texts, *(column.tolist() for column in columns)))
    _complete(pieces, page, (np.flatnonzero(is_glued) + 1).tolist(), repaired)
    return [piece for piece in pieces if piece.text.strip()]


def _complete(pieces: Sequence[Piece], page: PageText, glued: Iterable[int], repaired: Mapping[int, str]) -> None:
    """Set what only some of the ``pieces`` have. ``glued``: the numbers of those without white space before them."""
    if page.has(REPLACED):
        for piece in pieces:
            if piece.text[-1] in HYPHEN_MARKS:
                piece.mark = piece.text[-1]
            piece.text = piece.text.translate(TO_PRINT)
    for number in glued:
        piece, before = pieces[number], pieces[number - 1]
        if not piece.mark and (not before.mark or before.first in repaired):
            piece.glued_to = before.first
    if page.has(RTL):
        is_rtl = page.are(RTL)
        for piece in pieces:
            piece.is_rtl = bool(is_rtl[piece.first : piece.first + piece.mapped].any())
    for piece in pieces if repaired else ():
        if piece.first in repaired:
            text = repaired[piece.first]
            piece.text, piece.mapped, piece.mark = text, min(1, len(text)), ""


def _is_break(textpage: PdfTextPage, page: PageText, words: Words) -> Mask:
    """(n - 1,): whether the piece of a word ends with it."""
    left, bottom, right, top = words.boxes.T
    heights = np.maximum(0.1, top - bottom)
    low, high = np.minimum(heights[:-1], heights[1:]), np.maximum(heights[:-1], heights[1:])
    between = page.are(NEWLINE | VISIBLE | HIDDEN)  # a line end, or words that are left out
    is_other_line = any_between(between, words.ends[:-1], words.starts[1:])
    if page.has(HYPHEN):
        is_other_line |= page.are(HYPHEN)[words.ends[:-1] - 1]
    is_raised = (low < 0.85 * high) & (np.abs(bottom[1:] - bottom[:-1]) > 0.1 * high)
    is_other_line |= is_raised & (page.codes[words.starts[1:]] < 0x590)
    middle = (bottom + top) / 2
    is_other_line |= np.abs(middle[1:] - middle[:-1]) > 0.6 * low
    gaps = left[1:] - right[:-1]
    is_far = (gaps > _WIDE_GAP * low) | (-gaps > 0.4 * low)
    far = np.flatnonzero(is_far)
    is_far[far] = (words.boxes[far + 1] != words.boxes[far]).any(axis=1)  # the letters of a ligature have one box
    is_far[_stretched_spaces(textpage, page, words, gaps / low)] = False
    if page.has(RTL):
        lines = np.concatenate(([0], np.cumsum(page.are(NEWLINE))))
        in_rtl = np.isin(lines[words.starts[1:]], lines[:-1][page.are(RTL)])
        is_far &= ~in_rtl  # numbers and brackets jump to and fro there
    return np.asarray(is_other_line | is_far)


def _stretched_spaces(textpage: PdfTextPage, page: PageText, words: Words, gaps: Floats) -> Indices:
    """The words behind which a wide gap is a space of a justified line. ``gaps``: (n - 1,), as shares of the height.

    Such a gap is one space character of the file within one text object, about as wide as the spaces beside it, and
    most words of the line begin with a letter: some programs write rows of figures like that, too.
    """
    wide = _wide_spaces(page, words, gaps)
    if not len(wide):
        return wide
    lines = np.concatenate(([0], np.cumsum(page.are(NEWLINE))))[words.starts]
    firsts = page.codes[words.starts]
    is_letter = ((firsts | 32) >= ord("a")) & ((firsts | 32) <= ord("z")) | (firsts >= _FIRST_LETTER)
    shares = np.bincount(lines, is_letter) / np.maximum(1, np.bincount(lines))
    wide = wide[shares[lines[wide]] > _MOSTLY]
    spaces = words.ends[wide]
    is_generated = np.array(of_characters("FPDFText_IsGenerated", ctypes.c_int, textpage, spaces.tolist()), np.intc)
    before, after = (
        of_characters("FPDFText_GetTextObject", ctypes.c_void_p, textpage, indices.tolist())
        for indices in (spaces - 1, spaces + 1)
    )
    is_inside = np.array([one == other for one, other in zip(before, after, strict=True)], np.bool_)
    return np.asarray(wide[is_inside & (is_generated != 1)])


def _wide_spaces(page: PageText, words: Words, gaps: Floats) -> Indices:
    """The words behind which one space character is as wide as a gap, and not much wider than the spaces beside it."""
    is_space = (words.starts[1:] - words.ends[:-1] == 1) & (page.codes[words.ends[:-1]] == ord(" ")) & (gaps > 0)
    if not (is_space & (gaps > _WIDE_GAP)).any():
        return np.zeros(0, np.intp)
    bottom, top = words.boxes[:, 1], words.boxes[:, 3]
    heights = np.maximum(0.1, top - bottom)
    low = np.minimum(heights[:-1], heights[1:])
    is_space &= (np.abs(np.diff(bottom)) < 0.1 * low) & (np.abs(np.diff(heights)) < 0.05 * low)
    beside = np.full(len(gaps) + 2, np.inf)
    beside[1:-1][is_space] = gaps[is_space]
    least = np.minimum(beside[:-2], beside[2:])  # of the spaces before and behind
    widest = np.where(np.isinf(least), _WIDEST_ALONE, np.minimum(_WIDEST_SPACE, 2 * least))
    return np.flatnonzero(is_space & (gaps > _WIDE_GAP) & (gaps < widest))


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


def _are_bold(textpage: PdfTextPage, firsts: Indices, lasts: Indices) -> Mask:
    """Which of the pieces between the characters ``firsts`` and ``lasts`` are bold at both ends."""
    are_bold = _have_bold_fonts(textpage, firsts)
    bold_indices = np.flatnonzero(are_bold & (lasts > firsts))
    are_bold[bold_indices] = _have_bold_fonts(textpage, lasts[bold_indices])
    return are_bold


def _have_bold_fonts(textpage: PdfTextPage, indices: Indices) -> Mask:
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
