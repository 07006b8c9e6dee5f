"""Reports on development questions, measured as by ``qadesk eval``."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import forward
import learn
import measure
import numpy as np
import pytest
from measure import Questions
from tiny_run import Make

from qadesk.qa.calibration import Calibration, Logistic
from qadesk.qa.windows import Batch
from qadesk.records import LabeledExample

Fix = Callable[[Sequence[LabeledExample], Mapping[str, tuple[int, float]]], Questions]


def test_nothing_is_refused_where_all_have_answers(example: Make, fixed: Fix) -> None:
    """10 spans of a text of 4 tokens: all logits are 0, but for the one that is pointed at."""
    answerable = example("Who ?", "The man bought .", "man")
    logit_of_question = {"Who ?": (1, 0.0), "Why ?": (2, 3.0)}
    _, evaluation = measure.evaluate_questions(fixed([answerable], logit_of_question), Calibration())
    assert evaluation.confidences == {"Who ?": pytest.approx(1 / 10)}  # 10 spans of weight 1
    mixed = fixed([answerable, example("Why ?", "The man bought .")], logit_of_question)
    examples, evaluation = measure.evaluate_questions(mixed, Calibration(1.0, Logistic(1.0, 4.0)))
    assert [row.question for row in examples] == ["Who ?", "Why ?"]
    assert evaluation.predictions == {"Who ?": "", "Why ?": "bought"}
    nothing = math.exp(4) / (math.exp(4) + 10)
    assert evaluation.confidences["Who ?"] == pytest.approx(nothing)
    assert measure.reliability_of(examples, evaluation) == (
        [pytest.approx(nothing), evaluation.confidences["Why ?"]],
        [False, False],
    )


def test_marks_are_of_the_right_questions(example: Make, fixed: Fix) -> None:
    questions = [
        example("Who ?", "The man .", "man", title="Mixed", key="1"),
        example("When ?", "The man .", title="Mixed", key="2"),
        example("What ?", "The man .", "man", title="Plain", key="3"),
    ]
    logit_of_question = {"Who ?": (1, 6.0), "When ?": (1, 0.0), "What ?": (0, 6.0)}
    reports = measure.reports(fixed(questions, logit_of_question), Calibration(1.0, Logistic(1.0, 4.0)))
    assert (reports["one"]["total"], reports["one"]["exact"]) == (2, 50)
    assert (reports["two"]["total"], reports["two"]["exact"]) == (2, 100)
    spans = math.exp(12) + 2 * math.exp(6) + 3  # "man"; those that only begin or only end with it; the others
    answer_confidence = (math.exp(12) + 2 * math.exp(6) + 1) / (
        math.exp(4) + spans
    )  # "The man", "man ." and both say the same
    empty = math.exp(4) / (math.exp(4) + 6)
    assert reports["two"]["ece"] == pytest.approx((1 - answer_confidence + 1 - empty) / 2)


def test_a_sure_model_is_understood(run_folder: Path) -> None:
    """A model that points at the third word of the text says that word."""
    questions = measure.development(run_folder)

    def score(batch: Batch) -> np.ndarray:
        logits = np.zeros((2, *batch.input_ids.shape), np.float32)
        for row, at in enumerate(batch.context_at):
            logits[:, row, at + 2] = 20.0
        return logits

    questions.score_with(score)
    _, evaluation = measure.evaluate_questions(questions, Calibration())
    assert set(evaluation.predictions.values()) == {"bought"}
    assert all(confidence > 0.99 for confidence in evaluation.confidences.values())
    assert len(evaluation.predictions) == len(questions.examples) == 12


def test_a_checkpoint_is_measured(run_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = learn.RecipeRun(run_folder)
    with closing(run.learner):
        run.step()
        run.save()
    shape = learn.shape_of(run_folder)
    questions = measure.development(run_folder)
    for kind in ("average", "weights"):
        weights = measure.weights_of(run_folder, "checkpoint.safetensors", kind)
        questions.score_with(measure.scorer(forward.working_copy(weights), shape))
        measure.log(run_folder, {"weights": kind} | measure.reports(questions, Calibration()))
    lines = [json.loads(line) for line in (run_folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["weights"] for line in lines] == ["average", "weights"]
    assert lines[0]["one"]["total"] == 9
    assert lines[0]["two"]["total"] == 12
    assert "average" in capsys.readouterr().out
