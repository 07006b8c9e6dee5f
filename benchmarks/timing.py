"""Clocks and statistics of the measurements. Without a model, and with no library but numpy."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """The result of ``work``, and the seconds that it took."""
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def settle() -> None:
    """Wait until the threads of the last measurement are asleep.

    The thread pools of torch and ONNX Runtime spin for some milliseconds after their last task, which would take the
    processor from the next measurement.
    """
    time.sleep(0.05)


def turns(items: Sequence[T], rounds: int) -> Iterator[list[T]]:
    """The order of each round: each item is first equally often, and not always after the same neighbour.

    Three in six rounds: abc, bca, cab, then backwards: cba, acb, bac.
    """
    count = max(1, len(items))
    for turn in range(rounds):
        first = turn % count
        order = [*items[first:], *items[:first]]
        yield order[::-1] if turn // count % 2 else order


def percentile(values: Sequence[float], share: float) -> float:
    """The value under which ``share`` per cent of ``values`` lie, with linear interpolation."""
    return float(np.percentile(values, share))


@dataclass(frozen=True, slots=True)
class Growth:
    """How ``seconds`` grow with ``sizes``.

    ``slope`` is that of the straight line through the points (least squares), in seconds a unit of size; ``power`` is
    the slope of the logarithms, 1 for proportional growth; ``deviations`` are those of each size's own seconds a unit
    from ``slope``, as a share of it.
    """

    slope: float
    power: float
    deviations: tuple[float, ...]


def growth(sizes: Sequence[float], seconds: Sequence[float]) -> Growth:
    """The growth by a fit to at least two different sizes."""
    slope = float(np.polyfit(sizes, seconds, 1)[0])
    power = float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])
    per_unit = [second / size for size, second in zip(sizes, seconds, strict=True)]
    return Growth(slope, power, tuple(value / slope - 1 for value in per_unit))
