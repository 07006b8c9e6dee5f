"""What is given to the model to read of a document."""

from __future__ import annotations

from dataclasses import replace

from qadesk.qa.rendering import INSERTED, Part, render
from qadesk.structure import Block, Cell


def parts(text: str, *blocks: Block) -> list[Part]:
    return list(render(text, blocks))


def read(text: str, *blocks: Block) -> str:
    """The text as it is read, inserted words in brackets."""
    return "".join(f"[{part.text}]" if part.offset == INSERTED else part.text for part in parts(text, *blocks))


def table(text: str, headers: int = 1, start: int = 0) -> Block:
    """The lines of ``text`` from ``start`` on as a table of cells between tabs, with rows of headers at its top."""
    rows, at = [], start
    for number, line in enumerate(text[start:].split("\n")):
        cells = []
        for column, content in enumerate(line.split("\t")):
            cells.append(Cell(at, at + len(content), column, is_header=number < headers))
            at += len(content) + 1
        rows.append(tuple(cells))
    return Block("table", start, len(text), rows=tuple(rows))


def test_a_row_is_read_with_the_headers_of_its_columns() -> None:
    text = "Bill\tPaid by\tAmount\nCouncil tax\tTenants\t148\nWater\t\t12"
    assert read(text, table(text)) == (
        "Bill[, ]Paid by[, ]Amount[\n]Council tax[: Paid by ]Tenants[. Council tax: Amount ]148[.][\n]"
        "Water[: Amount ]12[.]"
    )


def test_a_table_without_headers_is_read_cell_by_cell() -> None:
    text = "Rent\t900\tmonthly"
    assert read(text, table(text, headers=0)) == "Rent[: ]900[. Rent: ]monthly[.]"


def test_a_table_of_headers_alone_has_rows_too() -> None:
    text = "a\tb\nc\td"
    assert read(text, table(text, headers=2)) == "a[, ]b[\n]c[: a b ]d[.]".replace("a b ", "b ")


def test_several_header_rows_are_read_from_the_top() -> None:
    text = "\tStaff\t\nYear\tmen\twomen\n2019\t47\t2"
    block = table(text, headers=2)
    staff = (block.rows[0][0], replace(block.rows[0][1], span=2))
    block = replace(block, rows=(staff, *block.rows[1:]))
    assert read(text, block).endswith("2019[: Staff men ]47[. 2019: Staff women ]2[.]")


def test_a_cell_over_several_rows_is_the_title_of_each() -> None:
    text = "Ward\tDay\tHours\nEast\tMon\t9-12\n\tTue\t1-4"
    block = table(text)
    lower = (replace(block.rows[2][0], is_covered=True), *block.rows[2][1:])
    block = replace(block, rows=(*block.rows[:2], lower))
    assert read(text, block).endswith("[\n][East][: Day ]Tue[. East: Hours ]1-4[.]")


def test_repeated_page_headers_are_read_once() -> None:
    text = "Report 7\n\nThe first page.\n\nReport 7\n\nThe second page."
    header = Block("header", 0, 8), Block("paragraph", 10, 25), Block("header", 27, 35), Block("paragraph", 37, 53)
    assert read(text, *header) == "Report 7\n\nThe first page.\n\n\n\nThe second page."


def test_parts_have_their_offsets_and_borders() -> None:
    text = "Rates\n\na\tb\nc\td"
    blocks = Block("heading", 0, 5, 1), table(text, start=7)
    rendered = parts(text, *blocks)
    assert all(text[part.offset : part.offset + len(part.text)] == part.text for part in rendered if part.offset >= 0)
    assert [part.text for part in rendered if part.is_border] == ["Rates", "a", "c"]


def test_a_key_and_its_value_are_a_sentence() -> None:
    text = "Ref: HW/06\nDate: 3 May.\nRent"
    blocks = Block("pair", 0, 10, body=5), Block("pair", 11, 23, body=17), Block("paragraph", 24, 28)
    assert read(text, *blocks) == "Ref: HW/06[.]\nDate: 3 May.\nRent"
