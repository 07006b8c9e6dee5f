"""Pictures of all kinds as pages: their sizes, how they are turned, drawn and given to text recognition."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scan_files import image_bytes, picture_of, scan_pdf, tiff_of

from qadesk.documents import images
from qadesk.documents.images.image_pages import ImagePages
from qadesk.documents.page_looks import Look
from qadesk.documents.parsing import Source
from qadesk.documents.scans.page_source import PageError, PagePart
from qadesk.errors import DocumentError

Transpose = Image.Transpose
STORED = {  # how a picture lies in the file, by what EXIF says of it
    1: None, 2: Transpose.FLIP_LEFT_RIGHT, 3: Transpose.ROTATE_180, 4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE, 6: Transpose.ROTATE_90, 7: Transpose.TRANSVERSE, 8: Transpose.ROTATE_270,
}  # fmt: skip
ORIENTATION = 0x0112


def noise(width: int = 120, height: int = 80) -> Image.Image:
    return Image.fromarray(np.random.default_rng(7).integers(0, 256, (height, width, 3), np.uint8))


def slope(width: int = 120, height: int = 80) -> Image.Image:
    """A picture that is darker to the left and redder below: each corner is another colour, and nothing is sharp."""
    across, down = np.linspace(40, 200, width), np.linspace(0, 250, height)
    red, blue = np.broadcast_to(down[:, None], (height, width)), np.broadcast_to(across, (height, width))
    return Image.fromarray(np.stack([red, (red + blue) / 2, blue], axis=2).astype(np.uint8))


@contextmanager
def opened(data: bytes) -> Iterator[ImagePages]:
    file = io.BytesIO(data)
    pages = ImagePages(Source(file, "'x'"))
    file.close()  # as the child process does
    yield pages
    pages.close()


def drawn(pages: ImagePages, part: PagePart, number: int = 0, look: Look = "paper") -> NDArray[np.uint8]:
    """The pixels (height, width, 3) of a part of a page: red, green, blue."""
    room = bytearray(part.width * part.height * 4)
    pages.draw(number, part, look, memoryview(room))
    return np.frombuffer(room, np.uint8).reshape(part.height, part.width, 4)[:, :, 2::-1]


def whole(data: bytes, number: int = 0) -> NDArray[np.uint8]:
    """The page as it is, a pixel of the picture a pixel."""
    with opened(data) as pages:
        width, height = pages.sizes()[number]
        return drawn(pages, PagePart(2, 0, 0, 0, round(2 * width), round(2 * height)), number)


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (image_bytes(noise(), "TIFF", dpi=(144, 144)), (60, 40)),
        (image_bytes(noise(), "PNG", dpi=(144, 144)), (60, 40)),
        (image_bytes(noise(), "JPEG", dpi=(144, 144)), (60, 40)),
        (image_bytes(noise(), "TIFF", dpi=None, resolution_unit="cm", resolution=100), (34.02, 22.68)),
        (image_bytes(noise(), "PNG", dpi=None), (842, 561.33)),  # as of A4
        (image_bytes(noise(80, 120), "PNG", dpi=(72, 72)), (561.33, 842)),  # what programs write that know of no paper
        (image_bytes(noise(), "JPEG", dpi=(144, 300)), (842, 561.33)),
        (image_bytes(noise(), "PNG", dpi=(2400, 2400)), (842, 561.33)),
    ],
)
def test_a_page_is_as_large_as_the_file_says_if_that_can_be(data: bytes, size: tuple[float, float]) -> None:
    with opened(data) as pages:
        assert pages.sizes() == [pytest.approx(size, abs=0.01)]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_every_mode_is_drawn(mode: str) -> None:
    picture = slope().convert(mode)
    pixels = whole(image_bytes(picture, "TIFF", dpi=(144, 144)))
    assert np.abs(pixels.astype(int) - np.asarray(picture.convert("RGB"))).max() <= 2


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("place", [(0, 0, 60, 50), (17, 9, 40, 31), (50, 30, 30, 50)])
def test_a_part_is_that_of_the_page_turned_clockwise(turns: int, place: tuple[int, int, int, int]) -> None:
    left, top, width, height = place
    expected = np.rot90(np.asarray(noise()), -turns)[top : top + height, left : left + width]
    with opened(image_bytes(noise(), "TIFF", dpi=(144, 144))) as pages:
        assert np.array_equal(drawn(pages, PagePart(2, turns, left, top, width, height)), expected)


@pytest.mark.parametrize("scale", [0.7, 1.3, 5.0])
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_parts_at_any_scale_fit_together(turns: int, scale: float) -> None:
    with opened(image_bytes(slope(1200, 800), "TIFF", dpi=(720, 720))) as pages:  # 120 by 80 points
        width, height = (round(scale * side) for side in ((120, 80), (80, 120))[turns % 2])
        page = drawn(pages, PagePart(scale, turns, 0, 0, width, height)).astype(int)
        middle = width // 3
        left = drawn(pages, PagePart(scale, turns, 0, 0, middle, height))
        right = drawn(pages, PagePart(scale, turns, middle, 0, width - middle, height))
    assert np.abs(page - np.hstack((left, right))).max() <= 3
    corners = np.rot90(np.asarray(slope(1200, 800)), -turns)[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert np.abs(page[[0, 0, -1, -1], [0, -1, 0, -1]] - corners).max() <= 6


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("format_", ["PNG", "JPEG", "TIFF"])
def test_a_picture_is_upright_as_the_camera_says(orientation: int, format_: str) -> None:
    method = STORED[orientation]
    stored = slope() if method is None else slope().transpose(method)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    data = image_bytes(stored, format_, dpi=(144, 144), exif=exif, **({"quality": 95} if format_ == "JPEG" else {}))
    with opened(data) as pages:
        assert pages.sizes() == [pytest.approx((60, 40), abs=0.01)]
        pixels, scale = pages.picture(0)
    assert scale == pytest.approx(2, abs=0.001)
    assert pixels.shape == (80, 120)
    assert np.abs(whole(data).astype(int) - np.asarray(slope())).max() <= (12 if format_ == "JPEG" else 0)


def test_each_frame_of_a_tiff_is_a_page() -> None:
    frames = [slope(), slope(40, 90), picture_of().convert("1")]
    data = tiff_of(frames, dpi=(144, 144), compression="tiff_deflate")
    with opened(data) as pages:
        assert pages.sizes() == [(60, 40), (20, 45), (500, 140)]
        assert len({pages.page_hash(number) for number in range(3)}) == 3
        for number in (2, 0, 1, 2, 0):  # more than are kept, back and forth
            width, height = frames[number].size
            pixels = drawn(pages, PagePart(2, 0, 0, 0, width, height), number)
            assert np.array_equal(pixels, np.asarray(frames[number].convert("RGB")))


@pytest.mark.parametrize("format_", ["PNG", "MPO"])
def test_an_animation_or_a_photograph_with_a_small_one_is_one_page(format_: str) -> None:
    data = image_bytes(slope(), format_, save_all=True, append_images=[noise()], dpi=(144, 144))
    with opened(data) as pages:
        assert pages.sizes() == [pytest.approx((60, 40), abs=0.01)]
    assert np.abs(whole(data).astype(int) - np.asarray(slope())).max() <= 20


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_is_paper(mode: str) -> None:
    picture = Image.new("RGBA", (120, 80), (0, 0, 0, 0))
    picture.paste((0, 0, 0, 255), (0, 0, 60, 80))
    options: dict[str, object] = {}
    if mode == "P":
        picture, options = Image.new("P", (120, 80), 1), {"transparency": 1}
        picture.putpalette([0, 0, 0, 9, 9, 9])
        picture.paste(0, (0, 0, 60, 80))
    data = image_bytes(picture.convert(mode), "PNG", dpi=(144, 144), **options)
    pixels = whole(data)
    assert pixels[:, :60].max() == 0
    assert pixels[:, 60:].min() == 255
    with opened(data) as pages:
        assert np.array_equal(pages.picture(0)[0], pixels[:, :, 0])


@pytest.mark.parametrize(("low", "high"), [(0, 65535), (1000, 5000)])
def test_sixteen_bits_become_eight(low: int, high: int) -> None:
    values = np.linspace(low, high, 120).astype(np.uint16)
    data = image_bytes(Image.fromarray(np.tile(values, (80, 1))), "TIFF", dpi=(144, 144))
    expected = np.linspace(0, 255, 120)
    assert np.abs(whole(data)[40, :, 0] - expected).max() <= 1
    with opened(data) as pages:
        assert pages.picture(0)[0].dtype == np.uint8


@pytest.mark.parametrize(("value", "shade"), [(65535, 255), (0, 0)])
def test_an_even_page_of_sixteen_bits_stays_white_or_black(value: int, shade: int) -> None:
    data = image_bytes(Image.fromarray(np.full((80, 120), value, np.uint16)), "TIFF", dpi=(144, 144))
    assert (whole(data) == shade).all()


def test_looks() -> None:
    picture = Image.new("RGB", (120, 80), "white")
    for left, colour in enumerate(((255, 0, 0), (0, 0, 100), (0, 0, 0))):
        picture.paste(colour, (30 * left, 0, 30 * left + 30, 80))
    with opened(image_bytes(picture, "TIFF", dpi=(144, 144))) as pages:
        seen = {
            look: drawn(pages, PagePart(2, 0, 0, 0, 120, 80), look=look)[40, [15, 45, 75, 105]].tolist()
            for look in ("paper", "dim", "invert")
        }
    assert seen == {
        "paper": [[255, 0, 0], [0, 0, 100], [0, 0, 0], [255, 255, 255]],
        "dim": [[191, 0, 0], [0, 0, 75], [0, 0, 0], [191, 191, 191]],
        "invert": [[255, 0, 0], [155, 155, 255], [255, 255, 255], [0, 0, 0]],
    }


def test_a_fine_picture_is_read_at_300_dots_an_inch() -> None:
    with opened(image_bytes(slope(1200, 800).convert("L"), "TIFF", dpi=(600, 600))) as pages:
        pixels, scale = pages.picture(0)
        assert pixels.shape == (400, 600)
        assert scale == pytest.approx(300 / 72)
        page = drawn(pages, PagePart(600 / 72, 0, 0, 0, 1200, 800))
    assert np.array_equal(page[:, :, 0], np.asarray(slope(1200, 800).convert("L")))  # drawing still has all pixels


def test_the_hash_is_that_of_the_file_and_the_frame() -> None:
    with (
        opened(image_bytes(slope())) as one,
        opened(image_bytes(slope())) as again,
        opened(image_bytes(noise())) as other,
    ):
        assert one.page_hash(0) == again.page_hash(0) != other.page_hash(0)
        assert len(one.page_hash(0)) == 32


def test_nothing_is_marked_or_linked_before_it_is_read() -> None:
    with opened(image_bytes(picture_of())) as pages:
        assert pages.boxes(0).shape == (0, 4)
        assert list(pages.links(0)) == []


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "TIFF"])
def test_a_picture_that_ends_early_is_a_page_that_cannot_be_drawn(format_: str) -> None:
    data = image_bytes(noise(), format_)
    with opened(data[: len(data) // 2]) as pages:
        with pytest.raises(PageError, match="the picture is damaged"):
            drawn(pages, PagePart(1, 0, 0, 0, 20, 20))
        with pytest.raises(PageError, match="the picture is damaged"):
            pages.picture(0)


def test_what_is_no_picture_is_refused() -> None:
    for data in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*\0\0\0\x08", scan_pdf([picture_of()])):
        with pytest.raises(DocumentError, match="'x' is a damaged picture"), opened(data):
            pass


def test_a_new_picture_is_a_document_without_text() -> None:
    parsed = images.read(Source(io.BytesIO(tiff_of([picture_of(), picture_of()])), "'x'"))
    assert (parsed.text, parsed.notes, parsed.scans, parsed.recognized_pages) == ("", (), (1, 2), ())
    assert [(page.number, page.label, page.start, page.end) for page in parsed.pages] == [
        (1, "1", 0, 0),
        (2, "2", 0, 0),
    ]
