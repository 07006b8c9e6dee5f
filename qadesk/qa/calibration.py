"""Turns span weights into calibrated probabilities: a temperature and three logistic regressions.

**temperature** > 0 flattens the weights of spans before they are compared (``qadesk.qa.decode``). It does not reorder.

**null**: is there an answer? The log odds of it are ``slope * m - bias``, where m is the log of the sum of all span
weights. With slope 1 and no bias the odds are that sum itself, so that no answer is one more option beside the spans.
But most models overestimate that there is an answer, the more so the fewer unanswerable questions they were trained on;
and the longer the text, the more weight its spans have by chance.

**best** and **other**: if there is one, is it the best span, or another one listed? The log odds of it are ``slope * x
- bias``, where x are the log odds of its share of all span weights. With slope 1 and no bias its probability is that
share. But a model is trained on one of several right answers: an answer with half of the weight is right more often
than not, and those after it are right more often than their share. And a share near 1 is overconfident. So the
probabilities of several answers can sum to more than 1.

**answerable** is the share of questions with an answer among those that **null** was fitted on. Where another share is
expected, the log odds of an answer are shifted by the difference of the log odds of both shares (Saerens, Latinne &
Decaestecker 2002, Adjusting the outputs of a classifier to new a priori probabilities, equation 2.4, for two classes):

    log odds' = slope * m - bias + log(e / (1 - e)) - log(a / (1 - a))        e: expected, a: ``answerable``

All three are Platt's scaling (Probabilistic Outputs for Support Vector Machines), fitted on questions that training did
not use (``qadesk.train.calibrate``). ``qadesk.json`` holds them; a regression that it lacks has slope 1 and bias 0:

    {"temperature": 1.0, "answerable": 0.5, "null": {"slope": 1.0, "bias": 0.0}, "best": {...}, "other": {...}}

**pool** holds the same values for answers from many documents, and the weight **prior** of the search
(``PoolCalibration``). What it lacks is as for one document, and so is all of it where a model has no such entry; the
prior is then ``USUAL_PRIOR``:

    {"pool": {"prior": 0.3, "temperature": 1.0, "answerable": 0.5, "null": {...}, "best": {...}, "other": {...}}}
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from qadesk.errors import ModelError


@dataclass(frozen=True, slots=True)
class Logistic:
    """log odds = slope * x - bias, with ``slope`` > 0."""

    slope: float = 1.0
    bias: float = 0.0

    def log_probability(self, x: float) -> float:
        """The log of the probability."""
        return -_softplus(self.bias - self.slope * x)

    def complement(self, x: float) -> float:
        """1 less the probability, exact where that is small."""
        return -math.expm1(self.log_probability(x))


PLAIN = Logistic()
"""Log odds = x."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """See the module. The default changes no probability."""

    temperature: float = 1.0
    null: Logistic = PLAIN
    best: Logistic = PLAIN
    other: Logistic = PLAIN
    answerable: float = 0.5

    def null_at(self, expected: float | None) -> Logistic:
        """``null`` where the share ``expected`` of all questions has an answer, above 0 and below 1.

        None: as many as it was fitted on.
        """
        if expected is None:
            return self.null
        return replace(self.null, bias=self.null.bias - _log_odds(expected) + _log_odds(self.answerable))


UNCALIBRATED = Calibration()

USUAL_PRIOR = 0.3
"""The prior of a model that has none of its own: that of the bundled reader, rounded."""


@dataclass(frozen=True, slots=True)
class PoolCalibration:
    """How answers from passages of many documents are weighed (``qadesk.qa.pool``).

    ``prior``, at least 0: by how much the logarithm of the weights of a passage falls for each point of BM25 that the
    search gives it less than the best one.
    """

    calibration: Calibration = UNCALIBRATED
    prior: float = USUAL_PRIOR


def read_calibration(values: Mapping[str, Any]) -> Calibration:
    """The calibration among the ``values`` of a ``qadesk.json``. Raises ``ModelError`` if it is wrong."""
    temperature = values.get("temperature", 1.0)
    if not _is_number(temperature) or temperature <= 0:
        raise ModelError(
            "The temperature in 'qadesk.json' of this model is not a positive number.", "Correct the file."
        )
    answerable = values.get("answerable", 0.5)
    if not _is_number(answerable) or not 0 < answerable < 1:
        raise ModelError("The share 'answerable' in 'qadesk.json' of this model is not between 0 and 1.", "Correct it.")
    null, best, other = (_logistic(values, name) for name in ("null", "best", "other"))
    return Calibration(float(temperature), null, best, other, float(answerable))


def read_pool_calibration(values: Mapping[str, Any]) -> PoolCalibration:
    """The calibration for many documents among the ``values`` of a ``qadesk.json``. Raises ``ModelError``."""
    pool = values.get("pool", {})
    prior = pool.get("prior", USUAL_PRIOR) if isinstance(pool, Mapping) else -1
    if not _is_number(prior) or prior < 0:
        raise ModelError(
            "The entry 'pool' in 'qadesk.json' of this model is not right.",
            "It has a number prior, of at least 0, and a calibration: correct the file or take the entry out.",
        )
    return PoolCalibration(read_calibration({**values, **pool}), float(prior))


def _logistic(values: Mapping[str, Any], name: str) -> Logistic:
    row = values.get(name, {})
    keys = {field.name for field in fields(Logistic)}
    if not isinstance(row, Mapping) or not set(row) <= keys or not all(map(_is_number, row.values())):
        raise _broken(name)
    logistic = Logistic(**{key: float(value) for key, value in row.items()})
    if logistic.slope <= 0:
        raise _broken(name)
    return logistic


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _broken(name: str) -> ModelError:
    return ModelError(
        f"The calibration '{name}' in 'qadesk.json' of this model is not right.",
        "It has the numbers slope (above 0) and bias: correct the file or take the entry out.",
    )


def _log_odds(probability: float) -> float:
    return math.log(probability / (1 - probability))


def _softplus(x: float) -> float:
    """log(1 + exp(x)), without overflow."""
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))
