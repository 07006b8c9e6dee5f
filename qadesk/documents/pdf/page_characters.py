"""The characters of one PDF page as pdfium numbers them: their text, and the boxes of its words, in arrays.

Asking pdfium for the box of each of thousands of characters would take longer than all the rest, so only the first and
the last character of each word are asked for; ``words_of`` takes single characters where that is not enough.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Codes = NDArray[np.uint32]

LEFT_OUT = "\ufdd0"
"""Stands for a character that is no part of the text (the second half of a surrogate pair, a hidden one)."""

HYPHEN_MARKS = "\x02\ufffe\xad"
"""What pdfium writes in place of a hyphen at the end of a line within a word; also the soft hyphen."""

_SPACES = [*range(9, 14), 32, 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF]
_IS_VISIBLE = np.ones(0x10000, np.bool_)
_IS_VISIBLE[[*_SPACES, *range(0x2000, 0x200C), ord(LEFT_OUT)]] = False
_LEAST_ROOM = 1024
FIRST_WIDE = 0x2E80
"""From this code point on there are scripts without spaces between words, which may be written downwards."""


@dataclass(slots=True)
class Words:
    """The words of a page: index ranges of its characters and their boxes, in points of the page.

    ``starts``, ``ends``: (n,) indices. ``boxes``: (n, 4) left, bottom, right, top. ``angles``: (n,) how far the
    text is turned clockwise, in whole degrees.
    """

    starts: Indices
    ends: Indices
    boxes: Floats
    angles: Indices

    def __len__(self) -> int:
        return len(self.starts)

    def chosen(self, where: NDArray[Any]) -> Words:
        """The words at ``where`` (indices or a mask)."""
        return Words(self.starts[where], self.ends[where], self.boxes[where], self.angles[where])


@cache
def function_of(name: str, result: Any) -> Callable[..., Any]:
    """The function ``name`` of pdfium, which returns a ``result``, for calls with ctypes values and small ints.

    pypdfium2's own functions check each argument and free the interpreter lock, which takes several times as long.
    """
    from pypdfium2 import raw

    address = ctypes.cast(getattr(raw, name), ctypes.c_void_p).value
    function: Callable[..., Any] = ctypes.PYFUNCTYPE(result)(address or 0)
    return function


def address_of(page: PdfPage | PdfTextPage) -> Any:
    """``page`` as an argument of ``function_of``, converted once for all calls."""
    return ctypes.c_void_p.from_param(ctypes.cast(page.raw, ctypes.c_void_p).value)


def of_characters(name: str, result: Any, textpage: PdfTextPage, indices: Sequence[int]) -> list[Any]:
    """The results of pdfium's function ``name`` (text page, index) for ``indices``."""
    return list(map(function_of(name, result), repeat(address_of(textpage)), indices))


def room_for(kind: Any, count: int) -> tuple[Any, list[Any]]:
    """Room for at least ``count`` values of a ctypes ``kind`` that pdfium writes, and a reference to each.

    It is used again for the next page: what is in it is to be read before.
    """
    return _room(kind, max(_LEAST_ROOM, 1 << count.bit_length()))


@cache
def _room(kind: Any, count: int) -> tuple[Any, list[Any]]:
    buffer = (kind * count)()
    size = ctypes.sizeof(kind)
    return buffer, [ctypes.byref(buffer, number * size) for number in range(count)]


def text_of(textpage: PdfTextPage) -> str:
    """The characters of ``textpage``, one for each index that FPDFText_GetUnicode takes."""
    from pypdfium2 import raw

    count = raw.FPDFText_CountChars(textpage)
    if count <= 0:
        return ""
    buffer = _utf16_room(max(_LEAST_ROOM, 1 << (count + 1).bit_length()))
    written = raw.FPDFText_GetText(textpage, 0, count, buffer)
    units = np.frombuffer(buffer, np.uint16, max(0, written - 1))
    if len(units) == count and not ((units & 0xF800) == 0xD800).any():
        return units.tobytes().decode("utf-16-le")
    codes = of_characters("FPDFText_GetUnicode", ctypes.c_uint, textpage, range(count))
    return "".join(_paired(codes))


@cache
def _utf16_room(count: int) -> Any:
    return (ctypes.c_ushort * count)()


