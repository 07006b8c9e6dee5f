"""Finds characters that pdfium leaves out of a page's text: alone in a text object, and without a glyph to draw.

The width of such an object is that of what it draws, none, and pdfium skips text objects without a width. Told to
draw outlines it gives them the width of a line, and a second text page then has their characters.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

from qadesk.documents.pdf.appearances import Fragment
from qadesk.documents.pdf.page_characters import character_boxes, in_vertical_writing
from qadesk.documents.pdf.page_objects import PageObjects
from qadesk.documents.pdf.page_text import FIRST_WIDE
from qadesk.documents.pdf.pdfium_calls import function_of, of_characters

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

_ENOUGH_SPACES = 20  # objects of a font that were only spaces: others of it are taken for such, too
_STROKE = 1  # a text render mode


class Glyphless:
    """Looks for such characters page by page, and remembers the fonts whose objects without a width are spaces."""

    def __init__(self) -> None:
        self._spaces: Counter[int] = Counter()

    def fragments(self, page: PdfPage, textpage: PdfTextPage, objects: PageObjects) -> list[Fragment]:
        """The characters of ``page`` that ``textpage`` has not, each with its box. Changes its ``objects``."""
        fonts = dict(self._without_width(objects))
        if fonts:
            count = textpage.count_chars()
            known = {*of_characters("FPDFText_GetTextObject", ctypes.c_void_p, textpage, range(count))}
            fonts = {address: font for address, font in fonts.items() if address not in known}
        if not fonts:
            return []
        for address in fonts:
            function_of("FPDFTextObj_SetTextRenderMode", ctypes.c_int)(ctypes.c_void_p(address), _STROKE)
            numbers = map(ctypes.c_double, (1, 0, 0, 1, 0, 0))
            function_of("FPDFPageObj_Transform", None)(ctypes.c_void_p(address), *numbers)
        with closing(page.get_textpage()) as another:
            owners = of_characters("FPDFText_GetTextObject", ctypes.c_void_p, another, range(another.count_chars()))
            indices = [number for number, owner in enumerate(owners) if owner in fonts]
            codes = of_characters("FPDFText_GetUnicode", ctypes.c_uint, another, indices)
            boxes = character_boxes(another, np.array(indices, np.intp)) if indices else np.zeros((0, 4))
        angles = np.zeros(len(codes), np.intp)
        if len(codes) > 2:
            angles[in_vertical_writing(boxes, np.array(codes) >= FIRST_WIDE)] = 90
        fragments = []
        for index, code, box, angle in zip(indices, codes, boxes.tolist(), angles.tolist(), strict=True):
            if chr(code).isspace():
                self._spaces[fonts[owners[index]]] += 1
            elif chr(code).isprintable():
                self._spaces[fonts[owners[index]]] = -1_000_000
                fragments.append(Fragment(chr(code), box[0], box[1], box[2], box[3], angle))
        return fragments

    def _without_width(self, objects: PageObjects) -> Iterator[tuple[int, int]]:
        """The text ``objects`` without a width, each with its font."""
        from pypdfium2 import raw

        get_type = function_of("FPDFPageObj_GetType", ctypes.c_int)
        get_font = function_of("FPDFTextObj_GetFont", ctypes.c_void_p)
        for number in _narrow_objects(objects):
            item = objects.handles[number]
            font = get_font(item) or 0 if get_type(item) == raw.FPDF_PAGEOBJ_TEXT else -1
            if font >= 0 and self._spaces[font] < _ENOUGH_SPACES:
                yield item.value or 0, font


def _narrow_objects(objects: PageObjects) -> list[int]:
    """The numbers of the objects of a page that have no width."""
    with np.errstate(invalid="ignore"):
        is_narrow = np.abs(objects.bounds[:, 2] - objects.bounds[:, 0]) < 0.01
    return np.flatnonzero(is_narrow & objects.are_known).tolist()
