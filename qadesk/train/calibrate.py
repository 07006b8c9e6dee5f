"""Fits the calibration of a reader: see ``qadesk.qa.calibration``.

The temperature does not change predictions, only their confidence. It minimises the log loss of "the prediction is
exactly right" (Guo et al., On Calibration of Modern Neural Networks) for the confidence that is shown: the answer's
span probability, or the probability of no answer. A few questions determine it badly, so a normal prior with a
standard deviation of 0.35 holds its logarithm near that of the model's own.

The logistic regressions, of whether there is an answer and of whether an answer is right, need many questions. Readers
that are trained from the bundled one keep its calibration but where labels are many (``qadesk.train.recalibrate``).
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
    confidences: Callable[[float], tuple[Sequence[float], Sequence[bool]]], initial: float = 1.0
) -> float:
    """The best temperature within a factor of 8 of ``initial``, by golden-section search.

    ``confidences`` gives, at a temperature, the confidence of each answer (0 to 1) and whether it is right.
    """

    def cost(step: float) -> float:
        return log_loss(*confidences(initial * math.exp(step))) + _PRIOR * step**2

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
    return initial * math.exp((low + high) / 2)


def log_loss(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """The sum of -log(confidence) where right and -log(1 - confidence) where wrong, in nats; at most 13.8 each."""
    probabilities = (
        confidence if is_right else 1 - confidence for confidence, is_right in zip(confidences, right, strict=True)
    )
    return sum(-math.log(max(probability, 1e-6)) for probability in probabilities)


def fit_logistic(x: npt.ArrayLike, true: npt.ArrayLike) -> Logistic:
    """The regression of ``true`` on ``x`` with the smallest log loss; both have one entry a question.

    ``x`` is that of ``Logistic``: for whether there is an answer the log of the sum of span weights, for whether it is
    this one ``log_odds`` of its share of them, both at the temperature that answering will use. By Newton's method,
    with a prior that keeps slope and bias finite where ``x`` separates the two classes.
    """
    inputs = np.stack([np.asarray(x, np.float64), -np.ones(np.shape(x))], axis=1)
    targets = np.asarray(true, np.float64)
    weights = np.zeros(2)
    for _ in range(_TRIES):
        p = 1 / (1 + np.exp(-inputs @ weights))
        curvature = inputs.T @ (inputs * (p * (1 - p))[:, None]) + _RIDGE * np.eye(2)
        weights += np.linalg.solve(curvature, inputs.T @ (targets - p) - _RIDGE * weights)
    return Logistic(*map(float, weights))


def log_odds(probabilities: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """log(p / (1 - p)) of each of ``probabilities``, from -13.8 to 13.8."""
    p = np.clip(np.asarray(probabilities, np.float64), 1e-6, 1 - 1e-6)
    odds: npt.NDArray[np.float64] = np.log(p / (1 - p))
    return odds
