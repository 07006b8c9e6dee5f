from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from io import BytesIO

import pypdfium2
import pytest
from pdf_files import make_pdf
from pdf_objects import one_page, pdf_of, stream, text_at

from qadesk.documents.parsing import Source
from qadesk.documents.pdf import read
from qadesk.documents.pdf.appearances import Fragment, boxes_of_letters
from qadesk.documents.pdf.file_objects import FileObjects
from qadesk.documents.pdf.forms import TypedText
from qadesk.documents.pdf.page_drawing import open_pages

BOX = b"/Rect[100 600 300 620]/F 4"


def fragments(data: bytes, index: int = 0) -> list[Fragment]:
    with closing(pypdfium2.PdfDocument(data)) as document, closing(TypedText(document, FileObjects(document))) as typed:
        return typed.fragments(document[index], index)


def texts(data: bytes) -> list[str]:
    return [fragment.text for fragment in fragments(data)]


def annotated(
    *annotations: bytes, drawing: bytes = b"", content: bytes = text_at(50, 700, "Name:"), page: bytes = b""
) -> bytes:
    """A page with ``annotations``, the objects from 7 on, which may have object 6, a ``drawing``, as appearance."""
    numbers = b" ".join(b"%d 0 R" % (7 + number) for number in range(len(annotations)))
    return one_page(
        content,
        appearance(drawing),
        *annotations,
        catalog=b"/AcroForm<</Fields[%s]/DA(/F1 12 Tf)/DR<</Font<</F1 5 0 R>>>>>>" % numbers,
        page=b"/Annots[%s]%s" % (numbers, page),
    )


def appearance(drawing: bytes, box: bytes = b"0 0 200 20") -> bytes:
    resources = b"/Resources<</Font<</F1 5 0 R>>>>"
    return stream(drawing, b"/Type/XObject/Subtype/Form/BBox[%s]%s" % (box, resources))


def widget(entries: bytes, *, has_appearance: bool = True) -> bytes:
    drawn = b"/AP<</N 6 0 R>>" if has_appearance else b""
    return b"<</Type/Annot/Subtype/Widget/T(field)%s%s%s>>" % (BOX, drawn, entries)


def note(kind: bytes, entries: bytes = b"", *, has_appearance: bool = True) -> bytes:
    drawn = b"/AP<</N 6 0 R>>" if has_appearance else b""
    return b"<</Type/Annot/Subtype/%s%s%s%s>>" % (kind, BOX, drawn, entries)


ILSE = text_at(2, 5, "Ilse Varga")


def test_a_filled_field_is_read_once_and_where_it_stands() -> None:
    (fragment,) = fragments(annotated(widget(b"/FT/Tx/V(Ilse Varga)"), drawing=ILSE))
    assert fragment.text == "Ilse Varga"
    assert 100 < fragment.left < 104
    assert 600 < fragment.bottom < 606
    assert 150 < fragment.right < 200
    assert fragment.angle == 0


def test_a_page_with_nothing_but_a_field() -> None:
    assert texts(annotated(widget(b"/FT/Tx/V(Ilse Varga)"), drawing=ILSE, content=b"")) == ["Ilse Varga"]


def test_a_value_without_an_appearance() -> None:
    (fragment,) = fragments(annotated(widget(b"/FT/Tx/V(Ilse Varga)", has_appearance=False)))
    assert fragment == Fragment("Ilse Varga", 100, 600, 300, 620)
    assert texts(annotated(widget(b"/FT/Tx/V(Ilse Varga)"), drawing=b"0 0 9 9 re f")) == ["Ilse Varga"]
    assert texts(annotated(widget(b"/FT/Tx/V<FEFF017B00F301420107>", has_appearance=False))) == ["Żółć"]


def test_lines_of_a_value() -> None:
    lines = fragments(annotated(widget(b"/FT/Tx/Ff 4096/V(one\\rtwo\\r\\n\\nthree)", has_appearance=False)))
    assert [line.text for line in lines] == ["one", "two", "three"]
    assert [round(line.top) for line in lines] == [620, 613, 607]
    assert texts(annotated(widget(b"/FT/Tx/V(one two)"), drawing=text_at(2, 12, "one") + text_at(2, 0, "two"))) == [
        "one",
        "two",
    ]


def test_what_is_shown_counts_more_than_what_is_stored() -> None:
    assert texts(annotated(widget(b"/FT/Tx/V(1250.5)"), drawing=text_at(2, 5, "$1,250.50"))) == ["$1,250.50"]


