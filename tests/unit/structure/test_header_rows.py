"""The header row of a table that does not say which one it is."""

from __future__ import annotations

import pytest

from qadesk.structure import Block, Cell
from qadesk.structure.header_rows import with_header_row


def table(text: str) -> Block:
    rows, at = [], 0
    for line in text.split("\n"):
        cells = []
        for column, content in enumerate(line.split("\t")):
            cells.append(Cell(at, at + len(content), column))
            at += len(content) + 1
        rows.append(tuple(cells))
    return Block("table", 0, len(text), rows=tuple(rows))


@pytest.mark.parametrize(
    "text",
    [
        "Item\tAmount per month\nBasic rent\t\u20ac1,140.00\nCellar room\t\u20ac25.00",
        "Year\tStaff\tSites\n2019\t47\t2\n2020\t38\t1",
        "Name\tRole\tRoom\nIda Moe\tchair\t12\nOle Ek\tcook\t7",
        "\tMonday\tTuesday\nEast\topen\tclosed",
        "Region\t2023\t2024\nNorth\t1,140\t1,302\nSouth\t980\t1,015",
        "Item\tQ1 2024\tQ2 2024\tChange\nLamps\t12\t19\t7\nMats\t40\t38\t-2",
    ],
)
def test_a_row_of_names_above_other_cells_is_the_header(text: str) -> None:
    block = with_header_row(text, table(text))
    assert [[cell.is_header for cell in row] for row in block.rows[:2]] == [
        [True] * len(block.rows[0]),
        [False] * len(block.rows[1]),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Landlord\tMarlene Osterby\nRent\t\u20ac900\nTenant\tPiotr Wandel\nDate\t14 May",
        "2019\t47\n2020\t38",
        "Ida\tOle\nMoe\tEk",
        "Rent\t900",
        "Built\t2019\nHeight\t20 m\nRooms\t14",
        "Ada\t1987\t12\nOle\t1990\t14\nIda\t2001\t9",
        "Heron\t2019\tsold\nCurlew\t500\tkept",
        "Heron\t2019-05-03\t2020-07-14\nCurlew\t12\t14",
    ],
)
def test_keys_and_values_and_rows_alike_have_no_header(text: str) -> None:
    assert with_header_row(text, table(text)) == table(text)


def test_a_table_that_knows_its_headers_keeps_them() -> None:
    text = "Year\tStaff\n2019\t47"
    block = table(text)
    row = (Cell(11, 15, 0, is_header=True), block.rows[1][1])
    known = Block("table", 0, len(text), rows=(block.rows[0], row))
    assert with_header_row(text, known) == known
