"""Copies of PDF files with highlights: read again by other code than that which wrote them."""

from __future__ import annotations

import ctypes
import io
from contextlib import closing
from pathlib import Path

import numpy as np
import pypdf
import pypdfium2
import pytest
from pdf_files import PASSWORD, encrypted_pdfs, make_pdf
from pdf_objects import drawn, drawn_pages, one_page
from pypdfium2 import raw
from scan_files import picture_of, scan_pdf

from qadesk.documents import parsing, pdf
from qadesk.documents.marked_copy import MarkedFile, MarkedSpan, copy_with_highlights
from qadesk.documents.pdf.page_drawing import PageFile
from qadesk.documents.scans.scan_store import NO_SCANS, ScanStore
from qadesk.documents.scans.scan_text import ScanLine, ScanText, ScanWord
from qadesk.errors import DocumentError
from qadesk.progress import finish
from qadesk.records import Document

LAMP = "The lamp was lit by Isaac Penhale"
COLUMNS = drawn(
    *((50, 700 - 14 * row, f"left words number {row} are here") for row in range(12)),
    *((320, 700 - 14 * row, f"right words number {row} are there") for row in range(12)),
)
TURNED = b"BT /F1 12 Tf 0 1 -1 0 300 200 Tm (The lamp was lit by Isaac Penhale.) Tj ET"


def document_of(path: Path, data: bytes, password: str | None = None, scans: ScanStore = NO_SCANS) -> Document:
    """``data`` written to ``path`` and read."""
    path.write_bytes(data)
    parsed = pdf.read(parsing.Source(io.BytesIO(data), "'x'", password=password, scans=scans))
    more = (parsed.notes, parsed.blocks, parsed.outline, parsed.characters, parsed.rows, parsed.scans)
    return Document(parsed.text, path.name, "pdf", path, parsed.pages, *more, parsed.recognized_pages)


def span_of(document: Document, words: str, note: str = "Who?\n82 %") -> MarkedSpan:
    """The first place of ``words``, whose blanks may be line ends."""
    start = " ".join(document.text.split("\n")).index(words)
    return MarkedSpan(start, start + len(words), note)


def quads_of(data: bytes, password: str | None = None) -> list[list[np.ndarray]]:
    """The corners of the lines of each highlight in a file, page after page, by pypdf."""
    pages = pypdf.PdfReader(io.BytesIO(data), password=password).pages
    return [
        list(np.array(annotation.get_object()["/QuadPoints"], float).reshape(-1, 4, 2))
        for page in pages
        for annotation in page.get("/Annots", [])
        if annotation.get_object()["/Subtype"] == "/Highlight"
    ]


def words_under(data: bytes, quads: list[np.ndarray], number: int = 0) -> str:
    """What pdfium says stands on a page of the file ``data`` within ``quads``."""
    with closing(pypdfium2.PdfDocument(data)) as document:
        textpage = document[number].get_textpage()
        words = []
        for quad in quads:
            (left, bottom), (right, top) = quad.min(0), quad.max(0)
            buffer = (ctypes.c_ushort * 1000)()
            count = raw.FPDFText_GetBoundedText(textpage, left, top, right, bottom, buffer, 1000)
            words.append(bytes(buffer)[: 2 * count].decode("utf-16-le").strip("\0"))
    return " ".join(" ".join(words).split())


def copy_of(document: Document, *spans: MarkedSpan, password: str | None = None) -> MarkedFile:
    return finish(copy_with_highlights(document, spans, password=password))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (make_pdf([[f"{LAMP}."]]), "Isaac Penhale"),
        *(
            (make_pdf([[f"{LAMP}."]], page=page), "lamp was lit")
            for page in (b"/Rotate 90", b"/Rotate 180", b"/Rotate 270", b"/CropBox[20 100 500 790]")
        ),
        (make_pdf([[f"{LAMP}."]], page=b"/Rotate 90/CropBox[20 100 500 790]"), "Isaac"),
        (drawn_pages(COLUMNS), "number 11 are here"),
        (drawn_pages(COLUMNS), "number 4 are there"),
        (one_page(TURNED), "Isaac Penhale"),
    ],
)
def test_the_words_under_the_highlight_are_those_of_the_answer(tmp_path: Path, data: bytes, words: str) -> None:
    document = document_of(tmp_path / "a.pdf", data)
    copy = copy_of(document, span_of(document, words))
    ((quad,),) = quads_of(copy.data)
    assert words_under(data, [quad]) == words
    assert copy.unplaced == ()
    assert (tmp_path / "a.pdf").read_bytes() == data
    assert copy.data.startswith(data)  # what is new stands behind it: signatures stay valid


