"""How far two strings of compared characters agree, where one has a little that the other lacks.

What lies between may be the header of a page that stands elsewhere now, or a letter that was not known.
"""

from __future__ import annotations

MAX_CHANCE = 3  # characters at the beginnings of two lines that may be equal by chance
_MAX_GAPS = 8  # and beginnings of what follows a gap, that are tried
_MIN_RUN = 4  # equal characters, at least, after a gap, and as many as the gap is long


def agreement(one: str, other: str) -> int:
    """The number of characters at the beginning of both that agree, less those of the gaps between them.

    A gap is in one of them only, and shorter than what agrees before it: else the row above or below, which ends with
    the same words as this one, could be a gap.
    """
    at_one = at_other = score = best = 0
    for _ in range(_MAX_GAPS):
        run = common_prefix_length(one, other, at_one, at_other)
        score += run
        best = max(best, score)
        gaps = _gap(one[at_one + run :], other[at_other + run :], score - 1)
        if gaps is None:
            break
        score -= sum(gaps)
        at_one, at_other = at_one + run + gaps[0], at_other + run + gaps[1]
    return best


def common_prefix_length(one: str, other: str, start: int = 0, at: int = 0) -> int:
    """How many characters of ``one`` from ``start`` on are equal to those of ``other`` from ``at`` on."""
    limit = min(len(one) - start, len(other) - at)
    length, size, is_growing = 0, 16, True
    while length < limit and size:
        end = min(limit, length + size)
        is_equal = one[start + length : start + end] == other[at + length : at + end]
        length = end if is_equal else length
        is_growing = is_growing and is_equal
        size = size * 2 if is_growing else size // 2
    return length


def _gap(one: str, other: str, limit: int) -> tuple[int, int] | None:
    """How many characters to leave out of ``one``, or of ``other``, so that they agree again; None if nothing helps."""
    in_one, in_other = _gap_length(other, one, limit), _gap_length(one, other, limit)
    if in_one is None and in_other is None:
        return None
    if in_other is None or (in_one is not None and in_one <= in_other):
        return in_one or 0, 0
    return 0, in_other


def _gap_length(part: str, text: str, limit: int) -> int | None:
    """How far from the beginning of ``text``, at most ``limit``, it goes on as ``part`` does; None if nowhere."""
    needle = part[:_MIN_RUN]
    if len(needle) < _MIN_RUN:
        return None
    length = 0
    for _ in range(_MAX_GAPS):
        length = text.find(needle, length + 1, limit + _MIN_RUN)
        if length < 0 or common_prefix_length(part, text, 0, length) >= min(_MIN_RUN + length, len(part)):
            break
    else:
        return None
    return length if length > 0 else None
