"""Finds an answer in a text that has changed: with certainty, or not at all."""

from __future__ import annotations

from qadesk.records import GoldSpan

MAX_CONTEXT = 500  # characters on each side that are compared
MIN_CONTEXT = 40  # characters that must be equal for a place to be certain
_MAX_PLACES = 1000  # occurrences that are compared; an answer with more of them is not relocated


def relocate(span: GoldSpan, old: str, new: str) -> GoldSpan | None:
    """The span in ``new`` of the answer at ``span`` in ``old``; None if it is not certain.

    Occurrences of the answer are compared by the number of equal characters next to it: on both sides without a gap, at
    most ``MAX_CONTEXT`` each. The new place must have more of them in common with the old one than any other place in
    ``new``, and the old place more than any other in ``old``: else the twin of a deleted sentence would get its answer.
    At least ``MIN_CONTEXT`` characters must be equal, or all there are in a shorter text.
    """
    if not span.text or not span.stands_in(old):
        return None
    if old == new:
        return span
    forward = _best_place(span.text, span.start, old, new)
    if forward is None:
        return None
    place, equal = forward
    available = min(span.start, MAX_CONTEXT) + min(len(old) - span.start - len(span.text), MAX_CONTEXT)
    back = _best_place(span.text, place, new, old)
    if equal < min(MIN_CONTEXT, available) or back is None or back[0] != span.start:
        return None
    return GoldSpan(place, place + len(span.text), span.text)


def only_removes_lines(old: str, new: str) -> bool:
    """Whether all lines of ``new`` are in ``old``: then ``new`` answers no question that ``old`` does not answer."""
    return set(new.splitlines()) <= set(old.splitlines())


def _best_place(words: str, start: int, old: str, new: str) -> tuple[int, int] | None:
    """The place of ``words`` in ``new`` with the most characters around it equal to those at ``start`` in ``old``.

    Also the number of these characters. None if there is no place or if several are equally good.
    """
    left = old[max(0, start - MAX_CONTEXT) : start]
    right = old[start + len(words) : start + len(words) + MAX_CONTEXT]
    places = _places(words, left, right, new)
    if not places or len(places) > _MAX_PLACES:
        return None
    scored = sorted(((_equal_around(words, left, right, new, place), place) for place in places), reverse=True)
    equal, place = scored[0]
    is_unique = len(scored) == 1 or scored[1][0] < equal
    return (place, equal) if is_unique else None


def _places(words: str, left: str, right: str, new: str) -> list[int]:
    """Where ``words`` occur in ``new``; of very many places those with half of ``MIN_CONTEXT`` equal on one side."""
    places = _occurrences(words, new)
    if len(places) <= _MAX_PLACES:
        return places
    near = MIN_CONTEXT // 2
    before, after = left[-near:], right[:near]
    near_places = {at + len(before) for at in _occurrences(before + words, new)} if len(before) == near else set()
    if len(after) == near:
        near_places.update(_occurrences(words + after, new))
    return sorted(near_places)


def _occurrences(part: str, text: str) -> list[int]:
    """The places of ``part`` in ``text``, at most one more than ``_MAX_PLACES``."""
    places: list[int] = []
    at = text.find(part)
    while at >= 0 and len(places) <= _MAX_PLACES:
        places.append(at)
        at = text.find(part, at + 1)
    return places


def _equal_around(words: str, left: str, right: str, new: str, place: int) -> int:
    """How many characters next to ``words`` at ``place`` in ``new`` are equal to those of ``left`` and ``right``."""
    end = place + len(words)
    before = new[max(0, place - MAX_CONTEXT) : place]
    return _common_prefix_length(left[::-1], before[::-1]) + _common_prefix_length(right, new[end : end + MAX_CONTEXT])


def _common_prefix_length(one: str, other: str) -> int:
    """How many characters at the beginning of both are equal."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(one), len(other)))
