from __future__ import annotations

import json
from typing import Any

import pytest

from qadesk.structure import KINDS, Block, Cell
from qadesk.structure.serial import from_lists, to_lists

LISTS = [["item", 0, 9, 1, 2, 0, []], ["table", 10, 14, 0, 10, 0, [[[10, 11, 0, 1, 1], [12, 14, 1, 2, 2]]]]]


def test_blocks_come_back_from_json() -> None:
    blocks = (
        Block("item", 0, 9, 1, 2, is_wrapped=True),
        Block("table", 10, 14, rows=((Cell(10, 11, is_header=True), Cell(12, 14, 1, 2, is_covered=True)),)),
    )
    assert from_lists(json.loads(json.dumps(to_lists(blocks))), 14) == blocks


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_is_known(kind: Any) -> None:
    assert from_lists(to_lists([Block(kind, 0, 1)]), 1) == (Block(kind, 0, 1),)


def test_the_lists_are_plain() -> None:
    assert to_lists(from_lists(LISTS, 14)) == LISTS


@pytest.mark.parametrize(
    "lists",
    [
        [["poem", 0, 9, 0, 0, 0, []]],
        [["item", 3, 3, 0, 3, 0, []]],
        [["item", -1, 3, 0, 0, 0, []]],
        [["item", 0, 15, 0, 0, 0, []]],
        [["item", 2, 9, 0, 1, 0, []]],
        [["item", 2, 9, 0, 10, 0, []]],
        [["item", 0, 9, 0, 0, 0, []], ["item", 8, 10, 0, 8, 0, []]],
        [["table", 0, 9, 0, 0, 0, [[[0, 10, 0, 1, 0]]]]],
        [["table", 2, 9, 0, 2, 0, [[[0, 3, 0, 1, 0]]]]],
        [["table", 0, 9, 0, 0, 0, [[[2, 1, 0, 1, 0]]]]],
        [["table", 0, 9, 0, 0, 0, [[[2, 4, 0, 1, 0], [3, 5, 1, 1, 0]]]]],
        [["table", 0, 9, 0, 0, 0, [[[0, 1, -1, 1, 0]]]]],
        [["table", 0, 9, 0, 0, 0, [[[0, 1, 0, 0, 0]]]]],
        [["item", 0, 9]],
        [["item", "0", 9, 0, 0, 0, []]],
        [["item", 0, 9, 0, 0, 0, 5]],
        [["item", 0.0, 9, 0, 0, 0, []]],
        [["item", 0, 9.0, 0, 0, 0, []]],
        [["item", 0, 9, "1", 0, 0, []]],
        [["item", 0, 9, 1, 0.5, 0, []]],
        [["item", float("nan"), 9, 0, 0, 0, []]],
        [["item", False, 9, 0, 0, 0, []]],
        [[["item"], 0, 9, 0, 0, 0, []]],
        [["table", 0, 9, 0, 0, 0, [[[0, 1.0, 0, 1, 0]]]]],
        [["table", 0, 9, 0, 0, 0, [[[0, 1, 0.5, 1, 0]]]]],
        [["table", 0, 9, 0, 0, 0, [[[0, 1, 0, 1.5, 0]]]]],
        [["table", 0, 9, 0, 0, 0, [[[0, 1, 0, 1, 1.5]]]]],
        [["table", 0, 9, 0, 0, 0, [[]] * 21]],
        [["table", 0, 9, 0, 0, 0, [[[1, 1, 0, 1, 0]] * 20]]],
        {"item": 1},
        7,
        None,
        [5],
    ],
)
def test_invalid_lists_are_refused(lists: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        from_lists(lists, 14)
