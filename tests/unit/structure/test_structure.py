from __future__ import annotations

from dataclasses import replace

from qadesk.structure import Block, Cell, OutlineEntry, outline_of, shifted, units

TEXT = "The\nlamp\n\nIt burned.\n\na\t\tb"
TABLE = Block("table", 22, 26, rows=((Cell(22, 23), Cell(24, 24, 1), Cell(25, 26, 2)),))
BLOCKS = (Block("heading", 0, 8, 2), Block("paragraph", 10, 20), TABLE)


def test_the_body_begins_with_the_block_unless_it_is_said() -> None:
    assert Block("item", 4, 9).body == 4
    assert Block("item", 4, 9, body=6).body == 6


def test_the_outline_has_the_headings_on_one_line() -> None:
    assert outline_of(TEXT, BLOCKS) == (OutlineEntry("The lamp", 2, 0),)


def test_units_are_blocks_and_the_cells_that_are_not_empty() -> None:
    assert list(units(BLOCKS)) == [(0, 8), (10, 20), (22, 23), (25, 26)]


def test_a_shifted_block_moves_with_its_cells() -> None:
    moved = shifted(TABLE, 5)
    assert moved == Block("table", 27, 31, rows=((Cell(27, 28), Cell(29, 29, 1), Cell(30, 31, 2)),))
    assert shifted(moved, -5) == TABLE


def test_a_shifted_block_keeps_what_else_it_has() -> None:
    cell = Cell(2, 4, 1, 2, is_header=True, is_covered=True)
    block = Block("item", 1, 5, 3, 2, is_wrapped=True, rows=((cell,),))
    moved_cell = replace(cell, start=3, end=5)
    assert shifted(block, 1) == Block("item", 2, 6, 3, 3, is_wrapped=True, rows=((moved_cell,),))
