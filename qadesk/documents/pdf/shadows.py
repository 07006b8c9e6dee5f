"""Leaves out what is drawn a second time at nearly the same place: shadows, and bold type made by drawing twice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qadesk.documents.pdf.page_characters import Words
from qadesk.documents.pdf.page_text import Codes

_NEAR = 0.3  # of the height


def without_shadows(words: Words, codes: Codes) -> Words:
    """The words without those that say the same as another at nearly the same place. ``codes``: of the page."""
    if len(words) < 2:
        return words
    is_shadow = np.zeros(len(words), np.bool_)
    heights = np.maximum(0.1, words.boxes[:, 3] - words.boxes[:, 1])
    usual = float(np.median(heights))
    for shift in (0.0, 0.5):
        line = np.floor(words.boxes[:, 1] / usual + shift)
        order = np.lexsort((words.starts, words.boxes[:, 0], line))
        _mark(is_shadow, words, codes, order)
    return words.chosen(~is_shadow) if is_shadow.any() else words


def _mark(is_shadow: NDArray[np.bool_], words: Words, codes: Codes, order: NDArray[np.intp]) -> None:
    boxes, starts, ends = words.boxes[order], words.starts[order], words.ends[order]
    near = _NEAR * np.maximum(0.1, boxes[:-1, 3] - boxes[:-1, 1])
    steps = np.abs(np.diff(boxes, axis=0))
    is_next = np.abs(np.diff(starts)) < 3  # the second f of off is drawn next, and may stand upon the first
    limit = np.minimum(near, 0.5 * (boxes[:-1, 2] - boxes[:-1, 0]))
    limit[is_next] = 0.4 * near[is_next]
    is_near = (steps < near[:, None]).all(axis=1) & (steps[:, 0] < limit) & (np.diff(ends - starts) == 0)
    is_ligature = is_next & (steps == 0).all(axis=1)  # pdfium gives both letters of ff its box
    is_near &= ~is_ligature & (codes[starts[:-1]] == codes[starts[1:]])
    for number in np.flatnonzero(is_near).tolist():
        one, other = sorted((int(order[number]), int(order[number + 1])))
        if (codes[words.starts[one] : words.ends[one]] == codes[words.starts[other] : words.ends[other]]).all():
            is_shadow[other] = True


def is_doubled(words: Words, codes: Codes) -> bool:
    """Whether a word has its letters twice in a row, as where each was drawn again at once: 'MMuunniicc'."""
    firsts = np.flatnonzero(codes[1:] == codes[:-1])
    firsts = firsts[(codes[firsts] > 64) & (codes[firsts] != ord("_"))]
    if not len(firsts) or not len(words):
        return False
    owners = np.maximum(0, np.searchsorted(words.starts, firsts, "right") - 1)
    owners = owners[(words.starts[owners] <= firsts) & (firsts + 1 < words.ends[owners])]
    pairs = np.bincount(owners, minlength=len(words))
    lengths = words.ends - words.starts
    return bool(((pairs > 0.4 * lengths) & (lengths > 5)).any())
