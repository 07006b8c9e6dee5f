from __future__ import annotations

import sys
from pathlib import Path

import pytest

from qadesk import documents
from qadesk.app import phrases
from qadesk.documents import xlsx
from qadesk.documents.xlsx import sheet_blocks, sheet_cells
from qadesk.errors import DocumentError
from qadesk.records import Page

sys.path.append(str(Path(__file__).parents[1]))
from sheet_files import MAIN, OFFICE, cells, one_sheet, parsed, sheet_xml, workbook

PRICES = {"A1": "Item", "B1": "Price", "A2": "Bolt", "B2": 3, "A3": "Nut", "B3": 4}


def test_a_sheet_is_a_table_with_a_header() -> None:
    result = one_sheet(PRICES)
    assert result.text == "Item\tPrice\nBolt\t3\nNut\t4"
    (table,) = result.blocks
    assert table.kind == "table"
    assert [[cell.is_header for cell in row] for row in table.rows] == [[True, True], [False, False], [False, False]]
    assert result.pages == (Page(1, "Sheet1", 0, len(result.text), "sheet"),)
    assert result.rows == ((0, 1), (11, 2), (18, 3))
    assert result.notes == ()


def test_sheets_are_pages_below_their_titles() -> None:
    data = workbook(("Prices", sheet_xml(PRICES)), ("Empty", sheet_xml({})), ("Staff", sheet_xml({"B7": "Ida"})))
    result = parsed(data)
    assert result.text == "Prices\n\nItem\tPrice\nBolt\t3\nNut\t4\n\nStaff\n\nIda"
    assert [(page.name, result.text[page.start : page.end].strip()) for page in result.pages] == [
        ("sheet Prices", "Prices\n\nItem\tPrice\nBolt\t3\nNut\t4"),
        ("sheet Empty", ""),
        ("sheet Staff", "Staff\n\nIda"),
    ]
    assert [(block.kind, block.level) for block in result.blocks] == [
        ("heading", 1), ("table", 0), ("heading", 1), ("paragraph", 0),
    ]  # fmt: skip
    assert [number for _, number in result.rows] == [1, 2, 3, 0, 7]


def test_a_place_is_said_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(("Prices", sheet_xml(PRICES)), ("Staff", sheet_xml({"B7": "Ida"}))))
    document = documents.read(path)
    assert document.kind == "xlsx"
    assert phrases.location(document, document.text.index("Nut")) == "sheet Prices, row 3"
    assert phrases.location(document, document.text.index("Ida")) == "sheet Staff, row 7"
    assert phrases.location(document, document.text.index("Staff")) == "sheet Staff"
    assert [entry.title for entry in document.outline] == ["Prices", "Staff"]


def test_ranges_without_the_empty_rows_and_columns() -> None:
    result = one_sheet({
        "B2": "Item", "D2": "Price", "B3": "Bolt", "D3": 3, "B4": "Nut", "D4": 4,
        "C7": "Name", "D7": "Age", "C8": "Ida", "D8": 5, "C9": "Bo", "D9": 6,
    })  # fmt: skip
    assert result.text == "Item\tPrice\nBolt\t3\nNut\t4\n\nName\tAge\nIda\t5\nBo\t6"
    assert [number for _, number in result.rows] == [2, 3, 4, 7, 8, 9]


def test_lone_cells_are_text_and_bold_ones_headings() -> None:
    more = {f"{column}{row + 3}": value for (column, row), value in {
        ("A", 0): "Item", ("B", 0): "Price", ("A", 1): "Bolt", ("B", 1): 3,
    }.items()}  # fmt: skip
    result = one_sheet(
        {"A1": "Prices 2025", "A2": "All in euros", **more, "A7": "First", "A8": "Second"}, styles={"A1": 1}
    )
    assert [(block.kind, result.text[block.start : block.end]) for block in result.blocks] == [
        ("heading", "Prices 2025"),
        ("paragraph", "All in euros"),
        ("table", "Item\tPrice\nBolt\t3"),
        ("paragraph", "First"),
        ("paragraph", "Second"),
    ]
    assert result.text.endswith("\n\nFirst\nSecond")


