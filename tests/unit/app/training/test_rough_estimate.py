"""The first guess of the time that a run takes, and the speed that is remembered."""

from __future__ import annotations

import dataclasses

import pytest
from training_data import TEXTS, examples

from qadesk.app.training import planning
from qadesk.app.training.rough_estimate import remember_speed, rough_seconds
from qadesk.settings import Settings


def test_more_work_takes_longer() -> None:
    plan = planning.plan(examples(), TEXTS, overrides={"threads": "2", "device": "cpu"})
    settings = Settings()
    seconds = rough_seconds(plan, settings)
    assert 30 < seconds < 120
    many = dataclasses.replace(plan, train=plan.train * 100)
    assert rough_seconds(many, settings) > 1.5 * seconds
    one_core = dataclasses.replace(plan, config=dataclasses.replace(plan.config, threads=1))
    assert rough_seconds(one_core, settings) > seconds


def test_what_was_measured_is_remembered_by_device() -> None:
    plan = planning.plan(examples(), TEXTS, overrides={"device": "cpu"})
    settings = Settings()
    before = rough_seconds(plan, settings)
    remember_speed(plan, 2 * before, settings)
    assert rough_seconds(plan, Settings()) == pytest.approx(2 * before, rel=0.01)
    elsewhere = dataclasses.replace(plan, config=dataclasses.replace(plan.config, device="mps"))
    first = rough_seconds(elsewhere, Settings())
    remember_speed(elsewhere, 1.0, settings)  # less than writing the model takes: nothing to learn from
    assert rough_seconds(elsewhere, settings) == first


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cpu": "fast"}', '{"cpu": -1}', '{"cpu": 1e9}'])
def test_a_setting_that_is_no_speed_is_ignored(text: str) -> None:
    plan = planning.plan(examples(), TEXTS, overrides={"device": "cpu"})
    plain = rough_seconds(plan, Settings())
    settings = Settings()
    settings.set("state.training_speed", text)
    assert rough_seconds(plan, settings) == plain
