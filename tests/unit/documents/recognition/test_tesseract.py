"""Tesseract itself, on small pictures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from scan_files import LINES, RESOLUTION, TEXT, picture_of

from qadesk import paths
from qadesk.documents.recognition.tesseract import Tesseract
from qadesk.documents.scans.page_source import PageError
from qadesk.documents.scans.scan_text import ScanText

pytest.importorskip("tesserocr")

SCALE = RESOLUTION / 72


@pytest.fixture(scope="module")
def tesseract() -> Iterator[Tesseract]:
    reader = Tesseract(str(paths.resources_dir() / "tessdata"), "eng")
    yield reader
    reader.close()


@pytest.fixture(scope="module")
def upright(tesseract: Tesseract) -> ScanText:
    return tesseract.read(np.asarray(picture_of()), SCALE)


def ink(pixels: np.ndarray, scan: ScanText, index: int) -> tuple[float, float, float, float]:
    """The box in points of the ink in ``pixels`` near the word ``index``."""
    word = scan.words[index]
    left, top, right, bottom = (round(value * SCALE) for value in word[1:5])
    rows, columns = np.nonzero(pixels[top - 4 : bottom + 4, left - 4 : right + 4] < 128)
    return (
        (left - 4 + columns.min()) / SCALE,
        (top - 4 + rows.min()) / SCALE,
        (left - 3 + columns.max()) / SCALE,
        (top - 3 + rows.max()) / SCALE,
    )


def test_words_have_their_places_and_lines(upright: ScanText) -> None:
    assert upright.text == TEXT
    assert (upright.width, upright.height, upright.angle) == (1000 / SCALE, 280 / SCALE, 0)
    assert [word.line for word in upright.words] == [number for number, line in enumerate(LINES) for _ in line.split()]
    pixels = np.asarray(picture_of())
    for index in (0, 5, 12, len(upright.words) - 1):
        assert upright.words[index][1:5] == pytest.approx(ink(pixels, upright, index), abs=1)
    assert all(word.confidence > 80 for word in upright.words)
    assert [line.left_base - upright.lines[0].left_base for line in upright.lines] == pytest.approx(
        [number * 60 / SCALE for number in range(3)], abs=1
    )
    assert all(8 < line.size < 15 for line in upright.lines)  # of 32 pixels, which are 11.5 points


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_page_is_read_with_its_words_where_they_are(
    tesseract: Tesseract, upright: ScanText, quarters: int
) -> None:
    pixels = np.asarray(picture_of(quarters=quarters))
    scan = tesseract.read(pixels, SCALE)
    assert (scan.text, scan.angle) == (TEXT, 90 * quarters)
    assert (scan.width * SCALE, scan.height * SCALE) == pytest.approx(pixels.shape[::-1])
    for index in (0, 5, len(scan.words) - 1):
        assert scan.words[index][1:5] == pytest.approx(ink(pixels, scan, index), abs=1)
    for line, other in zip(scan.lines, upright.lines, strict=True):  # on the page turned back
        assert line == pytest.approx(other, abs=1.5)


@pytest.mark.parametrize("shade", [0, 255])
def test_an_empty_page_has_no_words(tesseract: Tesseract, shade: int) -> None:
    scan = tesseract.read(np.full((300, 400), shade, np.uint8), SCALE)
    assert (scan.words, scan.lines) == ((), ())


def test_specks_are_no_words(tesseract: Tesseract) -> None:
    pixels = np.full((400, 600), 255, np.uint8)
    rng = np.random.default_rng(3)
    pixels[rng.integers(0, 398, 60), rng.integers(0, 598, 60)] = 0
    assert tesseract.read(pixels, SCALE).text == ""


def test_files_of_a_language_that_are_none() -> None:
    with pytest.raises(PageError, match="the files of the languages xyz cannot be used"):
        Tesseract(str(paths.resources_dir() / "tessdata"), "xyz")


def test_a_stroke_before_a_small_word_is_a_pronoun(tesseract: Tesseract) -> None:
    scan = tesseract.read(np.asarray(picture_of(["When I asked, I was told no.", "A | B", "And so I went."])), SCALE)
    assert scan.text.split().count("I") == 3
    assert "|" in scan.text  # between capitals it is one
