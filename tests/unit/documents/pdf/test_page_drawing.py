"""Pages of PDF files as pixels, the boxes of their characters, and their links."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from pdf_files import make_pdf
from pdf_objects import one_page, pdf_of, stream

from qadesk.documents.parsing import Source
from qadesk.documents.pdf.page_drawing import Look, PageFile, PagePart
from qadesk.errors import DocumentError

LINES = make_pdf([["The lamp."], ["The oil."], []])


@contextmanager
def opened(data: bytes) -> Iterator[PageFile]:
    pages = PageFile(Source(io.BytesIO(data), "'x'"))
    yield pages
    pages.close()


def pixels_of(pages: PageFile, number: int, part: PagePart, look: Look = "paper") -> np.ndarray:
    """The pixels ``[height, width, 3]`` of a part of a page: blue, green, red."""
    room = bytearray(part.width * part.height * 4)
    pages.draw(number, part, look, memoryview(room))
    return np.frombuffer(room, np.uint8).reshape(part.height, part.width, 4)[:, :, :3]


def ink_box(pixels: np.ndarray) -> tuple[int, int, int, int]:
    """The left, top, right and bottom of what is not white."""
    rows, columns = np.nonzero((pixels < 128).any(axis=2))
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


def test_sizes_are_those_of_the_pages() -> None:
    with opened(LINES) as pages:
        assert pages.sizes() == [(600, 800)] * 3


@pytest.mark.parametrize("page", [b"", b"/Rotate 90", b"/Rotate 180", b"/Rotate 270", b"/CropBox[20 100 500 790]"])
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_boxes_lie_on_the_ink_of_any_page_in_any_turn(page: bytes, turns: int) -> None:
    with opened(make_pdf([["The lamp."]], page=page)) as pages:
        width, height = pages.sizes()[0]
        left, top = pages.boxes(0)[:, :2].min(axis=0)
        right, bottom = pages.boxes(0)[:, 2:].max(axis=0)
        for _ in range(turns):  # a quarter clockwise: the left edge becomes the upper one
            left, top, right, bottom = height - bottom, left, height - top, right
            width, height = height, width
        ink = np.array(ink_box(pixels_of(pages, 0, PagePart(2, turns, 0, 0, round(2 * width), round(2 * height))))) / 2
        assert (np.array([left, top]) - 1 <= ink[:2]).all()
        assert (ink[2:] <= np.array([right, bottom]) + 1).all()
        assert (ink[2] - ink[0]) * (ink[3] - ink[1]) > 0.4 * (right - left) * (bottom - top)


def test_a_tile_is_a_part_of_the_page_at_its_scale() -> None:
    with opened(LINES) as pages:
        whole = pixels_of(pages, 0, PagePart(4, 0, 0, 0, 2400, 3200))
        for left in range(150, 250, 7):  # through the letters
            tile = pixels_of(pages, 0, PagePart(4, 0, left, 100, 300, 200))
            assert (tile < 128).any()
            assert np.abs(tile.astype(int) - whole[100:300, left : left + 300]).max() <= 2
        assert (pixels_of(pages, 0, PagePart(4, 0, -50, -50, 40, 40)) == 255).all()


def test_looks_change_lightness_and_keep_the_hue() -> None:
    page = b"1 0 0 rg 0 0 600 400 re f 0.2 g 0 400 600 400 re f"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>",
        stream(page),
    ]
    with opened(pdf_of(objects)) as pages:
        part = PagePart(0.1, 0, 0, 0, 60, 80)
        grey, red = (0, 0), (79, 0)
        looks = {look: pixels_of(pages, 0, part, look) for look in ("paper", "dim", "invert")}
        assert [looks["paper"][at].tolist() for at in (grey, red)] == [[51, 51, 51], [0, 0, 255]]
        assert [looks["dim"][at].tolist() for at in (grey, red)] == [[38, 38, 38], [0, 0, 191]]
        assert [looks["invert"][at].tolist() for at in (grey, red)] == [[204, 204, 204], [0, 0, 255]]


def test_links_lead_to_places_of_the_file_and_nowhere_else() -> None:
    links = (
        b"<</Type/Annot/Subtype/Link/Rect[50 700 150 720]/Dest[6 0 R/XYZ 0 300 0]>>"
        b"<</Type/Annot/Subtype/Link/Rect[50 600 150 620]/A<</S/GoTo/D[6 0 R/Fit]>>>>"
        b"<</Type/Annot/Subtype/Link/Rect[50 500 150 520]/A<</S/URI/URI(http://example.org)>>>>"
    )
    with opened(make_pdf([["One."], ["Two."]], page=b"/Annots[%s]" % links)) as pages:
        first, second = pages.links(0)
        assert tuple(first) == (50, 80, 150, 100, 1, 500)
        assert tuple(second) == (50, 180, 150, 200, 1, 0)


def test_more_pages_than_stay_open_are_drawn_again() -> None:
    with opened(make_pdf([[f"Page {number}."] for number in range(20)])) as pages:
        part = PagePart(1, 0, 0, 0, 300, 100)
        first = pixels_of(pages, 0, part)
        assert [len(pages.boxes(number)) for number in range(20)] == [7] * 10 + [8] * 10
        assert (pixels_of(pages, 0, part) == first).all()


def test_what_is_no_pdf_is_refused_in_a_sentence() -> None:
    with pytest.raises(DocumentError, match="damaged or incomplete"):
        PageFile(Source(io.BytesIO(b"%PDF-1.7\n"), "'x'"))


def test_rotated_text_has_boxes_where_it_is_drawn() -> None:
    turned = b"BT /F1 20 Tf 0 1 -1 0 300 400 Tm (upward) Tj ET"
    with opened(one_page(turned)) as pages:
        boxes = pages.boxes(0)
        ink = np.array(ink_box(pixels_of(pages, 0, PagePart(1, 0, 0, 0, 600, 800))))
        assert (boxes[:, :2].min(axis=0) - 1 <= ink[:2]).all()
        assert (ink[2:] <= boxes[:, 2:].max(axis=0) + 1).all()
