"""Tables: rows, merged cells, header rows, tables in tables, deleted rows."""

from __future__ import annotations

import pytest
from word_files import paragraph, parsed, run, word_file

from qadesk.structure import Cell

FIRST_ROW = '<w:tblPr><w:tblStyle w:val="Grid"/><w:tblLook w:val="0020"/></w:tblPr>'
HEADER = "<w:trPr><w:tblHeader/></w:trPr>"


def cell(text: str, properties: str = "", run_properties: str = "") -> str:
    inside = f"<w:p>{run(text, run_properties) if text else ''}</w:p>"
    return f"<w:tc>{f'<w:tcPr>{properties}</w:tcPr>' if properties else ''}{inside}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr>{properties}{''.join(text if text.startswith('<') else cell(text) for text in cells)}</w:tr>"


def table(*rows: str, properties: str = "") -> str:
    return f"<w:tbl>{properties}{''.join(rows)}</w:tbl>"


def cells_of(data: bytes) -> list[list[Cell]]:
    (block,) = (block for block in parsed(data).blocks if block.kind == "table")
    return [list(cells) for cells in block.rows]


def headers(data: bytes) -> list[bool]:
    """Of each row whether its cells are header cells."""
    rows = [{cell.is_header for cell in cells} for cells in cells_of(data)]
    assert all(len(kinds) == 1 for kinds in rows)
    return [kinds.pop() for kinds in rows]


def test_cells_know_where_they_are() -> None:
    data = word_file(paragraph("x") + table(row("Year", "Staff"), row("2019", "47")))
    text = parsed(data).text
    assert text == "x\n\nYear\tStaff\n2019\t47"
    assert [[text[cell.start : cell.end] for cell in cells] for cells in cells_of(data)] == [
        ["Year", "Staff"],
        ["2019", "47"],
    ]


def test_merged_cells() -> None:
    data = word_file(
        table(
            row(cell("Fares", '<w:gridSpan w:val="2"/>'), cell("from", '<w:vMerge w:val="restart"/>')),
            row("adult", "12.50", cell("", "<w:vMerge/>")),
            row("dog", "3.00", cell("", '<w:vMerge w:val="continue"/>')),
        )
    )
    assert parsed(data).text == "Fares\tfrom\nadult\t12.50\t\ndog\t3.00\t"
    first, second, _ = cells_of(data)
    assert [(cell.column, cell.span, cell.is_covered) for cell in first] == [(0, 2, False), (2, 1, False)]
    assert [(cell.column, cell.span, cell.is_covered) for cell in second] == [
        (0, 1, False),
        (1, 1, False),
        (2, 1, True),
    ]


def test_a_row_that_begins_further_to_the_right() -> None:
    data = word_file(table(row("a", "b"), row("c", properties='<w:trPr><w:gridBefore w:val="1"/></w:trPr>')))
    assert parsed(data).text == "a\tb\n\tc"
    assert [cell.column for cell in cells_of(data)[1]] == [0, 1]


def shaded(text: str, fill: str = "D9D9D9") -> str:
    return cell(text, f'<w:shd w:val="clear" w:fill="{fill}"/>')


