"""Leaves out what is drawn a second time at nearly the same place: shadows, and bold type made by drawing twice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qadesk.documents.pdf.page_characters import Words, codes_of

_NEAR = 0.3  # of the height


def without_shadows(words: Words, text: str) -> Words:
    """The words without those that say the same as another at nearly the same place. ``text``: of the page."""
    if len(words) < 2:
        return words
    is_shadow = np.zeros(len(words), np.bool_)
    heights = np.maximum(0.1, words.boxes[:, 3] - words.boxes[:, 1])
    usual = float(np.median(heights))
    for shift in (0.0, 0.5):
        line = np.floor(words.boxes[:, 1] / usual + shift)
        order = np.lexsort((words.starts, words.boxes[:, 0], line))
        _mark(is_shadow, words, text, order)
    return words.chosen(~is_shadow) if is_shadow.any() else words


def _mark(is_shadow: NDArray[np.bool_], words: Words, text: str, order: NDArray[np.intp]) -> None:
    boxes = words.boxes[order]
    near = _NEAR * np.maximum(0.1, boxes[:-1, 3] - boxes[:-1, 1])
    is_near = (np.abs(np.diff(boxes, axis=0)) < near[:, None]).all(axis=1)
    for number in np.flatnonzero(is_near).tolist():
        one, other = sorted((int(order[number]), int(order[number + 1])))
        if _is_ligature(words, one, other):
            continue
        if text[words.starts[one] : words.ends[one]] == text[words.starts[other] : words.ends[other]]:
            is_shadow[other] = True


def _is_ligature(words: Words, one: int, other: int) -> bool:
    """Whether the two are letters of one glyph: pdfium gives both letters of the glyph ff its box."""
    return words.starts[other] - words.starts[one] < 3 and bool((words.boxes[one] == words.boxes[other]).all())


def is_doubled(text: str) -> bool:
    """Whether many characters of ``text`` come twice in a row, as where each was drawn again at once: 'MMuunniicc'."""
    codes = codes_of(text)
    codes = codes[codes > 32]
    return len(codes) > 3 and float((codes[1:] == codes[:-1]).mean()) > 0.15
