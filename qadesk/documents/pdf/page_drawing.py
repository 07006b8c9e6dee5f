"""One open PDF file for looking at: the sizes of its pages, pixels of parts of them, boxes of characters, links.

Places on a page are in points from its upper left corner as it is shown: the page's own rotation and crop are applied.
Character indices are those of ``structure.character_map``.
"""

from __future__ import annotations

import ctypes
import math
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qadesk.documents.page_looks import Look, PageLink
from qadesk.documents.parsing import Source
from qadesk.documents.pdf.appearances import boxes_of_letters
from qadesk.documents.pdf.file_objects import FileObjects
from qadesk.documents.pdf.forms import TypedText, has_typed_text
from qadesk.documents.pdf.opening import open_pdf
from qadesk.documents.pdf.page_characters import character_boxes
from qadesk.documents.pdf.scan_pages import page_errors, page_hash, picture
from qadesk.documents.pixel_looks import apply_look
from qadesk.documents.scans.page_source import PagePart

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

Boxes = NDArray[np.float32]

_OPEN_PAGES = 8
_FINE = 1000  # pdfium gives places in whole pixels: so many of them are a point
_MAX_LINKS = 2000
_MARGIN = 64
"""Pixels that are drawn to the left of a part and not used: pdfium draws a letter that begins left of its bitmap a
pixel too far to the right, which would show where two parts meet."""


def open_pages(source: Source) -> PageFile:
    """The pages of a PDF. Raises ``DocumentError``."""
    return PageFile(source)


