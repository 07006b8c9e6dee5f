"""The objects that a page of a PDF file draws, with their places."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from itertools import islice, repeat
from typing import TYPE_CHECKING

import numpy as np

from qadesk.documents.pdf.page_characters import Floats
from qadesk.documents.pdf.page_text import Mask
from qadesk.documents.pdf.pdfium_calls import address_of, function_of, room_for

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_MAX_PAGE_OBJECTS = 20_000


class Handle(ctypes.c_void_p):
    """The address of an object of pdfium, as an argument of ``function_of``."""


@dataclass(slots=True)
class PageObjects:
    """The objects of a page, without those within other objects; none of a page that has very many.

    ``bounds``: (n, 4) left, bottom, right, top in points; ``are_known``: (n,) whether pdfium knows them.
    """

    handles: list[Handle] = field(default_factory=list)
    bounds: Floats = field(default_factory=lambda: np.zeros((0, 4)))
    are_known: Mask = field(default_factory=lambda: np.zeros(0, np.bool_))


def page_objects(page: PdfPage) -> PageObjects:
    """The objects of ``page``."""
    from pypdfium2 import raw

    count = raw.FPDFPage_CountObjects(page)
    if not 0 < count <= _MAX_PAGE_OBJECTS:
        return PageObjects()
    handles = list(map(function_of("FPDFPage_GetObject", Handle), repeat(address_of(page)), range(count)))
    buffer, references = room_for(ctypes.c_float, 4 * count)
    sides = [islice(references, side, 4 * count, 4) for side in range(4)]
    are_known = list(map(function_of("FPDFPageObj_GetBounds", ctypes.c_int), handles, *sides))
    bounds = np.frombuffer(buffer, np.float32, 4 * count).reshape(-1, 4).astype(np.float64)
    return PageObjects(handles, bounds, np.array(are_known, np.intc) != 0)
