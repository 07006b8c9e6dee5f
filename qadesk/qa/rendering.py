"""What the model is given to read of a document: its text, with a few words inserted that only the layout says.

A cell of a table means nothing to a reader that sees one line of text after another. So a row is read as a person
reads it, each cell after the first one of its row and the header of its column (inserted words in brackets):

    Bill          Paid by    Amount       Bill[,] Paid by[,] Amount
    Council tax   Tenants    148          Council tax[:] [Paid by] Tenants[. Council tax: Amount] 148[.]

A key and its value get a full stop, since the next line is another statement. The number or bullet of a list item is
read, and is never the answer.

A ``Part`` is a piece of the document's text with its offset, or inserted words, which no answer can contain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from qadesk.structure import Block, Row

INSERTED = -1

_STOPS = ".!?:;,"
_MAX_HEADER = 80  # characters of a column's header that are repeated in each row
_MAX_ROW_TITLE = 60  # characters of a row's first cell that are repeated before its other cells


class Part(NamedTuple):
    """``text``, which begins at ``offset`` of the document or is ``INSERTED``; ``is_border``: a block or row begins."""

    text: str
    offset: int
    is_border: bool = False


def render(text: str, blocks: Iterable[Block]) -> Iterator[Part]:
    """The parts of ``text`` as they are read, in order: all of its words except repeated page headers and footers."""
    at = 0
    furniture: set[str] = set()
    for block in blocks:
        if at < block.start:
            yield Part(text[at : block.start], at)
        at = block.end
        content = text[block.start : block.end]
        if block.kind in ("header", "footer"):
            if content in furniture:
                continue
            furniture.add(content)
        if block.rows:
            yield from _table(text, block)
        else:
            yield Part(content, block.start, is_border=True)
        if block.kind == "pair" and content[-1] not in _STOPS:
            yield Part(".", INSERTED)
    if at < len(text):
        yield Part(text[at:], at)


def _table(text: str, block: Block) -> Iterator[Part]:
    count = _header_rows(block.rows)
    headers = _headers(text, block.rows[:count])
    covering: dict[int, str] = {}
    for number, row in enumerate(block.rows):
        if number:
            yield Part("\n", INSERTED)
        if number < count:
            yield from _plain_row(text, row)
            continue
        for cell in row:
            if not cell.is_covered:
                covering[cell.column] = text[cell.start : cell.end]
        yield from _titled_row(text, row, headers, covering)


def _header_rows(rows: Sequence[Row]) -> int:
    """How many rows at the top are only headers of the columns; not all of them."""
    count = 0
    while count < len(rows) - 1 and all(cell.is_header or cell.start == cell.end for cell in rows[count]):
        count += 1
    return count


def _headers(text: str, rows: Sequence[Row]) -> dict[int, str]:
    """The header of each column, from the top to the bottom of several header rows."""
    titles: dict[int, list[str]] = {}
    for row in rows:
        for cell in row:
            title = " ".join(text[cell.start : cell.end].split())[:_MAX_HEADER]
            for column in range(cell.column, cell.column + min(cell.span, 64)):
                if title and title not in titles.setdefault(column, []):
                    titles[column].append(title)
    return {column: " ".join(parts) for column, parts in titles.items()}


def _plain_row(text: str, row: Row) -> Iterator[Part]:
    """The cells with commas between them."""
    is_first = True
    for cell in row:
        if cell.start == cell.end:
            continue
        if not is_first:
            yield Part(", ", INSERTED)
        yield Part(text[cell.start : cell.end], cell.start, is_first)
        is_first = False


def _titled_row(text: str, row: Row, headers: dict[int, str], covering: dict[int, str]) -> Iterator[Part]:
    """The first cell as the title of the row, then each cell after the title and its header: a sentence for each."""
    title = ""
    is_first = True
    for cell in row:
        content = text[cell.start : cell.end]
        is_title = not title
        if is_title and cell.is_covered and covering.get(cell.column):
            title = " ".join(covering[cell.column].split())[:_MAX_ROW_TITLE]
            yield Part(title, INSERTED, is_border=True)
        elif is_title and content.strip():
            title = " ".join(content.split())[:_MAX_ROW_TITLE]
            yield Part(content, cell.start, is_border=True)
        elif content.strip():
            header = headers.get(cell.column, "")
            before = ": " if is_first else f". {title}: "
            yield Part(f"{before}{header} " if header else before, INSERTED)
            yield Part(content, cell.start)
            is_first = False
    yield Part(".", INSERTED)
