"""Measured as ``qadesk eval`` measures."""

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
    said = {"Who ?": (1, 0.0), "Why ?": (2, 3.0)}
    _, found = measure.evaluated(fixed([answerable], said), Calibration())
    assert found.confidences == {"Who ?": pytest.approx(1 / 10)}  # 10 spans of weight 1
    mixed = fixed([answerable, example("Why ?", "The man bought .")], said)
    examples, found = measure.evaluated(mixed, Calibration(1.0, Logistic(1.0, 4.0)))
    assert [each.question for each in examples] == ["Who ?", "Why ?"]
    assert found.predictions == {"Who ?": "", "Why ?": "bought"}
    nothing = math.exp(4) / (math.exp(4) + 10)
    assert found.confidences["Who ?"] == pytest.approx(nothing)
    assert measure.judged(examples, found) == ([pytest.approx(nothing), found.confidences["Why ?"]], [False, False])


def test_marks_are_of_the_right_questions(example: Make, fixed: Fix) -> None:
    questions = [
        example("Who ?", "The man .", "man", title="Mixed", key="1"),
        example("When ?", "The man .", title="Mixed", key="2"),
        example("What ?", "The man .", "man", title="Plain", key="3"),
    ]
    said = {"Who ?": (1, 6.0), "When ?": (1, 0.0), "What ?": (0, 6.0)}
    found = measure.marks(fixed(questions, said), Calibration(1.0, Logistic(1.0, 4.0)))
    assert (found["one"]["total"], found["one"]["exact"]) == (2, 50)
    assert (found["two"]["total"], found["two"]["exact"]) == (2, 100)
    spans = math.exp(12) + 2 * math.exp(6) + 3  # "man"; those that only begin or only end with it; the others
    told = (math.exp(12) + 2 * math.exp(6) + 1) / (math.exp(4) + spans)  # "The man", "man ." and both say the same
    empty = math.exp(4) / (math.exp(4) + 6)
    assert found["two"]["ece"] == pytest.approx((1 - told + 1 - empty) / 2)


def test_a_sure_model_is_understood(run_folder: Path) -> None:
    """A model that points at the third word of the text says that word."""
    questions = measure.development(run_folder)

    def score(batch: Batch) -> np.ndarray:
        logits = np.zeros((2, *batch.input_ids.shape), np.float32)
        for row, at in enumerate(batch.context_at):
            logits[:, row, at + 2] = 20.0
        return logits

    questions.put(score)
    _, found = measure.evaluated(questions, Calibration())
    assert set(found.predictions.values()) == {"bought"}
    assert all(each > 0.99 for each in found.confidences.values())
    assert len(found.predictions) == len(questions.examples) == 12


def test_a_checkpoint_is_measured(run_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = learn.RecipeRun(run_folder)
    with closing(run.learner):
        run.step()
        run.save()
    shape = learn.shape_of(run_folder)
    questions = measure.development(run_folder)
    for kind in ("average", "weights"):
        weights = measure.weights_of(run_folder, "checkpoint.safetensors", kind)
        questions.put(measure.scorer(forward.working_copy(weights), shape))
        measure.log(run_folder, {"weights": kind} | measure.marks(questions, Calibration()))
    lines = [json.loads(line) for line in (run_folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["weights"] for line in lines] == ["average", "weights"]
    assert lines[0]["one"]["total"] == 9
    assert lines[0]["two"]["total"] == 12
    assert "average" in capsys.readouterr().out
