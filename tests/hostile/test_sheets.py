"""Spreadsheets and tables made to fill the memory, or to keep the program that reads them busy."""

from __future__ import annotations

import io
import random
import sys
import tracemalloc
from contextlib import suppress
from itertools import product
from pathlib import Path

import pytest
from bounds import reply_within_bounds, within_bounds

from qadesk.documents import csv_file as csv_table
from qadesk.documents import xlsx
from qadesk.documents.parsing import Source
from qadesk.errors import DocumentError

sys.path.append(str(Path(__file__).parents[1] / "unit" / "documents"))
from sheet_files import MAIN, OFFICE, SPACES, number_styles, parsed, sheet_xml, workbook


def sheet(rows: str, *, before: str = "", after: str = "") -> bytes:
    return workbook(
        ("S", f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'), strings=["text"]
    )


def test_a_bomb_in_a_sheet_is_not_unpacked() -> None:
    data = sheet(" " * 21_000_000)
    with within_bounds(), pytest.raises(DocumentError, match="'x' would grow far too large when unpacked"):
        parsed(data)


def test_the_child_refuses_a_bomb_in_little_time_and_memory(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(sheet(" " * 21_000_000))
    reply = reply_within_bounds(tmp_path / "a.xlsx")
    assert reply["message"] == "'a.xlsx' would grow far too large when unpacked."
    assert reply["hint"]


def test_two_cells_at_the_ends_of_a_sheet_take_no_room_between() -> None:
    data = sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>')
    tracemalloc.start()
    assert parsed(data).text == "1\n\n2"
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000


def test_cells_in_a_diagonal_take_no_square_of_room(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f'<row r="{number}"><c r="{letters}{number}"><v>1</v></c></row>' for number, letters in (
        (1 + first * 26 + second, chr(65 + first) + chr(65 + second)) for first in range(26) for second in range(26)
    ))  # fmt: skip
    monkeypatch.setattr(xlsx, "Room", lambda: xlsx.sheet_cells.Room(cells=1000))
    pair = rows.replace("</row>", '<c r="AAA1"><v>2</v></c></row>')
    result = parsed(sheet(pair))
    assert sum(len(row) for block in result.blocks for row in block.rows) <= 1000
    assert "This file is too long to be read as a whole" in result.notes[-1]


def test_one_long_text_in_many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = {f"A{number}": ("s", 0) for number in range(1, 1000)}
    data = workbook(("S", sheet_xml(cells)), strings=[f"<t>{'x' * 250_000}</t>"])
    with within_bounds():
        result = parsed(data)
    assert 17_000_000 < len(result.text) < 20_000_000
    (note,) = result.notes
    assert note.startswith("This file is too long to be read as a whole. It was left out: the sheet S from row 9")


@pytest.mark.parametrize(
    "rows",
    [
        "<row>" * 50_000 + "</row>" * 50_000,
        f"<row><c><v>{'1' * 1_000_000}</v></c></row>",
        '<row r="99999999999999"><c r="ZZZZ99999999999"><v>1</v></c></row>',
        '<row r="-5"><c r="A0" s="-1" t="s"><v>-1</v></c></row>',
        '<row><c t="n"><v>nan</v></c><c><v>inf</v></c><c><v>1e999</v></c></row>',
        '<row><c t="d"><v>9999-99-99T99:99</v></c><c t="b"><v>7</v></c><c t="s"><v>1e3</v></c></row>',
    ],
    ids=["deep", "digits", "far", "negative", "nan", "types"],
)
def test_sheets_that_no_program_writes_end_soon(rows: str) -> None:
    with within_bounds():
        parsed(sheet(rows))


def test_merged_cells_over_one_another_and_many_hidden_columns() -> None:
    rows = "".join(f'<row><c><v>{number}</v></c><c r="C{number}"><v>1</v></c></row>' for number in range(1, 2000))
    after = "<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/><mergeCell ref="B2:A1"/>' * 10_000 + "</mergeCells>"
    before = "<cols>" + '<col min="9" max="16384" hidden="1"/>' * 100_000 + "</cols>"
    data = sheet(rows, before=before, after=after)
    with within_bounds():
        assert parsed(data).text == "1"


@pytest.mark.parametrize(
    "code", ['"a"?0#,' * 40, "0" * 255, "#,##0" + "." * 200, "[h]" * 80, "yyyy" * 60, "%" * 250 + "0"]
)
def test_odd_formats_of_numbers(code: str) -> None:
    cells = {f"A{number}": number * 10.0 ** (number - 9) for number in range(1, 50)}
    data = workbook(("S", sheet_xml(cells, styles=dict.fromkeys(cells, 1))), styles=number_styles(code))
    with within_bounds():
        parsed(data)


def test_a_sheet_is_read_once_however_often_it_is_listed() -> None:
    rows = '<sheet name="a" r:id="s0"/>' * 10_000
    data = workbook(
        ("S", sheet_xml({"A1": 1})), parts={"xl/workbook.xml": f"<workbook {SPACES}><sheets>{rows}</sheets></workbook>"}
    )
    with within_bounds():
        assert parsed(data).text == "1"


def test_a_sheet_is_read_once_however_its_path_is_written() -> None:
    paths = ["".join(letters) for letters in product("wW", "oO", "rR", "kK", "sS", "hH", "eE")]
    relations = "".join(
        f'<Relationship Id="s{number}" Type="{OFFICE}/worksheet" Target="{path}ets/s0.xml"/>'
        for number, path in enumerate(paths)
    )
    rows = "".join(f'<sheet name="a" r:id="s{number}"/>' for number in range(len(paths)))
    parts = {
        "xl/_rels/workbook.xml.rels": f"<Relationships>{relations}</Relationships>",
        "xl/workbook.xml": f"<workbook {SPACES}><sheets>{rows}</sheets></workbook>",
    }
    assert parsed(workbook(("S", sheet_xml({"A1": 1})), parts=parts)).text == "1"


def test_a_table_is_read_once_however_many_names_it_has() -> None:
    numbers = range(1000)
    relations = "".join(
        f'<Relationship Id="t{number}" Type="{OFFICE}/table" Target="../tables/t.xml"/>' for number in numbers
    )
    names = "".join(f'<tablePart r:id="t{number}"/>' for number in numbers)
    parts = {
        "xl/worksheets/_rels/s0.xml.rels": f"<Relationships>{relations}</Relationships>",
        "xl/tables/t.xml": f'<table xmlns="{MAIN}" ref="A1:A1">{"<a/>" * 20_000}</table>',
    }
    data = workbook(("S", sheet_xml({"A1": "a"}, after=f"<tableParts>{names}</tableParts>")), parts=parts)
    with within_bounds():
        assert parsed(data).text == "a"


@pytest.mark.parametrize("part", ["xl/worksheets/s0.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"])
def test_entities_are_refused(part: str) -> None:
    doctype = '<!DOCTYPE a [<!ENTITY l SYSTEM "file:///etc/passwd">]>'
    data = workbook(("S", sheet_xml({"A1": 1})), parts={part: f"{doctype}<a>&l;</a>"})
    with pytest.raises(DocumentError, match="'x' is damaged or incomplete"):
        parsed(data)


def test_a_workbook_with_bytes_changed_or_cut() -> None:
    data = workbook(
        ("A", sheet_xml({"A1": "text", "B1": 1.5, "A2": ("s", 0)}, styles={"B1": 1})),
        ("B", sheet_xml({"A1": True}, after='<mergeCells><mergeCell ref="A1:B2"/></mergeCells>')),
        strings=["<t>shared</t>"],
        styles=number_styles("#,##0.00"),
    )
    rng = random.Random(7)
    read = 0
    for _ in range(500):
        damaged = bytearray(data)
        for _ in range(rng.randrange(1, 4)):
            damaged[rng.randrange(len(data))] = rng.randrange(256)
        if rng.random() < 0.1:
            del damaged[rng.randrange(len(data)) :]
        with suppress(DocumentError):
            result = xlsx.read(Source(io.BytesIO(damaged), "'x'"))
            read += 1
            assert all(0 <= block.start < block.end <= len(result.text) for block in result.blocks)
            assert all(0 <= page.start <= page.end <= len(result.text) for page in result.pages)
    assert read > 10


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n" + '"' * 300_001,
        "a,b\n" + '1,"' + "x" * 1_000_000,
        "," * 1_000_000,
        "a,b\n" * 3 + "," * 500_000,
        "\n" * 1_000_000 + "a,b\n1,2\n",
        "sep=",
        "sep=,",
        "\0a,b\n\0c,d\n" * 3,
    ],
    ids=["quotes", "open", "commas", "wide", "empty", "sep", "only", "nul"],
)
def test_odd_tables_end_soon(text: str) -> None:
    with within_bounds():
        csv_table.read(Source(io.BytesIO(text.encode()), "'a.csv'", encoding="UTF-8"))
