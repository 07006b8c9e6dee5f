"""Which labels are read again: random ones, as many as there is time for."""

from __future__ import annotations

import dataclasses

import pytest
from training_data import TEXTS, example, examples, marks

from qadesk.app.reading.evaluate import Evaluation
from qadesk.app.training import headroom, planning
from qadesk.app.training.headroom import Headroom
from qadesk.app.training.measuring import certain_slip, random_part, taught_part
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


def test_what_is_forgotten_is_less_one_standard_error() -> None:
    rows = [example(id_, "Who built the tower?", TEXTS[0], "Thomas Reeve") for id_ in "abcd"]
    right = Evaluation(
        marks(100), dict.fromkeys("abcd", "Thomas Reeve"), {}, 1.0, dict.fromkeys("abcd", "Thomas Reeve"), {}
    )
    worse = dataclasses.replace(right, predictions={**right.predictions, "a": "", "b": "Reeve"})
    # F1 falls by 100, 33.3, 0 and 0: by 33.3 in the mean, with a standard error of 47.1 / 2
    assert certain_slip(right, worse, rows) == pytest.approx(33.3 - 23.6, abs=0.1)
    assert certain_slip(worse, right, rows) == 0  # the best spans are as they were
    assert certain_slip(right, worse, rows[:1]) == 0  # one says nothing


def test_best_spans_that_are_lost_count_whether_refused_or_not() -> None:
    rows = [example(id_, "Who built the tower?", TEXTS[0], "Thomas Reeve") for id_ in "ab"]
    rows.append(dataclasses.replace(rows[0], id="c", answers=(), is_impossible=True))
    refused = dict.fromkeys("abc", "")
    before = Evaluation(marks(0), refused, {}, 1.0, {"a": "Thomas Reeve", "b": "Reeve", "c": "tower"}, {})
    after = dataclasses.replace(before, spans={"a": "tower", "b": "", "c": ""})
    # of those with an answer F1 falls by 100 and 66.7: by 83.3, with a standard error of 23.6 / 1.41
    assert certain_slip(before, after, rows) == pytest.approx(83.3 - 16.7, abs=0.1)