def test_a_value_that_is_longer_than_its_field() -> None:
    cut = annotated(widget(b"/FT/Tx/V(Ilse Varga and Nils Okoro)"), drawing=ILSE)
    assert texts(cut) == ["Ilse Varga and Nils Okoro"]


def test_a_field_with_a_box_for_each_character() -> None:
    drawing = b"".join(text_at(2 + 20 * number, 5, digit) for number, digit in enumerate("4051"))
    assert texts(annotated(widget(b"/FT/Tx/Ff 16777216/MaxLen 4/V(4051)"), drawing=drawing)) == ["4051"]


def test_passwords_are_not_read() -> None:
    assert texts(annotated(widget(b"/FT/Tx/Ff 8192/V(secret)"), drawing=text_at(2, 5, "******"))) == []


@pytest.mark.parametrize(
    ("entries", "text"),
    [
        (b"/FT/Btn/V/Yes/AS/Yes", "☒"),
        (b"/FT/Btn/V/Off/AS/Off", "☐"),
        (b"/FT/Btn", "☐"),
        (b"/FT/Btn/Ff 49152/V/A/AS/A", "◉"),
        (b"/FT/Btn/Ff 49152/V/A/AS/Off", "○"),
    ],
)
def test_check_boxes_and_radio_buttons(entries: bytes, text: str) -> None:
    box = b"<</Type/Annot/Subtype/Widget/T(x)/AP<</N<</Yes 6 0 R/A 6 0 R>>>>%s%s>>" % (BOX, entries)
    assert texts(annotated(box, drawing=text_at(2, 5, "X"))) == [text]


OPTIONS = b"/Opt[[(bs)(Basel)][(be)(Bern)][(zh)(Zug)]]"


def test_choices_are_read_as_they_are_shown() -> None:
    combo = b"/FT/Ch/Ff 131072/V(be)" + OPTIONS
    assert texts(annotated(widget(combo, has_appearance=False))) == ["Bern"]
    assert texts(annotated(widget(combo), drawing=text_at(2, 5, "Bern"))) == ["Bern"]
    assert texts(annotated(widget(b"/FT/Ch/Ff 393216/V(Chur)" + OPTIONS, has_appearance=False))) == ["Chur"]


def test_of_a_list_what_was_chosen() -> None:
    drawing = b"".join(text_at(2, 5 - 12 * number, name) for number, name in enumerate(["Basel", "Bern", "Zug"]))
    several = b"/FT/Ch/Ff 2097152/V[(bs)(zh)]" + OPTIONS
    assert texts(annotated(widget(several), drawing=drawing)) == ["Basel", "Zug"]
    assert texts(annotated(widget(b"/FT/Ch" + OPTIONS), drawing=drawing)) == ["Basel", "Bern", "Zug"]


def test_the_caption_of_a_button() -> None:
    assert texts(annotated(widget(b"/FT/Btn/Ff 65536"), drawing=text_at(2, 5, "Print"))) == ["Print"]


def test_a_signature() -> None:
    assert texts(annotated(widget(b"/FT/Sig"), drawing=text_at(2, 5, "Signed by Ilse"))) == ["Signed by Ilse"]


def test_notes_typed_on_the_page() -> None:
    approved = b"/Contents(Approved by Nils Okoro on 3 May)/DA(/F1 12 Tf)"
    drawing = text_at(2, 5, "Approved by Nils Okoro on 3 May")
    for data in (
        annotated(note(b"FreeText", approved), drawing=drawing),
        annotated(note(b"FreeText", approved, has_appearance=False)),
    ):
        assert texts(data) == ["Approved by Nils Okoro on 3 May"]


def test_stamps_show_their_text_and_not_their_comment() -> None:
    stamp = note(b"Stamp", b"/Contents(a comment)")
    assert texts(annotated(stamp, drawing=text_at(2, 5, "PAID"))) == ["PAID"]
    assert texts(annotated(stamp, drawing=b"0 0 9 9 re f")) == []
    assert texts(annotated(note(b"Stamp", b"/Contents(a comment)", has_appearance=False))) == []


@pytest.mark.parametrize("kind", [b"Text", b"Link", b"Popup", b"Highlight", b"FileAttachment", b"Unheard"])
def test_comments_are_no_text_of_the_page(kind: bytes) -> None:
    assert texts(annotated(note(kind, b"/Contents(a comment)"))) == []


