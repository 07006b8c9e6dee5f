"""RTF as a stream of tokens: groups, control words with numbers, and runs of bytes that are text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from qadesk.documents.parsing import Heartbeat

_TOKEN = re.compile(
    rb"([^\\{}\r\n]+)|[\r\n]+|([{}])|\\(?:([a-zA-Z]{1,40})(-?\d{1,10})?[ ]?|'([0-9a-fA-F]{2})|([^a-zA-Z]))", re.S
)
_IN_SKIPPED = re.compile(rb"[{}]|\\(?:bin(\d{1,10})[ ]?|.)", re.S)
_ENDNOTE_FOLLOWS = re.compile(rb"[^{}]{0,60}\{\s*+(?:\\\*\s*+)?\\footnote\s*\\ftnalt")
_CELL = re.compile(rb"\\cell(?![a-zA-Z])")
_BEATS = 5000  # tokens

TEXT, WORD, OPEN, CLOSE = 0, 1, 2, 3


class RtfToken(NamedTuple):
    """A run of text (``data``), a control word (``word``, with its number if it has one), or a brace."""

    kind: int
    data: bytes = b""
    word: str = ""
    number: int | None = None


_BRACES = {b"{": RtfToken(OPEN), b"}": RtfToken(CLOSE)}


class RtfTokens:
    """The tokens of ``data``. The bytes of a control word with binary data (\\bin) are left out."""

    def __init__(self, data: bytes, heartbeat: Heartbeat) -> None:
        self._data = data
        self._place = 0
        self._heartbeat = heartbeat

    def __iter__(self) -> Iterator[RtfToken]:
        data, match_at, count = self._data, _TOKEN.match, 0
        while match := match_at(data, self._place):
            self._place = match.end()
            count += 1
            if not count % _BEATS:
                self._heartbeat()
            text, brace, word, number, code, symbol = match.groups()
            if text:
                yield RtfToken(TEXT, text)
            elif word:
                value = None if number is None else int(number)
                if word == b"bin":
                    self._place += max(0, value or 0)
                else:
                    yield RtfToken(WORD, b"", word.decode("ascii"), value)
            elif brace:
                yield _BRACES[brace]
            elif code:
                yield RtfToken(TEXT, bytes((int(code, 16),)))
            elif symbol:
                yield RtfToken(TEXT, symbol) if symbol in b"\\{}" else RtfToken(WORD, b"", symbol.decode("latin-1"))

    def has_more_cells(self, most: int) -> bool:
        """Whether more than ``most`` cells end in the document."""
        cells = _CELL.finditer(self._data) if self._data.count(b"\\cell") > most else iter(())
        return next(islice(cells, most, None), None) is not None

    def skip_group(self) -> None:
        """Go on right before the brace that ends the open group, or at the end of the document if none does."""
        depth, place = 1, self._place
        while match := _IN_SKIPPED.search(self._data, place):
            place = match.end() + int(match[1] or 0)
            brace = match[0]
            depth += (brace == b"{") - (brace == b"}")
            if not depth:
                self._place = match.start()
                return
        self._place = len(self._data)

    def is_endnote_next(self) -> bool:
        """Whether the mark of a note that was just read is that of an endnote."""
        return _ENDNOTE_FOLLOWS.match(self._data, self._place) is not None
