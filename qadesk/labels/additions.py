"""Whether a text says anything that an earlier reading of the same document does not say."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from qadesk.labels.alignment import common_prefix_length
from qadesk.labels.comparable import ComparableText
from qadesk.labels.numbers import number_end

_MIN_WORDS = 8  # compared characters of words that are the same wherever the old text has them
_MAX_LINES = 5  # of the old text that may stand elsewhere now: a header and a footer between two pages
_MAX_BACK = 3  # characters at the beginnings of two lines that may be equal by chance
_MAX_SEARCHES = 1000  # in all of the old text: more differ too much to be compared


def adds_nothing(old: ComparableText, new: ComparableText) -> bool:
    """Whether all that ``new`` says is in ``old``: then it answers no question that ``old`` does not answer.

    Each line of ``new`` must be words that ``old`` has one after another, wherever its lines ended. Whole lines of
    ``old`` may be missing between them, for they may be headers and footers of pages; single words may not: without a
    "not" a line says something else. The printed numbers of list items may be new. False if it is not certain.
    """
    return old.text == new.text or _Comparison(old, new).is_covered()


class _Comparison:
    def __init__(self, old: ComparableText, new: ComparableText) -> None:
        self._old, self._new = old, new
        self._starts = old.line_indices()
        self._ends = [*self._starts[1:], len(old.text)]
        self._lines = {old.text[first:last] for first, last in zip(self._starts, self._ends, strict=True)}
        self._at = 0  # where the old text goes on after the last line that it has in common with the new one
        self._searches = 0

    def is_covered(self) -> bool:
        """Whether every line of the new text is in the old one."""
        starts = self._new.line_indices()
        return all(self._has_line(*span) for span in zip(starts, [*starts[1:], len(self._new.text)], strict=True))

    def _has_line(self, first: int, last: int) -> bool:
        number = number_end(self._new, first)
        starts = (first,) if number is None or number >= last else (first, number)
        return any(self._has_words(self._new.text[start:last]) for start in starts)

    def _has_words(self, words: str) -> bool:
        return self._goes_on_with(words) or words in self._lines or self._has_elsewhere(words)

    def _goes_on_with(self, words: str) -> bool:
        """Whether ``words`` come next in the old text, some lines left out before them or between them."""
        position, at = 0, self._at
        for _ in range(len(words)):
            run = common_prefix_length(words[position:], self._old.text[at : at + len(words) - position])
            if position + run == len(words) and self._old.is_boundary(at + run):
                self._at = at + run
                return True
            entry = self._next_entry(words, position + run, at + run)
            if entry is None:
                return False
            position, at = entry
        return False

    def _next_entry(self, words: str, position: int, at: int) -> tuple[int, int] | None:
        """Where ``words`` and a later line of the old text go on alike, after whole lines; None if nowhere."""
        line = bisect_right(self._starts, at) - 1
        if line < 0 or (position and not 0 <= at - self._starts[line] <= min(_MAX_BACK, position)):
            return None
        back = at - self._starts[line] if position else 0
        rest = words[position - back :]
        for start, end in self._lines_after(line):
            run = common_prefix_length(rest, self._old.text[start : start + len(rest)])
            if run >= min(len(rest), end - start):
                return position - back, start
        return None

    def _lines_after(self, line: int) -> Iterator[tuple[int, int]]:
        numbers = range(line + 1, min(line + 1 + _MAX_LINES, len(self._starts)))
        return ((self._starts[number], self._ends[number]) for number in numbers)

    def _has_elsewhere(self, words: str) -> bool:
        """Whether the old text has ``words``, which are not too short for that, anywhere."""
        self._searches += 1
        if len(words) < _MIN_WORDS or self._searches > _MAX_SEARCHES:
            return False
        index = self._old.text.find(words)
        if index < 0 or not (self._old.is_boundary(index) and self._old.is_boundary(index + len(words))):
            return False
        self._at = index + len(words)
        return True
