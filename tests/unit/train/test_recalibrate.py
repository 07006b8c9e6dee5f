"""When the calibration of a fine-tuned model is fitted again: temperature and chance of no answer together."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest

from qadesk.qa.calibration import Calibration, Logistic
from qadesk.records import GoldSpan, LabeledExample
from qadesk.train.evaluation import EvaluationSet
from qadesk.train.network import Network
from qadesk.train.recalibrate import ENOUGH, can_calibrate, fit_calibration


def rows(answerable: int, impossible: int) -> list[LabeledExample]:
    def row(number: int, is_impossible: bool) -> LabeledExample:
        spans = () if is_impossible else (GoldSpan(0, 3, "The"),)
        return LabeledExample(f"{number}", "Who?", "The mill.", "mill", spans, is_impossible)

    return [row(number, number >= answerable) for number in range(answerable + impossible)]


@pytest.mark.parametrize(
    ("answerable", "impossible", "enough"),
    [(ENOUGH, ENOUGH, True), (900, ENOUGH - 1, False), (ENOUGH - 1, 900, False), (900, 0, False), (0, 0, False)],
)
def test_a_hundred_labels_of_each_kind_are_needed(answerable: int, impossible: int, enough: bool) -> None:
    assert can_calibrate(rows(answerable, impossible)) is enough


class Weights:
    """Questions whose spans weigh ``masses`` at temperature 1; what is answered is right where there is an answer."""

    def __init__(self, masses: np.ndarray, answerable: np.ndarray) -> None:
        self._masses, self._answerable = masses, answerable

    def score(self, _network: Network) -> tuple[list[Any], float]:
        return [], 0.0

    def masses(self, _scored: list[Any], calibration: Calibration) -> tuple[list[float], list[bool]]:
        return list(self._masses / calibration.temperature), list(self._answerable)

    def confidences(self, _scored: list[Any], calibration: Calibration) -> tuple[list[float], list[bool]]:
        null = calibration.null_at(calibration.answerable)
        p = np.array([1 - null.complement(mass / calibration.temperature) for mass in self._masses])
        return list(np.maximum(p, 1 - p)), list((p >= 0.5) == self._answerable)


def fitted(slope: float, old: Calibration) -> Calibration:
    random = np.random.default_rng(0)
    masses = random.normal(2, 4, 4000)
    answerable = random.random(4000) < 1 / (1 + np.exp(-slope * masses))
    evaluation = cast("EvaluationSet", Weights(masses, answerable))
    return fit_calibration(old, evaluation, cast("Network", None))


def test_the_chance_of_no_answer_is_fitted_at_the_new_temperature() -> None:
    old = Calibration(2.0, Logistic(3.0, 5.0), Logistic(0.7, 0.1), Logistic(0.4, 0.2), 0.5)
    new = fitted(0.8, old)
    assert new.null.slope / new.temperature == pytest.approx(0.8, rel=0.1)
    assert new.null.bias == pytest.approx(0, abs=0.15)
    assert (new.best, new.other) == (old.best, old.other)
    assert 0.5 < new.answerable < 0.8


def test_weights_that_tell_the_wrong_way_leave_the_calibration_as_it_is() -> None:
    assert fitted(-0.8, Calibration(2.0)) == Calibration(2.0)
