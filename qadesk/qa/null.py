"""The chance of no answer: how it comes from what all spans of a document weigh together.

    log odds of an answer = slope * m - bias

m is the log of the sum of all span weights (``qadesk.qa.decode``). With slope 1 and no bias the odds are that sum
itself, so that no answer is one more option beside the spans. But a model is usually too sure that there is an answer,
the more so the fewer unanswerable questions it was trained on, and the longer the text, the more weight comes together
by chance. A slope below 1 and a bias correct it (Platt, Probabilistic Outputs for Support Vector Machines). They are
fitted on questions that training did not see, and stand in ``qadesk.json``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from qadesk.errors import ModelError


@dataclass(frozen=True, slots=True)
class NullCalibration:
    """``slope`` > 0; ``bias`` is in logits."""

    slope: float = 1.0
    bias: float = 0.0

    def log_answered(self, log_mass: float) -> float:
        """The log of the probability that there is an answer, for spans whose weights sum to exp(``log_mass``)."""
        return -_softplus(self.bias - self.slope * log_mass)

    def no_answer(self, log_mass: float) -> float:
        """The probability of no answer, 0 to 1."""
        return -math.expm1(self.log_answered(log_mass))


PLAIN = NullCalibration()
"""No answer is one more option beside the spans."""


def read(values: object) -> NullCalibration:
    """What ``qadesk.json`` says under "null". Raises ``ModelError`` in plain words."""
    known = {each.name for each in fields(NullCalibration)}
    if not isinstance(values, Mapping) or not set(values) <= known or not all(map(_is_number, values.values())):
        raise _broken()
    found: Mapping[str, Any] = values
    made = NullCalibration(**{key: float(value) for key, value in found.items()})
    if made.slope <= 0:
        raise _broken()
    return made


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _broken() -> ModelError:
    return ModelError(
        "The calibration of no answer ('null') in 'qadesk.json' of this model is not right.",
        "It has the numbers slope (above 0) and bias: correct the file or take the entry out.",
    )


def _softplus(x: float) -> float:
    """log(1 + exp(x)), without overflow."""
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))
