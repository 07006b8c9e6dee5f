"""Convert between offsets of a document and positions in the widget that shows it.

Qt's text positions are not Python's. QTextDocument counts UTF-16 units, makes one paragraph end of ``\\r\\n``, drops
a leading byte-order mark, and reserves some code points. So the widget is given ``display_text``, in which Qt has
nothing left to change, and ``TextMap`` converts:

    text          a 😀 \\r \\n b         offsets    0 1 2 3 4
    display_text  a 😀    \\n b         positions  0 1 3 4 4      (the end of \\r is the end of \\r\\n)

Text is never read back from a widget.
"""

from __future__ import annotations

from bisect import bisect_right
from copy import copy

_STEP = 512


class TextMap:
    """Converts between offsets of ``text`` (code points) and positions in the widget (UTF-16 units).

    Stores the position of every 512th character, and counts from the nearest. The widget can show a ``part`` alone.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._has_pairs = "\r\n" in text
        self._start, self._end, self._first = 0, len(text), 0  # of the part, and the position of its start
        self._positions = [0]
        for start in range(0, len(text) - _STEP + 1, _STEP):
            self._positions.append(self._positions[-1] + self._units(start, start + _STEP))

    def _units(self, start: int, end: int) -> int:
        chunk = self._text[start:end]
        units = len(chunk) if chunk.isascii() else len(chunk.encode("utf-16-le", "surrogatepass")) // 2
        return units - self._text.count("\r\n", max(0, start - 1), end) if self._has_pairs else units

    def _is_even(self, number: int) -> bool:
        """Whether each character of the step ``number`` is one unit."""
        ends = self._positions[number : number + 2]
        return not self._has_pairs and len(ends) == 2 and ends[1] - ends[0] == _STEP

    def part(self, start: int, end: int) -> TextMap:
        """The map for a widget that shows no more than ``text[start:end]``."""
        part = copy(self)
        part._start, part._end, part._first = start, end, 0
        part._first = part.position(start)
        return part

    def position(self, offset: int) -> int:
        """The position of the character at ``offset``; offsets outside what is shown are taken as its ends."""
        offset = min(max(self._start, offset), self._end)
        nearest = offset // _STEP
        return self._positions[nearest] + self._units(nearest * _STEP, offset) - self._first

    def offset(self, position: int) -> int:
        """The offset of the character at ``position``: the last one whose position is not after it."""
        position += self._first
        nearest = max(0, bisect_right(self._positions, position) - 1)
        if self._is_even(nearest):
            return min(max(self._start, nearest * _STEP + position - self._positions[nearest]), self._end)
        low = min(max(self._start, nearest * _STEP), self._end)  # binary search
        high = min(nearest * _STEP + _STEP, self._end)
        while low < high:
            middle = (low + high + 1) // 2
            if self._positions[nearest] + self._units(nearest * _STEP, middle) <= position:
                low = middle
            else:
                high = middle - 1
        return low
