"""The calibration of the bundled reader finds what made the answers right."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import calibrate
import pytest
from measure import Calibration, Questions
from tiny_run import Make


def test_both_steps_find_what_made_the_answers_right(example: Make, fixed: Callable[..., Questions]) -> None:
    """Right spans are likely by a temperature of 2, answers at all by half the log odds; the logits say neither."""
    rolls = random.Random(3)
    examples, said = [], {}
    for number in range(800):
        question, logit = f"Who {number} ?", rolls.uniform(0, 5)
        weights = (1, math.exp(logit / 2), math.exp(logit))  # of "The", "The man", "man"
        answers = rolls.random() < 1 / (1 + math.exp(1 - 0.5 * math.log(sum(weights))))
        right = "man" if rolls.random() < weights[2] / sum(weights) else "The"
        examples.append(example(question, "The man", *([right] if answers else [])))
        said[question] = (1, logit)
    found = calibrate.calibrate(fixed(examples, said))
    assert found.temperature == pytest.approx(2, rel=0.2)
    assert found.null.slope == pytest.approx(0.5, rel=0.3)


def test_articles_without_unanswerable_questions_do_not_count(example: Make, fixed: Callable[..., Questions]) -> None:
    mixed = [
        example("Who ?", "The man bought .", "man", key="1"),
        example("What ?", "The man bought .", key="2"),
    ]
    said = {"Who ?": (1, 3.0), "What ?": (1, 1.0), "When ?": (0, 5.0)}
    alone = calibrate.calibrate(fixed(mixed, said))
    others = [example("When ?", "The man bought .", "man", title="Plain", key=str(number)) for number in range(9)]
    assert calibrate.calibrate(fixed([*mixed, *others], said)) == alone
    assert alone != Calibration()


def test_a_buried_paragraph_keeps_its_answer(example: Make) -> None:
    rows = [
        example("Who ?", "The man bought milk .", "man", key="1"),
        example("When ?", "The man bought milk .", key="2"),
        example("Where ?", "In town at night .", "town", title="Elsewhere", key="3"),
    ]
    found = calibrate.buried(rows, 5, 9, seed=4)
    assert {each.id for each in found} == {"1", "2"}
    for each in found:
        assert each.context.split("\n\n").count("The man bought milk .") == 1
        assert len(each.context.split("\n\n")) == 5
        assert all(answer.stands_in(each.context) for answer in each.answers)
    assert calibrate.buried(rows, 5, 9, seed=4) == found
