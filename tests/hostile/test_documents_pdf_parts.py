"""PDF files made to make the readers of their parts run in circles, for ever, or out of memory."""

from __future__ import annotations

import io
import sys
import zlib
from contextlib import closing
from pathlib import Path

import pypdfium2
import pytest

sys.path.append(str(Path(__file__).parents[1] / "unit" / "documents"))
from pdf_objects import one_page, pdf_of, stream, text_at

from qadesk.documents.parsing import Source
from qadesk.documents.pdf import layers, opening
from qadesk.documents.pdf.bookmarks import PlacedLine, bookmarks, outline
from qadesk.documents.pdf.file_objects import FileObjects
from qadesk.documents.pdf.forms import TypedText
from qadesk.documents.pdf.glyph_names import GlyphNames

LAYERS = b"/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]>>>>"
OFF = b"<</Type/OCG/Name(a)>>"
RESOURCES = b"/Properties<</Off 6 0 R/Odd 7 0 R>>/XObject<</X 8 0 R>>"


def typed(data: bytes) -> list[str]:
    with (
        closing(pypdfium2.PdfDocument(data)) as document,
        closing(TypedText(document, FileObjects(document))) as reader,
    ):
        return [fragment.text for fragment in reader.fragments(document[0], 0)]


def hidden(data: bytes) -> int:
    with closing(pypdfium2.PdfDocument(data)) as document:
        assert layers.has_hidden(document, io.BytesIO(data))
        return len(layers.hidden_objects(document[0]))


def named(data: bytes, index: int = 0) -> dict[int, str]:
    with closing(pypdfium2.PdfDocument(data)) as document:
        return GlyphNames(FileObjects(document)).texts(0, document[0].get_textpage(), [index])


def marked(data: bytes) -> list[tuple[str, int]]:
    with closing(pypdfium2.PdfDocument(data)) as document:
        return [(entry.title, entry.level) for entry in bookmarks(document)]


def with_outline(*entries: bytes) -> bytes:
    return one_page(b"", b"<</First 7 0 R>>", *entries, catalog=b"/Outlines 6 0 R")


def bookmark(title: bytes, more: bytes) -> bytes:
    return b"<</Title(%s)/Dest[3 0 R/Fit]%s>>" % (title, more)


def test_an_outline_that_goes_round() -> None:
    data = with_outline(bookmark(b"a", b"/Next 8 0 R/First 7 0 R"), bookmark(b"b", b"/Next 7 0 R/First 8 0 R"))
    assert marked(data) == [("a", 1), ("b", 1)]


def test_a_very_deep_and_a_very_long_outline() -> None:
    deep = with_outline(*(bookmark(b"a", b"/First %d 0 R" % (8 + number)) for number in range(50_000)))
    assert [level for _title, level in marked(deep)] == list(range(1, 17))
    wide = with_outline(*(bookmark(b"a", b"/Next %d 0 R" % (8 + number)) for number in range(50_000)))
    entries = marked(wide)
    assert len(entries) == 10_000


def test_a_bookmark_with_a_giant_title() -> None:
    assert marked(with_outline(bookmark(b"a" * 10_000_000, b""))) == []


def test_many_bookmarks_on_a_page_of_many_lines() -> None:
    with closing(pypdfium2.PdfDocument(with_outline(bookmark(b"a", b"")))) as document:
        entry = bookmarks(document)[0]._replace(y=500, x=0)
    lines = {0: [PlacedLine(number, 0, 400, 412) for number in range(20_000)]}
    assert len(outline([entry] * 10_000, [0], lines)) == 10_000


def annotated(annotations: bytes, *objects: bytes, catalog: bytes = b"") -> bytes:
    return one_page(text_at(50, 700, "a"), *objects, catalog=catalog, page=b"/Annots[%s]" % annotations)


def widget(more: bytes) -> bytes:
    return b"<</Type/Annot/Subtype/Widget/Rect[100 600 300 620]/F 4%s>>" % more


