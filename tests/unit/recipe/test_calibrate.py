"""The calibration of the bundled reader recovers the parameters that the answers were drawn with."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import calibrate
import pytest
from measure import Questions
from tiny_run import Make

from qadesk.qa.calibration import UNCALIBRATED


@pytest.mark.slow
def test_all_steps_find_what_made_the_answers_right(example: Make, fixed: Callable[..., Questions]) -> None:
    """Right spans are likely by a temperature of 2, answers at all by half the log odds; the logits say neither.

    At that temperature the best span's share is its chance. The second is right wherever the best is not.
    """
    rolls = random.Random(3)
    examples, logit_of_question = [], {}
    for number in range(1500):
        question, logit = f"Who {number} ?", rolls.uniform(0, 5)
        alone, double = math.exp(logit / 2), math.exp(logit)
        spans = double + 2 * alone + 3  # "man"; those that begin there; "bought", "bought milk", "milk"
        answers = rolls.random() < 1 / (1 + math.exp(1 - 0.5 * math.log(spans)))
        right = "man" if rolls.random() < double / spans else "bought"
        examples.append(example(question, "man bought milk", *([right] if answers else [])))
        logit_of_question[question] = (0, logit)
    calibration = calibrate.calibrate(fixed(examples, logit_of_question))
    assert calibration.temperature == pytest.approx(2, rel=0.2)
    assert calibration.null.slope == pytest.approx(0.5, rel=0.3)
    assert calibration.best.slope == pytest.approx(1, rel=0.2)
    assert calibration.best.bias == pytest.approx(0, abs=0.3)
    assert calibration.other.bias < -0.5


def test_articles_without_unanswerable_questions_do_not_count(example: Make, fixed: Callable[..., Questions]) -> None:
    mixed = [
        example("Who ?", "The man bought .", "man", key="1"),
        example("What ?", "The man bought .", key="2"),
    ]
    logit_of_question = {"Who ?": (1, 3.0), "What ?": (1, 1.0), "When ?": (0, 5.0)}
    calibration = calibrate.calibrate(fixed(mixed, logit_of_question))
    plain_examples = [
        example("When ?", "The man bought .", "man", title="Plain", key=str(number)) for number in range(9)
    ]
    assert calibrate.calibrate(fixed([*mixed, *plain_examples], logit_of_question)) == calibration
    assert calibration != UNCALIBRATED


def test_a_buried_paragraph_keeps_its_answer(example: Make) -> None:
    rows = [
        example("Who ?", "The man bought milk .", "man", key="1"),
        example("When ?", "The man bought milk .", key="2"),
        example("Where ?", "In town at night .", "town", title="Elsewhere", key="3"),
    ]
    documents = calibrate.long_documents(rows, 5, 9, seed=4)
    assert {document.id for document in documents} == {"1", "2"}
    for document in documents:
        assert document.context.split("\n\n").count("The man bought milk .") == 1
        assert len(document.context.split("\n\n")) == 5
        assert all(answer.stands_in(document.context) for answer in document.answers)
    assert calibrate.long_documents(rows, 5, 9, seed=4) == documents