WORDS = {"A1": "Ann", "B1": "Paris", "A2": "Bob", "B2": "Rome", "A3": "Eve", "B3": "Oslo"}


@pytest.mark.parametrize(
    ("arguments", "headers"),
    [
        ({}, 0),
        ({"styles": {"A1": 1, "B1": 1}}, 1),
        ({"styles": {"A1": 1}}, 0),
        ({"styles": dict.fromkeys(WORDS, 1)}, 0),
        ({"after": '<autoFilter ref="A1:B3"/>'}, 1),
        ({"before": '<sheetViews><sheetView><pane ySplit="1" state="frozen"/></sheetView></sheetViews>'}, 1),
        ({"before": '<sheetViews><sheetView><pane ySplit="2" state="frozen"/></sheetView></sheetViews>'}, 2),
        ({"before": '<sheetViews><sheetView><pane ySplit="9" state="split"/></sheetView></sheetViews>'}, 0),
    ],
)
def test_header_rows_that_the_sheet_says(arguments: dict, headers: int) -> None:
    (table,) = one_sheet(WORDS, **arguments).blocks
    assert [all(cell.is_header for cell in row) for row in table.rows] == [row < headers for row in range(3)]


def test_a_table_of_excel_says_its_header() -> None:
    relations = f'<Relationships><Relationship Id="t1" Type="{OFFICE}/table" Target="../tables/t.xml"/></Relationships>'
    for count, expected in (("", True), ('headerRowCount="0"', False)):
        table = f'<table xmlns="{MAIN}" ref="A2:B3" {count}/>'
        sheet = sheet_xml(WORDS, after='<tableParts><tablePart r:id="t1"/></tableParts>')
        data = workbook(("S", sheet), parts={"xl/worksheets/_rels/s0.xml.rels": relations, "xl/tables/t.xml": table})
        result = parsed(data)
        assert any(cell.is_header for block in result.blocks for row in block.rows for cell in row) is expected
        assert len(result.blocks) == 1 + expected  # the table begins at its header


def test_merged_cells() -> None:
    result = one_sheet(
        {"A1": "Region", "C1": "2023", "E1": "All", "C2": "Q1", "D2": "Q2", "A3": "North", "B3": "a", "C3": 1, "D3": 2,
         "E3": 3, "B4": "b", "C4": 3, "D4": 4, "E4": 7},
        after='<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="C1:D1"/><mergeCell ref="A3:A4"/></mergeCells>',
    )  # fmt: skip
    (table,) = result.blocks
    assert cells(result) == [
        ["Region", "2023", "All"],
        ["", "Q1", "Q2"],
        ["North", "a", "1", "2", "3"],
        ["", "b", "3", "4", "7"],
    ]
    assert [[(cell.column, cell.span, cell.is_covered) for cell in row] for row in table.rows[:2]] == [
        [(0, 2, False), (2, 2, False), (4, 1, False)],
        [(0, 2, True), (2, 1, False), (3, 1, False)],
    ]
    assert table.rows[3][0].is_covered


def test_what_is_hidden_is_left_out_with_a_note() -> None:
    hidden_column = '<cols><col min="2" max="2" hidden="1"/></cols>'
    cells_of_sheet = {f"{column}{row}": f"{column}{row}" for row in range(1, 5) for column in "ABC"}
    data = workbook(
        ("Shown", sheet_xml(cells_of_sheet, before=hidden_column, r2='hidden="1"')),
        ("Secret", sheet_xml({"A1": "no"}), 'state="hidden"'),
        ("More", sheet_xml({"A1": "no"}), 'state="veryHidden"'),
    )
    result = parsed(data)
    assert result.text == "A1\tC1\nA3\tC3\nA4\tC4"
    assert [number for _, number in result.rows] == [1, 3, 4]
    assert len(result.blocks) == 1
    assert result.notes == (
        "Hidden sheets were left out: Secret, More.",
        "Hidden rows were left out: Shown.",
        "Hidden columns were left out: Shown.",
    )


