"""Where an answer stands after its text has changed. An answer is found again for certain, or not at all."""

from __future__ import annotations

from qadesk.records import GoldSpan

REACH = 500  # characters on each side that are compared
ENOUGH = 40  # as many that agree tell a place from another
_MOST = 1000  # places that are compared; what stands in more is not told apart by its surroundings


def relocate(span: GoldSpan, old: str, new: str) -> GoldSpan | None:
    """``span`` of ``old`` in ``new``: where its text stands in the same surroundings; None if that is not certain.

    The surroundings are as many characters on both sides as agree without a gap, at most ``REACH`` each. The place must
    have more of them in common with the old one than any other place in ``new``, and the old place more than any other
    in ``old``: the twin of a sentence that was deleted does not take its answer. At least ``ENOUGH`` characters must
    agree, or all there are in a shorter text.
    """
    if not span.text or not span.stands_in(old):
        return None
    if old == new:
        return span
    forth = _best_place(span.text, span.start, old, new)
    if forth is None:
        return None
    place, agreeing = forth
    there_are = min(span.start, REACH) + min(len(old) - span.start - len(span.text), REACH)
    back = _best_place(span.text, place, new, old)
    if agreeing < min(ENOUGH, there_are) or back is None or back[0] != span.start:
        return None
    return GoldSpan(place, place + len(span.text), span.text)


def only_removes_lines(old: str, new: str) -> bool:
    """Whether all lines of ``new`` are in ``old``: what ``old`` does not answer, ``new`` does not either."""
    return set(new.splitlines()) <= set(old.splitlines())


def _best_place(words: str, start: int, old: str, new: str) -> tuple[int, int] | None:
    """The one place in ``new`` whose surroundings agree most with those of ``words`` at ``start`` of ``old``.

    With it comes how many characters agree. None if there is no place, or if the best is not alone.
    """
    left = old[max(0, start - REACH) : start]
    right = old[start + len(words) : start + len(words) + REACH]
    places = _places(words, left, right, new)
    if not places or len(places) > _MOST:
        return None
    scored = sorted(((_agreeing(words, left, right, new, place), place) for place in places), reverse=True)
    agreeing, place = scored[0]
    is_alone = len(scored) == 1 or scored[1][0] < agreeing
    return (place, agreeing) if is_alone else None


def _places(words: str, left: str, right: str, new: str) -> list[int]:
    """Where ``words`` stand in ``new``; if that is in many places, those with half of ``ENOUGH`` on one side."""
    places = _occurrences(words, new)
    if len(places) <= _MOST:
        return places
    near = ENOUGH // 2
    before, after = left[-near:], right[:near]
    found = {at + len(before) for at in _occurrences(before + words, new)} if len(before) == near else set()
    return sorted(found | set(_occurrences(words + after, new))) if len(after) == near else sorted(found)


def _occurrences(part: str, text: str) -> list[int]:
    found: list[int] = []
    at = text.find(part)
    while at >= 0 and len(found) <= _MOST:
        found.append(at)
        at = text.find(part, at + 1)
    return found


def _agreeing(words: str, left: str, right: str, new: str, place: int) -> int:
    """How many characters next to ``words`` at ``place`` are the same as in ``left`` and ``right``."""
    end = place + len(words)
    before = new[max(0, place - REACH) : place]
    return _alike(left[::-1], before[::-1]) + _alike(right, new[end : end + REACH])


def _alike(one: str, other: str) -> int:
    """How many characters at the beginning are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(one), len(other)))
