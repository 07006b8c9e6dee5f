"""Convert between offsets of a document and positions in the widget that shows it.

Qt's text positions are not Python's. QTextDocument counts UTF-16 units, makes one paragraph end of ``\\r\\n``, drops
a leading byte-order mark, and reserves some code points. So the widget is given ``display_text``, in which Qt has
nothing left to change, and ``TextMap`` converts:

    text          a 😀 \\r \\n b         offsets    0 1 2 3 4
    display_text  a 😀    \\n b         positions  0 1 3 4 4      (the end of \\r is the end of \\r\\n)

Text is never read back from a widget.
"""

from __future__ import annotations

import re
from bisect import bisect_right

_STEP = 4096
_LONG_LINE = 16_000
_LINE_ENDS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_REPLACED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029\ufeff"  # control characters, line ends, byte-order mark
    "\ufffc-\uffff\ufdd0-\ufdef\ud800-\udfff]"  # reserved by Qt, noncharacters, surrogates
)


def _replacement(match: re.Match[str]) -> str:
    character = match[0]
    if character in _LINE_ENDS:
        return "\n"
    if character == "\ufeff":
        return "\u2060"  # has no width either
    return " " if character < "\ud800" and character != "\x00" else "\ufffd"


def display_text(text: str) -> str:
    """``text`` as the widget is given it: one character for each, except that ``\\r\\n`` is one line end.

    Lines of more than 16,000 characters are broken at a space: Qt lays out whole lines at once and would freeze.
    """
    lines = _REPLACED.sub(_replacement, text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join(_broken(line) if len(line) > _LONG_LINE else line for line in lines)


def _broken(line: str) -> str:
    pieces = []
    start = 0
    while (space := line.find(" ", start + _LONG_LINE)) >= 0:
        pieces.append(line[start:space])
        start = space + 1
    return "\n".join([*pieces, line[start:]])


class TextMap:
    """Converts between offsets of ``text`` (code points) and positions in the widget (UTF-16 units).

    Stores the position of every 4096th character, and counts from the nearest.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._positions = [0]
        for start in range(0, len(text) - _STEP + 1, _STEP):
            self._positions.append(self._positions[-1] + self._units(start, start + _STEP))

    def _units(self, start: int, end: int) -> int:
        chunk = self._text[start:end]
        units = len(chunk) if chunk.isascii() else len(chunk.encode("utf-16-le", "surrogatepass")) // 2
        return units - self._text.count("\r\n", max(0, start - 1), end)

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
