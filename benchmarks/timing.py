"""Clocks and the little statistics that the measurements need. Pure: no model, no libraries but numpy."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What ``work`` returns, and the seconds that it took."""
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began


def settle() -> None:
    """Wait until the threads of the last one to work have gone to sleep.

    The thread pools of torch and ONNX Runtime spin for some milliseconds after their last task, which would take the
    processor from whoever is measured next.
    """
    time.sleep(0.05)


def turns(items: Sequence[T], rounds: int) -> Iterator[list[T]]:
    """The order of each round: everyone goes first equally often, and not always after the same neighbour.

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
    the slope on logarithmic paper, 1 for growth in proportion; ``deviations`` say how far each size's own seconds a
    unit are from ``slope``, as a share of it.
    """

    slope: float
    power: float
    deviations: tuple[float, ...]


def growth(sizes: Sequence[float], seconds: Sequence[float]) -> Growth:
    """Fit at least two different sizes."""
    slope = float(np.polyfit(sizes, seconds, 1)[0])
    power = float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])
    each = [second / size for size, second in zip(sizes, seconds, strict=True)]
    return Growth(slope, power, tuple(value / slope - 1 for value in each))
