from __future__ import annotations

import ctypes
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
import pytest
from pdf_files import encrypted_pdfs, make_pdf
from pdf_objects import one_page, pdf_of, stream, text_at
from pypdfium2 import raw

from qadesk.documents.pdf import layers

OFF = b"/OCProperties<</OCGs[6 0 R 7 0 R]/D<</OFF[7 0 R]>>>>"
GROUPS = (b"<</Type/OCG/Name(a)>>", b"<</Type/OCG/Name(a)>>")  # the same name: it does not tell them apart
PROPERTIES = b"/Properties<</On 6 0 R/Off 7 0 R/Member 8 0 R>>"


@contextmanager
def open_pdf(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(data)
    try:
        yield document
    finally:
        document.close()


def shown(data: bytes) -> str:
    """The text objects of the first page that are not hidden, sorted, with a space between two."""
    texts: dict[int, str] = {}
    with open_pdf(data) as document:
        page = document[0]
        hidden = layers.hidden_objects(page)
        textpage = page.get_textpage()
        for index in range(raw.FPDFText_CountChars(textpage)):
            text = raw.FPDFText_GetTextObject(textpage, index)
            if not raw.FPDFText_IsGenerated(textpage, index) and ctypes.addressof(text.contents) not in hidden:
                address = ctypes.addressof(text.contents)
                texts[address] = texts.get(address, "") + chr(raw.FPDFText_GetUnicode(textpage, index))
    return " ".join(sorted(texts.values()))


def has_hidden(data: bytes) -> bool:
    with open_pdf(data) as document:
        return layers.has_hidden(document, io.BytesIO(data))


def marked(name: bytes, content: bytes) -> bytes:
    return b"/OC /%s BDC\n%sEMC\n" % (name, content)


def layered(content: bytes, *more: bytes, catalog: bytes = OFF, page: bytes = b"") -> bytes:
    return one_page(
        content,
        *GROUPS,
        *(more or (b"null",)),
        catalog=catalog,
        page=page,
        resources=PROPERTIES + b"/XObject<</X 9 0 R>>",
    )


THREE = text_at(50, 700, "always") + marked(b"On", text_at(50, 650, "open")) + marked(b"Off", text_at(50, 600, "shut"))


@pytest.mark.parametrize(
    "page",
    [b"", b"/Rotate 90", b"/Rotate 180", b"/Rotate 270", b"/CropBox[40 500 300 780]", b"/MediaBox[-9 -9 900 800]"],
)
def test_what_is_in_a_layer_that_is_off_is_hidden(page: bytes) -> None:
    assert shown(layered(THREE, page=page)) == "always open"


def test_layers_that_are_on_hide_nothing() -> None:
    assert shown(layered(THREE, catalog=b"/OCProperties<</OCGs[6 0 R 7 0 R]/D<<>>>>")) == "always open shut"


def test_all_layers_are_off_but_those_that_are_on() -> None:
    catalog = b"/OCProperties<</OCGs[6 0 R 7 0 R]/D<</BaseState/OFF/ON[6 0 R]>>>>"
    assert shown(layered(THREE, catalog=catalog)) == "always open"


def test_a_layer_within_another() -> None:
    inner = marked(b"On", text_at(50, 650, "inner"))
    assert shown(layered(text_at(50, 700, "always") + marked(b"Off", inner))) == "always"


@pytest.mark.parametrize(("policy", "text"), [("AnyOn", "a b"), ("AllOn", "a"), ("AnyOff", "a b"), ("AllOff", "a")])
def test_membership_of_several_layers(policy: str, text: str) -> None:
    member = b"<</Type/OCMD/OCGs[6 0 R 7 0 R]/P/%s>>" % policy.encode()
    assert shown(layered(text_at(50, 700, "a") + marked(b"Member", text_at(50, 650, "b")), member)) == text


def test_an_expression_of_layers() -> None:
    content = text_at(50, 700, "a") + marked(b"Member", text_at(50, 650, "b"))
    assert shown(layered(content, b"<</Type/OCMD/VE[/Not 7 0 R]>>")) == "a b"
    assert shown(layered(content, b"<</Type/OCMD/VE[/And 6 0 R 7 0 R]>>")) == "a"


def form(content: bytes, entries: bytes = b"") -> bytes:
    resources = b"/Resources<</Font<</F1 5 0 R>>/Properties<</On 6 0 R/Off 7 0 R>>/XObject<</X 10 0 R>>>>"
    return stream(content, b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]" + resources + entries)


@pytest.mark.parametrize(("entries", "text"), [(b"", "a b"), (b"/OC 6 0 R", "a b"), (b"/OC 7 0 R", "a")])
def test_a_form_in_a_layer_as_a_whole(entries: bytes, text: str) -> None:
    content = text_at(50, 700, "a") + b"/X Do\n"
    assert shown(layered(content, b"null", form(text_at(50, 650, "b"), entries))) == text


def test_a_form_marked_off_and_marks_within_a_form() -> None:
    content = text_at(50, 700, "a") + marked(b"Off", b"/X Do\n")
    assert shown(layered(content, b"null", form(text_at(50, 650, "b")))) == "a"
    assert shown(layered(text_at(50, 770, "a") + b"/X Do\n", b"null", form(THREE))) == "a always open"


def test_a_form_within_a_form() -> None:
    outer = form(text_at(50, 650, "b") + b"/X Do\n")
    for entries, text in ((b"/OC 7 0 R", "a b"), (b"/OC 6 0 R", "a b c")):
        inner = form(text_at(50, 600, "c"), entries)
        assert shown(layered(text_at(50, 700, "a") + b"/X Do\n", b"null", outer, inner)) == text
    outer = form(b"/X Do\n", b"/OC 7 0 R")
    assert shown(layered(text_at(50, 700, "a") + b"/X Do\n", b"null", outer, form(text_at(50, 600, "c")))) == "a"


def test_invisible_and_white_text_of_a_form_is_not_hidden() -> None:
    content = b"3 Tr\n" + text_at(50, 650, "scan") + b"0 Tr 1 g\n" + text_at(50, 620, "white")
    assert shown(layered(b"/X Do\n", b"null", form(content))) == "scan white"


def test_the_page_is_as_before() -> None:
    with open_pdf(layered(THREE)) as document:
        page = document[0]
        count = raw.FPDFPage_CountObjects(page)
        before = page.get_textpage().get_text_range()
        assert len(layers.hidden_objects(page)) == 1
        assert raw.FPDFPage_CountObjects(page) == count
        assert page.get_textpage().get_text_range() == before


def test_many_marks() -> None:
    content = b"".join(
        marked(b"Off" if number % 2 else b"On", text_at(5 + 59 * (number % 10), 790 - number // 10, str(number % 2)))
        for number in range(5000)
    )
    assert set(shown(layered(content)).replace(" ", "")) == {"0"}


def test_which_files_have_hidden_layers() -> None:
    assert has_hidden(layered(THREE))
    assert not has_hidden(layered(THREE, catalog=b"/OCProperties<</OCGs[6 0 R]/D<</OFF[]/Order[6 0 R]>>>>"))
    assert not has_hidden(make_pdf([["plain"]]))


def test_layers_named_in_an_object_stream() -> None:
    for content, is_hidden in ((OFF, True), (b"/OCProperties<</OCGs[6 0 R]>>", False), (b"", False)):
        packed = stream(zlib.compress(b"9 0 <<%s>>" % content), b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode")
        assert has_hidden(one_page(b"", packed)) == is_hidden
    unknown = stream(b"\x80\x81", b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode")
    assert has_hidden(one_page(b"", unknown))
    assert not has_hidden(one_page(b"", stream(b"9 0 <<>>", b"/Type/ObjStm/N 1/First 4")))


def test_encrypted_files_are_looked_into() -> None:
    for data in encrypted_pdfs().values():
        document = pypdfium2.PdfDocument(data, password="Zündlicht")
        assert not layers.has_hidden(document, io.BytesIO(data))
        document.close()
    assert not has_hidden(pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
                                  b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>", b"(/Encrypt)"]))  # fmt: skip
