"""Pages of a PDF that are pictures: which they are, a hash of each, and the picture in shades of grey."""

from __future__ import annotations

import ctypes
import hashlib
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qadesk.documents.scans.page_source import PageError
from qadesk.errors import DocumentError

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

RESOLUTION, FINEST = 200, 300
"""Pixels an inch at which pages are read: as many as the picture has, within these bounds."""
MAX_PIXELS = 30_000_000

_POINTS = 72
_MOST_OBJECTS = 2000
_COVERED = 0.8
"""Of the page: a picture that is larger is the page."""
_MOST_STAMPED = 20
"""Letters that a program may have stamped on a picture, as the number of the page."""
_HASH_BYTES = 16


def is_scan(page: PdfPage, letters: int) -> bool:
    """Whether ``page``, on which there are ``letters`` letters of text, is a picture with text to be recognised."""
    from pypdfium2 import raw

    if letters == 0:
        drawn = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING)
        return any(item.type in drawn for item in page.get_objects(max_depth=4))
    return letters < _MOST_STAMPED and _covered(page) > _COVERED


def page_hash(page: PdfPage) -> str:
    """32 hexadecimal digits that tell the picture on ``page`` from others: of its images' bytes and of all places."""
    from pypdfium2 import raw

    digest = hashlib.blake2b(repr((page.get_size(), page.get_rotation())).encode(), digest_size=_HASH_BYTES)
    for count, item in enumerate(page.get_objects(max_depth=4)):
        if count > _MOST_OBJECTS:
            break
        matrix = item.get_matrix().get() if item.type == raw.FPDF_PAGEOBJ_IMAGE else item.get_bounds()
        digest.update(repr((item.type, matrix)).encode())
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            digest.update(_image_bytes(item.raw))
    return digest.hexdigest()


def picture(page: PdfPage) -> tuple[NDArray[np.uint8], float]:
    """The page as it is shown, in shades of grey (height, width), and how many pixels are a point."""
    width, height = page.get_size()
    scale = min(max(RESOLUTION, _resolution(page)), FINEST) / _POINTS
    scale = min(scale, math.sqrt(MAX_PIXELS / max(1.0, width * height)))
    with page_errors():
        bitmap = page.render(scale=scale, grayscale=True)
        return np.ascontiguousarray(bitmap.to_numpy().reshape(bitmap.height, bitmap.width)), scale


@contextmanager
def page_errors() -> Iterator[None]:
    """Raise ``PageError`` for what pdfium says of a page that it cannot open, read or draw."""
    from pypdfium2 import PdfiumError

    try:
        yield
    except (PdfiumError, DocumentError, ValueError) as error:
        raise PageError(str(error)) from error


def _covered(page: PdfPage) -> float:
    """The share of the page that its largest image covers."""
    width, height = page.get_size()
    sizes = [(right - left) * (top - bottom) for left, bottom, right, top in map(_bounds, _images(page))]
    return float(max(sizes, default=0.0) / max(1.0, width * height))


def _resolution(page: PdfPage) -> float:
    """Pixels an inch of the largest image; 0 where there is none."""
    best = (0.0, 0.0)
    for item in _images(page):
        left, bottom, right, top = _bounds(item)
        inches = max((right - left) / _POINTS, 0.01), max((top - bottom) / _POINTS, 0.01)
        best = max(best, (inches[0] * inches[1], max(item.get_px_size()) / max(inches)))
    return best[1]


def _images(page: PdfPage) -> list[Any]:
    from pypdfium2 import raw

    return list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4))[:_MOST_OBJECTS]


def _bounds(item: Any) -> tuple[float, float, float, float]:
    left, bottom, right, top = item.get_bounds()
    return left, bottom, right, top


def _image_bytes(image: Any) -> bytes:
    """The bytes of an image as they are in the file."""
    from pypdfium2 import raw

    size = raw.FPDFImageObj_GetImageDataRaw(image, None, 0)
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFImageObj_GetImageDataRaw(image, buffer, size)
    return buffer.raw
