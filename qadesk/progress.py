"""The progress of long work: what generators yield while they work."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeVar

S = TypeVar("S")
T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total`` steps of ``what``; ``seconds_left`` is None while it is unknown."""

    what: str
    done: int
    total: int
    seconds_left: float | None = None

    @property
    def fraction(self) -> float:
        """``done / total``, 0 to 1; 0 where the total is unknown (0)."""
        return min(1.0, self.done / self.total) if self.total else 0.0


class Clock:
    """Makes ``Progress`` records with the time left, estimated from the mean pace so far.

    In the first half second the time left is None: the first steps include the warm-up.
    """

    def __init__(self, what: str, total: int) -> None:
        self.what = what
        self.total = total
        self._began = time.monotonic()

    def at(self, done: int) -> Progress:
        """The progress after ``done`` steps."""
        elapsed = time.monotonic() - self._began
        seconds_left = None
        if done and elapsed > 0.5:
            seconds_left = elapsed / done * max(0, self.total - done)
        return Progress(self.what, done, self.total, seconds_left)


def map_steps(work: Generator[S, None, T], change: Callable[[S], U]) -> Generator[U, None, T]:
    """``work`` with ``change`` applied to all that it yields, and with its result."""
    while True:
        try:
            step = next(work)
        except StopIteration as end:
            result: T = end.value
            return result
        yield change(step)


def run_steps(work: Generator[S, None, T], act: Callable[[S], object]) -> T:
    """Run a generator to its end, call ``act`` with each value that it yields, and return its result."""
    while True:
        try:
            step = next(work)
        except StopIteration as end:
            result: T = end.value
            return result
        act(step)


def finish(work: Generator[object, None, T]) -> T:
    """Run a generator to its end, ignoring what it yields, and return its result."""
    return run_steps(work, lambda _step: None)


def rough_duration(seconds: float) -> str:
    """A time rounded to seconds or minutes: '8 s', '3 min', '1 h 20 min'."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def megabytes(size: int) -> str:
    """A size in bytes as '45 MB' or '1.3 GB', a small one as '70 bytes'."""
    if 0 < size < 1000:
        return f"{size} bytes"
    if size < 999_500_000:
        return f"{size / 1e6:.3g} MB" if size >= 1e5 else f"{size / 1e3:.3g} kB"
    return f"{size / 1e9:.3g} GB"