def test_an_answer_on_several_lines_has_a_quad_for_each(tmp_path: Path) -> None:
    data = make_pdf(
        [["The keeper of the light, whose name was", "Isaac Penhale, lit the lamp each evening", "at six."]]
    )
    document = document_of(tmp_path / "a.pdf", data)
    (quads,) = quads_of(copy_of(document, span_of(document, "whose name was Isaac Penhale")).data)
    assert len(quads) == 2
    assert words_under(data, quads) == "whose name was Isaac Penhale"
    for upper_left, upper_right, lower_left, lower_right in quads:
        assert upper_left[0] == lower_left[0] < upper_right[0] == lower_right[0]
        assert upper_left[1] == upper_right[1] > lower_left[1] == lower_right[1]


@pytest.mark.parametrize("page", [b"", b"/Rotate 90", b"/Rotate 180", b"/Rotate 270"])
@pytest.mark.parametrize("is_turned", [False, True])
def test_corners_follow_the_line(tmp_path: Path, page: bytes, is_turned: bool) -> None:
    data = one_page(TURNED, page=page) if is_turned else make_pdf([[f"{LAMP}."]], page=page)
    document = document_of(tmp_path / "a.pdf", data)
    ((quad,),) = quads_of(copy_of(document, span_of(document, "Isaac Penhale")).data)
    along, across = quad[1] - quad[0], quad[2] - quad[0]
    assert np.abs(along).argmax() == int(is_turned)
    assert np.linalg.norm(along) > 2 * np.linalg.norm(across)
    np.testing.assert_allclose(quad[3], quad[1] + across, atol=0.01)


def test_an_answer_on_two_pages_is_marked_on_both(tmp_path: Path) -> None:
    data = drawn_pages(
        drawn((72, 60, "The lamp that was lit each evening by the old")), drawn((72, 740, "keeper was red."))
    )
    document = document_of(tmp_path / "a.pdf", data)
    quads = quads_of(copy_of(document, span_of(document, "the old keeper")).data)
    assert [words_under(data, lines, number) for number, lines in enumerate(quads)] == ["the old", "keeper"]


def test_a_ligature_is_marked_as_a_whole(tmp_path: Path) -> None:
    encoding = b"/Encoding<</Type/Encoding/BaseEncoding/WinAnsiEncoding/Differences[2/f_f_i]>>"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/ABCDEF+Office#20Sans%s>>" % encoding
    data = one_page(b"BT /F1 12 Tf 50 700 Td (The o\\002ce opens) Tj ET", font=font)
    document = document_of(tmp_path / "a.pdf", data)
    assert "office" in document.text
    ((quad,),) = quads_of(copy_of(document, span_of(document, "office")).data)
    assert words_under(data, [quad])[0::3] == "oe"  # o, the ligature, c, e


def test_each_highlight_says_what_was_asked(tmp_path: Path) -> None:
    document = document_of(tmp_path / "a.pdf", make_pdf([[f"{LAMP}."]]))
    note = "Who lit it? \N{GRINNING FACE}\n\ud800\0"
    spans = [span_of(document, "Isaac", note), span_of(document, "lamp")._replace(is_best=False)]
    page = pypdf.PdfReader(io.BytesIO(copy_of(document, *spans).data)).pages[0]
    best, other = (annotation.get_object() for annotation in page["/Annots"])
    assert best["/Contents"] == "Who lit it? \N{GRINNING FACE}\n\ufffd\ufffd"
    assert (best["/T"], best["/F"]) == ("QADesk", 4)
    assert best["/C"] != other["/C"]


