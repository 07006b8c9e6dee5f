"""The reader of OpenDocument texts."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from odf_files import NUMBERED, cell, content, h, li, odf_file, p, row, style, ul

from qadesk import documents
from qadesk.documents import odt
from qadesk.documents.parsing import Parsed, Source
from qadesk.errors import DocumentError

MATH = "http://www.w3.org/1998/Math/MathML"


def read(data: bytes) -> Parsed:
    return odt.read(Source(io.BytesIO(data), "'a.odt'"))


def blocks(data: bytes) -> list[tuple[str, int, str, str]]:
    result = read(data)
    return [
        (block.kind, block.level, result.text[block.start : block.body], result.text[block.body : block.end])
        for block in result.blocks
    ]


def text(body: str, automatic: str = "") -> str:
    return read(odf_file(body, automatic)).text


def rows(data: bytes) -> list[list[str]]:
    """The cells of the first table: '#' before a header, '^' for a covered one, its span at the end."""
    result = read(data)
    table = next(block for block in result.blocks if block.rows)
    return [
        [
            ("#" if cell.is_header else "")
            + ("^" if cell.is_covered else result.text[cell.start : cell.end])
            + (f"[{cell.span}]" if cell.span > 1 else "")
            for cell in cells
        ]
        for cells in table.rows
    ]


def test_paragraphs_and_headings() -> None:
    data = odf_file(
        p("The harbour", "P1") + h("Opening", 2) + p("It was opened in 1921.") + p("") + p("Cost: 41,000 pounds"),
        style("P1", more='style:parent-style-name="Title"'),
        styles=style("Title"),
    )
    assert blocks(data) == [
        ("heading", 1, "", "The harbour"),
        ("heading", 2, "", "Opening"),
        ("paragraph", 0, "", "It was opened in 1921."),
        ("pair", 0, "Cost: ", "41,000 pounds"),
    ]


def test_white_space() -> None:
    body = (
        "<text:p>\n  a\n\t b<text:span> c </text:span> d<text:s/><text:s text:c='3'/>e<text:tab/>f<text:line-break/>"
        "g<text:soft-page-break/>h <text:a>i</text:a><text:date>3 May</text:date></text:p>"
    )
    assert text(body) == "a b c d    e\tf\ngh i3 May"


def test_lists_are_numbered_as_they_are_printed() -> None:
    body = (
        ul(li(p("one"), ul(li(p("inner")), li(p("inner two"), ul(li(p("dot")), style="")), style="")), li(p("two")))
        + p("between")
        + ul(li(p("three"), p("more of it")), more='text:continue-numbering="true"')
        + ul(li(p("anew")), li(p("seven"), more='text:start-value="7"'), "<text:list-header>x</text:list-header>")
    )
    assert blocks(odf_file(body, NUMBERED)) == [
        ("item", 1, "1. ", "one"),
        ("item", 2, "(a) ", "inner"),
        ("item", 2, "(b) ", "inner two"),
        ("item", 3, "• ", "dot"),
        ("item", 1, "2. ", "two"),
        ("paragraph", 0, "", "between"),
        ("item", 1, "3. ", "three"),
        ("paragraph", 0, "", "more of it"),
        ("item", 1, "1. ", "anew"),
        ("item", 1, "7. ", "seven"),
    ]


def test_a_list_that_goes_on_after_others_by_its_id() -> None:
    body = (
        ul(li(p("one")), more='xml:id="a"')
        + ul(li(p("other")))
        + ul(li(p("two"), ul(li(p("inner")))), more='text:continue-list="a"')
        + ul(li(ul(li(p("inner two")))), more='text:continue-list="a"')
    )
    marks = [mark for _, _, mark, _ in blocks(odf_file(body, NUMBERED))]
    assert marks == ["1. ", "1. ", "2. ", "(a) ", "(b) "]


def test_numbers_of_several_levels() -> None:
    levels = (
        '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="I"/>'
        '<text:list-level-style-number text:level="2" style:num-format="1" text:display-levels="2" '
        'style:num-suffix=")"/><text:list-level-style-number text:level="3" style:num-format="1" '
        'loext:num-list-format="§ %1%-%2%-%3%."/></text:list-style>'
    )
    body = ul(li(p("a"), ul(li(p("b"), ul(li(p("c")))))))
    assert [mark for _, _, mark, _ in blocks(odf_file(body, levels))] == ["I ", "I.1) ", "§ I-1-1. "]


def test_numbered_headings() -> None:
    outline = (
        '<text:outline-style style:name="Outline">'
        '<text:outline-level-style text:level="1" style:num-format="1"/>'
        '<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/>'
        '<text:outline-level-style text:level="3" style:num-format=""/></text:outline-style>'
    )
    body = h("a") + h("b", 2) + h("c", 2) + h("d", 3) + h("e") + h("f", 2) + h("g", 1, 'text:is-list-header="true"')
    data = odf_file(body + h("h", 1, 'text:restart-numbering="true" text:start-value="5"'), styles=outline)
    assert read(data).text.split("\n\n") == ["1 a", "1.1 b", "1.2 c", "d", "2 e", "2.1 f", "g", "5 h"]
    assert {kind for kind, *_ in blocks(data)} == {"heading"}


def test_a_table_with_merged_cells() -> None:
    body = "<table:table>" + row(
        cell("a", 'table:number-rows-spanned="2"'), cell("b", 'table:number-columns-spanned="2"'),
        "<table:covered-table-cell/>",
    ) + row(
        "<table:covered-table-cell><text:p>hidden</text:p></table:covered-table-cell>", cell("c"), cell("d"),
    ) + row(cell("e", 'table:number-columns-repeated="3"')) + "</table:table>"  # fmt: skip
    assert rows(odf_file(body)) == [["a", "b[2]"], ["^", "c", "d"], ["e[3]"]]
    assert "hidden" not in read(odf_file(body)).text


def test_header_rows() -> None:
    plain = row(cell("1"), cell("2"))
    marked = f"<table:table><table:table-header-rows>{plain}</table:table-header-rows>{plain}</table:table>"
    assert rows(odf_file(marked)) == [["#1", "#2"], ["1", "2"]]
    bold = '<table:table-cell><text:p text:style-name="B">x</text:p></table:table-cell>'
    data = odf_file(
        f"<table:table>{row(bold, bold)}{plain}{row(bold, bold)}</table:table>", style("B", 'fo:font-weight="bold"')
    )
    assert rows(data) == [["#x", "#x"], ["1", "2"], ["x", "x"]]
    assert rows(odf_file(f"<table:table>{plain}{plain}</table:table>")) == [["1", "2"], ["1", "2"]]


def test_a_table_in_a_cell_and_blocks_in_it() -> None:
    inner = f"<table:table>{row(cell('x'), cell('y'))}</table:table>"
    outer = f"<table:table-cell>{p('a')}{p('b')}{inner}</table:table-cell>"
    body = f"<table:table>{row(outer)}</table:table>"
    assert rows(odf_file(body)) == [["a\nb\nx\ty"]]


def test_notes() -> None:
    note = (
        '<text:note text:note-class="{}"><text:note-citation>{}</text:note-citation>\n<text:note-body>'
        "<text:p>{}</text:p><text:p>more</text:p></text:note-body></text:note>"
    )
    body = p("One" + note.format("endnote", "i", "the end")) + p(f"two{note.format('footnote', '1', 'foot')}.")
    body += ul(li(p("three" + note.format("footnote", "*", "star"))))
    assert blocks(odf_file(body, NUMBERED)) == [
        ("paragraph", 0, "", "One[i]"),
        ("paragraph", 0, "", "two[1]."),
        ("item", 1, "1. ", "three*"),
        ("footnote", 0, "", "[1] foot"),
        ("footnote", 0, "", "more"),
        ("footnote", 0, "", "* star"),
        ("footnote", 0, "", "more"),
        ("footnote", 0, "", "[i] the end"),
        ("footnote", 0, "", "more"),
    ]


def test_what_is_not_shown_is_left_out() -> None:
    hidden = style("H", 'text:display="none"', family="text")
    body = (
        f"<text:tracked-changes><text:changed-region><text:deletion>{p('deleted')}</text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        + p(
            'a<text:change-start/>b<text:change-end/><text:span text:style-name="H">hidden</text:span>'
            "<office:annotation><text:p>comment</text:p></office:annotation>"
            "<text:ruby><text:ruby-base>c</text:ruby-base><text:ruby-text>see</text:ruby-text></text:ruby>"
            '<text:hidden-text text:is-hidden="true">no</text:hidden-text>'
            "<draw:frame><draw:image/><svg:title>title</svg:title><svg:desc>picture</svg:desc></draw:frame>"
        )
        + f'<text:section text:display="none">{p("section")}</text:section>'
        + p('<text:hidden-paragraph text:is-hidden="true"/>gone')
        + p("<text:placeholder>Click here</text:placeholder>")
        + "<office:forms><form:x xmlns:form='f'><text:p>form</text:p></form:x></office:forms>"
    )
    result = read(odf_file(body, hidden))
    assert result.text == "abc"
    assert result.notes == ("Prompts of fields that are not filled in were left out.",)


def test_text_boxes_go_below_their_paragraph() -> None:
    box = f"<draw:frame><draw:text-box>{p('in the box')}{ul(li(p('item')))}</draw:text-box></draw:frame>"
    shape = f"<draw:custom-shape>{p('in the shape')}</draw:custom-shape>"
    body = shape + p(f"be{box}fore") + ul(li(p(f"one{shape}"), p("two")))
    assert [(kind, mark + rest) for kind, _, mark, rest in blocks(odf_file(body, NUMBERED))] == [
        ("paragraph", "in the shape"),
        ("paragraph", "before"),
        ("paragraph", "in the box"),
        ("item", "1. item"),
        ("item", "1. one"),
        ("paragraph", "in the shape"),
        ("paragraph", "two"),
    ]


def test_boxes_in_boxes_without_end() -> None:
    depth = 1000
    body = "<draw:custom-shape><text:p>" * depth + "deep" + "</text:p></draw:custom-shape>" * depth
    assert text(body) == "deep"


def test_code_captions_and_raised_numbers() -> None:
    automatic = style("C1", more='style:parent-style-name="Preformatted_20_Text"') + style(
        "S", 'style:text-position="super 58%"', family="text"
    )
    body = p("if a:", "C1") + p("", "C1") + p("<text:s text:c='4'/>b", "C1") + p("Table 1: Years", "Caption")
    body += p('10<text:span text:style-name="S">3</text:span> m, said<text:span text:style-name="S">4</text:span>')
    data = odf_file(body, automatic, styles=style("Preformatted_20_Text"))
    assert blocks(data) == [
        ("code", 0, "", "if a:\n\n    b"),
        ("caption", 0, "", "Table 1: Years"),
        ("paragraph", 0, "", "10^3 m, said[4]"),
    ]


def test_headers_and_footers_of_the_pages_that_are_used() -> None:
    masters = (
        '<style:master-page style:name="Standard" style:next-style-name="Next">'
        f"<style:header>{p('The council')}</style:header><style:footer>"
        f"{p('Page <text:page-number>1</text:page-number> of <text:page-count>9</text:page-count>')}</style:footer>"
        f'<style:footer-left style:display="false">{p("not shown")}</style:footer-left></style:master-page>'
        f'<style:master-page style:name="Next"><style:header>{p("The council")}</style:header>'
        f"<style:footer>{p('Draft 3')}</style:footer></style:master-page>"
        f'<style:master-page style:name="Unused"><style:header>{p("unused")}</style:header></style:master-page>'
        f'<style:master-page style:name="Named"><style:footer>{p("named")}</style:footer></style:master-page>'
    )
    data = odf_file(p("text", "P1"), style("P1", more='style:master-page-name="Named"'), masters=masters)
    assert blocks(data) == [
        ("header", 0, "", "The council"),
        ("paragraph", 0, "", "text"),
        ("footer", 0, "", "Draft 3"),
        ("footer", 0, "", "named"),
    ]


def test_formulas_and_charts() -> None:
    formula = (
        f'<math xmlns="{MATH}"><semantics><mfrac><mi>a</mi><mn>2</mn></mfrac>'
        '<annotation encoding="StarMath 5.0">a over 2</annotation></semantics></math>'
    )
    chart = content(
        f"<office:chart><chart:chart><chart:title>{p('Staff')}</chart:title><chart:plot-area><chart:axis>"
        f"<chart:title>{p('Year')}</chart:title></chart:axis></chart:plot-area><table:table>"
        f"<table:table-header-rows>{row(cell('', ''), cell('Men'))}</table:table-header-rows>"
        f"{row(cell('2019'), cell('47'))}</table:table></chart:chart></office:chart>"
    )
    body = p('x = <draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>!') + p(
        '<draw:frame><draw:object xlink:href="./Object 2"/><draw:image/></draw:frame>'
        '<draw:frame><draw:object xlink:href="./Object 9"/></draw:frame>'
    )
    data = odf_file(body, parts={"Object 1/content.xml": formula, "Object 2/content.xml": chart})
    assert read(data).text == "x = a/2!\n\nStaff\n\nYear\n\n\tMen\n2019\t47"
    assert [kind for kind, *_ in blocks(data)] == ["paragraph", "caption", "paragraph", "table"]


def test_an_object_in_itself_is_read_once() -> None:
    inner = content(f'<office:text>{p("again")}<draw:object xlink:href="Object 1"/></office:text>')
    body = p('<draw:object xlink:href="Object 1"/><draw:object xlink:href="Object 1"/>')
    assert read(odf_file(body, parts={"Object 1/content.xml": inner})).text == "again"


def test_symbols_of_special_fonts() -> None:
    look = style("W", 'style:font-name="Wingdings1"', family="text")
    result = read(odf_file(p('<text:span text:style-name="W">\uf0fc</text:span> done \ue123'), look))
    assert result.text == "✓ done \ufffd"
    assert result.notes == ("One symbol of a special font could not be read: \ufffd is in its place.",)


def test_an_encrypted_file_is_refused() -> None:
    manifest = '<manifest:manifest xmlns:manifest="m"><manifest:encryption-data/></manifest:manifest>'
    with pytest.raises(DocumentError, match=r"'a\.odt' is protected by a password\.") as excinfo:
        read(odf_file("", parts={"META-INF/manifest.xml": manifest}))
    assert "LibreOffice" in excinfo.value.hint


@pytest.mark.parametrize("kind", ["graphics", "spreadsheet"])
def test_another_kind_of_document_is_refused(kind: str) -> None:
    with pytest.raises(DocumentError, match="not an OpenDocument text"):
        read(odf_file(p("text"), kind=kind))


def test_through_the_child_process(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(odf_file(h("A wrong name") + p("text")))
    document = documents.read(tmp_path / "a.pdf")
    assert (document.kind, document.text) == ("odt", "A wrong name\n\ntext")
    assert [entry.title for entry in document.outline] == ["A wrong name"]
    (tmp_path / "b.odt").write_bytes(odf_file(p("")))
    with pytest.raises(DocumentError, match="holds no text"):
        documents.read(tmp_path / "b.odt")
