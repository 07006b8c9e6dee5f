"""From a document to the tokens that a model reads, each with its place in the document's text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from qadesk.qa.rendering import INSERTED, Part, render
from qadesk.structure import Block, units
from qadesk.structure.plain import blocks_or_plain

PIECE = 20_000
"""Characters of a document that are tokenised at a time."""

Int32s = npt.NDArray[np.int32]

_SURROGATE = re.compile("[\ud800-\udfff]")
_CUT = re.compile(r"(?<=\S)\s(?=\S)")

# The model knows the letters, and hardly any word with a ligature in it. U+FB00 to U+FB06.
_LIGATURES = dict(enumerate(("ff", "fi", "fl", "ffi", "ffl", "st", "st"), 0xFB00))


@dataclass(frozen=True, slots=True, eq=False)
class DocumentTokens:
    """A document as the model reads it: ``n`` tokens, and ``k`` borders of blocks and of rows of tables.

    ``ids`` ``[n]`` are uint16 where the vocabulary allows, else int32: a long document stays in memory. ``offsets``
    int32 ``[n, 2]`` are characters of the text; a token that was inserted (``rendering``) has an empty span.
    ``begins`` and ``ends`` int32 ``[n]``: the tokens ``begins[i]:ends[i]`` are those of the block or cell that holds
    token i, and an answer stays inside; they are none for a token that no answer contains. ``borders`` int32 ``[k]``
    are the tokens that begin a block or row.
    """

    ids: npt.NDArray[np.uint16] | Int32s
    offsets: Int32s
    begins: Int32s
    ends: Int32s
    borders: Int32s

    def __len__(self) -> int:
        return len(self.ids)


class TokenPart(NamedTuple):
    """Consecutive tokens of a document. ``units`` ``[n]``: the number of the block or cell of each, -1 for none."""

    ids: npt.NDArray[np.uint16] | Int32s
    offsets: Int32s
    units: Int32s
    borders: Int32s


def tokens_of_context(tokenizer: Tokenizer, text: str, blocks: tuple[Block, ...] = ()) -> DocumentTokens:
    """The tokens of a context, as it is read in answering and in training: see ``tokenize_context``."""
    return join(list(tokenize_context(tokenizer, text, blocks)))


def tokenize_context(tokenizer: Tokenizer, text: str, blocks: tuple[Block, ...] = ()) -> Iterator[TokenPart]:
    """As ``tokenize_document``; but where no ``blocks`` are known, ``text`` has those that plain text shows."""
    return tokenize_document(tokenizer, text, blocks_or_plain(text, blocks))


def read_tokens(tokenizer: Tokenizer, text: str, blocks: Sequence[Block] = ()) -> DocumentTokens:
    """The tokens of the document. Without ``blocks`` the whole text is one."""
    return join(list(tokenize_document(tokenizer, text, blocks)))


def tokenize_document(tokenizer: Tokenizer, text: str, blocks: Sequence[Block] = ()) -> Iterator[TokenPart]:
    """Tokenise piece by piece, for ``join``: yields the tokens of each part of the document."""
    spans = np.array(list(units(blocks)) or [(0, len(text))], dtype=np.int32).reshape(-1, 2)
    for group in _groups(render(text, blocks) if blocks else [Part(text, 0, is_border=True)]):
        yield _tokenize_group(tokenizer, group, spans)


def join(parts: Sequence[TokenPart]) -> DocumentTokens:
    """The tokens of consecutive parts as those of one document."""
    none = np.zeros(0, np.int32)
    parts = parts or [TokenPart(none, none.reshape(0, 2), none, none)]
    numbers = np.concatenate([part.units for part in parts])
    first = np.cumsum([0, *(len(part.ids) for part in parts[:-1])]).astype(np.int32)
    begins, ends = _runs(numbers)
    return DocumentTokens(
        np.concatenate([part.ids for part in parts]),
        np.concatenate([part.offsets for part in parts]),
        begins,
        ends,
        np.concatenate([part.borders + start for part, start in zip(parts, first, strict=True)]),
    )


def tokens_of(document: DocumentTokens, start: int, end: int) -> tuple[int, int]:
    """The tokens that the characters ``start:end`` touch, first and last; the first is after the last for none."""
    first = int(np.searchsorted(document.offsets[:, 1], start, side="right"))
    return first, int(np.searchsorted(document.offsets[:, 0], end, side="left")) - 1


def pieces(text: str, size: int = PIECE) -> Iterator[tuple[int, int]]:
    """Cut ``text`` into parts of about ``size`` characters that tokenise as the whole does.

    A cut is made before a single white space between two words, where no tokenizer joins tokens; only a
    'word' of more than ``size`` characters is cut inside.
    """
    start = 0
    while len(text) - start > size:
        cut = _CUT.search(text, start + size, min(len(text), start + 2 * size))
        end = cut.start() if cut else min(len(text), start + 2 * size)
        yield start, end
        start = end
    if start < len(text):
        yield start, len(text)


def encodable(text: str) -> str:
    """``text`` without lone surrogates, which no tokenizer takes; same length, so offsets hold."""
    return _SURROGATE.sub("\ufffd", text)


def _groups(parts: Iterable[Part]) -> Iterator[list[Part]]:
    """The parts in groups of about ``PIECE`` characters, each of which begins at a border; long parts are cut."""
    group: list[Part] = []
    length = 0
    for part in parts:
        if group and part.is_border and length + len(part.text) > PIECE:
            yield group
            group, length = [], 0
        group.append(part)
        length += len(part.text)
        if len(part.text) > PIECE:
            whole = group.pop()
            spans = list(pieces(whole.text))
            for start, end in spans:
                offset = whole.offset if whole.offset == INSERTED else whole.offset + start
                group.append(Part(whole.text[start:end], offset, whole.is_border and start == 0))
                if end < len(whole.text):
                    yield group
                    group = []
            length = len(group[-1].text)
    if group:
        yield group


def _tokenize_group(tokenizer: Tokenizer, group: Sequence[Part], spans: Int32s) -> TokenPart:
    expanded = [part.text.translate(_LIGATURES) for part in group]
    lengths = [len(text) for text in expanded]
    # as a batch: ``encode`` lets no other thread of Python run, the window's least of all, for some 15 ms
    (encoding,) = tokenizer.encode_batch([encodable("".join(expanded))], add_special_tokens=False)
    ids = np.array(encoding.ids, dtype=np.int32)
    rendered = np.array(encoding.offsets, dtype=np.int32).reshape(-1, 2)
    characters = np.concatenate([_characters(part, length) for part, length in zip(group, lengths, strict=True)])
    offsets, numbers = _places(rendered, characters, spans)
    part_starts = np.cumsum([0, *lengths[:-1]])
    border_starts = part_starts[[part.is_border for part in group]]
    borders = np.unique(np.searchsorted(rendered[:, 1], border_starts, side="right")).astype(np.int32)
    small = ids.astype(np.uint16) if ids.max(initial=0) < 2**16 else ids
    return TokenPart(small, offsets, numbers, borders[borders < len(ids)])


def _characters(part: Part, length: int) -> npt.NDArray[np.int64]:
    """The offset in the text of each of the ``length`` characters of ``part`` with its ligatures expanded.

    ``INSERTED`` for each that was inserted.
    """
    if part.offset == INSERTED:
        return np.full(length, INSERTED, dtype=np.int64)
    places = np.arange(part.offset, part.offset + len(part.text), dtype=np.int64)
    if length == len(part.text):  # no ligature: each has two letters at least
        return places
    return np.repeat(places, [len(_LIGATURES.get(ord(character), " ")) for character in part.text])


def _places(rendered: Int32s, characters: npt.NDArray[np.int64], spans: Int32s) -> tuple[Int32s, Int32s]:
    """The offsets in the text ``[n, 2]`` of tokens at ``rendered`` characters of a group, and their units ``[n]``.

    ``characters`` are the offsets of the group's characters. A token's unit is that of its last one: some tokenizers
    join the space before a word to it.
    """
    last = characters[np.maximum(rendered[:, 1] - 1, rendered[:, 0])]
    is_inserted = last == INSERTED
    unit = np.maximum(np.searchsorted(spans[:, 0], last, side="right") - 1, 0)
    is_outside = is_inserted | (last < spans[unit, 0]) | (last >= spans[unit, 1])
    starts = characters[rendered[:, 0]]
    starts = np.where(is_outside, np.where(starts == INSERTED, last, starts), np.maximum(starts, spans[unit, 0]))
    ends = last + 1
    first = characters[np.argmax(characters != INSERTED)] if len(characters) else 0
    ends_before = np.concatenate([[max(0, first)], np.where(is_inserted, INSERTED, ends)])
    here = np.maximum.accumulate(ends_before)[:-1]  # where the token before an inserted one ends
    offsets = np.stack([np.where(is_inserted, here, starts), np.where(is_inserted, here, ends)], axis=1)
    return offsets.astype(np.int32), np.where(is_outside, -1, unit).astype(np.int32)


def _runs(numbers: Int32s) -> tuple[Int32s, Int32s]:
    """Where the run of equal ``numbers`` around each index begins and ends; an empty run for a number of -1."""
    indices = np.arange(len(numbers), dtype=np.int32)
    changes = np.flatnonzero(np.diff(numbers)) + 1
    starts = np.concatenate([[0], changes]).astype(np.int32)
    stops = np.concatenate([changes, [len(numbers)]]).astype(np.int32)
    run = np.searchsorted(starts, indices, side="right") - 1
    is_none = numbers < 0
    return np.where(is_none, indices, starts[run]), np.where(is_none, indices, stops[run])