def drawing(content: bytes, number: int) -> bytes:
    resources = b"/Resources<</Font<</F1 5 0 R>>/XObject<</X %d 0 R>>>>" % number
    return stream(content, b"/Type/XObject/Subtype/Form/BBox[0 0 200 20]" + resources)


def test_very_many_annotations() -> None:
    links = annotated(b"6 0 R " * 200_000, b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]>>")
    assert typed(links) == []
    fields = annotated(b"6 0 R " * 20_000, widget(b"/FT/Tx/T(a)/V(x)"), catalog=b"/AcroForm<</Fields[6 0 R]>>")
    assert len(typed(fields)) == 5_000


def test_very_many_appearances() -> None:
    notes = b"<</Type/Annot/Subtype/FreeText/Rect[100 600 300 620]/F 4/AP<</N 7 0 R>>>>"
    assert 0 < len(typed(annotated(b"6 0 R " * 5_000, notes, drawing(text_at(2, 5, "x"), 9)))) <= 5_000
    large = drawing(b"0 0 9 9 re f\n" * 100_000 + text_at(2, 5, "x"), 9)
    assert len(typed(annotated(b"6 0 R " * 5_000, notes, large))) < 100


def test_a_giant_value_shared_by_many_fields() -> None:
    value = widget(b"/FT/Tx/Ff 4096/T(a)/V(%s)" % (b"word\\n" * 200_000))
    data = annotated(b"6 0 R " * 5_000, value, catalog=b"/AcroForm<</Fields[6 0 R]>>")
    assert sum(map(len, typed(data))) <= 500_000


def test_a_field_with_very_many_options() -> None:
    options = b"/FT/Ch/Ff 2097152/T(a)/Opt[%s]/V[%s]" % (b"(x)" * 100_000, b"(x)" * 100_000)
    data = annotated(b"6 0 R " * 50, widget(options), catalog=b"/AcroForm<</Fields[6 0 R]>>")
    assert len(typed(data)) <= 50 * 1_000


@pytest.mark.parametrize(
    "more", [b"/Parent 6 0 R", b"/Kids[6 0 R]", b"/Parent 7 0 R/Kids[7 0 R]", b"/AP 6 0 R", b"/AP<</N 6 0 R>>/V 6 0 R"]
)
def test_fields_that_contain_themselves(more: bytes) -> None:
    field = widget(b"/FT/Tx/T(a)/V(x)" + more)
    assert len(typed(annotated(b"6 0 R 7 0 R", field, field, catalog=b"/AcroForm<</Fields[6 0 R 7 0 R]>>"))) <= 2


def test_appearances_that_contain_themselves() -> None:
    note = b"<</Type/Annot/Subtype/Stamp/Rect[100 600 300 620]/F 4/AP<</N 7 0 R>>>>"
    data = annotated(b"6 0 R", note, drawing(b"/X Do " + text_at(2, 5, "x"), 8), drawing(b"/X Do", 7))
    assert typed(data) == ["x"]


def test_scripts_of_a_form_are_not_run() -> None:
    script = b"/AA<</F<</S/JavaScript/JS(event.value='bad')>>/C<</S/JavaScript/JS(this.close\\(\\))>>>>"
    field = widget(b"/FT/Tx/T(a)/V(good)" + script)
    catalog = b"/AcroForm<</Fields[6 0 R]/CO[6 0 R]>>/OpenAction<</S/JavaScript/JS(while\\(1\\);)>>"
    assert typed(annotated(b"6 0 R", field, catalog=catalog)) == ["good"]


def test_very_many_marks_of_layers() -> None:
    mark = b"/OC /Off BDC\n" + text_at(50, 600, "x") + b"EMC\n"
    assert hidden(one_page(mark * 20_000, OFF, catalog=LAYERS, resources=RESOURCES)) == 20_000
    deep = b"/OC /Off BDC\n" * 2_000 + text_at(50, 600, "x") * 2_000
    assert hidden(one_page(deep, OFF, catalog=LAYERS, resources=RESOURCES)) == 2_000


