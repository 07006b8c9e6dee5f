"""Where the characters of a text are on the pages of a PDF file, as runs of pdfium's character indices."""

from __future__ import annotations

from array import array
from base64 import b64decode, b64encode
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate, chain
from operator import add, sub
from typing import NamedTuple


class Run(NamedTuple):
    """``length`` characters from ``offset`` of the text on are the characters from ``first`` on of a page.

    ``page`` is the number of the page, from 1. ``first`` is an index that FPDFText_GetUnicode takes; the indices behind
    those count the letters that are typed into forms. On a scan it counts those of ``ScanText.text``.
    """

    offset: int
    page: int
    first: int
    length: int


class CharacterMap:
    """The runs of a text, in its order. Characters in no run (a space or line end between lines) are on no page."""

    def __init__(self, runs: Iterable[Run] = ()) -> None:
        self._numbers = array("i", chain.from_iterable(runs))
        self._offsets = self._numbers[::4]

    def __len__(self) -> int:
        return len(self._offsets)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CharacterMap) and self._numbers == other._numbers

    def __hash__(self) -> int:
        return hash(self._numbers.tobytes())

    @property
    def numbers(self) -> memoryview:
        """The numbers of all runs, four of each, in order: 32-bit signed integers."""
        return memoryview(self._numbers)

    def runs(self, start: int, end: int) -> list[Run]:
        """The parts of the runs that are within ``text[start:end]``, in order."""
        parts = []
        for number in range(max(0, bisect_right(self._offsets, start) - 1), len(self)):
            offset, page, first, length = self._numbers[4 * number : 4 * number + 4]
            if offset >= end:
                break
            low, high = max(start, offset), min(end, offset + length)
            if low < high:
                parts.append(Run(low, page, first + low - offset, high - low))
        return parts

    def page_at(self, offset: int) -> int | None:
        """The number of the page that the character at ``offset``, or the last one before it, is on."""
        number = bisect_right(self._offsets, offset) - 1
        return self._numbers[4 * number + 1] if number >= 0 else None

    def to_base64(self) -> str:
        """The map as a string that ``from_base64`` reads."""
        return b64encode(self._numbers.tobytes()).decode("ascii")

    def to_steps(self) -> bytes:
        """The map as bytes that are easily compressed: how each run differs from the end of the one before it."""
        offsets, pages, firsts, lengths = (self._numbers[at::4] for at in range(4))
        columns = ((offsets, map(add, offsets, lengths)), (pages, pages), (firsts, map(add, firsts, lengths)))
        steps = (map(sub, column, chain((0,), before)) for column, before in columns)
        return array("i", chain(*steps, lengths)).tobytes()

    @classmethod
    def from_steps(cls, data: bytes, length: int, pages: int) -> CharacterMap:
        """The map that ``to_steps`` gave. Raises ValueError as ``from_base64`` does."""
        steps = array("i")
        steps.frombytes(data)
        count, incomplete = divmod(len(steps), 4)
        if incomplete:
            raise ValueError("a character map of incomplete runs")
        offsets, page_steps, firsts, lengths = (steps[at * count : (at + 1) * count] for at in range(4))
        columns = (
            accumulate(map(add, offsets, chain((0,), lengths))),
            accumulate(page_steps),
            accumulate(map(add, firsts, chain((0,), lengths))),
            lengths,
        )
        return cls._checked(array("i", chain.from_iterable(zip(*columns, strict=True))), length, pages)

    @classmethod
    def from_base64(cls, text: str, length: int, pages: int) -> CharacterMap:
        """The map of a text of ``length`` characters on ``pages`` pages. Raises ValueError if it is not one."""
        numbers = array("i")
        numbers.frombytes(b64decode(text, validate=True))
        return cls._checked(numbers, length, pages)

    @classmethod
    def _checked(cls, numbers: array[int], length: int, pages: int) -> CharacterMap:
        if len(numbers) % 4:
            raise ValueError("a character map of incomplete runs")
        before = 0
        for run in zip(numbers[::4], numbers[1::4], numbers[2::4], numbers[3::4], strict=True):
            offset, page, first, count = run
            end = offset + count
            if not before <= offset < end <= length or first < 0 or not 1 <= page <= pages:
                raise ValueError(f"an invalid run: {Run(*run)}")
            before = end
        runs = cls()
        runs._numbers, runs._offsets = numbers, numbers[::4]
        return runs
