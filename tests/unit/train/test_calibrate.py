from __future__ import annotations

from math import exp, log

import numpy as np
import pytest

from qadesk.train.calibrate import fit_logistic, fit_temperature, log_loss


def test_the_log_loss_by_hand() -> None:
    assert log_loss([0.5, 0.25], [True, False]) == pytest.approx(-log(0.5) - log(0.75))
    assert log_loss([0.0, 1.0], [True, False]) == pytest.approx(-2 * log(1e-6))


def scaled(odds: np.ndarray, right: np.ndarray):
    return lambda temperature: (list(1 / (1 + np.exp(-odds / temperature))), list(right))


@pytest.mark.parametrize("true", [0.5, 1.0, 3.0])
def test_the_temperature_that_made_the_answers_right_is_found(true: float) -> None:
    random = np.random.default_rng(0)
    odds = random.normal(0, 3, 20_000)
    right = random.random(20_000) < 1 / (1 + np.exp(-odds / true))
    assert fit_temperature(scaled(odds, right)) == pytest.approx(true, rel=0.05)


def test_few_questions_hardly_move_it() -> None:
    odds, right = np.array([1.0, 2.0]), np.array([True, True])
    assert 0.7 < fit_temperature(scaled(odds, right), 1.0) < 1.0
    assert 1.4 < fit_temperature(scaled(odds, right), 2.0) < 2.0


def test_it_stays_where_nothing_can_be_learned() -> None:
    assert fit_temperature(lambda _: ([], []), 1.3) == pytest.approx(1.3, rel=0.01)


def test_it_is_the_least_of_the_cost() -> None:
    random = np.random.default_rng(1)
    odds = random.normal(0, 2, 60)
    right = random.random(60) < 0.6

    def cost(step: float) -> float:
        return log_loss(*scaled(odds, right)(exp(step))) + step**2 / (2 * 0.35**2)

    temperature = log(fit_temperature(scaled(odds, right)))
    assert cost(temperature) <= min(cost(step) for step in np.linspace(-2, 2, 201)) + 1e-3


def test_the_chance_of_an_answer_that_made_the_labels_is_found() -> None:
    random = np.random.default_rng(2)
    masses = random.normal(4, 6, 20_000)
    answerable = random.random(20_000) < 1 / (1 + np.exp(1.5 - 0.3 * masses))
    logistic = fit_logistic(masses, answerable)
    assert logistic.slope == pytest.approx(0.3, rel=0.05)
    assert logistic.bias == pytest.approx(1.5, rel=0.05)


def test_two_questions_that_are_apart_keep_the_numbers_finite() -> None:
    logistic = fit_logistic([-30.0, 30.0], [False, True])
    assert 0 < logistic.slope < 2
    assert logistic.bias == pytest.approx(0, abs=1e-6)