@pytest.mark.parametrize("flags", [b"/F 2", b"/F 6", b"/F 32", b"/F 36"])
def test_hidden_annotations_are_left_out(flags: bytes) -> None:
    hidden = [
        annotation.replace(b"/F 4", flags)
        for annotation in (widget(b"/FT/Tx/V(Ilse Varga)"), note(b"FreeText", b"/Contents(Ilse)"), note(b"Stamp"))
    ]
    assert texts(annotated(*hidden, drawing=ILSE)) == []
    assert texts(annotated(*hidden, widget(b"/FT/Tx/V(Ilse Varga)"), drawing=ILSE)) == ["Ilse Varga"]


def test_several_annotations_beside_one_another() -> None:
    first = widget(b"/FT/Tx/V(Ilse Varga)")
    second = first.replace(b"[100 600 300 620]", b"[320 600 520 620]")
    lines = fragments(annotated(first, note(b"Link"), second, drawing=ILSE))
    assert [(line.text, round(line.left)) for line in lines] == [("Ilse Varga", 102), ("Ilse Varga", 322)]


def test_the_text_that_was_there_is_not_read_again() -> None:
    data = annotated(widget(b"/FT/Tx/V(Ilse Varga)"), drawing=ILSE)
    with closing(pypdfium2.PdfDocument(data)) as document, closing(TypedText(document, FileObjects(document))) as typed:
        page = document[0]
        assert [line.text for line in typed.fragments(page, 0)] == ["Ilse Varga"]
        assert page.get_textpage().get_text_range() == "Name:"
        page.close()


def test_text_that_stands_sideways() -> None:
    turned = stream(
        b"BT /F1 12 Tf 0 1 -1 0 15 2 Tm (Ilse) Tj ET",
        b"/Type/XObject/Subtype/Form/BBox[0 0 20 200]/Resources<</Font<</F1 5 0 R>>>>",
    )
    annotation = b"<</Type/Annot/Subtype/Stamp/Rect[100 400 120 600]/F 4/AP<</N 6 0 R>>>>"
    data = one_page(b"", turned, annotation, page=b"/Annots[7 0 R]/Rotate 90")
    (line,) = fragments(data)
    (value,) = fragments(annotated(widget(b"/FT/Tx/V(Ilse)", has_appearance=False), page=b"/Rotate 90"))
    assert line.text == "Ilse"
    assert line.top - line.bottom > line.right - line.left
    assert line.angle == value.angle


@pytest.mark.parametrize(("turn", "tops"), [(0, [620, 610]), (90, [620, 620]), (180, [610, 620]), (270, [620, 620])])
def test_lines_of_a_value_on_a_turned_page(turn: int, tops: list[int]) -> None:
    data = annotated(widget(b"/FT/Tx/V(one\\rtwo)", has_appearance=False), page=b"/Rotate %d" % turn)
    lines = fragments(data)
    assert [line.text for line in lines] == ["one", "two"]
    assert [round(line.top) for line in lines] == tops
    if turn in (90, 270):
        assert (lines[0].left < lines[1].left) == (turn == 90)


def test_pages_without_annotations_and_odd_ones() -> None:
    assert texts(make_pdf([["plain"]])) == []
    for odd in (
        b"null",
        b"[]",
        b"<<>>",
        b"<</Subtype/Widget>>",
        b"<</Subtype/Widget/FT/Tx/V 6 0 R>>",
        b"<</Subtype/FreeText>>",
    ):
        assert texts(annotated(odd)) == []


def test_fields_with_parents_on_several_pages() -> None:
    field = b"<</FT/Tx/T(name)/V(Ilse Varga)/Kids[7 0 R 8 0 R]>>"
    kid = b"<</Type/Annot/Subtype/Widget/Parent 6 0 R%s>>" % BOX
    pages = [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Annots[%d 0 R]>>" % number for number in (7, 8)]
    data = pdf_of(
        [b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]>>>>", b"<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>",
         *pages, b"null", field, kid, kid]
    )  # fmt: skip
    assert [[line.text for line in fragments(data, index)] for index in (0, 1)] == [["Ilse Varga"], ["Ilse Varga"]]


