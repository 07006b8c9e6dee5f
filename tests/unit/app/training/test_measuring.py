"""Which labels are read again: random ones, as many as there is time for."""

from __future__ import annotations

import dataclasses

import pytest
from training_data import TEXTS, example, examples, marks

from qadesk.app.reading.evaluate import Evaluation
from qadesk.app.training import headroom, planning
from qadesk.app.training.headroom import Headroom
from qadesk.app.training.measuring import best_span_f1, random_part, taught_part
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


def test_best_spans_count_whether_refused_or_not() -> None:
    rows = [example(id_, "Who built the tower?", TEXTS[0], "Thomas Reeve") for id_ in "ab"]
    rows.append(dataclasses.replace(rows[0], id="c", answers=(), is_impossible=True))
    refused = dict.fromkeys("abc", "")
    spans = {"a": "Thomas Reeve", "b": "Reeve", "c": "tower"}
    evaluation = Evaluation(marks(0), refused, {}, 1.0, spans, {})
    assert best_span_f1(evaluation, rows) == pytest.approx(100 * (1 + 2 / 3) / 2)  # of one word of two: 2/3
    assert best_span_f1(evaluation, rows[2:]) == 0
