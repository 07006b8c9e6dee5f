from __future__ import annotations

import json

from qadesk.library.relative_blocks import (
    pack_blocks,
    pack_spans,
    rows_between,
    unpack_blocks,
    unpack_rows,
    unpack_spans,
)
from qadesk.structure import Block, Cell
from qadesk.structure.serial import to_lists

BLOCKS = (
    Block("heading", 100, 110, 2),
    Block("paragraph", 112, 200),
    Block("paragraph", 202, 260, is_wrapped=True),
    Block("item", 261, 290, 1, 264),
    Block("paragraph", 292, 300, body=290),  # the second part of an item that a chunk cuts
    Block(
        "table", 302, 350,
        rows=(
            (Cell(302, 306, is_header=True), Cell(307, 310, 1, is_header=True)),
            (Cell(311, 315), Cell(316, 316, 1), Cell(317, 320, 2)),
            (),
            (Cell(322, 325, 0, 2), Cell(327, 330, 2)),
            (Cell(331, 331, is_covered=True), Cell(332, 350, 1)),
        ),
    ),
    Block("table", 352, 355, rows=((Cell(352, 355),),)),
)  # fmt: skip


def test_blocks_come_back_as_they_were():
    packed = json.loads(json.dumps(pack_blocks(BLOCKS, 90)))
    blocks = [[*values, unpack_rows(rows, values[1])] for *values, rows in unpack_blocks(packed, 90)]
    assert blocks == to_lists(BLOCKS)


def test_a_paragraph_and_a_plain_row_are_few_numbers():
    packed = pack_blocks(BLOCKS, 100)
    assert packed[1] == [2, 88]
    assert packed[5][-1][1] == [1, 4, 0, 3]


def test_rows_between_two_offsets_are_those_that_touch_them():
    table = to_lists(BLOCKS[5:6])[0]
    packed = pack_blocks(BLOCKS[5:6], 300)[0][-1]
    for low, high in ((0, 1000), (312, 318), (320, 323), (0, 301), (351, 400)):
        rows = [row for row in table[6] if row and row[-1][1] >= low and row[0][0] <= high]
        assert list(rows_between(packed, 302, low, high)) == rows


def test_spans_come_back_as_they_were():
    spans = [(3, 8), (40, 50), (52, 90)]
    assert pack_spans(spans, 40) == [-37, 5, 32, 10, 2, 38]
    assert unpack_spans(pack_spans(spans, 40), 40) == spans
