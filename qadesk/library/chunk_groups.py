"""Chunks of a text that are stored together: the more is compressed at once the less room it takes, while only the
chunk is unpacked that has a passage.

A line says how many passages each chunk has; each of the next lines is a chunk.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from qadesk.library.compression import compress, decompress
from qadesk.library.text_chunks import Chunk, PassageParts

_CHUNKS = 6
"""So many chunks are a group, some 100 kB of text. Twice as many take 3 % less room, and twice the time to unpack."""


def group_slices(count: int) -> Iterator[slice]:
    """How ``count`` chunks of a text are taken together."""
    return (slice(first, first + _CHUNKS) for first in range(0, count, _CHUNKS))


def pack_group(passages: Sequence[int], chunks: Sequence[bytes]) -> bytes:
    """What ``pack_chunk`` made of some chunks, with their numbers of passages, as it is stored."""
    return compress(b"\n".join([json.dumps(passages).encode("ascii"), *chunks]))


class ChunkGroup:
    """A group that was stored; its passages count from 0. Raises ``ValueError`` and the like if it is damaged."""

    def __init__(self, data: bytes) -> None:
        head, *self._lines = decompress(data).split(b"\n")
        self._ends: list[int] = list(accumulate(json.loads(head)))
        if len(self._ends) != len(self._lines):
            raise ValueError("a group with missing chunks")
        self._chunks: dict[int, Chunk] = {}

    def __len__(self) -> int:
        return self._ends[-1]

    def chunks(self) -> Iterator[Chunk]:
        """All chunks, in order."""
        return map(Chunk, self._lines)

    def body(self, number: int) -> str:
        """The text of a passage, as ``passage_cutting.body_of`` gives it."""
        chunk, inner = self._chunk_of(number)
        return chunk.body(inner)

    def passage(self, number: int) -> PassageParts:
        """A passage with its blocks."""
        chunk, inner = self._chunk_of(number)
        return chunk.passage(inner)

    def _chunk_of(self, number: int) -> tuple[Chunk, int]:
        """The chunk of a passage, and its number there."""
        at = bisect_right(self._ends, number)
        if at not in self._chunks:
            self._chunks[at] = Chunk(self._lines[at])
        return self._chunks[at], number - (self._ends[at - 1] if at else 0)
