"""The words of one PDF page, and the boxes of its characters, in arrays.

Asking pdfium for the box of each of thousands of characters would take longer than all the rest, so only the first and
the last character of each word are asked for; ``words_of`` takes single characters where that is not enough.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qadesk.documents.pdf.page_text import HYPHEN, NEWLINE, RTL, VISIBLE, WIDE, Codes, Indices, PageText
from qadesk.documents.pdf.pdfium_calls import address_of, function_of, of_characters, room_for

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

Floats = NDArray[np.float64]


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


def words_of(textpage: PdfTextPage, page: PageText, alone: Sequence[int] = (), *, by_character: bool = False) -> Words:
    """The words of ``textpage``, whose text is ``page``; each character is one ``by_character``.

    The characters with the indices ``alone`` are words of their own.
    """
    starts, lasts = _ends_of_words(page, alone, by_character=by_character)
    is_long = lasts > starts
    boxes = character_boxes(textpage, np.concatenate((starts, lasts[is_long])))
    first, last = boxes[: len(starts)], boxes[: len(starts)].copy("F")
    last[is_long] = boxes[len(starts) :]
    united = np.empty_like(first)
    np.minimum(first[:, :2], last[:, :2], out=united[:, :2])
    np.maximum(first[:, 2:], last[:, 2:], out=united[:, 2:])
    words = Words(starts, lasts + 1, united, np.zeros(len(starts), np.intp))
    if not len(words):
        return words
    steps = np.abs(first[:, 1] - last[:, 1])
    words.angles = _angles(textpage, page, words, steps)
    is_broken = _is_scattered(words, steps) | (_is_digit(page.codes[lasts]) & _is_raised(first, last))
    is_broken &= words.angles == 0
    if page.has(RTL):
        is_rtl = page.are(RTL)[starts]
        is_broken &= ~is_rtl
        is_long &= ~is_rtl
    if not by_character and is_broken.any():
        spans = [range(words.starts[word], words.ends[word]) for word in np.flatnonzero(is_broken)]
        return words_of(textpage, page, [*alone, *(index for span in spans for index in span)])
    if is_long.sum() < 2 * (is_long & (first[:, 0] >= last[:, 2]) & (words.angles == 0)).sum():
        words.angles = (words.angles + 180) % 360  # a negative font size turns the text
    return words


def _ends_of_words(page: PageText, alone: Sequence[int], *, by_character: bool) -> tuple[Indices, Indices]:
    """The indices of the first and of the last characters of all words."""
    is_visible = page.are(VISIBLE)
    if by_character:
        indices = np.flatnonzero(is_visible)
        return indices, indices
    is_start = is_visible.copy()
    is_start[1:] &= ~is_visible[:-1]
    if alone or page.has(HYPHEN | WIDE):
        is_alone = page.are(WIDE)
        is_alone[list(alone)] = True
        is_cut = is_alone | page.are(HYPHEN)
        is_start[1:] |= is_visible[1:] & (is_cut[:-1] | is_alone[1:])
    is_end = is_visible.copy()
    is_end[:-1] &= ~is_visible[1:] | is_start[1:]
    return np.flatnonzero(is_start), np.flatnonzero(is_end)


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
    boxes: Floats = values.T[[0, 3, 2, 1]].astype(np.float64).T  # column by column: they are used so
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


def _angles(textpage: PdfTextPage, page: PageText, words: Words, steps: Floats) -> Indices:
    """How far each word is turned clockwise, in whole degrees. Upright pages ask pdfium for few words only.

    ``steps``: (n,) how much higher or lower the last character of a word is than the first, in points.
    """
    heights = np.maximum(0.1, words.boxes[:, 3] - words.boxes[:, 1] - steps)
    is_line_start = np.ones(len(words), np.bool_)
    is_line_start[1:] = page.are(NEWLINE)[words.starts[1:] - 1]
    angle_indices = np.flatnonzero(is_line_start | (steps > 0.4 * heights))
    if any(_degrees(textpage, words.starts[angle_indices])):
        angles = np.array(_degrees(textpage, words.starts), np.intp)
    else:
        angles = words.angles
    if page.has(WIDE):
        is_wide = page.are(WIDE)[words.starts] & (words.ends - words.starts == 1) & (angles == 0)
        if is_wide.sum() > 2:
            angles[in_vertical_writing(words.boxes, is_wide)] = 90
    return angles


def _degrees(textpage: PdfTextPage, indices: Indices) -> list[int]:
    angles = of_characters("FPDFText_GetCharAngle", ctypes.c_float, textpage, indices.tolist())
    return [*map(degrees, angles)] if any(angles) else [0] * len(angles)


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