def test_rows_that_are_hidden_unless_they_say_otherwise() -> None:
    result = one_sheet(
        {"A1": "a", "B1": "b", "A5": "c", "B5": "d", "A6": "e"},
        before='<sheetFormatPr zeroHeight="1"/>',
        r1='hidden="0"',
        r5='hidden="0"',
    )
    assert result.text == "a\tb\nc\td"
    assert result.notes == ("Hidden rows were left out: Sheet1.",)


def test_a_workbook_of_hidden_text_is_refused() -> None:
    data = workbook(("Secret", sheet_xml({"A1": "no"}), 'state="hidden"'), ("Empty", sheet_xml({})))
    with pytest.raises(DocumentError, match="'x' holds no text but in hidden sheets, rows or columns"):
        parsed(data)


def test_other_kinds_of_sheets_are_named() -> None:
    chart = workbook(("Prices", sheet_xml(PRICES)), parts={
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="P" r:id="s0"/>'
        '<sheet name="Chart" r:id="c"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="s0" Type="{OFFICE}/worksheet" '
        f'Target="worksheets/s0.xml"/><Relationship Id="c" Type="{OFFICE}/chartsheet" Target="c.xml"/></Relationships>',
    })  # fmt: skip
    result = parsed(chart)
    assert result.text == "Item\tPrice\nBolt\t3\nNut\t4"
    assert result.notes == ("Sheets without cells, such as charts, were left out: Chart.",)


def test_long_and_wide_sheets_are_cut_with_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_blocks, "MOST_COLUMNS", 2)
    monkeypatch.setattr(xlsx, "Room", lambda: sheet_cells.Room(cells=9))
    grid = {f"{column}{row}": f"{column}{row}" for row in range(1, 4) for column in "ABC"}
    result = parsed(workbook(("Wide", sheet_xml(grid)), ("Long", sheet_xml(grid)), ("Last", sheet_xml(grid))))
    assert result.text == "Wide\n\nA1\tB1\nA2\tB2\nA3\tB3\n\nLong\n\nA1\tB1"
    assert result.notes[1:] == (
        "This file is too long to be read as a whole. It was left out: the sheet Long from row 2 on, the sheet Last.",
    )
    assert result.notes[0].endswith("filled ones were left out: Wide, Long.")


def test_texts_are_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "Room", lambda: sheet_cells.Room(characters=10))
    result = one_sheet({"A1": "12345", "A2": "12345", "A3": "1"})
    assert result.text == "12345\n12345"
    assert "from row 3 on" in result.notes[0]


def test_a_binary_workbook_and_other_archives_are_refused() -> None:
    relation = f'<Relationship Type="{OFFICE}/officeDocument" Target="xl/workbook.bin"/>'
    binary = {"_rels/.rels": f"<Relationships>{relation}</Relationships>"}
    with pytest.raises(DocumentError, match=r"'x' is a binary Excel workbook \(\.xlsb\)"):
        parsed(workbook(("S", sheet_xml(PRICES)), parts=binary))
    with pytest.raises(DocumentError, match="'x' is a ZIP archive or a file of another program, not an Excel workbook"):
        parsed(workbook(("S", sheet_xml(PRICES)), parts={"xl/workbook.xml": "<w:document xmlns:w='x'/>"}))


def test_strict_workbooks_and_rows_without_references() -> None:
    rows = '<row><c><v>1</v></c><c><v>2</v></c></row><row><c t="str"><v>x</v></c><c/></row>'
    for space in (MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"):
        sheet = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
        assert parsed(workbook(("S", sheet))).text == "1\t2\nx"


def test_a_cell_that_comes_twice_and_rows_out_of_order() -> None:
    first = '<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>2</v></c><c r="B2"><v>3</v></c></row>'
    rows = f'{first}<row r="1"><c><v>4</v></c></row>'
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    assert parsed(workbook(("S", sheet))).text == "2\t3\n4"
