"""Cuts a document into passages: what is found by a search, and read by the reader at once.

A passage has about 100 to 150 words and is cut at the borders of blocks; a long block at sentence ends, a table between
rows. It begins with the nearest heading above it, and, where it begins inside a table, with the header of the table.
Page headers and footers that are repeated are in no passage.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from qadesk.structure import Block, Row

Span = tuple[int, int]

MOST_WORDS = 150
LEAST_WORDS = 50
"""A heading begins a new passage when the one before has so many words."""
CHUNK = 16_000
"""Characters after which a new chunk begins, at the next border of a passage."""

_LONGEST_BLOCK = 190  # words of a block that is not cut: two halves would tell less than the whole
_LONGEST_HEADING = 200  # characters of a heading, and of a table's header, that are repeated
_LONGEST_HEADER = 400
_CHARACTERS_A_WORD = 12  # at most, for scripts without spaces
_SENTENCE_END = re.compile(r"""[.!?…][.!?…"'”’)\]]*\s+|\n\s*\n""")
_SPACE = re.compile(r"\s+")


class CutChunk(NamedTuple):
    """A part ``text[start:end]`` of a document, and the pieces of each passage whose body is in it.

    Pieces are spans of the document; of those before the body (heading, header of a table) some begin before ``start``.
    """

    start: int
    end: int
    passages: list[tuple[Span, ...]]


class _Atom(NamedTuple):
    """What is not cut. ``header`` is the table's, where it is a row; inside a row (``is_inside``) no chunk ends."""

    start: int
    end: int
    words: int
    is_heading: bool = False
    header: Span | None = None
    is_inside: bool = False


def cut_passages(text: str, blocks: Sequence[Block]) -> list[CutChunk]:
    """The chunks of ``text``, which are all of it in order; none of an empty text."""
    chunks: list[CutChunk] = []
    passages: list[tuple[Span, ...]] = []
    start = end = 0
    for pieces, is_border in _passages(_atoms(text, blocks)):
        if passages and is_border and end - start >= CHUNK:
            chunks.append(CutChunk(start, end, passages))
            start, passages = end, []
        passages.append(pieces)
        end = pieces[-1][1]
    if text:
        chunks.append(CutChunk(start, len(text), passages))
    return chunks


def body_of(text: str, pieces: Iterable[Span]) -> str:
    """The text of a passage: its pieces, a line end between two."""
    return "\n".join([text[start:end] for start, end in pieces])


def header_rows(rows: Sequence[Row]) -> int:
    """How many rows at the top of a table only name its columns; not all of them."""
    count = 0
    while (
        count < len(rows) - 1 and rows[count] and all(cell.is_header or cell.start == cell.end for cell in rows[count])
    ):
        count += 1
    return count


def _passages(atoms: Iterable[_Atom | None]) -> Iterator[tuple[tuple[Span, ...], bool]]:
    """The pieces of each passage, and whether a chunk may end before it. ``None``: something is left out."""
    heading: Span | None = None
    pending: list[_Atom | None] = []
    words = 0
    for atom in atoms:
        if atom is None:
            pending.append(None)
            continue
        if words and (words + atom.words > MOST_WORDS or (atom.is_heading and words >= LEAST_WORDS)):
            carried = _trailing_headings(pending)
            yield _pieces(pending, heading)
            heading = _last_heading(pending, heading)
            pending = carried
            words = sum(item.words for item in carried if item)
        pending.append(atom)
        words += atom.words
    if any(pending):
        yield _pieces(pending, heading)


def _trailing_headings(pending: list[_Atom | None]) -> list[_Atom | None]:
    """Take the headings at the end off ``pending``, unless there is nothing else: they belong to what follows."""
    count = len(pending)
    while count and ((atom := pending[count - 1]) is None or atom.is_heading):
        count -= 1
    if not any(pending[:count]):
        return []
    carried = pending[count:]
    del pending[count:]
    return carried


def _last_heading(atoms: Iterable[_Atom | None], before: Span | None) -> Span | None:
    for atom in atoms:
        if atom and atom.is_heading:
            before = (atom.start, atom.end)
    return before


def _pieces(atoms: Sequence[_Atom | None], heading: Span | None) -> tuple[tuple[Span, ...], bool]:
    """The spans of a passage: repeated heading and header, then the atoms, joined where nothing is left out between."""
    runs: list[Span] = []
    first: _Atom | None = None
    is_joined = False
    for atom in atoms:
        if atom is None:
            is_joined = False
            continue
        first = first or atom
        if is_joined:
            runs[-1] = (runs[-1][0], atom.end)
        else:
            runs.append((atom.start, atom.end))
        is_joined = True
    assert first is not None
    repeated: list[Span] = []
    if heading and not first.is_heading and heading[1] - heading[0] <= _LONGEST_HEADING:
        repeated.append(heading)
    if first.header and first.start >= first.header[1] and first.header[1] - first.header[0] <= _LONGEST_HEADER:
        repeated.append(first.header)
    return (*repeated, *runs), not first.is_inside


def _atoms(text: str, blocks: Iterable[Block]) -> Iterator[_Atom | None]:
    furniture: set[str] = set()
    for block in blocks:
        if block.kind in ("header", "footer"):
            content = text[block.start : block.end]
            if content in furniture:
                yield None
                continue
            furniture.add(content)
        words = _words(text, block.start, block.end)
        if block.rows and words > MOST_WORDS // 3:
            yield from _row_atoms(text, block)
        elif words <= _LONGEST_BLOCK:
            yield _Atom(block.start, block.end, words, block.kind == "heading")
        else:
            for start, end in _parts(text, block.start, block.end, words):
                yield _Atom(start, end, _words(text, start, end))


def _row_atoms(text: str, block: Block) -> Iterator[_Atom]:
    """An atom for each row; a row that is too long is cut inside its cells."""
    count = header_rows(block.rows)
    rows = [row for row in block.rows if row]
    header = (block.start, rows[count - 1][-1].end) if count else None
    for number, row in enumerate(rows):
        start = row[0].start if number else block.start
        end = row[-1].end if number < len(rows) - 1 else block.end
        if start >= end:
            continue
        words = _words(text, start, end)
        parts = [(start, end)] if words <= _LONGEST_BLOCK else list(_parts(text, start, end, words))
        for place, (first, last) in enumerate(parts):
            size = words if len(parts) == 1 else _words(text, first, last)
            yield _Atom(first, last, size, False, header, place > 0)


def _words(text: str, start: int, end: int) -> int:
    spaces = text.count(" ", start, end) + text.count("\n", start, end) + text.count("\t", start, end)
    return max(1 + spaces, (end - start) // _CHARACTERS_A_WORD)


def _parts(text: str, start: int, end: int, words: int) -> Iterator[Span]:
    """``text[start:end]`` in parts of about the same length: at sentence ends, else at spaces, else anywhere."""
    count = -(-words // MOST_WORDS)
    length = -(-(end - start) // count)
    borders = [match.end() for match in _SENTENCE_END.finditer(text, start, end)]
    at = 0
    while end - start > length * 1.25:
        while at < len(borders) and borders[at] <= start + length // 2:
            at += 1
        best, border = at, 0
        while best < len(borders) and borders[best] <= start + length * 5 // 4:
            if abs(borders[best] - start - length) <= abs(border - start - length):
                border = borders[best]
            best += 1
        if not border:
            space = _SPACE.search(text, start + length, min(end, start + length * 5 // 4))
            border = space.end() if space else start + length
        if content := len(text[start:border].rstrip()):
            yield start, start + content
        start = border
    yield start, end