def _paired(codes: Sequence[int]) -> list[str]:
    """One string of one character for each code; a pair of surrogates is the character and ``LEFT_OUT``."""
    characters = []
    for number, code in enumerate(codes):
        after = codes[number + 1] if number + 1 < len(codes) else 0
        if 0xD800 <= code < 0xDC00 and 0xDC00 <= after < 0xE000:
            characters.append(chr(0x10000 + ((code - 0xD800) << 10) + after - 0xDC00))
        elif (0xDC00 <= code < 0xE000 and number and 0xD800 <= codes[number - 1] < 0xDC00) or code == 0:
            characters.append(LEFT_OUT)
        elif 0xD800 <= code < 0xE000 or code > 0x10FFFF:
            characters.append("\ufffd")
        else:
            characters.append(chr(code))
    return characters


def codes_of(text: str) -> Codes:
    """The code points of ``text``."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def visible(codes: Codes) -> NDArray[np.bool_]:
    """Which of the characters are neither white space nor left out."""
    return _IS_VISIBLE.take(codes, mode="clip")


def is_hyphen_mark(codes: Codes) -> NDArray[np.bool_]:
    """Which of the characters are ``HYPHEN_MARKS``."""
    return np.asarray((codes == 2) | (codes == 0xFFFE) | (codes == 0xAD))


def rtl(codes: Codes) -> NDArray[np.bool_]:
    """Which of the characters are of scripts that run from right to left."""
    if not len(codes) or codes.max() < 0x590:
        return np.zeros(len(codes), np.bool_)
    in_blocks = ((codes >= 0x590) & (codes < 0x900)) | ((codes >= 0xFB1D) & (codes < 0xFE00))
    return np.asarray(in_blocks | ((codes >= 0xFE70) & (codes < 0xFEFF)))


def words_of(textpage: PdfTextPage, codes: Codes, alone: Sequence[int] = (), *, by_character: bool = False) -> Words:
    """The words of ``textpage``, whose characters are ``codes``; each character is one ``by_character``.

    The characters with the indices ``alone`` are words of their own.
    """
    is_visible = visible(codes)
    is_mark = is_hyphen_mark(codes)
    is_alone = codes >= FIRST_WIDE if not by_character else np.ones(len(codes), np.bool_)
    is_alone[list(alone)] = True
    is_start = is_visible.copy()
    is_start[1:] &= ~is_visible[:-1] | is_mark[:-1] | is_alone[:-1] | is_alone[1:]
    is_end = is_visible.copy()
    is_end[:-1] &= ~is_visible[1:] | is_start[1:]
    starts, lasts = np.flatnonzero(is_start), np.flatnonzero(is_end)
    is_long = lasts > starts
    boxes = character_boxes(textpage, np.concatenate((starts, lasts[is_long])))
    first, last = boxes[: len(starts)], boxes[: len(starts)].copy()
    last[is_long] = boxes[len(starts) :]
    united = np.concatenate((np.minimum(first[:, :2], last[:, :2]), np.maximum(first[:, 2:], last[:, 2:])), axis=1)
    words = Words(starts, lasts + 1, united, np.zeros(len(starts), np.intp))
    if not len(words):
        return words
    steps = np.abs(first[:, 1] - last[:, 1])
    words.angles = _angles(textpage, codes, words, steps)
    is_broken = _is_scattered(words, steps) | (_is_digit(codes[lasts]) & _is_raised(first, last))
    is_broken &= (words.angles == 0) & ~rtl(codes[starts])
    broken = np.flatnonzero(is_broken) if not by_character else ()
    if len(broken):
        spans = [range(words.starts[word], words.ends[word]) for word in broken]
        return words_of(textpage, codes, [*alone, *(index for span in spans for index in span)])
    is_long &= ~rtl(codes[starts])
    if is_long.sum() < 2 * (is_long & (first[:, 0] >= last[:, 2]) & (words.angles == 0)).sum():
        words.angles = (words.angles + 180) % 360  # a negative font size turns the text
    return words


def _is_digit(codes: Codes) -> NDArray[np.bool_]:
    return np.asarray((codes >= ord("0")) & (codes <= ord("9")))


def _is_scattered(words: Words, steps: Floats) -> NDArray[np.bool_]:
    """Which words have letters in several places: pdfium may leave out the line ends between single ones."""
    left, bottom, right, top = words.boxes.T
    heights = np.maximum(0.1, top - bottom - steps)
    lengths = words.ends - words.starts
    return np.asarray((lengths > 1) & ((steps > 0.6 * heights) | (right - left > 1.3 * heights * lengths)))


def _is_raised(first: Floats, last: Floats) -> NDArray[np.bool_]:
    """Which words end, or begin, with smaller letters higher up: the mark of a note that is no part of a number."""
    one, other = first[:, 3] - first[:, 1], last[:, 3] - last[:, 1]
    high = np.maximum(0.1, np.maximum(one, other))
    return np.asarray((np.abs(one - other) > 0.15 * high) & (np.abs(first[:, 1] - last[:, 1]) > 0.1 * high))


def character_boxes(textpage: PdfTextPage, indices: Indices) -> Floats:
    """The loose boxes (advance width, ascent to descent) of characters: (n, 4) left, bottom, right, top."""
    function = function_of("FPDFText_GetLooseCharBox", None)
    buffer, references = room_for(ctypes.c_float * 4, len(indices))
    deque(map(function, repeat(address_of(textpage)), indices.tolist(), references), maxlen=0)
    values = np.frombuffer(buffer, np.float32, 4 * len(indices)).reshape(-1, 4)
    boxes: Floats = values[:, [0, 3, 2, 1]].astype(np.float64)
    if not np.isfinite(boxes).all():
        boxes = np.nan_to_num(boxes, nan=0.0, posinf=1e6, neginf=-1e6)
    is_flat = boxes[:, 3] - boxes[:, 1] < 0.1
    if is_flat.any():
        _heighten(textpage, boxes, indices, np.flatnonzero(is_flat & (boxes[:, 2] - boxes[:, 0] < 1e4)))
    return boxes


def _heighten(textpage: PdfTextPage, boxes: Floats, indices: Indices, flat: Indices) -> None:
    """Give characters without a height that of their font size."""
    sizes = of_characters("FPDFText_GetFontSize", ctypes.c_double, textpage, indices[flat].tolist())
    boxes[flat, 3] = boxes[flat, 1] + np.clip(np.nan_to_num(np.abs(np.array(sizes, np.float64))), 0.1, 200)


def _angles(textpage: PdfTextPage, codes: Codes, words: Words, steps: Floats) -> Indices:
    """How far each word is turned clockwise, in whole degrees. Upright pages ask pdfium for few words only.

    ``steps``: (n,) how much higher or lower the last character of a word is than the first, in points.
    """
    heights = np.maximum(0.1, words.boxes[:, 3] - words.boxes[:, 1] - steps)
    is_line_start = np.ones(len(words), np.bool_)
    is_line_start[1:] = codes[np.maximum(words.starts[1:] - 1, 0)] == 10
    angle_indices = np.flatnonzero(is_line_start | (steps > 0.4 * heights))
    if any(_degrees(textpage, words.starts[angle_indices])):
        angles = np.array(_degrees(textpage, words.starts), np.intp)
    else:
        angles = words.angles
    is_wide = (codes[words.starts] >= FIRST_WIDE) & (words.ends - words.starts == 1) & (angles == 0)
    if is_wide.sum() > 2:
        angles[in_vertical_writing(words.boxes, is_wide)] = 90
    return angles


def _degrees(textpage: PdfTextPage, indices: Indices) -> list[int]:
    return [*map(degrees, of_characters("FPDFText_GetCharAngle", ctypes.c_float, textpage, indices.tolist()))]


def degrees(angle: float) -> int:
    """Whole degrees clockwise of an angle that pdfium gives in radians; 0 for what is none."""
    return round(angle * 57.29578) % 360 if -10 < angle < 10 else 0


def in_vertical_writing(boxes: Floats, is_wide: NDArray[np.bool_]) -> Indices:
    """Which of the characters that ``is_wide`` names stand one under the other, if most of them do."""
    centers = (boxes[:, :2] + boxes[:, 2:]) / 2
    heights = np.maximum(0.1, boxes[:, 3] - boxes[:, 1])[:-1]
    across, down = np.abs(np.diff(centers[:, 0])), -np.diff(centers[:, 1])
    both = is_wide[:-1] & is_wide[1:]
    is_step = both & (across < 0.3 * heights) & (down > 0.4 * heights) & (down < 2.5 * heights)
    if is_step.sum() < 2 or is_step.sum() < 0.5 * both.sum():
        return np.zeros(0, np.intp)
    is_vertical = np.zeros(len(is_wide), np.bool_)
    is_vertical[:-1] |= is_step
    is_vertical[1:] |= is_step
    return np.flatnonzero(is_vertical)
