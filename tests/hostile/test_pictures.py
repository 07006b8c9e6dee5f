"""Pictures made to fill the memory, to keep the program that reads them busy, or that are not whole."""

from __future__ import annotations

import io
import random
import struct
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from qadesk import documents
from qadesk.documents.images.image_pages import MOST_FRAMES, ImagePages
from qadesk.documents.parsing import Source
from qadesk.documents.scans.page_source import PageError, PagePart
from qadesk.errors import DocumentError

sys.path.append(str(Path(__file__).parents[1] / "unit" / "documents"))
from bounds import reply_within_bounds
from scan_files import image_bytes, picture_of, tiff_of

DAMAGED = "'{}' is a damaged picture."
FORMATS = {"png": "PNG", "jpg": "JPEG", "tiff": "TIFF"}


def chunk(name: bytes, data: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, *more: bytes) -> bytes:
    """A PNG of zeros in shades of grey, with ``more`` parts before them."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(min(width * height + height, 1_000_000)))
    parts = (chunk(b"IHDR", header), *more, chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def tiff(frames: int, after_last: int = 0) -> bytes:
    """A TIFF of ``frames`` frames with one pixel each. ``after_last``: the offset of the next frame after the last."""
    size = 2 + 12 * 8 + 4
    start = 8 + 2
    parts = [b"II*\0", struct.pack("<I", start), b"\0\0"]
    for number in range(frames):
        following = start + size * (number + 1) if number + 1 < frames else after_last
        tags = ((256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 8), (278, 1), (279, 1))
        parts.append(struct.pack("<H", len(tags)))
        parts += [struct.pack("<HHIHH", tag, 3, 1, value, 0) for tag, value in tags]
        parts.append(struct.pack("<I", following))
    return b"".join(parts)


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_picture_that_ends_early(tmp_path: Path, suffix: str, share: float) -> None:
    noise = Image.effect_noise((300, 300), 90)
    data = image_bytes(noise, FORMATS[suffix])
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(data[: round(share * len(data))])
    reply = reply_within_bounds(path)
    assert reply.get("scans") == [1] or reply["message"] == DAMAGED.format(path.name)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_picture_of_a_few_bytes(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(image_bytes(picture_of(), FORMATS[suffix])[:12])
    with pytest.raises(DocumentError) as excinfo:
        documents.read(path)
    assert excinfo.value.message == DAMAGED.format(path.name)
    assert excinfo.value.hint


def test_a_picture_that_claims_ten_thousand_million_pixels(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png(100_000, 100_000))
    reply = reply_within_bounds(path)
    assert reply["message"] == "'a.png' has 100,000 by 100,000 pixels; QADesk opens up to 100 million."
    assert reply["hint"]


def test_a_large_picture_of_little_bytes_is_not_decoded_to_be_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png(10_000, 10_000))
    assert reply_within_bounds(path)["scans"] == [1]


@pytest.mark.parametrize("sides", [(0, 0), (0, 5), (1, 100_000_000), (2**31 - 1, 2**31 - 1)])
def test_odd_sizes(tmp_path: Path, sides: tuple[int, int]) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png(*sides))
    reply = reply_within_bounds(path)
    assert reply.get("scans") == [1] or reply["hint"]


def test_a_tiff_of_very_many_frames_is_read_as_far_as_is_sensible(tmp_path: Path) -> None:
    path = tmp_path / "a.tiff"
    path.write_bytes(tiff(100_000))
    reply = reply_within_bounds(path)
    assert len(reply["scans"]) == len(reply["pages"]) == MOST_FRAMES
    assert reply["notes"] == [f"It has more than {MOST_FRAMES:,} pages: the others were left out."]


@pytest.mark.parametrize(("target", "pages"), [(10, 3), (10 + 102, 3), (10 + 204, 3), (2**32 - 1, 3), (8, 3), (400, 3)])
def test_frames_that_lead_back_or_nowhere(tmp_path: Path, target: int, pages: int) -> None:
    path = tmp_path / "a.tiff"
    path.write_bytes(tiff(3, target))
    assert len(reply_within_bounds(path)["scans"]) == pages


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP"])
def test_a_bomb_in_a_text(tmp_path: Path, kind: bytes) -> None:
    bomb = zlib.compress(bytes(200_000_000), 9)
    head = {b"zTXt": b"Comment\0\0", b"iTXt": b"Comment\0\1\0\0\0", b"iCCP": b"profile\0\0"}[kind]
    path = tmp_path / "a.png"
    path.write_bytes(png(20, 20, *[chunk(kind, head + bomb)] * (1 if kind == b"iCCP" else 5)))
    reply = reply_within_bounds(path)
    assert reply.get("scans") == [1] or reply["message"] == DAMAGED.format("a.png")


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif", "pdf", "txt", "xyz"])
def test_the_first_bytes_count_more_than_the_suffix(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(image_bytes(picture_of()))
    document = documents.read(path)
    assert (document.kind, document.scans) == ("image", (1,))


@pytest.mark.parametrize("data", [b"Words.", b"GIF89a", b"\0" * 99, b"RIFF\0\0\0\0WEBP", b"MZ\x90"])
def test_what_is_only_named_a_picture(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(data)
    with pytest.raises(DocumentError) as excinfo:
        documents.read(path)
    assert excinfo.value.message == "'a.png' is not a Picture, although its name says so. It may be damaged."


def test_pictures_with_bytes_changed() -> None:
    small = picture_of(["ab"]).resize((60, 40))
    files = [
        image_bytes(small, "PNG"),
        image_bytes(small, "JPEG"),
        tiff_of([small, small]),
        image_bytes(small.convert("RGB"), "TIFF", compression="tiff_lzw"),
        image_bytes(small.convert("I;16"), "TIFF"),
    ]
    rng = random.Random(7)
    outcomes: set[str] = set()
    for _ in range(150):
        data = bytearray(rng.choice(files))
        for _ in range(rng.randrange(1, 4)):
            data[rng.randrange(len(data))] = rng.choice((0, 255, rng.randrange(256)))
        outcomes.add(outcome_of(bytes(data)))
    assert outcomes <= {"read", "the picture is damaged", "'x' is a damaged picture.", "too large"}
    assert "read" in outcomes


def outcome_of(data: bytes) -> str:
    """What comes of a picture that is opened, drawn and given to text recognition."""
    try:
        pages = ImagePages(Source(io.BytesIO(data), "'x'"))
        for number in range(min(3, len(pages.sizes()))):
            pages.picture(number)
            pages.draw(number, PagePart(1, 0, 0, 0, 9, 9), "paper", memoryview(bytearray(9 * 9 * 4)))
        pages.close()
    except (DocumentError, PageError) as error:
        return "too large" if "pixels; QADesk opens" in str(error) else getattr(error, "message", str(error))
    return "read"
