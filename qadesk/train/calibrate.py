"""One number that makes confidences honest: the temperature of ``qadesk.qa.decode``.

The temperature does not change what is said, only how sure the reader is of it. The one is taken that makes the log
loss of "this is exactly right" smallest (Guo et al., On Calibration of Modern Neural Networks), with the confidence
that is shown: the answer's span probability, or the probability of no answer. Few questions tell little, so the
logarithm of the temperature is held near the model's own by a normal prior with a standard deviation of 0.35.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

_PRIOR = 1 / (2 * 0.35**2)
_REACH = math.log(8)
_TRIES = 16
_GOLDEN = (math.sqrt(5) - 1) / 2


def fit_temperature(
    confidences: Callable[[float], tuple[Sequence[float], Sequence[bool]]], before: float = 1.0
) -> float:
    """The best temperature within a factor of 8 of ``before``, found by golden-section search.

    ``confidences`` gives, at a temperature, the confidence of each answer (0 to 1) and whether it is right.
    """

    def cost(step: float) -> float:
        return log_loss(*confidences(before * math.exp(step))) + _PRIOR * step**2

    low, high = -_REACH, _REACH
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = cost(left), cost(right)
    for _ in range(_TRIES):
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = cost(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = cost(right)
    return before * math.exp((low + high) / 2)


def log_loss(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """The sum of -log(confidence) where right and -log(1 - confidence) where wrong, in nats; at most 13.8 each."""
    odds = (confidence if is_right else 1 - confidence for confidence, is_right in zip(confidences, right, strict=True))
    return sum(-math.log(max(each, 1e-6)) for each in odds)
