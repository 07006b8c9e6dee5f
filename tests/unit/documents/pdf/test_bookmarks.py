from __future__ import annotations

from contextlib import closing

import pypdfium2
import pytest
from pdf_objects import pdf_of

from qadesk.documents.pdf.bookmarks import Bookmark, PlacedLine, bookmarks, outline
from qadesk.structure import OutlineEntry

PAGES = (
    b"<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>",
)


def with_outline(*entries: bytes, catalog: bytes = b"") -> bytes:
    """A PDF of two pages, the objects 3 and 4; the outline is object 5, ``entries`` are those from 6 on."""
    root = b"<</Type/Catalog/Pages 2 0 R/Outlines 5 0 R%s>>" % catalog
    return pdf_of([root, *PAGES, b"<</Type/Outlines/First 6 0 R/Last 6 0 R>>", *entries])


def read(data: bytes) -> list[Bookmark]:
    with closing(pypdfium2.PdfDocument(data)) as document:
        return bookmarks(document)


def test_levels_pages_and_places() -> None:
    data = with_outline(
        b"<</Title(One)/Dest[3 0 R/XYZ 72 700 0]/First 7 0 R/Next 9 0 R>>",
        b"<</Title(One.\\rOne)/Dest[3 0 R/FitH 500]/Next 8 0 R>>",
        b"<</Title<FEFF00DC0062006500720067>/A<</S/GoTo/D[4 0 R/XYZ null null 0]>>>>",
        b"<</Title(Two)/Dest[4 0 R/Fit]/Next 10 0 R>>",
        b"<</Title(Three)/Dest[4 0 R/FitR 10 20 300 400]>>",
    )
    assert read(data) == [
        Bookmark("One", 1, 0, 700, 72),
        Bookmark("One. One", 2, 0, 500),
        Bookmark("Überg", 2, 1),
        Bookmark("Two", 1, 1),
        Bookmark("Three", 1, 1, 400),
    ]


def test_named_places() -> None:
    names = b"/Dests<</b[4 0 R/XYZ 0 300 0]>>/Names<</Dests<</Names[(a)[4 0 R/XYZ 0 600 0]]>>>>"
    data = with_outline(b"<</Title(A)/Dest(a)/Next 7 0 R>>", b"<</Title(B)/Dest/b>>", catalog=names)
    assert read(data) == [Bookmark("A", 1, 1, 600, 0), Bookmark("B", 1, 1, 300, 0)]


@pytest.mark.parametrize(
    "entry",
    [
        b"<</Title(x)>>",
        b"<</Dest[3 0 R/Fit]>>",
        b"<</Title( )/Dest[3 0 R/Fit]>>",
        b"<</Title(x)/Dest[1 0 R/Fit]>>",
        b"<</Title(x)/Dest(nowhere)>>",
        b"<</Title(x)/A<</S/URI/URI(http://example.org)>>>>",
        b"<</Title(x)/A<</S/JavaScript/JS(app.alert\\(1\\))>>>>",
        b"<</Title(x)/A<</S/GoToR/F(other.pdf)/D[0/Fit]>>>>",
        b"null",
    ],
)
def test_what_leads_to_no_page_is_left_out(entry: bytes) -> None:
    assert read(with_outline(entry)) == []


def test_no_outline() -> None:
    assert read(pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", *PAGES])) == []


def test_long_titles_and_odd_characters() -> None:
    (entry,) = read(with_outline(b"<</Title(%s)/Dest[3 0 R/Fit]>>" % (b"word " * 1000)))
    assert len(entry.title) <= 500
    (entry,) = read(with_outline(b"<</Title<FEFFD8000041202E0042>/Dest[3 0 R/Fit]>>"))
    assert entry.title == "\ufffdA B"


def line(offset: int, y: float, left: float = 70, height: float = 12) -> PlacedLine:
    return PlacedLine(offset, left, y, y + height)


LINES = {0: [line(0, 700), line(30, 686), line(60, 660, height=18), line(90, 640)], 1: [line(120, 700)]}
STARTS = [0, 120]


@pytest.mark.parametrize(
    ("y", "offset"), [(720, 0), (712, 0), (699, 30), (679, 60), (664, 60), (663.5, 60), (652, 90), (100, 0), (None, 0)]
)
def test_a_bookmark_leads_to_the_line_at_its_height(y: float | None, offset: int) -> None:
    (entry,) = outline([Bookmark("x", 1, 0, y)], STARTS, LINES)
    assert entry == OutlineEntry("x", 1, offset)


def test_of_two_columns_that_nearer() -> None:
    lines = {0: [line(0, 700), line(50, 680), line(100, 702, 320), line(150, 682, 320)]}
    entries = [Bookmark("a", 1, 0, 714, 72), Bookmark("b", 1, 0, 714, 310), Bookmark("c", 1, 0, 693, 300)]
    assert [entry.start for entry in outline(entries, [0], lines)] == [0, 100, 150]


def test_pages_without_lines_and_unknown_pages() -> None:
    entries = [Bookmark("a", 1, 1, 500), Bookmark("b", 1, 2, 500)]
    assert outline(entries, STARTS, {}) == (OutlineEntry("a", 1, 120),)
    assert outline(entries, [], LINES) == ()


def test_levels_without_gaps() -> None:
    entries = [Bookmark("a", 2, 0), Bookmark("b", 4, 0), Bookmark("c", 4, 0), Bookmark("d", 3, 0), Bookmark("e", 1, 1)]
    assert [entry.level for entry in outline(entries, STARTS, {})] == [1, 2, 2, 2, 1]
