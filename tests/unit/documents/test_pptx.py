"""The reader of PowerPoint presentations."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from slide_files import NAMESPACES, body, frame, para, run, shape, slide_file, title

from qadesk import documents
from qadesk.documents import pptx
from qadesk.documents.parsing import Parsed, Source
from qadesk.errors import DocumentError
from qadesk.records import Page


def read(data: bytes) -> Parsed:
    return pptx.read(Source(io.BytesIO(data), "'a.pptx'"))


def blocks(data: bytes) -> list[tuple[str, int, str, str]]:
    result = read(data)
    return [
        (block.kind, block.level, result.text[block.start : block.body], result.text[block.body : block.end])
        for block in result.blocks
    ]


def texts(*shapes: str) -> list[str]:
    """The blocks of one slide."""
    return [mark + rest for _, _, mark, rest in blocks(slide_file("".join(shapes)))]


def number(scheme: str, more: str = "") -> str:
    return f'<a:buAutoNum type="{scheme}" {more}/>'


def test_slides_with_titles_and_bullets() -> None:
    data = slide_file(
        body(para("Built by hand"), para("Of stone", 1), para("Not marked", 0, "<a:buNone/>"))
        + title("The lighthouse"),
        title("Its keepers") + shape(para("Ida was the last one.")),
    )
    assert blocks(data) == [
        ("heading", 1, "", "The lighthouse"),
        ("item", 1, "• ", "Built by hand"),
        ("item", 2, "– ", "Of stone"),
        ("paragraph", 0, "", "Not marked"),
        ("heading", 1, "", "Its keepers"),
        ("paragraph", 0, "", "Ida was the last one."),
    ]
    result = read(data)
    assert [(page.name, result.text[page.start : page.end].split("\n")[0]) for page in result.pages] == [
        ("slide 1", "The lighthouse"),
        ("slide 2", "Its keepers"),
    ]
    assert result.notes == ()


def test_slides_are_numbered_as_printed_and_hidden_ones_are_left_out() -> None:
    data = slide_file(title("a"), title("b"), "", title("d"), hidden=[2], first=4)
    result = read(data)
    assert result.text == "a\n\nd"
    assert result.pages == (
        Page(1, "4", 0, 1, "slide"),
        Page(3, "6", 1, 1, "slide"),
        Page(4, "7", 3, 4, "slide"),
    )
    assert result.notes == (
        "Slide 5 is hidden and was left out.",
        "Slide 6 has no text: it is empty or a picture.",
    )


def test_a_title_of_several_lines_is_one_heading() -> None:
    lines = f"<a:p>{run('The')}<a:br/>{run('harbour')}</a:p>"
    assert blocks(slide_file(shape(lines, para("of old"), place='type="ctrTitle"'))) == [
        ("heading", 1, "", "The harbour of old")
    ]


def test_bullets_come_from_the_shape_the_layout_and_the_master() -> None:
    layout = shape(
        para("x"), place='type="body" idx="7"', styles='<a:lvl1pPr><a:buNone/></a:lvl1pPr><a:lvl2pPr>'
        '<a:buFont typeface="Wingdings"/><a:buChar char="ü"/></a:lvl2pPr>',
    )  # fmt: skip
    own = '<a:lvl2pPr><a:buAutoNum type="arabicPeriod"/></a:lvl2pPr>'
    slide = (
        shape(para("none"), para("check", 1), place='type="body" idx="7"')
        + shape(para("none"), para("one", 1), para("two", 1), place='type="body" idx="7"', styles=own)
        + shape(para("master"), para("deeper", 1), place='type="body" idx="9"')
        + shape(para("a text box"), para("on level 2", 1))
    )
    marks = [(mark, rest) for _, _, mark, rest in blocks(slide_file(slide, layout=layout))]
    assert marks == [
        ("", "none"), ("✓ ", "check"), ("", "none"), ("1. ", "one"), ("2. ", "two"),
        ("", "master"), ("✓ ", "deeper"), ("", "a text box"), ("", "on level 2"),
    ]  # fmt: skip


def test_numbers_go_on_within_a_text() -> None:
    roman, letters = number("romanUcParenR"), number("alphaLcParenBoth", 'startAt="3"')
    slide = shape(
        para("a", 0, roman), para("b", 1, letters), para("c", 1, letters), para("d", 0, roman), para("e", 1, letters),
        para("plain"), para("f", 0, roman), para("g", 0, number("arabicPlain")), para("h", 0, number("unknown")),
    ) + shape(para("i", 0, number("circleNumDbPlain")))  # fmt: skip
    assert texts(slide) == [
        "I) a", "(c) b", "(d) c", "II) d", "(c) e", "plain", "I) f", "1 g", "1. h", "① i",
    ]  # fmt: skip


def test_text_boxes_are_read_from_the_top_and_by_columns() -> None:
    cards = [
        shape(para(f"{name}{row}"), at=(left, top, 100, 40))
        for row, top in (("2", 150), ("1", 100))
        for name, left in (("c", 400), ("a", 0), ("b", 200))
    ]
    top = shape(para("across the top"), at=(0, 0, 500, 50))
    bottom = shape(para("at the bottom"), at=(0, 300, 500, 50))
    assert texts(bottom, *cards, top) == [
        "across the top", "a1", "a2", "b1", "b2", "c1", "c2", "at the bottom",
    ]  # fmt: skip
    row = [shape(para(name), at=(left, 10, 50, 20)) for name, left in (("right", 100), ("left", 0))]
    assert texts(*row, shape(para("below"), at=(0, 500, 50, 20))) == ["left", "right", "below"]


def test_a_slide_without_a_title_is_read_by_places() -> None:
    top = shape(para("top"), at=(0, 0, 10, 10))
    placed = shape(para("content"), place='idx="1"', at=(0, 50, 10, 10))
    assert texts(placed, top) == ["top", "• content"]
    assert texts(body(para("content")), top) == ["• content", "top"]
    assert texts(placed, top, title("title")) == ["title", "• content", "top"]


def test_groups_and_hidden_shapes() -> None:
    inner = shape(para("second"), at=(0, 20, 9, 9)) + shape(para("first"), at=(0, 0, 9, 9))
    place = '<p:grpSpPr><a:xfrm><a:off x="0" y="100"/><a:ext cx="9" cy="9"/></a:xfrm></p:grpSpPr>'
    group = f"<p:grpSp>{place}{inner}</p:grpSp>"
    hidden_group = f'<p:grpSp><p:nvGrpSpPr><p:cNvPr id="3" name="" hidden="1"/></p:nvGrpSpPr>{inner}</p:grpSp>'
    slide = group + hidden_group + shape(para("above"), at=(0, 0, 9, 9)) + shape(para("secret"), more='hidden="1"')
    assert texts(slide) == ["above", "first", "second"]


def test_tables() -> None:
    def cell(text: str, more: str = "") -> str:
        return f"<a:tc {more}><a:txBody>{para(text)}</a:txBody></a:tc>"

    wide, beside, tall, below = 'gridSpan="2"', 'hMerge="1"', 'rowSpan="2"', 'vMerge="1"'
    table = (
        '<a:tbl><a:tblPr firstRow="1"/>'
        f"<a:tr>{cell('a')}{cell('b', wide)}{cell('no', beside)}</a:tr>"
        f"<a:tr>{cell('c', tall)}{cell('d')}{cell('e')}</a:tr>"
        f"<a:tr>{cell('no', below)}{cell('f')}{cell('g')}</a:tr></a:tbl>"
    )
    result = read(slide_file(title("Table") + frame(table)))
    cells = [
        [(result.text[c.start : c.end], c.column, c.span, c.is_header, c.is_covered) for c in row]
        for row in result.blocks[1].rows
    ]
    assert cells == [
        [("a", 0, 1, True, False), ("b", 1, 2, True, False)],
        [("c", 0, 1, False, False), ("d", 1, 1, False, False), ("e", 2, 1, False, False)],
        [("", 0, 1, False, True), ("f", 1, 1, False, False), ("g", 2, 1, False, False)],
    ]


def test_notes_of_the_speaker() -> None:
    notes = shape(place='type="sldImg"') + shape(para("Say hello."), para("Wait."), place='type="body" idx="1"')
    notes += shape(para("3"), place='type="sldNum"') + shape(para("The firm"), place='type="hdr"')
    data = slide_file(title("Hello"), title("Bye"), notes={1: notes})
    assert blocks(data) == [
        ("heading", 1, "", "Hello"),
        ("footnote", 0, "", "Say hello."),
        ("footnote", 0, "", "Wait."),
        ("heading", 1, "", "Bye"),
    ]
    assert read(data).pages[0].end == read(data).text.index("\n\nBye")


def test_footers_are_read_once_and_slide_numbers_never() -> None:
    field = '<a:p><a:fld type="slidenum" id="x"><a:rPr/><a:t>7</a:t></a:fld></a:p>'
    edges = shape(para("Draft"), place='type="ftr" idx="11"') + shape(field, place='type="sldNum" idx="12"')
    data = slide_file(edges + title("a"), edges + title("b"), edges.replace("Draft", "Final") + title("c"))
    assert [(kind, rest) for kind, _, _, rest in blocks(data)] == [
        ("heading", "a"), ("footer", "Draft"), ("heading", "b"), ("heading", "c"), ("footer", "Final"),
    ]  # fmt: skip


def test_raised_text_fields_and_formulas() -> None:
    power = "<a:p>" + run("10") + run("3", 'baseline="30000"') + run(" m") + "</a:p>"
    date = '<a:p><a:fld type="datetime1" id="x"><a:t>3 May</a:t></a:fld></a:p>'
    formula = (
        "<a:p><mc:AlternateContent><mc:Choice Requires='a14'><m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num>"
        "<m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath></mc:Choice><mc:Fallback><a:r><a:t>picture</a:t></a:r>"
        "</mc:Fallback></mc:AlternateContent></a:p>"
    )
    assert texts(shape(power), shape(date), shape(formula)) == ["10^3 m", "3 May", "1/2"]


def test_charts_and_diagrams() -> None:
    chart = (
        f"<c:chartSpace {NAMESPACES}><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Staff</a:t></a:r></a:p>"
        "</c:rich></c:tx></c:title><c:plotArea><c:barChart><c:ser><c:tx><c:v>Men</c:v></c:tx><c:cat><c:strRef><c:strCache>"
        '<c:pt idx="0"><c:v>2019</c:v></c:pt></c:strCache></c:strRef></c:cat><c:val><c:numRef><c:numCache>'
        '<c:pt idx="0"><c:v>47</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser></c:barChart></c:plotArea>'
        "</c:chart></c:chartSpace>"
    )
    diagram = (
        f"<dgm:dataModel {NAMESPACES}><dgm:ptLst><dgm:pt><dgm:t><a:p><a:r><a:t>Plan</a:t></a:r></a:p></dgm:t></dgm:pt>"
        "</dgm:ptLst></dgm:dataModel>"
    )
    slide = frame('<c:chart r:id="c1"/>') + frame('<dgm:relIds r:dm="d1" r:lo="d2"/>')
    result = read(slide_file(slide, parts={"c1": ("chart", chart), "d1": ("diagramData", diagram)}))
    assert result.text == "Staff\n\n\tMen\n2019\t47\n\nPlan"


def test_pairs_and_typed_marks_in_text_boxes() -> None:
    assert blocks(slide_file(shape(para("Cost: 41,000 pounds"), para("1) first")))) == [
        ("pair", 0, "Cost: ", "41,000 pounds"),
        ("item", 1, "1) ", "first"),
    ]


def test_another_office_file_is_refused() -> None:
    data = slide_file("").replace(b"ppt/presentation.xml", b"xxx/presentation.xml")
    with pytest.raises(DocumentError):
        read(data)


def test_through_the_child_process(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(slide_file(title("A wrong name") + body(para("text"))))
    document = documents.read(tmp_path / "a.docx")
    assert (document.kind, document.text) == ("pptx", "A wrong name\n\n• text")
    assert [entry.title for entry in document.outline] == ["A wrong name"]
    assert document.pages == (Page(1, "1", 0, len(document.text), "slide"),)
    (tmp_path / "b.pptx").write_bytes(slide_file(""))
    with pytest.raises(DocumentError, match="holds no text"):
        documents.read(tmp_path / "b.pptx")
