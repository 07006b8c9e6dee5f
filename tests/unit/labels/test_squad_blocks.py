"""The blocks of a paragraph in a SQuAD file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from qadesk.labels.squad_blocks import blocks_beside, paragraph_of
from qadesk.structure import Block, Cell

TEXT = "Year\tStaff\n2019\t47"
TABLE = Block(
    "table", 0, 18, rows=((Cell(0, 4, is_header=True), Cell(5, 10, 1, is_header=True)), (Cell(11, 15), Cell(16, 18, 1)))
)


def read(paragraph: dict[str, Any]) -> tuple[tuple[Block, ...], list[str]]:
    problems: list[str] = []
    return blocks_beside(paragraph, problems.append), problems


def test_blocks_are_read_as_they_were_written() -> None:
    paragraph = json.loads(json.dumps(paragraph_of(TEXT, (TABLE,))))
    assert paragraph == {
        "context": TEXT,
        "qadesk_blocks": [
            ["table", 0, 18, 0, 0, 0, [[[0, 4, 0, 1, 1], [5, 10, 1, 1, 1]], [[11, 15, 0, 1, 0], [16, 18, 1, 1, 0]]]]
        ],
    }
    assert read(paragraph) == ((TABLE,), [])


def test_where_no_blocks_are_known_there_is_no_key() -> None:
    assert paragraph_of(TEXT, ()) == {"context": TEXT}
    assert read({"context": TEXT}) == ((), [])


def test_white_space_and_signs_may_be_outside_of_blocks() -> None:
    blocks = (Block("paragraph", 1, 4), Block("paragraph", 7, 10))
    assert read(paragraph_of(" one\n-\ntwo\n", blocks)) == (blocks, [])


@pytest.mark.parametrize("text", ["A year\tStaff\n2019\t47", "Year\tStaff\n2019\t47\nMore", "Year\tStaff\n2019", "   "])
def test_blocks_of_a_text_that_was_changed_are_left_out_in_words(text: str) -> None:
    blocks, problems = read(paragraph_of(TEXT, (TABLE,)) | {"context": text})
    assert blocks == ()
    assert problems == ["The blocks beside it do not fit the text and were left out: it is read as plain text."]
