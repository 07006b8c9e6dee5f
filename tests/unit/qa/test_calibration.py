"""Calibrated probabilities, worked by hand."""

from __future__ import annotations

import math

import pytest

from qadesk.errors import ModelError
from qadesk.qa import calibration
from qadesk.qa.calibration import UNCALIBRATED, Calibration, Logistic


def test_plain_odds() -> None:
    assert Logistic().log_probability(math.log(3)) == pytest.approx(math.log(3 / 4))
    assert Logistic().complement(math.log(3)) == pytest.approx(1 / 4)


def test_slope_and_bias_by_hand() -> None:
    # Log odds 0.5 * log(16) - log(2) = log(2): two to one.
    assert Logistic(0.5, math.log(2)).complement(math.log(16)) == pytest.approx(1 / 3)


@pytest.mark.parametrize(("x", "against"), [(-math.inf, 1.0), (-1e5, 1.0), (1e5, 0.0)])
def test_extremes(x: float, against: float) -> None:
    assert Logistic(0.3, 1.0).complement(x) == against


def test_what_a_model_says_of_itself() -> None:
    assert calibration.read_calibration({"name": "Mine"}) == UNCALIBRATED
    values = {"temperature": 2, "null": {"slope": 0.25, "bias": 1}, "best": {"bias": -0.5}, "other": {}}
    assert calibration.read_calibration(values) == Calibration(
        2.0, Logistic(0.25, 1.0), Logistic(1.0, -0.5), Logistic()
    )


@pytest.mark.parametrize("name", ["null", "best", "other"])
@pytest.mark.parametrize(
    "values",
    [[], "warm", {"slope": 0}, {"slope": -1.0}, {"slope": True}, {"bias": math.inf}, {"bias": "1"}, {"other": 1.0}],
)
def test_what_is_not_right_is_refused_in_words(name: str, values: object) -> None:
    with pytest.raises(ModelError, match=f"calibration '{name}'"):
        calibration.read_calibration({name: values})
