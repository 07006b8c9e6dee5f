"""Finds an answer in a text that has changed, or that is read in another way: with certainty, or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from qadesk.labels.additions import adds_nothing
from qadesk.labels.alignment import MAX_CHANCE, agreement, common_prefix_length
from qadesk.labels.comparable import ComparableText
from qadesk.records import GoldSpan

MAX_CONTEXT = 500  # compared characters on each side
MIN_CONTEXT = 32  # characters that must agree for an occurrence to be certain
_MAX_SEED = 64  # characters of an answer that are looked for; the rest counts as context
_LENGTHS = (16, 32, 64, 128, 256, 512)  # characters next to an answer by which one of very many occurrences is known
_MAX_STARTS = 200  # occurrences that are compared; an answer with more of them is not relocated
_SIGNS_CONTEXT = 16  # characters before an answer of signs alone by which it is found
_MAX_EDGE = 20  # characters that are not compared, at each end of an answer
_MIN_FOLLOWING = 16  # characters of a line by which an answer goes on behind lines that stand elsewhere now
_NEAR = 2000  # characters within which a line that stood inside an answer may stand now


class TextChange:
    """The text of a document as it was and as it is, for many answers.

    Compared is what ``ComparableText`` says: an answer in which line ends, hyphens, marks or numbers of list items have
    changed is the same one, in the characters of the new text.
    """

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = ComparableText(old), ComparableText(new)
        self._is_equal = self.old.text == self.new.text

    @cached_property
    def adds_nothing(self) -> bool:
        """Whether the new text answers no question that the old one does not answer, as far as that is certain."""
        return adds_nothing(self.old, self.new)

    def relocate(self, span: GoldSpan) -> GoldSpan | None:
        """The span in the new text of the answer at ``span`` in the old one; None if it is not certain.

        Occurrences of the answer are compared by the number of characters around it that agree, at most
        ``MAX_CONTEXT`` on each side. The new occurrence must have more of them in common with the old one than any
        other in the new text, and the old one more than any other in the old text: else the twin of a deleted sentence
        would get its answer. At least ``MIN_CONTEXT`` characters must agree, or all there are in a shorter text. If
        several agree in all that is compared, there must be as many in both texts: they stay in their order.
        """
        old, new = self.old, self.new
        if not span.text or not span.stands_in(old.source):
            return None
        if old.source == new.source:
            return span
        first, last = old.index_at(span.start), old.index_at(span.start + len(span.text))
        if first == last:
            return self._relocate_signs(span, first)
        if self._is_equal:
            return self._span(span, first, last, first, last)
        start = self._start(span, first, last)
        end = None if start is None else self._end(first, last, start)
        return None if start is None or end is None else self._span(span, first, last, start, end)

    def _start(self, span: GoldSpan, first: int, last: int) -> int | None:
        """The index in the new text where the answer begins: by all of it, else by its first line."""
        lines = span.text.strip().splitlines()
        line_end = self.old.index_at(span.start + span.text.index(lines[0]) + len(lines[0]))
        for seed_end in (min(end, first + _MAX_SEED) for end in (last, line_end)):
            if seed_end > first and self.old.text[first:seed_end] in self.new.text:
                edges = self.old.is_boundary(first), seed_end == last and self.old.is_boundary(last)
                return _certain_start(self.old, first, seed_end, self.new, edges)
        return None

    def _relocate_signs(self, span: GoldSpan, index: int) -> GoldSpan | None:
        """An answer without a character that is compared, like a check mark: between the same two characters."""
        first, last = (max(0, index - _SIGNS_CONTEXT), index) if index else (0, _SIGNS_CONTEXT)
        start = first if self._is_equal else _certain_start(self.old, first, last, self.new, (False, False))
        if start is None:
            return None
        old_signs, signs = self.old.signs_at(index), self.new.signs_at(start + index - first)
        if old_signs.count(span.text) != 1 or signs.count(span.text) != 1 or _letters(old_signs) != _letters(signs):
            return None
        low = self.new.offset_at(start + index - first) - len(signs) + signs.index(span.text)
        return GoldSpan(low, low + len(span.text), span.text)

    def _end(self, first: int, last: int, start: int) -> int | None:
        """The index in the new text where an answer that begins at ``start`` ends; None if it is another answer.

        It may have lost lines that stand elsewhere now: headers and footers of pages.
        """
        while True:
            run = min(last - first, common_prefix_length(self.old.text, self.new.text, first, start))
            first, start = first + run, start + run
            if first == last:
                return start
            following = self._following_line(first, last, start)
            if following is None:
                return None
            first, start = following

    def _following_line(self, first: int, last: int, start: int) -> tuple[int, int] | None:
        """The indices at which one of the lines after ``first`` goes on as the new text does at ``start``.

        None if none of the next three does, or if what comes before it is not near in the new text.
        """
        line = self.old.line_number(first)
        back = first - self.old.lines[line][0]
        if back > MAX_CHANCE:
            return None
        first, start = first - back, start - back
        for index, _end in self.old.lines[line + 1 : line + 4]:
            common = common_prefix_length(self.old.text, self.new.text, index, start)
            if index < last and common >= min(_MIN_FOLLOWING, last - index):
                near = self.new.text[max(0, start - _NEAR) : start + _NEAR]
                return (index, start) if self.old.text[first:index] in near else None
        return None

    def _span(self, span: GoldSpan, first: int, last: int, start: int, end: int) -> GoldSpan | None:
        """The new text from index ``start`` to ``end``, with the signs at the ends of the answer that it still has.

        None if the answer begins or ends with a number like that of a list item, and another one is there now.
        """
        source, low, high = self.new.source, self.new.offset_at(start), self.new.end_before(end)
        before = span.text[: self.old.offset_at(first) - span.start]
        after = span.text[self.old.end_before(last) - span.start :]
        new_before = _with_signs(before[::-1], source[max(0, low - _MAX_EDGE) : low][::-1])[::-1]
        new_after = _with_signs(after, source[high : high + _MAX_EDGE])
        low, high = low - len(new_before), high + len(new_after)
        if _letters(before + after) != _letters(new_before + new_after):
            return None
        return GoldSpan(low, high, source[low:high])


def _with_signs(signs: str, text: str) -> str:
    """How ``text`` begins: with those of ``signs`` that it has in this order and, between two of them, white space."""
    end = at = 0
    for sign in signs[:_MAX_EDGE]:
        behind = at + len(text[at:]) - len(text[at:].lstrip())
        if not sign.isspace() and text.startswith(sign, behind):
            end = at = behind + 1
    return text[:end]


def _letters(signs: str) -> str:
    return "".join(filter(str.isalnum, signs))


def _certain_start(
    old: ComparableText, first: int, last: int, new: ComparableText, edges: tuple[bool, bool]
) -> int | None:
    """The index in ``new`` of ``old.text[first:last]``; None if it is not certain.

    ``edges``: whether it must begin a word, and end one.
    """
    score, starts = _best_starts(old, first, last, new, edges)
    available = min(first, MAX_CONTEXT) + min(len(old.text) - last, MAX_CONTEXT)
    if not starts or score < min(MIN_CONTEXT if len(starts) == 1 else available, available):
        return None
    _, twins = _best_starts(new, starts[0], starts[0] + last - first, old, edges)
    return starts[twins.index(first)] if first in twins and len(twins) == len(starts) else None


def _best_starts(
    old: ComparableText, first: int, last: int, new: ComparableText, edges: tuple[bool, bool]
) -> tuple[int, list[int]]:
    """How many characters around ``old.text[first:last]`` agree where most do in ``new``, and the indices there."""
    words = old.text[first:last]
    left, right = old.text[max(0, first - MAX_CONTEXT) : first], old.text[last : last + MAX_CONTEXT]
    starts, needed = _candidate_starts(words, left, right, new.text)
    candidates = [start for start in starts if _has_edges(new, start, start + len(words), edges)]
    scores = [_agreement_around(left, right, new.text, start, len(words)) for start in candidates]
    best = max(scores, default=-1)
    if best < needed:
        return best, []
    return best, [start for start, score in zip(candidates, scores, strict=True) if score == best]


def _candidate_starts(words: str, left: str, right: str, text: str) -> tuple[list[int], int]:
    """Where ``words`` occur in ``text``, and around how many characters the best one must agree.

    Of very many occurrences those that have so much of ``left``, or of ``right``, that few have it. The others agree
    less than the number of characters that is given. None if no length is enough.
    """
    starts = _occurrences(words, text)
    if len(starts) <= _MAX_STARTS:
        return starts, 0
    near_left = _few_occurrences([left[-near:] + words for near in _LENGTHS], text)
    near_right = _few_occurrences([words + right[:near] for near in _LENGTHS], text)
    if near_left is None or near_right is None:
        return [], 0
    (before, left_starts), (after, right_starts) = near_left, near_right
    shift = len(before) - len(words)
    candidates = {start + shift for start in left_starts}.union(right_starts)
    return sorted(candidates), shift + len(after) - len(words)


def _few_occurrences(parts: Iterable[str], text: str) -> tuple[str, list[int]] | None:
    """The first of ``parts`` that is not in too many places of ``text``, and where it is; None if there is none."""
    for part in parts:
        starts = _occurrences(part, text)
        if len(starts) <= _MAX_STARTS:
            return part, starts
    return None


def _occurrences(part: str, text: str) -> list[int]:
    """The indices of ``part`` in ``text``, at most one more than ``_MAX_STARTS``."""
    starts: list[int] = []
    start = text.find(part)
    while start >= 0 and len(starts) <= _MAX_STARTS:
        starts.append(start)
        start = text.find(part, start + 1)
    return starts


def _has_edges(text: ComparableText, first: int, last: int, edges: tuple[bool, bool]) -> bool:
    return (not edges[0] or text.is_boundary(first)) and (not edges[1] or text.is_boundary(last))


def _agreement_around(left: str, right: str, text: str, start: int, length: int) -> int:
    """How many characters of ``text`` around ``start`` agree with ``left`` and ``right``."""
    before = text[max(0, start - MAX_CONTEXT) : start]
    end = start + length
    return agreement(left[::-1], before[::-1]) + agreement(right, text[end : end + MAX_CONTEXT])