@pytest.mark.parametrize(
    ("rows", "properties", "expected"),
    [
        ([row("a", "b", properties=HEADER), row("1", "2")], "", [True, False]),
        ([row("a", "b", properties=HEADER), row("c", "d", properties=HEADER), row("1", "2")], "", [True, True, False]),
        ([row("1", "2"), row("a", "b", properties=HEADER)], "", [False, False]),
        ([row("a", "b", properties='<w:trPr><w:tblHeader w:val="0"/></w:trPr>'), row("1", "2")], "", [False, False]),
        ([row(cell("a", "", "<w:b/>"), cell("b", "", '<w:rStyle w:val="Strong"/>')), row("1", "2")], "", [True, False]),
        ([row(cell("a", "", "<w:b/>"), "b"), row("1", "2")], "", [False, False]),
        ([row(*[cell("a", "", "<w:b/>")] * 3, "b"), row("1", "2", "3", "4")], "", [True, False]),
        ([row(cell("a title", "", "<w:b/>")), row("1", "2")], "", [False, False]),
        ([row(shaded("a"), shaded("b")), row("1", "2"), row(shaded("3"), shaded("4"))], "", [True, False, False]),
        ([row(shaded("a"), shaded("b")), row(shaded("1"), shaded("2"))], "", [False, False]),
        ([row(shaded("a", "auto"), shaded("b", "FFFFFF")), row("1", "2")], "", [False, False]),
        ([row("a", "b"), row("1", "2")], FIRST_ROW, [True, False]),
        ([row("a", "b"), row("1", "2")], FIRST_ROW.replace("0020", "0400"), [False, False]),
        ([row("a", "b"), row("1", "2")], FIRST_ROW.replace("Grid", "Other"), [False, False]),
        (
            [row("a", "b"), row("1", "2")],
            FIRST_ROW.replace('w:val="0020"', 'w:val="zz" w:firstRow="1"'),
            [True, False],
        ),
    ],
)
def test_header_rows(rows: list[str], properties: str, expected: list[bool]) -> None:
    styles = (
        '<w:style w:type="table" w:styleId="Base"><w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr></w:tblStylePr>'
        '</w:style><w:style w:type="table" w:styleId="Grid"><w:basedOn w:val="Base"/></w:style>'
        '<w:style w:type="character" w:styleId="Strong"><w:rPr><w:b/></w:rPr></w:style>'
    )
    assert headers(word_file(table(*rows, properties=properties), styles=styles)) == expected


def test_deleted_and_hidden_rows_and_deleted_cells() -> None:
    rows = (
        row("old price", "10", properties="<w:trPr><w:del/></w:trPr>"),
        row("secret", "11", properties="<w:trPr><w:hidden/></w:trPr>"),
        row("new price", cell("gone", "<w:cellDel/>"), "12"),
    )
    assert parsed(word_file(table(*rows))).text == "new price\t12"


def test_the_first_row_that_is_not_deleted_may_be_the_header() -> None:
    deleted = row("old", "row", properties="<w:trPr><w:del/></w:trPr>")
    assert headers(word_file(table(deleted, row(*[cell("a", "", "<w:b/>")] * 2), row("1", "2")))) == [True, False]
    assert headers(word_file(table(deleted, row(shaded("a"), shaded("b")), row("1", "2")))) == [True, False]


def test_tables_in_tables() -> None:
    inner = table(row("inner 1", "inner 2"))
    outer = f"<w:tc><w:tcPr/>{paragraph('outer a')}{inner}{paragraph('after')}</w:tc>"
    assert parsed(word_file(table(row(outer, "outer b")))).text == "outer a\ninner 1\tinner 2\nafter\touter b"


def test_a_bold_row_of_an_inner_table_makes_no_header_of_the_outer_row() -> None:
    inner = table(row(cell("x", "", "<w:b/>"), cell("y", "", "<w:b/>")))
    outer = row(f"<w:tc>{inner}{paragraph('plain')}</w:tc>", "b")
    assert headers(word_file(table(outer))) == [False]


def test_a_table_in_a_text_box_in_a_cell() -> None:
    box = f"<w:r><w:pict><w:txbxContent>{table(row('x', 'y'))}<w:p/></w:txbxContent></w:pict></w:r>"
    data = word_file(table(row(f"<w:tc><w:p>{run('a')}{box}</w:p></w:tc>", "b")))
    assert parsed(data).text == "a\nx\ty\tb"


def test_content_controls_around_rows_and_cells() -> None:
    around_cell = f"<w:sdt><w:sdtContent>{cell('b')}</w:sdtContent></w:sdt>"
    around_row = f"<w:sdt><w:sdtContent>{row('a', around_cell)}</w:sdtContent></w:sdt>"
    assert parsed(word_file(table(around_row, row("c", "d")))).text == "a\tb\nc\td"
