"""The learning rate: warm-up, constant, decay; and a decay that is planned by the time that remains."""

from __future__ import annotations

import pytest
import schedule


def test_up_flat_and_down() -> None:
    knots = [(1000, 1.0), (2000, 0.0)]
    shares = [schedule.rate_share(tokens, 100, knots) for tokens in (0, 49, 99, 500, 1000, 1500, 2000, 3000)]
    assert shares == pytest.approx([0.01, 0.5, 1.0, 1.0, 1.0, 0.5, 0.0, 0.0])


def test_the_decay_begins_when_what_is_left_is_its_share() -> None:
    assert schedule.plan([], 500, 500, 0.4) == []
    assert schedule.plan([], 600, 400, 0.4) == [(600, 1.0), (1000, 0.0)]
    assert schedule.plan([], 600, 100, 0.4) == [(600, 1.0), (700, 0.0)]


def test_a_slower_machine_moves_the_end_but_not_the_rate() -> None:
    before = [(600, 1.0), (1000, 0.0)]
    after = schedule.plan(before, 800, 100, 0.4)
    assert after == [(600, 1.0), (800, 0.5), (900, 0.0)]
    for tokens in (600, 700, 800):
        assert schedule.rate_share(tokens, 1, after) == pytest.approx(schedule.rate_share(tokens, 1, before))
    assert schedule.rate_share(850, 1, after) == pytest.approx(0.25)


def test_what_is_over_stays_over() -> None:
    knots = [(600, 1.0), (1000, 0.0)]
    assert schedule.plan(knots, 1000, 500, 0.4) == knots
    assert schedule.plan(knots, 900, 0, 0.4) == knots


def test_the_time_until_a_clock_is_less_than_a_day() -> None:
    assert 0 < schedule.seconds_until("00:00") <= 24 * 3600
