"""Measured as ``qadesk eval`` measures."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import forward
import learn
import measure
import numpy as np
import pytest
from measure import Said
from tiny_run import Make

from qadesk.qa.windows import Batch


def test_nothing_is_refused_where_all_have_answers(example: Make) -> None:
    rows = [(example("Who ?", "The man.", "man"), Said("man", 0.2, 0.7))]
    assert measure.predicted(rows) == [("man", 0.2)]
    with_empty = [*rows, (example("Why ?", "The man."), Said("The", 0.3, 0.1))]
    assert measure.predicted(with_empty) == [("", 0.7), ("The", 0.3)]


def test_marks_are_of_the_right_questions(example: Make) -> None:
    examples = [
        example("1", "The man.", "man", title="Mixed", key="1"),
        example("2", "The man.", title="Mixed", key="2"),
        example("3", "The man.", "man", title="Plain", key="3"),
    ]
    said = [Said("man", 0.9, 0.1), Said("man", 0.4, 0.6), Said("The", 0.8, 0.2)]
    found = measure.marks(examples, said)
    assert found["one"]["total"] == 2
    assert found["one"]["exact"] == 50
    assert found["two"]["total"] == 2
    assert found["two"]["exact"] == 100
    assert found["two"]["ece"] == pytest.approx((0.1 + 0.4) / 2)


def test_a_sure_model_is_understood(run_folder: Path) -> None:
    """A model that points at the third word of the text says that word."""
    questions = measure.development(run_folder)

    def score(batch: Batch) -> np.ndarray:
        logits = np.zeros((2, *batch.input_ids.shape), np.float32)
        for row, at in enumerate(batch.context_at):
            logits[:, row, at + 2] = 20.0
        return logits

    questions.put(score)
    said = questions.said(1.0)
    assert {each.span for each in said} == {"bought"}
    assert all(each.confidence > 0.99 for each in said)
    assert len(said) == len(questions.examples) == 12


def test_a_checkpoint_is_measured(run_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = learn.Run(run_folder)
    with closing(run.learner):
        run.step()
        run.save()
    shape = learn.shape_of(run_folder)
    questions = measure.development(run_folder)
    for kind in ("average", "weights"):
        weights = measure.weights_of(run_folder, "checkpoint.safetensors", kind)
        questions.put(measure.scorer(forward.working_copy(weights), shape))
        measure.log(run_folder, {"weights": kind} | measure.marks(questions.examples, questions.said(1.0)))
    lines = [json.loads(line) for line in (run_folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["weights"] for line in lines] == ["average", "weights"]
    assert lines[0]["one"]["total"] == 9
    assert lines[0]["two"]["total"] == 12
    assert "average" in capsys.readouterr().out
