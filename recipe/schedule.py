"""The learning rate schedule: warm-up, constant for as long as there is time, decay to 0.

The length is open. The constant phase does not depend on the end; the decay can begin at any time, and its length is
corrected by the measured speed while it lasts. Each correction is a knot. The knots alone determine the rate, so a run
can be repeated without its clock.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

Knots = list[tuple[int, float]]
"""Tokens seen and the share of the peak rate from there on, linear between; the last has share 0."""


def rate_share(tokens: int, warmup: int, knots: Sequence[tuple[int, float]]) -> float:
    """The share of the peak rate after ``tokens``, 0 to 1. Without knots the decay has not begun."""
    if not knots or tokens < knots[0][0]:
        return min(1.0, (tokens + 1) / warmup)
    for (at, share), (next_at, next_share) in pairwise(knots):
        if tokens < next_at:
            return share + (next_share - share) * (tokens - at) / (next_at - at)
    return 0.0


def plan(knots: Knots, tokens: int, left: float, decay_share: float) -> Knots:
    """The knots for a run that can still read ``left`` tokens after ``tokens``.

    The decay takes ``decay_share`` of all tokens: before that it does not begin. Once begun, its end is moved.
    """
    if not knots:
        return [(tokens, 1.0), (tokens + int(left), 0.0)] if left <= decay_share * (tokens + left) else []
    if tokens >= knots[-1][0] or left <= 0:
        return knots
    share = rate_share(tokens, 1, knots)
    return [*(knot for knot in knots[:-1] if knot[0] < tokens), (tokens, share), (tokens + int(left), 0.0)]


def seconds_until(clock: str) -> float:
    """Seconds from now until the next time the clock shows ``HH:MM``."""
    now = datetime.now()
    hour, minute = map(int, clock.split(":"))
    then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return ((then if then > now else then + timedelta(days=1)) - now).total_seconds()


class Speed:
    """Tokens a second over the last minutes."""

    def __init__(self, memory: float = 600.0) -> None:
        self._memory = memory
        self._marks: list[tuple[float, int]] = []

    def mark(self, tokens: int) -> None:
        """Record that ``tokens`` were read so far."""
        now = time.monotonic()
        self._marks = [mark for mark in self._marks if now - mark[0] <= self._memory] + [(now, tokens)]

    @property
    def tokens_a_second(self) -> float:
        """0 before two marks."""
        (start, first), (end, last) = self._marks[0], self._marks[-1]
        return (last - first) / (end - start) if end > start else 0.0
