"""Which labels are read again: random ones, as many as there is time for."""

from __future__ import annotations

import dataclasses

from training_data import TEXTS, example, examples

from qadesk.app.training import headroom, planning
from qadesk.app.training.headroom import Headroom
from qadesk.app.training.measuring import random_part, taught_part
from qadesk.progress import finish


def test_a_part_is_random_and_has_no_more_than_there_is_time_for() -> None:
    rows = examples()
    assert set(random_part(rows, 10_000)) == set(rows)
    assert random_part(rows, 10_000) != tuple(rows)
    assert random_part(rows[::-1], 10_000, 3) == random_part(rows, 10_000)[:3]
    assert sum(len(row.context) for row in random_part(rows, 300)) <= 300
    long = example("0", "Who built the tower?", TEXTS[0] * 10, "Thomas Reeve")
    assert set(random_part([long, *rows], 5 * len(TEXTS[0]))) < set(rows)


def test_of_the_labels_taught_one_is_read_in_any_case() -> None:
    rows = [dataclasses.replace(row, context=row.context + " " * 1_500_000) for row in examples()[:2]]
    longer = dataclasses.replace(rows[0], context=rows[0].context + " ")
    assert taught_part([longer, rows[1]]) == (rows[1],)


def test_where_each_text_is_too_long_none_is_tried() -> None:
    plan = planning.plan(examples(), TEXTS)
    part = tuple(dataclasses.replace(row, context=row.context + " " * 120_000) for row in plan.train)
    assert finish(headroom.headroom(dataclasses.replace(plan, train=part, evaluation=part))) == Headroom(0, 0)
