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

_STEP = 512


class TextMap:
    """Converts between offsets of ``text`` (code points) and positions in the widget (UTF-16 units).

    Stores the position of every 512th character, and counts from the nearest.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._has_pairs = "\r\n" in text
        self._positions = [0]
        for start in range(0, len(text) - _STEP + 1, _STEP):
            self._positions.append(self._positions[-1] + self._units(start, start + _STEP))

    def _units(self, start: int, end: int) -> int:
        chunk = self._text[start:end]
        units = len(chunk) if chunk.isascii() else len(chunk.encode("utf-16-le", "surrogatepass")) // 2
        return units - self._text.count("\r\n", max(0, start - 1), end) if self._has_pairs else units

    def position(self, offset: int) -> int:
        """The position of the character at ``offset``; offsets outside the text are taken as its ends."""
        offset = min(max(0, offset), len(self._text))
        nearest = offset // _STEP
        return self._positions[nearest] + self._units(nearest * _STEP, offset)

    def offset(self, position: int) -> int:
        """The offset of the character at ``position``: the last one whose position is not after it."""
        nearest = max(0, bisect_right(self._positions, position) - 1)
        low = nearest * _STEP  # binary search
        high = min(low + _STEP, len(self._text))
        while low < high:
            middle = (low + high + 1) // 2
            if self.position(middle) <= position:
                low = middle
            else:
                high = middle - 1
        return low
