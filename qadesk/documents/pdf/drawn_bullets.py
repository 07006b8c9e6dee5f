"""Bullets of lists that are drawn as small shapes, as Qt and browsers draw them, and are no characters of the page."""

from __future__ import annotations

import ctypes
from collections import Counter

import numpy as np

from qadesk.documents.pdf.appearances import Fragment
from qadesk.documents.pdf.page_characters import Floats, Words
from qadesk.documents.pdf.page_objects import Handle, PageObjects
from qadesk.documents.pdf.pdfium_calls import function_of

_SMALLEST = 1.0  # points
_SQUARE = 0.8  # the shorter side, as a share of the longer one
_LOW, _HIGH = 0.12, 0.75  # of the height of the text: a bullet
_GAP = 2.5  # of the height: at most this far from its text
_FREE = 1.0  # of the height: no text is nearer to the left of a bullet
_MAX_SHAPES = 500  # a page with more is a drawing
_MOST_SEGMENTS = 20


def drawn_bullets(objects: PageObjects, words: Words) -> list[Fragment]:
    """The bullets among the ``objects`` of a page before its ``words``, as high as these. Several stand in line."""
    upright = words.boxes[words.angles == 0]
    if not len(upright):
        return []
    shapes = _small_shapes(objects, _HIGH * float(np.median(upright[:, 3] - upright[:, 1])))
    if len(shapes) < 2:
        return []
    bullets = [fragment for shape in shapes.tolist() if (fragment := _bullet(shape, upright))]
    counts = Counter(round(bullet.left) for bullet in bullets)
    return [bullet for bullet in bullets if counts[round(bullet.left)] > 1]


def _small_shapes(objects: PageObjects, most: float) -> Floats:
    """(n, 4): the boxes of the small filled paths that are about as wide as high, and lower than ``most`` points."""
    from pypdfium2 import raw

    boxes = objects.bounds
    with np.errstate(invalid="ignore"):
        width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
        low, high = np.minimum(width, height), np.maximum(width, height)
        is_small = objects.are_known & (low > _SMALLEST) & (high < most) & (low > _SQUARE * high)
    get_type, path = function_of("FPDFPageObj_GetType", ctypes.c_int), raw.FPDF_PAGEOBJ_PATH
    numbers = [number for number in np.flatnonzero(is_small).tolist() if get_type(objects.handles[number]) == path]
    if len(numbers) > _MAX_SHAPES:
        return boxes[:0]
    return boxes[[number for number in numbers if _is_filled(objects.handles[number])]]


def _is_filled(path: Handle) -> bool:
    if function_of("FPDFPath_CountSegments", ctypes.c_int)(path) > _MOST_SEGMENTS:
        return False
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    get_mode = function_of("FPDFPath_GetDrawMode", ctypes.c_int)
    return bool(get_mode(path, ctypes.byref(fill), ctypes.byref(stroke)) and fill.value)


def _bullet(shape: list[float], words: Floats) -> Fragment | None:
    """The bullet that the ``shape`` is: no word is near before it, and one behind it; None if it is none."""
    left, bottom, right, top = shape
    middle = (bottom + top) / 2
    line = words[(words[:, 1] < middle) & (middle < words[:, 3])]
    after = line[line[:, 0] > right - 0.5]
    if not len(after):
        return None
    start, low, _, high = after[after[:, 0].argmin()].tolist()
    height = high - low
    is_beside = start - right < _GAP * height and _LOW * height < top - bottom < _HIGH * height
    is_free = not ((line[:, 0] < right - 0.5) & (line[:, 2] > left - _FREE * height)).any()
    return Fragment("•", left, low, right, high) if is_beside and is_free else None
