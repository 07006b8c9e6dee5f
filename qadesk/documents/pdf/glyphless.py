"""Finds characters that pdfium leaves out of a page's text: alone in a text object, and without a glyph to draw.

The width of such an object is that of what it draws, none, and pdfium skips text objects without a width. Told to
draw outlines it gives them the width of a line, and a second text page then has their characters.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np

from qadesk.documents.pdf.appearances import Fragment
from qadesk.documents.pdf.page_characters import (
    FIRST_WIDE,
    character_boxes,
    function_of,
    in_vertical_writing,
    of_characters,
)

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

_MAX_PAGE_OBJECTS = 20_000
_ENOUGH_SPACES = 20  # objects of a font that were only spaces: others of it are taken for such, too
_STROKE = 1  # a text render mode


class Glyphless:
    """Looks for such characters page by page, and remembers the fonts whose objects without a width are spaces."""

    def __init__(self) -> None:
        self._spaces: Counter[int] = Counter()

    def fragments(self, page: PdfPage, textpage: PdfTextPage) -> list[Fragment]:
        """The characters of ``page`` that ``textpage`` has not, each with its box. Changes the objects of ``page``."""
        fonts = dict(self._without_width(page))
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

    def _without_width(self, page: PdfPage) -> Iterator[tuple[int, int]]:
        """The text objects without a width, each with its font."""
        from pypdfium2 import raw

        count = raw.FPDFPage_CountObjects(page)
        if count > _MAX_PAGE_OBJECTS:
            return
        handle = ctypes.cast(page.raw, ctypes.c_void_p)
        get_type = function_of("FPDFPageObj_GetType", ctypes.c_int)
        get_bounds = function_of("FPDFPageObj_GetBounds", ctypes.c_int)
        get_font = function_of("FPDFTextObj_GetFont", ctypes.c_void_p)
        sides: list[Any] = [ctypes.c_float() for _ in range(4)]
        references = [ctypes.byref(side) for side in sides]
        objects = map(function_of("FPDFPage_GetObject", ctypes.c_void_p), repeat(handle), range(count))
        for address in objects:
            item = ctypes.c_void_p(address)
            if get_type(item) != raw.FPDF_PAGEOBJ_TEXT or not get_bounds(item, *references):
                continue
            font = get_font(item) or 0
            if abs(sides[2].value - sides[0].value) < 0.01 and self._spaces[font] < _ENOUGH_SPACES:
                yield address, font
