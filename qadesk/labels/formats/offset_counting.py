"""How the offsets of a file count characters.

We count code points. JavaScript counts an emoji as two (UTF-16 units), a browser makes one character of a line end that
is two (CRLF), and doccano can count what is seen as one character. Which of them a file does is decided over all its
answers: the text of an answer proves it, and where there is none, spans that begin and end with words speak for it.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from qadesk.labels.formats.raw_answers import RawAnswer
from qadesk.labels.spans import word_at

_ASTRAL = "\U00010000-\U0010ffff"
_PICTURES = "\u2190-\u2bff\U0001f000-\U0001faff"
_MARKS = (  # that are seen as one with the character before them
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0900-\u0903\u093a-\u094f\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20ff\u200d\ufe00-\ufe0f\ufe20-\ufe2f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"
)
_SPECIAL = re.compile(f"\r\n|[{_ASTRAL}{_MARKS}]")  # what programs count in different ways
_MAYBE_SPECIAL = re.compile(f"[\r\ud800-\udfff{_ASTRAL}{_MARKS}]")  # a character of that, or half of an escaped one
_Steps = tuple[Sequence[int], Sequence[int], Sequence[int]]


@dataclass(frozen=True, slots=True, eq=False)  # each is one of its kind: quick to hash
class Counting:
    """A way to count: what ``pattern`` matches has another number of characters than of code points: its ``width``.

    ``what`` ends the sentence 'Its offsets count …'. Without a pattern they are code points.
    """

    what: str
    pattern: re.Pattern[str] | None
    width: Callable[[str], int]

    def code_points(self, text: str, offset: int) -> int:
        """The offset in code points of what this way calls ``offset``; -1 if that is inside a character."""
        if self.pattern is None:
            return offset
        starts, ends, shifts = _steps(self, text)
        at = bisect_right(ends, offset)
        if at < len(starts) and starts[at] < offset:
            return -1
        return offset + (shifts[at - 1] if at else 0)


@lru_cache(maxsize=32)  # of the last few texts, in each way: the questions of a text follow one another
def _steps(counting: Counting, text: str) -> _Steps:
    """Where the matches in ``text`` start and end, as ``counting`` counts, and how far code points are ahead then."""
    starts, ends, shifts = array("q"), array("q"), array("q")
    shift = 0
    for match in counting.pattern.finditer(text) if counting.pattern else ():
        width = counting.width(match[0])
        starts.append(match.start() - shift)
        ends.append(match.start() - shift + width)
        shift += match.end() - match.start() - width
        shifts.append(shift)
    return starts, ends, shifts


CODE_POINTS = Counting("each character as one", None, len)
COUNTINGS = (  # the first of those that explain a file as well is taken
    CODE_POINTS,
    Counting("an emoji as two characters", re.compile(f"[{_ASTRAL}]"), lambda _: 2),
    Counting("a line end of two characters as one", re.compile("\r\n"), lambda _: 1),
    Counting(
        "an emoji as two characters and a line end as one",
        re.compile(f"\r\n|[{_ASTRAL}]"),
        lambda match: 1 if match == "\r\n" else 2,
    ),
    Counting(
        "what is seen as one character as one",
        re.compile(f"\r\n|[\U0001f1e6-\U0001f1ff]{{2}}|[^\r\n](?:\u200d[{_PICTURES}]|[{_MARKS}])+"),
        lambda _: 1,
    ),
)


@lru_cache(maxsize=4)  # a text can be a book with hundreds of questions, which follow one another
def _has_special(text: str) -> bool:
    return _SPECIAL.search(text) is not None


def is_counted_alike(text: str) -> bool:
    """Whether all programs count ``text`` alike, in whatever order its characters stand."""
    return _MAYBE_SPECIAL.search(text) is None


def reading(counting: Counting, answer: RawAnswer, text: str) -> tuple[int, int] | None:
    """The span of ``answer`` as ``counting`` counts, in code points; None if there is none within ``text``.

    Without an end it is as long as the text of the answer.
    """
    start = counting.code_points(text, answer.start)
    has_end = answer.text is None
    end = counting.code_points(text, answer.end) if has_end else start + len(answer.text)
    return (start, end) if 0 <= start < end <= len(text) else None


def _is_usable(answer: RawAnswer) -> bool:
    """Whether the values of ``answer`` have the right types, and enough of them are there."""
    has_text = isinstance(answer.text, str)
    return type(answer.start) is int and (has_text or (answer.text is None and type(answer.end) is int))


def differs(answer: RawAnswer, text: str) -> bool:
    """Whether it makes a difference to the place of ``answer``, which has a start, how its offsets count."""
    if not _has_special(text):
        return False
    spans = {reading(counting, answer, text) for counting in COUNTINGS}
    return len(spans) > 1


def fits(counting: Counting, answer: RawAnswer, text: str) -> bool:
    """Whether ``answer``, as ``counting`` counts, is what its text says; without a text, whether it is whole words."""
    span = reading(counting, answer, text)
    expected = answer.text if answer.text is not None else answer.hint
    if span is None:
        return False
    if expected is not None:
        return text[slice(*span)] == expected
    return has_whole_words(text, *span)


def has_whole_words(text: str, start: int, end: int) -> bool:
    """Whether the span begins and ends neither with white space nor inside a word."""
    if text[start].isspace() or text[end - 1].isspace():
        return False
    words = (word_at(text, start), word_at(text, end) if end < len(text) else None)
    return all(word is None or word[0] == offset for word, offset in zip(words, (start, end), strict=True))


class OffsetEvidence:
    """Collects the answers of a file, and says how its offsets count."""

    def __init__(self) -> None:
        self._fits: Counter[Counting] = Counter()
        self._unsure: Counter[Counting] = Counter()  # spans without a text, that another way puts elsewhere

    def add_row(self, text: Any, answers: Sequence[RawAnswer]) -> None:
        """Take the ``answers`` in ``text`` into account to which it makes a difference."""
        for answer in map(RawAnswer.typed, answers) if isinstance(text, str) else ():
            if _is_usable(answer) and differs(answer, text):
                self._fits.update(counting for counting in COUNTINGS if fits(counting, answer, text))
                if answer.text is None and answer.hint is None:
                    own = reading(CODE_POINTS, answer, text)
                    self._unsure.update(way for way in COUNTINGS if reading(way, answer, text) != own)

    @property
    def counting(self) -> Counting:
        """The way to count that explains the most answers."""
        return max(COUNTINGS, key=lambda counting: self._fits[counting])

    @property
    def note(self) -> str:
        """A sentence on what was assumed of spans without a text; '' where nothing had to be."""
        best = self.counting
        if not self._fits[best]:
            return ""
        if best is not CODE_POINTS:
            return f"Its offsets count {best.what}: they were read so." if self._unsure[best] else ""
        others = [way for way in COUNTINGS if self._unsure[way] and self._fits[way] == self._fits[best]]
        if not others:
            return ""
        return f"Whether its offsets count {others[0].what} cannot be told: each character was read as one."
