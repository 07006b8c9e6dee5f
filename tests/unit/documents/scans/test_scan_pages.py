"""Which pages of a PDF are pictures, the hash that tells these apart, and the pictures themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from pdf_files import make_pdf
from pdf_objects import drawn_pages, one_page, stream, text_at
from pypdfium2 import PdfDocument, PdfPage
from scan_files import LINES, picture_of, scan_pdf

from qadesk.documents.pdf import scan_pages
from qadesk.documents.pdf.scan_pages import is_scan, page_hash, picture

WHOLE, SMALL = b"600 0 0 800 0 0 cm", b"300 0 0 800 0 0 cm"


def grey_image(width: int = 60, height: int = 80, shade: int = 128) -> bytes:
    entries = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"
    return stream(bytes([shade]) * (width * height), entries % (width, height))


def image_page(place: bytes = WHOLE, text: str = "", image: bytes = b"", page: bytes = b"") -> bytes:
    """A page with an image at ``place``, and ``text`` on it."""
    content = b"q %s /I Do Q %s" % (place, text_at(50, 20, text) if text else b"")
    return one_page(content, image or grey_image(), resources=b"/XObject<</I 6 0 R>>", page=page)


@contextmanager
def first_page(data: bytes) -> Iterator[PdfPage]:
    document = PdfDocument(data)
    page = document[0]
    yield page
    page.close()
    document.close()


def hash_of(data: bytes) -> str:
    with first_page(data) as page:
        return page_hash(page)


@pytest.mark.parametrize(
    ("data", "letters", "expected"),
    [
        (one_page(b""), 0, False),  # empty
        (one_page(text_at(50, 700, " ")), 0, False),
        (image_page(), 0, True),
        (image_page(SMALL), 0, True),  # without a letter any picture is read
        (make_pdf([[]]), 0, True),  # and drawings: letters may be paths
        (image_page(text="12"), 2, True),  # a number stamped on the picture
        (image_page(text="Page 12 of 340, A."), 19, True),
        (image_page(text="Words of a page itself"), 20, False),
        (image_page(SMALL, text="12"), 2, False),  # half of the page is its own
        (make_pdf([["Hi"]]), 2, False),
        (make_pdf([["The lamp was lit by Isaac Penhale."]]), 34, False),
    ],
)
def test_a_page_is_a_picture_or_not(data: bytes, letters: int, expected: bool) -> None:
    with first_page(data) as page:
        assert is_scan(page, letters) is expected


def test_the_hash_of_a_page_is_that_of_its_pictures_and_places() -> None:
    data = image_page()
    assert hash_of(data) == hash_of(data)
    assert len(hash_of(data)) == 32
    assert int(hash_of(data), 16)
    others = [
        image_page(SMALL),
        image_page(image=grey_image(shade=127)),
        image_page(text="12"),
        image_page(page=b"/Rotate 90"),
        image_page(page=b"/CropBox[0 0 600 700]"),
        one_page(b"0.5 g 100 100 300 300 re f"),
        one_page(b"0.5 g 100 100 300 301 re f"),
        one_page(b""),
    ]
    assert len({hash_of(data), *map(hash_of, others)}) == 1 + len(others)


def test_the_hash_is_the_same_in_another_file() -> None:
    with first_page(scan_pdf([picture_of(), picture_of(["Other."])])) as page:
        assert page_hash(page) == hash_of(scan_pdf([picture_of()]))


def test_inline_pictures_are_told_apart() -> None:
    pages = [one_page(b"q %s BI /W 2 /H 2 /CS /G /BPC 8 ID %s EI Q" % (WHOLE, pixels)) for pixels in (b"abcd", b"abce")]
    assert hash_of(pages[0]) != hash_of(pages[1])


def test_a_page_of_many_things_is_hashed_soon() -> None:
    assert len(hash_of(drawn_pages(b"0 0 1 1 re f " * 20_000))) == 32


@pytest.mark.parametrize(("dots", "expected"), [(100, 200), (250, 250), (600, 300)])
def test_a_picture_is_read_as_finely_as_it_is_within_bounds(dots: int, expected: int) -> None:
    image = grey_image(2 * dots, dots, 0)
    with first_page(image_page(b"144 0 0 72 0 0 cm", image=image)) as page:  # 2 inches by 1
        pixels, scale = picture(page)
    assert scale == pytest.approx(expected / 72)
    assert pixels.dtype == np.uint8
    assert pixels.shape == pytest.approx((800 * scale, 600 * scale), abs=1)
    assert pixels[-expected + 9 :, : 2 * expected - 9].max() < 5
    assert pixels[: -expected - 9].min() == 255


def test_a_page_is_read_as_it_is_shown() -> None:
    data = one_page(b"0 g 0 400 300 400 re f", page=b"/Rotate 90")  # the upper left quarter, then the upper right
    with first_page(data) as page:
        pixels, scale = picture(page)
    height, width = pixels.shape
    assert (width / scale, height / scale) == pytest.approx((800, 600), abs=1)
    assert pixels[height // 4, width // 4] == 255
    assert pixels[height // 4, 3 * width // 4] == 0


def test_a_huge_page_is_read_at_fewer_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_pages, "MAX_PIXELS", 100_000)
    with first_page(one_page(b"0 g 0 0 600 800 re f")) as page:
        pixels, scale = picture(page)
    assert pixels.size == pytest.approx(100_000, rel=0.01)
    assert scale == pytest.approx((100_000 / 480_000) ** 0.5)


def test_a_scan_of_pillow_is_a_scan() -> None:
    with first_page(scan_pdf([picture_of(LINES)])) as page:
        assert is_scan(page, 0)
