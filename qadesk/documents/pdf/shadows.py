"""Leaves out what is drawn a second time at nearly the same place: shadows, and bold type made by drawing twice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qadesk.documents.pdf.page_characters import Codes, Words

_NEAR = 0.3  # of the height; the second l of all is nearly as far as it is wide


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
    widths = boxes[:-1, 2] - boxes[:-1, 0]
    is_near = (steps < near[:, None]).all(axis=1) & (steps[:, 0] < 0.5 * widths) & (np.diff(ends - starts) == 0)
    is_ligature = (np.abs(np.diff(starts)) < 3) & (steps == 0).all(axis=1)  # pdfium gives both letters of ff its box
    is_near &= ~is_ligature & (codes[starts[:-1]] == codes[starts[1:]])
    for number in np.flatnonzero(is_near).tolist():
        one, other = sorted((int(order[number]), int(order[number + 1])))
        if (codes[words.starts[one] : words.ends[one]] == codes[words.starts[other] : words.ends[other]]).all():
            is_shadow[other] = True
