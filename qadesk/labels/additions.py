"""Whether a text says anything that an earlier reading of the same document does not say."""

from __future__ import annotations

from qadesk.labels.alignment import MAX_CHANCE, common_prefix_length
from qadesk.labels.comparable import ComparableText

_MIN_WORDS = 8  # compared characters of words that are the same wherever the old text has them
_MAX_LINES = 5  # of the old text that may stand elsewhere now: a header and a footer between two pages
_MAX_SEARCHES = 1000  # in all of the old text: more differ too much to be compared


def adds_nothing(old: ComparableText, new: ComparableText) -> bool:
    """Whether all that ``new`` says is in ``old``: then it answers no question that ``old`` does not answer.

    Each line of ``new`` must be words that ``old`` has one after another, wherever its lines ended. Whole lines of
    ``old`` may be missing between them, for they may be headers and footers of pages; single words may not: without a
    "not" a line says something else. Compared is what ``ComparableText`` says: numbers of list items may be new. False
    if it is not certain.
    """
    return old.text == new.text or _Comparison(old, new).is_covered()


class _Comparison:
    def __init__(self, old: ComparableText, new: ComparableText) -> None:
        self._old, self._new = old, new
        self._lines = {old.text[first:last] for first, last in old.lines}
        self._at = 0  # where the old text goes on after the last line that it has in common with the new one
        self._searches = 0

    def is_covered(self) -> bool:
        """Whether every line of the new text is in the old one."""
        return all(self._has_line(*span) for span in self._new.lines)

    def _has_line(self, first: int, last: int) -> bool:
        words = self._new.text[first:last]
        return self._goes_on_with(words) or words in self._lines or self._has_elsewhere(words)

    def _goes_on_with(self, words: str) -> bool:
        """Whether ``words`` come next in the old text, some lines left out before them or between them."""
        position, at = 0, self._at
        for _ in range(len(words)):
            run = common_prefix_length(words, self._old.text, position, at)
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
        lines, line = self._old.lines, self._old.line_number(at)
        back = at - lines[line][0] if position and lines else 0
        if back > min(MAX_CHANCE, position):
            return None
        position -= back
        for start, end in lines[line + 1 : line + 1 + _MAX_LINES]:
            run = common_prefix_length(words, self._old.text, position, start)
            if run >= min(len(words) - position, end - start):
                return position, start
        return None

    def _has_elsewhere(self, words: str) -> bool:
        """Whether the old text has ``words``, which are not too short for that, anywhere."""
        if len(words) < _MIN_WORDS or self._searches == _MAX_SEARCHES:
            return False
        self._searches += 1
        index = self._old.text.find(words)
        if index < 0 or not (self._old.is_boundary(index) and self._old.is_boundary(index + len(words))):
            return False
        self._at = index + len(words)
        return True
