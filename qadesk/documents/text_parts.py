"""Parts of a document that are read each by itself: the body, notes, headers and footers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from qadesk.documents.parsing import Parsed
from qadesk.documents.writer import Writer
from qadesk.structure import Block


def joined(parts: tuple[Writer | Parsed, ...], name: str) -> Writer:
    """The texts of ``parts`` one after another."""
    full = [part for part in parts if part.text.strip()]
    if len(full) == 1 and isinstance(full[0], Writer):
        return full[0]
    whole = Writer(name)
    for part in full:
        whole.block(2)
        whole.append(part)
    return whole


def edge_blocks(blocks: Iterable[Block], kind: Literal["header", "footer"]) -> Iterator[Block]:
    """The blocks as blocks of ``kind``; each cell of a table, which only places things on the page, as one."""
    for block in blocks:
        if block.rows:
            cells = (cell for row in block.rows for cell in row)
            yield from (Block(kind, cell.start, cell.end) for cell in cells if cell.end > cell.start)
        else:
            yield replace(block, kind=kind, level=0, body=block.start)
