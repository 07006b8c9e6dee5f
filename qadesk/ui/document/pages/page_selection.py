"""The selection of text on pages: in offsets of the document's text, so that it follows the order of reading."""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+(?:[-'’.,]\w+)*|\S")
_AROUND = 200  # characters in which the ends of a word are looked for


class PageSelection:
    """The characters between ``anchor``, where it began, and ``head``, which moves. None of it before the first."""

    def __init__(self, text: str = "") -> None:
        self._text = text
        self.anchor: int | None = None
        self.head = 0
        self._word: tuple[int, int] | None = None  # the one that a double click began with

    def begin(self, text: str) -> None:
        """Another document: nothing is selected."""
        self._text = text
        self.clear()

    def clear(self) -> None:
        """Select nothing."""
        self.anchor = self._word = None

    @property
    def span(self) -> tuple[int, int] | None:
        """What is selected, without white space at its ends; None where that is nothing."""
        if self.anchor is None:
            return None
        start, end = sorted((self.anchor, self.head))
        selected = self._text[start:end]
        start += len(selected) - len(selected.lstrip())
        end = start + len(selected.strip())
        return (start, end) if start < end else None

    def press(self, offset: int) -> None:
        """Begin at ``offset``."""
        self.anchor = self.head = offset
        self._word = None

    def press_word(self, offset: int) -> None:
        """Select the word at ``offset``; moving on then selects by words."""
        self._word = self._word_at(offset)
        self.anchor, self.head = self._word

    def move(self, offset: int) -> None:
        """Extend to ``offset``."""
        if self._word is None:
            self.head = offset
            return
        start, end = self._word_at(offset)
        first, last = self._word
        self.anchor, self.head = (first, max(last, end)) if offset >= first else (last, min(first, start))

    def extend(self, start_from: int, by: int, *, words: bool) -> None:
        """Move the head by a character or a word, backwards where ``by`` is negative; begin at ``start_from``."""
        if self.anchor is None:
            self.press(start_from)
        step = self._by_word(by) if words else by
        self.head = min(max(0, self.head + step), len(self._text))

    def _by_word(self, by: int) -> int:
        if by > 0:
            match = _WORD.search(self._text, self.head, self.head + _AROUND)
            return match.end() - self.head if match else 1
        starts = [match.start() for match in _WORD.finditer(self._text, max(0, self.head - _AROUND), self.head)]
        return (starts[-1] if starts else self.head - 1) - self.head

    def _word_at(self, offset: int) -> tuple[int, int]:
        low = max(0, offset - _AROUND)
        for match in _WORD.finditer(self._text, low, offset + _AROUND):
            if match.start() <= offset < match.end():
                return match.span()
            if match.start() > offset:
                break
        return offset, offset