def in_layers(catalog: bytes, *layers: bytes) -> list[str]:
    """The notes "one", "two" ... each in one of ``layers``; the groups 6 and 7 are the layers of the document."""
    groups = (b"<</Type/OCG/Name(a)>>", b"<</Type/OCG/Name(b)>>")
    names = (b"one", b"two", b"three")
    notes = [
        b"<</Type/Annot/Subtype/FreeText%s/Contents(%s)/OC %s>>" % (BOX, name, layer)
        for name, layer in zip(names, layers, strict=False)
    ]
    annotations = b"".join(b" %d 0 R" % (8 + number) for number in range(len(notes)))
    catalog = b"/OCProperties<</OCGs[6 0 R 7 0 R]/D<<%s>>>>" % catalog
    return texts(one_page(b"", *groups, *notes, catalog=catalog, page=b"/Annots[%s]" % annotations))


def test_annotations_in_layers_that_are_off_are_left_out() -> None:
    assert in_layers(b"/OFF[7 0 R]", b"6 0 R", b"7 0 R") == ["one"]
    assert in_layers(b"/BaseState/OFF/ON[7 0 R]", b"6 0 R", b"7 0 R") == ["two"]
    assert in_layers(b"", b"6 0 R", b"7 0 R") == ["one", "two"]


@pytest.mark.parametrize(
    ("policy", "shown"),
    [(b"", True), (b"/P/AnyOn", True), (b"/P/AllOn", False), (b"/P/AnyOff", True), (b"/P/AllOff", False)],
)
def test_annotations_in_several_layers(policy: bytes, shown: bool) -> None:
    members = b"<</Type/OCMD/OCGs[6 0 R 7 0 R]%s>>" % policy
    assert in_layers(b"/OFF[7 0 R]", members) == ["one"] * shown


@pytest.mark.parametrize(
    "layer", [b"null", b"99 0 R", b"(a)", b"<<>>", b"<</Type/OCMD>>", b"<</Type/OCMD/OCGs 99 0 R>>"]
)
def test_annotations_in_odd_layers_are_read(layer: bytes) -> None:
    assert in_layers(b"/OFF[7 0 R]", layer, b"6 0 R") == ["one", "two"]


def test_annotations_in_a_layer_of_a_document_without_any() -> None:
    note = b"<</Type/Annot/Subtype/FreeText%s/Contents(one)/OC 7 0 R>>" % BOX
    assert texts(one_page(b"", note, b"<</Type/OCG>>", page=b"/Annots[6 0 R]")) == ["one"]


def lower_left(box: Sequence[float]) -> list[float]:
    """A box from the upper left corner of a page of 800 points, from its lower left corner."""
    left, top, right, bottom = map(float, box)
    return [left, 800 - bottom, right, 800 - top]


def test_the_letters_that_are_typed_have_places_on_the_page_as_those_of_its_own_text() -> None:
    data = annotated(widget(b"/FT/Tx/V(Ilse Varga)"), drawing=ILSE)
    source = Source(BytesIO(data), "'x'")
    parsed = read(source)
    source.file.seek(0)
    start = parsed.text.index("Varga")
    (run,) = parsed.characters.runs(start, start + 5)
    (fragment,) = fragments(data)
    with closing(open_pages(source)) as pages:
        boxes = [lower_left(box) for box in pages.boxes(0)]
        assert [lower_left(box) for box in pages.boxes(0)] == boxes  # asked again it is the same
    letters = boxes[run.first : run.first + 5]
    assert len(boxes) == run.first + 5
    assert letters[0][0] == pytest.approx(fragment.left + (fragment.right - fragment.left) / 2, abs=0.1)  # 5 of 10
    assert letters[-1][2] == pytest.approx(fragment.right, abs=0.1)
    assert {round(box[1]) for box in letters} == {round(fragment.bottom)}


def test_a_value_without_an_appearance_takes_as_much_of_its_field_as_its_letters() -> None:
    (fragment,) = fragments(annotated(widget(b"/FT/Tx/V(Ilse)", has_appearance=False)))
    boxes = boxes_of_letters(fragment)
    assert boxes[0][0] == 100
    assert boxes[-1][2] == pytest.approx(100 + 4 * 0.65 * 16)


@pytest.mark.parametrize(("angle", "first"), [(0, 0), (90, 90), (180, 90), (270, 0)])
def test_letters_follow_one_another_in_the_direction_of_the_text(angle: int, first: float) -> None:
    boxes = boxes_of_letters(Fragment("0123456789", 0, 0, 100, 100, angle))
    along = boxes[:, 1] if angle in (90, 270) else boxes[:, 0]
    assert along[0] == pytest.approx(first if angle in (0, 270) else 100 - 100 / 10, abs=0.1)
    assert abs(along[1] - along[0]) == pytest.approx(10)
