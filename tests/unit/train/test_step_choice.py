"""Which step of a run is kept."""

from __future__ import annotations

import pytest

from qadesk.train.evaluation import EvaluationScores
from qadesk.train.step_choice import StepChoice


@pytest.mark.parametrize(
    ("f1s", "kept"),
    [
        ([40], 0),
        ([40, 50, 47, 45], 2),  # 45 is more than two standard errors of 2 points below 50
        ([40, 46, 44, 44], 3),
        ([40, 41, 39, 40], 1),  # no better than the model as it was: never kept, however near
        ([40, 38, 39], 0),
        ([40, 46, 47, 43], 3),  # within 4 of 47
        ([40, 46, 47, 42.9], 2),
    ],
)
def test_the_last_step_as_good_as_the_best_is_kept(f1s: list[float], kept: int) -> None:
    choice, last = StepChoice(), -1
    for step, f1 in enumerate(f1s):
        scores = EvaluationScores(1.0, f1, f1, 2.0)
        last = step if choice.keeps(scores) else last
        choice = choice.after(scores)
    assert last == kept


def test_of_equal_f1_the_smaller_loss_counts_as_a_gain() -> None:
    choice = StepChoice().after(EvaluationScores(1.0, 50, 50, 0.0))
    better, worse = (EvaluationScores(loss, 50, 50, 0.0) for loss in (0.9, 1.1))
    assert (choice.is_gain(better), choice.is_gain(worse)) == (True, False)
    assert (choice.keeps(better), choice.keeps(worse)) == (True, False)
    assert choice.after(worse) == choice