class PageFile:
    """An open PDF, as ``PageSource`` says. Raises ``DocumentError`` for a file that cannot be opened."""

    def __init__(self, source: Source) -> None:
        self._source = replace(source, file=BytesIO(source.file.read()))
        self._document = open_pdf(self._source)
        self._document.init_forms()
        self._pages: OrderedDict[int, tuple[PdfPage, PdfTextPage | None]] = OrderedDict()

    def close(self) -> None:
        """Close the file."""
        while self._pages:
            self._close_oldest()
        self._document.close()

    def sizes(self) -> list[tuple[float, float]]:
        """The width and height of each page, in points."""
        return [self._document.get_page_size(number) for number in range(len(self._document))]

    def draw(self, number: int, part: PagePart, look: Look, pixels: memoryview) -> None:
        """Draw a ``part`` of the page ``number`` into ``pixels``: rows of 4 bytes a pixel, blue, green, red, none."""
        from pypdfium2 import raw

        page = self._page(number)
        width, height = self._document.get_page_size(number)
        if part.turns % 2:
            width, height = height, width
        margin = min(_MARGIN, max(0, part.left))
        room = np.empty((part.height, part.width + margin, 4), np.uint8)
        buffer = (ctypes.c_char * room.nbytes).from_buffer(room.data)
        bitmap = raw.FPDFBitmap_CreateEx(room.shape[1], part.height, raw.FPDFBitmap_BGRx, buffer, room.shape[1] * 4)
        place = (
            *(margin - part.left, -part.top),
            *(math.ceil(width * part.scale), math.ceil(height * part.scale)),
            part.turns % 4,
        )
        try:
            raw.FPDFBitmap_FillRect(bitmap, 0, 0, room.shape[1], part.height, 0xFFFFFFFF)
            raw.FPDF_RenderPageBitmap(bitmap, page, *place, raw.FPDF_ANNOT)
            if self._document.formenv:
                raw.FPDF_FFLDraw(self._document.formenv, bitmap, page, *place, raw.FPDF_ANNOT)
        finally:
            raw.FPDFBitmap_Destroy(bitmap)
        drawing = np.frombuffer(pixels, np.uint8, part.width * part.height * 4).reshape(part.height, part.width, 4)
        drawing[:] = room[:, margin:]
        apply_look(look, drawing.reshape(-1, 4))

    def boxes(self, number: int) -> Boxes:
        """The boxes of all characters of a page by their indices: (n, 4) left, top, right, bottom."""
        page = self._page(number)
        is_scan = number + 1 in self._source.recognized_pages
        scan = self._source.scans.read(page_hash(page)) if is_scan else None
        if scan is not None:
            return scan.boxes()
        textpage = self._textpage(number)
        loose = character_boxes(textpage, np.arange(textpage.count_chars()))
        if has_typed_text(page):
            loose = np.concatenate((loose, self._typed_boxes(number)))
        matrix, offset = self._placement(page, number)
        corners = np.stack((loose[:, [0, 1]] @ matrix + offset, loose[:, [2, 3]] @ matrix + offset))
        return np.concatenate((corners.min(0), corners.max(0)), axis=1).astype(np.float32)

    def links(self, number: int) -> Iterator[PageLink]:
        """The links of a page that lead to pages of the file."""
        from pypdfium2 import raw

        page = self._page(number)
        matrix, offset = self._placement(page, number)
        position, link, rect = ctypes.c_int(0), raw.FPDF_LINK(), raw.FS_RECTF()
        for _ in range(_MAX_LINKS):
            if not raw.FPDFLink_Enumerate(page, position, link):
                return
            target = raw.FPDFLink_GetDest(self._document, link) or self._destination_of_action(link)
            leads_to = raw.FPDFDest_GetDestPageIndex(self._document, target) if target else -1
            if leads_to < 0 or not raw.FPDFLink_GetAnnotRect(link, rect):
                continue
            ends = np.array([[rect.left, rect.bottom], [rect.right, rect.top]]) @ matrix + offset
            (left, top), (right, bottom) = ends.min(0), ends.max(0)
            target_top = self._top_of(target, leads_to)
            yield PageLink(float(left), float(top), float(right), float(bottom), leads_to, target_top)

    def page_hash(self, number: int) -> str:
        """32 hexadecimal digits that tell the picture on a page from others."""
        return page_hash(self._page(number))

    def picture(self, number: int) -> tuple[NDArray[np.uint8], float]:
        """The page in shades of grey, (height, width), and how many of its pixels are a point."""
        return picture(self._page(number))

    def own_places(self, number: int, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """``places`` (n, 2), points from the upper left corner of a page as shown, in the coordinates of its contents.

        Those are before its rotation and crop. Raises ``PageError`` for a page without a size.
        """
        matrix, offset = self._placement(self._page(number), number)
        with page_errors():
            return np.asarray(np.linalg.solve(matrix.T, (places - offset).T).T, np.float64)

    def _typed_boxes(self, number: int) -> NDArray[np.float64]:
        """The boxes of what is typed onto a page, in its own coordinates: (n, 4) left, bottom, right, top.

        Reading it changes the document in memory, so that is another one than the one that is drawn.
        """
        self._source.file.seek(0)
        with (
            page_errors(),
            closing(open_pdf(self._source)) as document,
            closing(document[number]) as page,
            closing(TypedText(document, FileObjects(document))) as typed,
        ):
            fragments = typed.fragments(page, number)
        return np.concatenate([np.zeros((0, 4)), *map(boxes_of_letters, fragments)])

    def _destination_of_action(self, link: Any) -> Any:
        from pypdfium2 import raw

        action = raw.FPDFLink_GetAction(link)
        is_inside = bool(action) and raw.FPDFAction_GetType(action) == raw.PDFACTION_GOTO
        return raw.FPDFAction_GetDest(self._document, action) if is_inside else None

    def _top_of(self, target: Any, number: int) -> float:
        """How far below the upper edge of its page a destination is; 0 where it does not say."""
        from pypdfium2 import raw

        has_x, has_y, has_zoom = ctypes.c_int(), ctypes.c_int(), ctypes.c_int()
        x, y, zoom = ctypes.c_float(), ctypes.c_float(), ctypes.c_float()
        raw.FPDFDest_GetLocationInPage(target, has_x, has_y, has_zoom, x, y, zoom)
        if not has_y.value or not math.isfinite(y.value):
            return 0.0
        matrix, offset = self._placement(self._page(number), number)
        return max(0.0, float((np.array([0.0, y.value]) @ matrix + offset)[1]))

    def _placement(self, page: PdfPage, number: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The matrix (2, 2) and the offset (2,) from the page's own coordinates to those from its upper left corner."""
        from pypdfium2 import raw

        width, height = (max(1, round(side * _FINE)) for side in self._document.get_page_size(number))
        x, y = ctypes.c_int(), ctypes.c_int()
        places = []
        for at in ((0.0, 0.0), (100.0, 0.0), (0.0, 100.0)):
            raw.FPDF_PageToDevice(page, 0, 0, width, height, 0, *at, x, y)
            places.append((x.value / _FINE, y.value / _FINE))
        origin, right, up = np.array(places)
        return np.array([(right - origin) / 100, (up - origin) / 100]), origin

    def _page(self, number: int) -> PdfPage:
        return self._opened(number)[0]

    def _textpage(self, number: int) -> PdfTextPage:
        page, textpage = self._opened(number)
        if textpage is None:
            with page_errors():
                textpage = page.get_textpage()
            self._pages[number] = page, textpage
        return textpage

    def _opened(self, number: int) -> tuple[PdfPage, PdfTextPage | None]:
        if number not in self._pages:
            with page_errors():
                self._pages[number] = self._document[number], None
        self._pages.move_to_end(number)
        if len(self._pages) > _OPEN_PAGES:
            self._close_oldest()
        return self._pages[number]

    def _close_oldest(self) -> None:
        _, (page, textpage) = self._pages.popitem(last=False)
        if textpage:
            textpage.close()
        page.close()
