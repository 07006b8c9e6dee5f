"""The chance of no answer, by hand."""

from __future__ import annotations

import math

import pytest

from qadesk.errors import ModelError
from qadesk.qa import null
from qadesk.qa.null import NullCalibration


def test_without_calibration_no_answer_is_one_more_option() -> None:
    assert NullCalibration().no_answer(math.log(3)) == pytest.approx(1 / 4)
    assert NullCalibration().log_answered(math.log(3)) == pytest.approx(math.log(3 / 4))


def test_slope_and_bias_by_hand() -> None:
    # Log odds 0.5 * log(16) - log(2) = log(2): two to one for an answer.
    assert NullCalibration(0.5, math.log(2)).no_answer(math.log(16)) == pytest.approx(1 / 3)


@pytest.mark.parametrize(("mass", "chance"), [(-math.inf, 1.0), (-1e5, 1.0), (1e5, 0.0)])
def test_extremes(mass: float, chance: float) -> None:
    assert NullCalibration(0.3, 1.0).no_answer(mass) == chance


def test_what_a_model_says_of_itself() -> None:
    assert null.read({}) == NullCalibration()
    assert null.read({"slope": 0.25, "bias": 1}) == NullCalibration(0.25, 1.0)


@pytest.mark.parametrize(
    "values",
    [[], "warm", {"slope": 0}, {"slope": -1.0}, {"slope": True}, {"bias": math.inf}, {"bias": "1"}, {"other": 1.0}],
)
def test_what_is_not_right_is_refused_in_words(values: object) -> None:
    with pytest.raises(ModelError, match="calibration of no answer"):
        null.read(values)
