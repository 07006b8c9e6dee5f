"""Finds an answer in a text that has changed: with certainty, or not at all."""

from __future__ import annotations

from qadesk.records import GoldSpan

MAX_CONTEXT = 500  # characters on each side that are compared
MIN_CONTEXT = 40  # characters that must be equal for an occurrence to be certain
_MAX_STARTS = 1000  # occurrences that are compared; an answer with more of them is not relocated


def relocate(span: GoldSpan, old: str, new: str) -> GoldSpan | None:
    """The span in ``new`` of the answer at ``span`` in ``old``; None if it is not certain.

    Occurrences of the answer are compared by the number of equal characters next to it: on both sides without a gap, at
    most ``MAX_CONTEXT`` each. The new occurrence must have more of them in common with the old one than any other
    in ``new``, and the old one more than any other in ``old``: else the twin of a deleted sentence would get its
    answer. At least ``MIN_CONTEXT`` characters must be equal, or all there are in a shorter text.
    """
    if not span.text or not span.stands_in(old):
        return None
    if old == new:
        return span
    forward = _best_start(span.text, span.start, old, new)
    if forward is None:
        return None
    start, equal = forward
    available = min(span.start, MAX_CONTEXT) + min(len(old) - span.start - len(span.text), MAX_CONTEXT)
    back = _best_start(span.text, start, new, old)
    if equal < min(MIN_CONTEXT, available) or back is None or back[0] != span.start:
        return None
    return GoldSpan(start, start + len(span.text), span.text)


def only_removes_lines(old: str, new: str) -> bool:
    """Whether all lines of ``new`` are in ``old``: then ``new`` answers no question that ``old`` does not answer."""
    return set(new.splitlines()) <= set(old.splitlines())


def _best_start(words: str, start: int, old: str, new: str) -> tuple[int, int] | None:
    """The start of ``words`` in ``new`` with the most characters around it equal to those at ``start`` in ``old``.

    Also the number of these characters. None if there is no occurrence or if several are equally good.
    """
    left = old[max(0, start - MAX_CONTEXT) : start]
    right = old[start + len(words) : start + len(words) + MAX_CONTEXT]
    candidates = _candidate_starts(words, left, right, new)
    if not candidates or len(candidates) > _MAX_STARTS:
        return None
    scored = sorted(
        ((_equal_around(words, left, right, new, candidate), candidate) for candidate in candidates), reverse=True
    )
    equal, candidate = scored[0]
    is_unique = len(scored) == 1 or scored[1][0] < equal
    return (candidate, equal) if is_unique else None


def _candidate_starts(words: str, left: str, right: str, new: str) -> list[int]:
    """Where ``words`` occur in ``new``; of very many those with half of ``MIN_CONTEXT`` equal on one side."""
    starts = _occurrences(words, new)
    if len(starts) <= _MAX_STARTS:
        return starts
    near = MIN_CONTEXT // 2
    before, after = left[-near:], right[:near]
    near_starts = {at + len(before) for at in _occurrences(before + words, new)} if len(before) == near else set()
    if len(after) == near:
        near_starts.update(_occurrences(words + after, new))
    return sorted(near_starts)


def _occurrences(part: str, text: str) -> list[int]:
    """The offsets of ``part`` in ``text``, at most one more than ``_MAX_STARTS``."""
    starts: list[int] = []
    at = text.find(part)
    while at >= 0 and len(starts) <= _MAX_STARTS:
        starts.append(at)
        at = text.find(part, at + 1)
    return starts


def _equal_around(words: str, left: str, right: str, new: str, start: int) -> int:
    """How many characters next to ``words`` at ``start`` in ``new`` are equal to those of ``left`` and ``right``."""
    end = start + len(words)
    before = new[max(0, start - MAX_CONTEXT) : start]
    return _common_prefix_length(left[::-1], before[::-1]) + _common_prefix_length(right, new[end : end + MAX_CONTEXT])


def _common_prefix_length(one: str, other: str) -> int:
    """How many characters at the beginning of both are equal."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(one), len(other)))
