from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qadesk import documents
from qadesk.app import phrases
from qadesk.documents import csv_file as csv_table
from qadesk.documents.parsing import Parsed, Source
from qadesk.errors import DocumentError


def parsed(data: bytes | str) -> Parsed:
    data = data.encode() if isinstance(data, str) else data
    return csv_table.read(Source(io.BytesIO(data), "'a.csv'"))


def rows(result: Parsed) -> list[list[str]]:
    """The cells of the first table."""
    table = next(block for block in result.blocks if block.rows)
    return [[result.text[cell.start : cell.end] for cell in row] for row in table.rows]


def has_header(result: Parsed) -> bool:
    table = next(block for block in result.blocks if block.rows)
    assert not any(cell.is_header for row in table.rows[1:] for cell in row)
    return all(cell.is_header for cell in table.rows[0])


def test_a_table() -> None:
    result = parsed('Name,City,Age\r\nAnn,Paris,31\r\nBob,"Rome, Italy",42\r\n')
    assert result.text == "Name\tCity\tAge\nAnn\tParis\t31\nBob\tRome, Italy\t42"
    assert [block.kind for block in result.blocks] == ["table"]
    assert has_header(result)
    assert result.rows == ((0, 1), (14, 2), (27, 3))
    assert result.pages == ()
    assert result.notes == ()


@pytest.mark.parametrize("delimiter", ",;\t|")
def test_delimiters(delimiter: str) -> None:
    lines = (("Item", "Price", "Since"), ("Bolt; large", "1,5", "3 May | 4 May"), ("Nut", "0,12", "x"))
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(lines)
    assert rows(parsed(text.getvalue())) == [list(line) for line in lines]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("a;b\n1,5;2,3\n4,1;2\n", [["a", "b"], ["1,5", "2,3"], ["4,1", "2"]]),
        ("1,5;2,3\n4,1;2,2\n", [["1,5", "2,3"], ["4,1", "2,2"]]),
        ("sep=|\r\nName|Age\r\nq|2\r\n", [["Name", "Age"], ["q", "2"]]),
        ('Name, City\nAnn, "Rome, Italy"\n', [["Name", "City"], ["Ann", "Rome, Italy"]]),
        ('a,b\n"two ""words""",x\n', [["a", "b"], ['two "words"', "x"]]),
        ('a,b\n"two\nlines",x\n', [["a", "b"], ["two\nlines", "x"]]),
        ("a,b,c\n1,2,3\n3\n5,6,7\n8,,\n", [["a", "b", "c"], ["1", "2", "3"], ["3"], ["5", "6", "7"], ["8"]]),
        ("a\tb\r1\t2\r", [["a", "b"], ["1", "2"]]),
    ],
)
def test_cells(text: str, cells: list[list[str]]) -> None:
    assert rows(parsed(text)) == cells


def test_lines_above_a_table_and_empty_ones() -> None:
    result = parsed("Report of 2024\n\nName,Age\nAnn,3\n\nBo,4\n")
    assert result.text == "Report of 2024\n\nName\tAge\nAnn\t3\nBo\t4"
    assert [block.kind for block in result.blocks] == ["paragraph", "table"]
    assert [number for _, number in result.rows] == [1, 3, 4, 6]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Name,City\nAnn,Paris\nBob,Rome\n", True),
        ("Ann,Paris\nBob,Paris\nAnn,Rome\n", False),  # the values come again
        ("1,2\n3,4\n", False),
        ("Name,\nAnn,Paris\nBob,Rome\n", False),
    ],
)
def test_header_rows(text: str, expected: bool) -> None:
    assert has_header(parsed(text)) is expected


@pytest.mark.parametrize(
    "text",
    [
        "Just prose, with a comma.\nAnd another line here.\nThird, and, many, commas.\n",
        "One line, with a comma",
        "word\nword\n",
        '"',
    ],
)
def test_what_is_no_table_is_read_as_text(text: str) -> None:
    result = parsed(text)
    assert result.text == text
    assert not any(block.rows for block in result.blocks)
    assert result.rows == ()


def test_a_missing_quotation_mark_does_not_swallow_the_rest() -> None:
    result = parsed('Part,Size\npipe,"5 inch\nrod,3\n' + "bar,2\n" * 50)
    assert rows(result)[1:4] == [["pipe", '"5 inch'], ["rod", "3"], ["bar", "2"]]
    assert result.notes == ("A quotation mark is missing in this table: all quotation marks are shown as they are.",)


def test_a_very_long_table_goes_on_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "_MOST_CELLS", 6)
    result = parsed("a,b\n" + "".join(f"{number},x\n" for number in range(5)))
    assert result.text == "a\tb\n0\tx\n1\tx\n\n2\tx\n3\tx\n4\tx"
    assert [block.kind for block in result.blocks] == ["table", "paragraph", "paragraph", "paragraph"]
    assert result.notes == ("The table is too long: from row 4 on its rows are read as lines of text.",)
    assert [number for _, number in result.rows] == [1, 2, 3, 0]


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Straße;Größe\r\nAm Öhr;3\r\nBäckergäßle;4\r\n".encode("cp1252"))
    document = documents.read(path)
    assert document.kind == "csv"
    assert document.text == "Straße\tGröße\nAm Öhr\t3\nBäckergäßle\t4"
    assert document.rows == ((0, 1), (13, 2), (22, 3))
    assert phrases.location(document, document.text.index("4")) == "row 3"
    assert documents.read(path, encoding="windows-1251").text.startswith("StraЯe\t")


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(DocumentError, match="does not hold text"):
        parsed(bytes(range(256)) * 10)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*",;\t|\"\n\r'= 1aé", "sep=;\n", "name", '""', "\n\n", "12,5"]), max_size=80))
def test_any_text_is_read(pieces: list[str]) -> None:
    result = parsed("".join(pieces).encode() or b" ")
    before = 0
    for block in result.blocks:
        assert before <= block.start < block.end <= len(result.text)
        before = block.start
        for cell in (cell for row in block.rows for cell in row):
            assert before <= cell.start <= cell.end <= block.end
            before = cell.end
    assert [start for start, _ in result.rows] == sorted(start for start, _ in result.rows)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs")), min_size=1), min_size=3, max_size=3),
        min_size=2,
        max_size=9,
    )
)
def test_what_csv_writes_comes_back(lines: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(lines)
    result = csv_table.read(Source(io.BytesIO(text.getvalue().encode()), "'a.csv'", encoding="UTF-8"))
    assert [row.count("\t") for row in result.text.split("\n")] or result.text
    stripped = [[cell.strip() for cell in line] for line in lines]
    if all(all(line) for line in stripped):
        assert rows(result) == stripped
