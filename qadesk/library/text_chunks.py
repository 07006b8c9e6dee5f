"""Documents as JSON: chunks of text with their blocks and passages, and the rest of the document.

A chunk tells its passages without the others: what they repeat of the text before it (a heading, the header of a table)
is in it. All offsets that it gives are those of the whole text.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from qadesk.library.compression import decompress
from qadesk.library.passage_cutting import CutChunk, Span
from qadesk.library.relative_blocks import (
    OpenBlock,
    pack_blocks,
    pack_spans,
    rows_between,
    unpack_blocks,
    unpack_rows,
    unpack_spans,
)
from qadesk.records import Document, Page
from qadesk.structure import Block, Cell, OutlineEntry, Row, shifted
from qadesk.structure.character_map import CharacterMap
from qadesk.structure.serial import from_lists


class PassageParts(NamedTuple):
    """The text of a passage, its blocks, and its pieces as ``Passage`` has them."""

    text: str
    blocks: tuple[Block, ...]
    pieces: tuple[tuple[int, int, int], ...]


def pack_chunk(text: str, blocks: Sequence[Block], chunk: CutChunk) -> bytes:
    """The chunk of the document ``text`` with ``blocks`` as JSON, in UTF-8. A block on its border is cut."""
    start, end = chunk.start, chunk.end
    borrowed = sorted({piece for pieces in chunk.passages for piece in pieces if piece[0] < start})
    at, passages = start, []
    for pieces in chunk.passages:
        passages.append(pack_spans(pieces, at))
        at = pieces[-1][1]
    values = [
        start,
        text[start:end],
        pack_blocks(_part_of(blocks, start, end), start),
        passages,
        [[first, text[first:last], pack_blocks(_part_of(blocks, first, last), first)] for first, last in borrowed],
        int(_is_inside(blocks, start)),
    ]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _part_of(blocks: Sequence[Block], start: int, end: int) -> list[Block]:
    """The blocks in ``text[start:end]``; of a table that is cut there, the rows that are in it."""
    first = max(0, bisect_right(blocks, start, key=lambda block: block.start) - 1)
    last = bisect_left(blocks, end, key=lambda block: block.start)
    return [
        block if start <= block.start and block.end <= end else _cut_block(block, start, end)
        for block in blocks[first:last]
        if block.end > start
    ]


def _is_inside(blocks: Sequence[Block], offset: int) -> bool:
    """Whether a block begins before ``offset`` and ends after it."""
    index = bisect_left(blocks, offset, key=lambda block: block.start) - 1
    return index >= 0 and blocks[index].end > offset


def _cut_block(block: Block, start: int, end: int) -> Block:
    rows = tuple(row for row in block.rows if row and row[0].start >= start and row[-1].end <= end)
    return Block(block.kind, max(start, block.start), min(end, block.end), block.level, block.body,
                 block.is_wrapped, rows)  # fmt: skip


class Chunk:
    """What ``pack_chunk`` packed. Raises ``ValueError`` and the like if it is damaged."""

    def __init__(self, data: bytes) -> None:
        values = json.loads(data.decode("utf-8", "surrogatepass"))
        self.start: int = values[0]
        self.text: str = values[1]
        self.blocks: list[OpenBlock] = unpack_blocks(values[2], self.start)
        self._passages: list[list[Span]] = []
        self._borrowed: dict[int, tuple[str, list[OpenBlock]]] = {
            start: (text, unpack_blocks(lists, start)) for start, text, lists in values[4]
        }
        self.is_continued = bool(values[5])  # its first block begins in the chunk before
        at = self.start
        for numbers in values[3]:
            self._passages.append(unpack_spans(numbers, at))
            at = self._passages[-1][-1][1]

    def __len__(self) -> int:
        return len(self._passages)

    def pieces(self, number: int) -> list[Span]:
        """The spans of a passage in the whole text. ``number`` counts from 0 in the chunk."""
        return self._passages[number]

    def body(self, number: int) -> str:
        """The text of a passage, as ``passage_cutting.body_of`` gives it."""
        return "\n".join([self._piece(start, end)[0] for start, end in self.pieces(number)])

    def passage(self, number: int) -> PassageParts:
        """A passage with its blocks."""
        texts: list[str] = []
        blocks: list[Block] = []
        pieces: list[tuple[int, int, int]] = []
        at = 0
        for start, end in self.pieces(number):
            text, lists = self._piece(start, end)
            parts = [part for values in lists if (part := _clipped(values, text, start, end))]
            shifted_parts = [shifted(part, at - start) for part in parts]
            if blocks and shifted_parts and _is_header(blocks[-1]) and shifted_parts[0].rows:
                shifted_parts[0] = _joined(blocks.pop(), shifted_parts[0])
            blocks += shifted_parts
            texts.append(text)
            pieces.append((at, start, len(text)))
            at += len(text) + 1
        return PassageParts("\n".join(texts), tuple(blocks), tuple(pieces))

    def _piece(self, start: int, end: int) -> tuple[str, list[OpenBlock]]:
        """The text of a piece, and the blocks that may be in it."""
        if start < self.start:
            return self._borrowed[start]
        first = max(0, bisect_right(self.blocks, start, key=lambda values: values[1]) - 1)
        last = bisect_left(self.blocks, end, key=lambda values: values[1])
        return self.text[start - self.start : end - self.start], self.blocks[first:last]


def _clipped(values: OpenBlock, text: str, start: int, end: int) -> Block | None:
    """The part of a block that is in the piece ``text``, which is ``start:end`` of the whole."""
    kind, block_start, block_end, level, body, is_wrapped, rows = values
    low, high = max(start, block_start), min(end, block_end)
    content = text[low - start : max(low, high) - start]
    low += len(content) - len(content.lstrip())
    high -= len(content) - len(content.rstrip())
    if low >= high:
        return None
    cells = tuple(_clipped_row(row, low, high) for row in rows_between(rows, block_start, low, high))
    return Block(kind, low, high, level, min(max(body, low), high), bool(is_wrapped), cells)


def _clipped_row(cells: list[list[int]], low: int, high: int) -> Row:
    return tuple(
        Cell(max(start, low), min(end, high), column, span, bool(flags & 1), bool(flags & 2))
        for start, end, column, span, flags in cells
        if end >= low and start <= high
    )


def _is_header(block: Block) -> bool:
    """Whether the block is the header of a table alone."""
    return bool(block.rows) and all(cell.is_header or cell.start == cell.end for row in block.rows for cell in row)


def _joined(header: Block, rest: Block) -> Block:
    return Block("table", header.start, rest.end, rest.level, header.start, rest.is_wrapped, header.rows + rest.rows)


def pack_rest(document: Document) -> tuple[bytes, bytes]:
    """What a document is besides text, blocks, title and path, as JSON, and the numbers of its map to the pages."""
    values = [
        document.kind,
        int(not document.blocks),
        [[page.number, page.label, page.start, page.end, page.unit] for page in document.pages],
        document.notes,
        [[entry.title, entry.level, entry.start] for entry in document.outline],
        _steps(document.rows),
        document.scans,
        document.recognized_pages,
    ]
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass"), document.characters.to_steps()


def _steps(rows: Iterable[tuple[int, int]]) -> list[int]:
    """Rows as a flat list, each as the difference from the one before it."""
    steps: list[int] = []
    at = count = 0
    for start, number in rows:
        steps += (start - at, number - count)
        at, count = start, number
    return steps


class Rest(NamedTuple):
    """What ``pack_rest`` kept, compressed, and the length of the text."""

    rest: bytes
    runs: bytes
    characters: int


def unpack_document(row: Rest, chunks: Iterable[Chunk], title: str, path: Path) -> Document:
    """The whole document. Raises ``ValueError`` and the like, if a row is damaged."""
    texts: list[str] = []
    lists: list[list[Any]] = []
    for chunk in chunks:
        texts.append(chunk.text)
        more = [[*values, unpack_rows(rows, values[1])] for *values, rows in chunk.blocks]
        if chunk.is_continued:
            lists[-1] = _rejoined(lists[-1], more[0])
            more = more[1:]
        lists += more
    text = "".join(texts)
    if len(text) != row.characters:
        raise ValueError("a text with missing parts")
    is_plain, document = _without_text(row, title, path)
    return replace(document, text=text, blocks=() if is_plain else from_lists(lists, len(text)))


def unpack_pages(row: Rest) -> Document:
    """The document without its text and blocks: to know the page at an offset."""
    return _without_text(row, "", Path())[1]


def _rejoined(values: list[Any], more: list[Any]) -> list[Any]:
    """The block whose parts are the last one of a chunk and the first one of the next."""
    kind, start, _, level, body, is_wrapped, rows = values
    return [kind, start, more[2], level, body, is_wrapped, rows + more[6]]


def _without_text(row: Rest, title: str, path: Path) -> tuple[bool, Document]:
    kind, is_plain, page_values, notes, outline, steps, scans, recognized_pages = json.loads(
        decompress(row.rest).decode("utf-8", "surrogatepass")
    )
    pages = tuple(Page(*page) for page in page_values)
    document = Document(
        "", title, kind, path, pages, tuple(notes), (), tuple(OutlineEntry(*entry) for entry in outline),
        CharacterMap.from_steps(decompress(row.runs), row.characters, len(pages)),
        tuple(zip(accumulate(steps[::2]), accumulate(steps[1::2]), strict=True)),
        tuple(scans), tuple(recognized_pages),
    )  # fmt: skip
    return bool(is_plain), document