@pytest.mark.parametrize(
    "odd",
    [
        b"<</Type/OCMD/OCGs 7 0 R>>",
        b"<</Type/OCMD/OCGs[7 0 R 7 0 R]/P/AllOff>>",
        b"<</Type/OCMD/VE%s%s>>" % (b"[/Not " * 5_000, b"]" * 5_000),
        b"<</Type/OCMD/VE[/And%s]>>" % (b" 6 0 R" * 100_000),
        b"[]",
    ],
)
def test_layers_that_contain_themselves(odd: bytes) -> None:
    content = b"/OC /Odd BDC\n" + text_at(50, 600, "x") + b"EMC\n"
    assert hidden(one_page(content, OFF, odd, catalog=LAYERS, resources=RESOURCES)) <= 1


def test_forms_that_contain_themselves_and_very_many_forms() -> None:
    circle = drawing(b"/X Do " + text_at(50, 600, "x"), 8)
    assert hidden(one_page(b"/X Do", OFF, b"null", circle, catalog=LAYERS, resources=RESOURCES)) <= 100
    form = drawing(text_at(50, 600, "x"), 9)
    many = one_page(b"/X Do " * 10_000, OFF, b"null", form, catalog=LAYERS, resources=RESOURCES)
    assert hidden(many) <= 10_000


def test_object_streams_that_grow() -> None:
    bomb = stream(zlib.compress(b" " * 120_000_000, 9), b"/Type/ObjStm/Filter/FlateDecode")
    data = one_page(b"", bomb)
    with closing(pypdfium2.PdfDocument(data)) as document:
        assert layers.has_hidden(document, io.BytesIO(data))
    for odd in (b"/ObjStm stream\n" * 200_000, b"/ObjStm" * 500_000, zlib.compress(b"/ObjStm stream\nx" * 500_000, 0)):
        data = one_page(b"", stream(odd))
        with closing(pypdfium2.PdfDocument(data)) as document:
            layers.has_hidden(document, io.BytesIO(data))


ODD_TEXT = b"BT /F1 12 Tf 50 700 Td (\\002b) Tj ET"


def font(differences: bytes, more: bytes = b"") -> bytes:
    encoding = b"/Encoding<</Differences %s>>" % differences
    return b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica%s%s>>" % (encoding, more)


@pytest.mark.parametrize(
    "differences",
    [
        b"[2/f_f" + b"/a" * 500_000 + b"]",
        b"[" * 5_000 + b"2/f_f" + b"]" * 5_000,
        b"[2/%s]" % (b"f_" * 100_000),
        b"[2 %s]" % (b"5 0 R " * 10_000),
        b"5 0 R",
    ],
)
def test_odd_differences(differences: bytes) -> None:
    assert set(named(one_page(ODD_TEXT, font=font(differences))).values()) <= {"ff"}


def test_fonts_and_forms_in_circles_and_in_numbers() -> None:
    fonts = b"/XObject<</X 6 0 R>>" + b"".join(b"/Font%d<</F1 5 0 R>>" % number for number in range(10))
    circle = drawing(b"/X Do", 6)
    data = one_page(ODD_TEXT, circle, font=font(b"[2/f_f]"), resources=fonts)
    assert named(data) == {0: "ff"}
    many = b"".join(b"/F%d 5 0 R" % number for number in range(100_000))
    data = one_page(ODD_TEXT, font=font(b"[2/f_f]")).replace(b"/F1 5 0 R", b"/F1 5 0 R" + many)
    assert named(data) == {0: "ff"}


def test_a_tree_of_pages_that_goes_round() -> None:
    font_and_content = (stream(ODD_TEXT), font(b"[2/f_f]"))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    tree = b"<</Type/Pages/Count 3/Kids[3 0 R 2 0 R 2 0 R]/Parent 2 0 R>>"
    assert named(pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", tree, page, *font_and_content])) in ({}, {0: "ff"})


def test_very_many_beginnings_without_an_end() -> None:
    for data in (b"%PDF-1.7\n" + b"1 0 obj<<" * 300_000, b"1 0 obj<</Type/Catalog" * 100_000, b"trailer" * 300_000):
        with pytest.raises(pypdfium2.PdfiumError):
            opening.load_pdf(Source(io.BytesIO(data), "'x'"))