def test_the_highlight_is_to_be_seen(tmp_path: Path) -> None:
    document = document_of(tmp_path / "a.pdf", make_pdf([[f"{LAMP}."]]))
    with closing(pypdfium2.PdfDocument(copy_of(document, span_of(document, "Isaac")).data)) as copy:
        pixels = copy[0].render(scale=1).to_numpy()[:, :, :3].astype(int)
    coloured = np.argwhere(np.ptp(pixels, axis=2) > 60)
    assert (coloured.min(0) > [30, 140]).all()
    assert (coloured.max(0) < [60, 200]).all()


@pytest.mark.parametrize("cipher", ["AES-256", "RC4-128"])
def test_a_copy_of_an_encrypted_file_needs_its_password_too(tmp_path: Path, cipher: str) -> None:
    document = document_of(tmp_path / "a.pdf", encrypted_pdfs()[cipher], PASSWORD)
    span = span_of(document, "1854")
    data = copy_of(document, span, password=PASSWORD).data
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(data)
    with closing(pypdfium2.PdfDocument(data, password=PASSWORD)) as copy:
        page, quad = copy[0], raw.FS_QUADPOINTSF()
        annotation = raw.FPDFPage_GetAnnot(page.raw, 0)
        assert raw.FPDFAnnot_GetAttachmentPoints(annotation, 0, quad)
        raw.FPDFPage_CloseAnnot(annotation)
        text = page.get_textpage().get_text_bounded(quad.x1, quad.y3, quad.x2, quad.y1)
    assert text == "1854"
    with pytest.raises(DocumentError, match="protected by a password"):
        copy_of(document, span)


def test_a_mended_file_is_written_as_a_whole_one(tmp_path: Path) -> None:
    data = make_pdf([[f"{LAMP}."]])
    for broken in (data[: data.rindex(b"xref")], data[data.index(b"1 0 obj") :]):
        document = document_of(tmp_path / "a.pdf", broken)
        ((quad,),) = quads_of(copy_of(document, span_of(document, "Isaac")).data)
        assert words_under(data, [quad]) == "Isaac"


def test_a_recognised_page_is_marked_where_the_words_were_found(tmp_path: Path) -> None:
    data, store = scan_pdf([picture_of()]), ScanStore(tmp_path / "scans")
    words = [ScanWord(word, 30 + 80 * x, 20, 100 + 80 * x, 40, 0, 90) for x, word in enumerate(("The", "lamp"))]
    pages = PageFile(parsing.Source(io.BytesIO(data), "'x'"))
    (width, height), key = pages.sizes()[0], pages.page_hash(0)
    pages.close()
    store.write(key, ScanText(width, height, tuple(words), (ScanLine(30, 40, 180, 40, 20),)))
    document = document_of(tmp_path / "a.pdf", data, scans=store)
    span = span_of(document, "lamp")
    ((quad,),) = quads_of(finish(copy_with_highlights(document, [span], scans=store)).data)
    np.testing.assert_allclose(quad, [[x, height - y] for y in (20, 40) for x in (110, 180)], atol=0.1)


def test_words_without_a_place_are_named(tmp_path: Path) -> None:
    document = document_of(tmp_path / "a.pdf", make_pdf([["One.", "Two."], ["Three."]]))
    gap = document.text.index("\n")
    spans = [span_of(document, "Three"), MarkedSpan(gap, gap + 1, ""), MarkedSpan(900, 910, "")]
    assert copy_of(document, *spans).unplaced == (1, 2)


def test_a_file_that_is_gone_or_changed_or_damaged_is_a_sentence(tmp_path: Path) -> None:
    document = document_of(tmp_path / "a.pdf", make_pdf([["One."], ["Two."]]))
    for data, sentence in [
        (make_pdf([["One."]]), "has changed"),
        (b"%PDF-1.7\nnothing", "damaged"),
        (None, "There is no file"),
    ]:
        (tmp_path / "a.pdf").write_bytes(data) if data else (tmp_path / "a.pdf").unlink()
        with pytest.raises(DocumentError, match=sentence):
            copy_of(document, span_of(document, "Two"))


def test_a_copy_can_be_cancelled(tmp_path: Path) -> None:
    document = document_of(tmp_path / "a.pdf", make_pdf([["One."]]))
    work = copy_with_highlights(document, [span_of(document, "One")])
    next(work)
    work.close()
