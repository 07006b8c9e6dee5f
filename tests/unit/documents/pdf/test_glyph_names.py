from __future__ import annotations

from contextlib import closing

import pypdfium2
import pytest
from pdf_files import make_pdf
from pdf_objects import one_page, stream
from pypdfium2 import raw

from qadesk.documents.pdf.file_objects import FileObjects
from qadesk.documents.pdf.glyph_names import GlyphNames, text_of_glyph


def read(data: bytes, page_index: int = 0) -> str:
    """The text of a page with what glyph names say, and its unknown characters as in Python."""
    with closing(pypdfium2.PdfDocument(data)) as document:
        textpage = document[page_index].get_textpage()
        codes = [raw.FPDFText_GetUnicode(textpage, index) for index in range(raw.FPDFText_CountChars(textpage))]
        texts = GlyphNames(FileObjects(document)).texts(page_index, textpage, range(len(codes)))
        return "".join(texts.get(index, chr(code)) for index, code in enumerate(codes))


def font(differences: bytes, entries: bytes = b"/BaseFont/Helvetica") -> bytes:
    encoding = b"/Encoding<</Type/Encoding/BaseEncoding/WinAnsiEncoding/Differences[%s]>>" % differences
    return b"<</Type/Font/Subtype/Type1%s%s>>" % (entries, encoding)


def content(text: bytes) -> bytes:
    return b"BT /F1 12 Tf 50 700 Td (%s) Tj ET" % text


def page(text: bytes, differences: bytes, *more: bytes, resources: bytes = b"") -> bytes:
    return one_page(content(text), *more, font=font(differences), resources=resources)


def test_ligatures_by_their_names() -> None:
    text = b"The post o\\002ce is di\\037erent: the sta\\037 numbers 40"
    assert read(page(text, b"2/f_f_i 31/f_f")) == "The post office is different: the staff numbers 40"


def test_what_no_name_tells_stays() -> None:
    assert read(page(b"a\\002\\003\\004", b"2/g123/f_g77/f_f_l")) == "a\x02\x03ffl"


def test_fonts_of_parts_and_of_forms() -> None:
    data = one_page(
        b"/X Do",
        stream(
            content(b"o\\002ce"),
            b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F1 7 0 R>>/XObject<</X 6 0 R>>>>",
        ),
        font(b"2/f_f_i", b"/BaseFont/ABCDEF+Office#20Sans"),
        resources=b"/XObject<</X 6 0 R>>",
    )
    assert read(data) == "office"


def test_fonts_of_one_name_must_agree() -> None:
    other = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    for second, text in (
        (font(b"2/f_f_i"), "office"),
        (font(b"3/f_f"), "office"),
        (font(b"2/f_f"), "o\x02ce"),
        (font(b"2/g7"), "o\x02ce"),
        (other, "o\x02ce"),
    ):
        data = one_page(content(b"o\\002ce"), second, font=font(b"2/f_f_i")).replace(
            b"/F1 5 0 R", b"/F1 5 0 R/F2 6 0 R"
        )
        assert read(data) == text


def test_drawn_fonts_without_a_name() -> None:
    glyph = stream(b"500 0 0 0 500 500 d1 0 0 500 500 re f")
    drawn = (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 500 500]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 1/LastChar 3"
        b"/Widths[500 500 500]/CharProcs<</U 6 0 R/n 6 0 R/eacute 6 0 R>>/Encoding<</Differences[1/U/n/eacute]>>>>"
    )
    assert read(one_page(content(b"\\001\\002\\003"), glyph, font=drawn)) == "Uné"


def test_pages_on_which_all_is_known() -> None:
    assert read(make_pdf([["plain"], ["text"]]), 1) == "text"


@pytest.mark.parametrize("differences", [b"", b"2", b"/f_f_i", b"2 <<>> null", b"(a) 2", b"2/f_f_i 1e99", b"-5/f_f_i"])
def test_damaged_differences(differences: bytes) -> None:
    assert read(page(b"o\\002ce", differences)) in ("o\x02ce", "office")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("f_f_i", "ffi"),
        ("ffl", "ffl"),
        ("fi", "fi"),
        ("T_h", "Th"),
        ("fj", "fj"),
        ("f_f.alt", "ff"),
        ("one.oldstyle", "1"),
        ("germandbls", "ß"),
        ("uni00410042", "AB"),
        ("u1F600", "😀"),
        ("f_uni0069", "fi"),
        ("space", " "),
        ("", ""),
        (".notdef", ""),
        ("g123", ""),
        ("f_g123", ""),
        ("f__f", ""),
        ("uniD800", ""),
        ("uni00", ""),
        ("u110000", ""),
        ("Asmall", ""),
        ("a" * 10_000, ""),
    ],
)
def test_rules_of_the_names(name: str, text: str) -> None:
    assert text_of_glyph(name) == text
