"""Finds the header row of a table that does not say which one it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qadesk.structure import Block

_PERIOD = re.compile(r"(?:(?:[QH][1-4]|FY)\s?)?(?:19|20)\d\d(?!\d|[-./]\d\d[-./])|[QH][1-4]\b")
_FIGURE = re.compile(r"[^\w\s]{0,3}(?:[A-Z]{1,3}\s?)?[^\w\s]?\d")


def with_header_row(text: str, block: Block) -> Block:
    """``block`` with its first row as header where that plainly names the columns and no cell says that it is one."""
    if len(block.rows) < 2 or any(cell.is_header for row in block.rows for cell in row):
        return block
    if any(cell.span > 1 or cell.is_covered for cell in block.rows[0]):
        return block
    if not names_columns([[text[cell.start : cell.end] for cell in row] for row in block.rows]):
        return block
    first, *others = block.rows
    return replace(block, rows=(tuple(replace(cell, is_header=True) for cell in first), *others))


def names_columns(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first of the ``rows`` plainly names the columns. The rows are the texts of cells."""
    first, *others = rows
    body = [cell for row in others for cell in row[1:]]
    if len(set(filter(_PERIOD.match, first))) > 1 and not any(map(_PERIOD.match, body)):
        first = ["year" if _PERIOD.match(name) else name for name in first]
    if not others or sum(map(bool, first)) < max(2, len(first) - 1) or any(map(_FIGURE.match, first)):
        return False
    if not first[0]:
        return True
    columns = [[row[column] for row in others if column < len(row) and row[column]] for column in range(len(first))]
    if len(first) == 2:  # keys and values look much the same: all values but the first one may be figures by chance
        return len(others) > 1 and _share_of_figures(columns[1]) == 1
    if any(_is_named(name, cells) for name, cells in zip(first, columns, strict=True)):
        return True
    has_figures = any(map(str.isdigit, "".join(first)))
    return not has_figures and any(any(map(str.isdigit, "".join(row))) for row in others)


def _is_named(name: str, cells: Sequence[str]) -> bool:
    """Whether ``name`` differs from the ``cells`` below it: they are figures, or begin with a small letter."""
    is_small = bool(cells) and bool(name) and not name[0].islower() and all(cell[0].islower() for cell in cells)
    return bool(name) and (_share_of_figures(cells) > 0.5 or is_small)


def _share_of_figures(cells: Sequence[str]) -> float:
    return sum(bool(_FIGURE.match(cell)) for cell in cells) / len(cells) if cells else 0.0
