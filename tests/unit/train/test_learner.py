from __future__ import annotations

import pytest

from qadesk.train.config import Config
from qadesk.train.learner import Learner, learning_rate, unlabelled_needed
from qadesk.train.process_group import ProcessGroup


def test_the_rate_rises_and_falls_on_two_straight_lines() -> None:
    config = Config(learning_rate=1.0, warmup=0.4)
    rates = [learning_rate(config, step, 10) for step in range(1, 11)]
    assert rates == pytest.approx([1 / 4, 2 / 4, 3 / 4, 1, 6 / 7, 5 / 7, 4 / 7, 3 / 7, 2 / 7, 1 / 7])


@pytest.mark.parametrize(("warmup", "rates"), [(0, [1, 3 / 4, 2 / 4, 1 / 4]), (1, [1 / 4, 2 / 4, 3 / 4, 1])])
def test_it_may_only_fall_or_only_rise(warmup: float, rates: list[float]) -> None:
    config = Config(learning_rate=1.0, warmup=warmup)
    assert [learning_rate(config, step, 4) for step in range(1, 5)] == pytest.approx(rates)


def test_a_single_step_has_the_full_rate() -> None:
    assert learning_rate(Config(learning_rate=1.0), 1, 1) == 1.0


def test_unlabelled_windows_are_counted_by_steps() -> None:
    config = Config(batch_size=8, epochs=3, distil_weight=1)
    assert unlabelled_needed(config, 17) == 3 * 3 * 4
    assert unlabelled_needed(Config(distil_weight=0), 17) == 0


def test_each_process_has_dropout_of_its_own_and_the_first_that_of_one_alone() -> None:
    def seeds(rank: int, size: int) -> list[int]:
        learner = Learner.__new__(Learner)
        learner._config, learner._group = Config(seed=3), ProcessGroup(rank, size)
        return [learner._seed_of(step) for step in (1, 2)]

    assert seeds(0, 1) == seeds(0, 2) == [3 * 2**31 + 1, 3 * 2**31 + 2]
    assert len({*seeds(0, 3), *seeds(1, 3), *seeds(2, 3)}) == 6
    assert seeds(1, 2) == seeds(1, 3)
