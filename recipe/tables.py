"""Tables written anew: rows and columns in another order, or without the row or column that a question asks for.

Where a cell stands says nothing about what it means, and a reader that sees the same table five times should not learn
it by heart. A question whose row or column is gone is the closest thing to a question that a table does not answer.
"""

from __future__ import annotations

import random as randomness
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from qadesk.records import GoldSpan, LabeledExample
from qadesk.structure import Block
from qadesk.structure.plain import blocks_of

_COMPARES = re.compile(
    r"\b(?:\w{3,}est|most|least|first|last|next|second|third|total|sum|all|every|best|worst)\b", re.I
)
"""Questions that the rest of the rows would answer too."""


@dataclass(frozen=True, slots=True)
class _Grid:
    """A table of equally long rows: the first ``headers`` of them are headers, ``text[start:end]`` is the table."""

    start: int
    end: int
    rows: tuple[tuple[tuple[int, int], ...], ...]
    headers: int


Order = tuple[Sequence[int], Sequence[int]]
"""The rows and the columns of a grid that are written, in order."""


def shuffled(example: LabeledExample, random: randomness.Random) -> LabeledExample:
    """``example`` with the rows of its tables, and all but their first columns, in random order."""
    orders = {}
    for grid in _grids(example.context):
        rows = list(range(grid.headers, len(grid.rows)))
        columns = list(range(1, len(grid.rows[0])))
        random.shuffle(rows)
        random.shuffle(columns)
        orders[grid] = ([*range(grid.headers), *rows], [0, *columns])
    return _written(example, orders) or example


def without_cell(example: LabeledExample, random: randomness.Random) -> LabeledExample | None:
    """``example`` without the row or the column that answers it: it has no answer then.

    None where the answer is not in a table, stands elsewhere too, or where other rows would answer it as well.
    """
    if example.is_impossible or _COMPARES.search(example.question):
        return None
    at = example.answers[0].start
    grid = next((grid for grid in _grids(example.context) if grid.start <= at < grid.end), None)
    if grid is None:
        return None
    row, column = next(
        (row, column)
        for row, cells in enumerate(grid.rows)
        for column, (start, end) in enumerate(cells)
        if start <= at < end
    )
    rows, columns = list(range(len(grid.rows))), list(range(len(grid.rows[0])))
    if column > 1 and len(columns) > 3 and random.random() < 0.5:
        columns.remove(column)
    elif row >= grid.headers and len(rows) - grid.headers > 2:
        rows.remove(row)
    else:
        return None
    bare = replace(example, answers=(), is_impossible=True, id=f"{example.id}-without")
    changed = _written(bare, {grid: (rows, columns)})
    if changed is None or any(gold.casefold() in changed.context.casefold() for gold in example.gold_texts):
        return None
    return changed


@lru_cache(maxsize=256)  # the questions of a document come one after the other
def _grids(text: str) -> tuple[_Grid, ...]:
    return tuple(grid for block in blocks_of(text) if block.rows and (grid := _grid(text, block)))


def _grid(text: str, block: Block) -> _Grid | None:
    """``block`` as a grid, None where it is anything but rows of as many cells with a tab between them."""
    rows = tuple(tuple((cell.start, cell.end) for cell in row) for row in block.rows)
    whole = "\n".join("\t".join(text[start:end] for start, end in row) for row in rows)
    if len({len(row) for row in rows}) != 1 or whole != text[block.start : block.end]:
        return None
    is_header = [all(cell.is_header or cell.start == cell.end for cell in row) for row in block.rows]
    return _Grid(block.start, block.end, rows, max(1, is_header.index(False) if False in is_header else 1))


def _written(example: LabeledExample, orders: dict[_Grid, Order]) -> LabeledExample | None:
    """``example`` with each grid in its order. None where an answer crosses cells, or its cell is not written."""
    text, parts, at, length = example.context, [], 0, 0
    moves: list[tuple[int, int, int]] = []  # from, to, where it is now

    def write(start: int, end: int, after: str = "") -> None:
        nonlocal length
        moves.append((start, end, length))
        parts.append(text[start:end] + after)
        length += end - start + len(after)

    for grid, (rows, columns) in orders.items():
        write(at, grid.start)
        for row in rows:
            for column in columns:
                is_last = column == columns[-1]
                write(*grid.rows[row][column], "" if is_last and row == rows[-1] else "\n" if is_last else "\t")
        at = grid.end
    write(at, len(text))
    answers = tuple(
        GoldSpan(answer.start - start + now, answer.end - start + now, answer.text)
        for answer in example.answers
        for start, end, now in moves
        if start <= answer.start and answer.end <= end and answer.end > answer.start
    )
    if len(answers) != len(example.answers):
        return None
    return replace(example, context="".join(parts), answers=answers, blocks=())
