"""Documents whose text was recognised: their characters are those of the scans, wherever the layout puts them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdf_objects import one_page, pdf_of, stream, text_at
from PIL import Image
from scan_files import picture_of, scan_pdf, tiff_of

from qadesk.documents import images, pdf
from qadesk.documents.images.image_pages import ImagePages
from qadesk.documents.parsing import Parsed, Source
from qadesk.documents.pdf.page_drawing import PageFile
from qadesk.documents.scans.page_source import PageSource
from qadesk.documents.scans.scan_store import ScanStore
from qadesk.documents.scans.scan_text import ScanLine, ScanText, ScanWord
from qadesk.errors import DocumentError

SMALL = Image.new("L", (85, 110), 200)
TIFF = tiff_of([SMALL, Image.new("L", (85, 110), 100)], dpi=(100, 100))
WORDS = st.text("abcdefgXYZ0123456789.,-:()é", min_size=1, max_size=12)
ROWS = st.lists(
    st.tuples(st.lists(WORDS, min_size=1, max_size=8), st.sampled_from([10, 11, 18]), st.booleans()), max_size=12
)


def scan_of(rows: list[tuple[list[str], int, bool]], angle: int = 0) -> ScanText:
    """A page with the words of each row, in letters of its size; after a row with the flag there is room."""
    words: list[ScanWord] = []
    lines: list[ScanLine] = []
    base = 30.0
    for texts, size, has_room in rows:
        left = 20.0
        for text in texts:
            right = left + 0.5 * size * len(text)
            words.append(ScanWord(text, left, base - 0.7 * size, right, base, len(lines), 90))
            left = right + 0.3 * size
        lines.append(ScanLine(20, base, left, base, size))
        base += (3 if has_room else 1.2) * size
    return ScanText(612, 792, tuple(words), tuple(lines), angle)


def keep(store: ScanStore, pages: PageSource, *scans: ScanText) -> None:
    for number, scan in enumerate(scans):
        store.write(pages.page_hash(number), scan)
    pages.close()


def check_characters(parsed: Parsed, scans: list[ScanText]) -> None:
    for run in parsed.characters.runs(0, len(parsed.text)):
        text = scans[run.page - 1].text[run.first : run.first + run.length]
        assert parsed.text[run.offset : run.offset + run.length] == text


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(ROWS, ROWS, st.sampled_from([0, 90, 180, 270]))
def test_text_and_characters_are_those_of_the_scans(
    tmp_path: Path, first: list[tuple[list[str], int, bool]], second: list[tuple[list[str], int, bool]], angle: int
) -> None:
    store = ScanStore(tmp_path / "scans")
    scans = [scan_of(first), scan_of(second, angle)]
    keep(store, ImagePages(Source(io.BytesIO(TIFF), "'x'")), *scans)
    parsed = images.read(Source(io.BytesIO(TIFF), "'x'", scans=store))
    assert parsed.scans == ()
    assert parsed.recognized_pages == (1, 2)
    check_characters(parsed, scans)


def test_paragraphs_of_a_scan(tmp_path: Path) -> None:
    store = ScanStore(tmp_path)
    lines = ["The lamp was lit by", "Isaac Penhale in 1854.", "It burned whale oil."]
    rows = [(line.split(), 10, "1854" in line) for line in lines]
    keep(store, ImagePages(Source(io.BytesIO(TIFF), "'x'")), scan_of(rows))
    parsed = images.read(Source(io.BytesIO(TIFF), "'x'", scans=store))
    assert parsed.text == "The lamp was lit by Isaac Penhale in 1854.\n\nIt burned whale oil."
    assert (parsed.scans, parsed.recognized_pages) == ((2,), (1,))
    start = parsed.text.index("Penhale")
    (run,) = parsed.characters.runs(start, start + 7)
    assert (run.page, run.length) == (1, 7)
    assert scan_of(rows).text[run.first : run.first + 7] == "Penhale"


def test_a_page_on_which_nothing_was_found_is_noted(tmp_path: Path) -> None:
    store = ScanStore(tmp_path)
    keep(store, ImagePages(Source(io.BytesIO(TIFF), "'x'")), ScanText(612, 792), scan_of([(["Words"], 10, False)]))
    parsed = images.read(Source(io.BytesIO(TIFF), "'x'", scans=store))
    assert (parsed.text, parsed.notes) == ("Words", ("Page 1 has no text.",))


def test_scans_among_other_pages_of_a_pdf(tmp_path: Path) -> None:
    store = ScanStore(tmp_path)
    data = mixed_pdf()
    pages = PageFile(Source(io.BytesIO(data), "'x'"))
    store.write(pages.page_hash(1), scan_of([(["Isaac", "Penhale"], 10, False)]))
    pages.close()
    parsed = pdf.read(Source(io.BytesIO(data), "'x'", scans=store))
    assert parsed.text == "Printed words of a page.\n\nIsaac Penhale"
    assert (parsed.scans, parsed.recognized_pages) == ((3,), (2,))
    drawing = PageFile(Source(io.BytesIO(data), "'x'", scans=store, recognized_pages=(2,)))
    boxes = [drawing.boxes(number) for number in range(3)]
    drawing.close()
    assert len(boxes[1]) == len("Isaac Penhale")
    assert boxes[1][0].tolist() == pytest.approx([20, 23, 25, 30])
    assert len(boxes[0]) == len("Printed words of a page.")
    assert len(boxes[2]) == 2  # the stamped number


def test_a_page_that_was_not_recognised_when_it_was_opened_has_its_own_characters(tmp_path: Path) -> None:
    store = ScanStore(tmp_path)
    pages = PageFile(Source(io.BytesIO(mixed_pdf()), "'x'", scans=store))
    store.write(pages.page_hash(2), scan_of([(["Isaac", "Penhale"], 10, False)]))
    assert len(pages.boxes(2)) == 2
    pages.close()


def mixed_pdf() -> bytes:
    """Three pages: text, a picture, and another picture with a stamped number."""
    whole = b"q 600 0 0 800 0 0 cm /I Do Q "
    contents = (text_at(50, 700, "Printed words of a page."), whole, whole + text_at(50, 20, "12"))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 3/Kids[5 0 R 7 0 R 9 0 R]>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        stream(
            bytes([150]) * 48,
            b"/Type/XObject/Subtype/Image/Width 6/Height 8/ColorSpace/DeviceGray/BitsPerComponent 8",
        ),
    ]
    for number, content in enumerate(contents):
        resources = b"/Resources<</Font<</F1 3 0 R>>/XObject<</I 4 0 R>>>>"
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %d 0 R%s>>" % (6 + 2 * number, resources)
        )
        objects.append(stream(content))
    return pdf_of(objects)


def test_an_empty_picture_is_no_text_once_it_was_read(tmp_path: Path) -> None:
    store = ScanStore(tmp_path)
    data = scan_pdf([picture_of([])])
    keep(store, PageFile(Source(io.BytesIO(data), "'x'")), ScanText(360, 36))
    with pytest.raises(DocumentError, match="The pages of 'x' are empty"):
        pdf.read(Source(io.BytesIO(data), "'x'", scans=store))


def test_one_page_of_text_is_no_scan() -> None:
    assert pdf.read(Source(io.BytesIO(one_page(text_at(50, 700, "Hi"))), "'x'")).recognized_pages == ()
