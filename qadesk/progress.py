"""The one record by which long work tells how far it is."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total`` steps of ``what``; ``seconds_left`` is None until it can be told."""

    what: str
    done: int
    total: int
    seconds_left: float | None = None

    @property
    def fraction(self) -> float:
        """The part that is done, 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0


class Clock:
    """Makes ``Progress`` records with the time left, from the pace so far.

    Says nothing about the time left in the first half second: the first steps carry the warm-up.
    """

    def __init__(self, what: str, total: int) -> None:
        self.what = what
        self.total = total
        self._began = time.monotonic()

    def at(self, done: int) -> Progress:
        """The progress after ``done`` steps."""
        elapsed = time.monotonic() - self._began
        left = None
        if done and elapsed > 0.5:
            left = elapsed / done * max(0, self.total - done)
        return Progress(self.what, done, self.total, left)


def finish(work: Generator[object, None, T]) -> T:
    """Run a generator to its end, whatever it yields, and give what it returns."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: T = end.value
            return result


def rough_duration(seconds: float) -> str:
    """A time left as a person would say it: '8 s', '3 min', '1 h 20 min'."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
