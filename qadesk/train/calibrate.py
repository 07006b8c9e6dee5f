"""Fits the numbers that make confidences honest: see ``qadesk.qa.calibration``.

The temperature does not change what is said, only how sure the reader is of it. The one is taken that makes the log
loss of "this is exactly right" smallest (Guo et al., On Calibration of Modern Neural Networks), with the confidence
that is shown: the answer's span probability, or the probability of no answer. Few questions tell little, so the
logarithm of the temperature is held near the model's own by a normal prior with a standard deviation of 0.35.

The two logistic regressions, of whether a text answers at all and of whether an answer is right, want many questions:
only the bundled reader has them fitted, and readers that are trained from it keep them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from qadesk.qa.calibration import Logistic

_PRIOR = 1 / (2 * 0.35**2)
_LIMIT = math.log(8)
_TRIES = 16
_RIDGE = 1e-3
_GOLDEN = (math.sqrt(5) - 1) / 2


def fit_temperature(
    confidences: Callable[[float], tuple[Sequence[float], Sequence[bool]]], before: float = 1.0
) -> float:
    """The best temperature within a factor of 8 of ``before``, found by golden-section search.

    ``confidences`` gives, at a temperature, the confidence of each answer (0 to 1) and whether it is right.
    """

    def cost(step: float) -> float:
        return log_loss(*confidences(before * math.exp(step))) + _PRIOR * step**2

    low, high = -_LIMIT, _LIMIT
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


def fit_logistic(evidence: npt.ArrayLike, true: npt.ArrayLike) -> Logistic:
    """The regression with the smallest log loss. Both have one entry a question.

    ``evidence`` is the x of ``Logistic``: for whether there is an answer the log of the sum of span weights, for
    whether it is this one ``log_odds`` of its share of them, both at the temperature that answering will use. By
    Newton's method, with a prior that keeps the numbers finite where all that is true has more evidence than the rest.
    """
    inputs = np.stack([np.asarray(evidence, np.float64), -np.ones(np.shape(evidence))], axis=1)
    wanted = np.asarray(true, np.float64)
    found = np.zeros(2)
    for _ in range(_TRIES):
        chance = 1 / (1 + np.exp(-inputs @ found))
        curvature = inputs.T @ (inputs * (chance * (1 - chance))[:, None]) + _RIDGE * np.eye(2)
        found += np.linalg.solve(curvature, inputs.T @ (wanted - chance) - _RIDGE * found)
    return Logistic(*map(float, found))


def log_odds(chances: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """log(p / (1 - p)) of each of ``chances``, at most 13.8 either way."""
    kept = np.clip(np.asarray(chances, np.float64), 1e-6, 1 - 1e-6)
    found: npt.NDArray[np.float64] = np.log(kept / (1 - kept))
    return found
