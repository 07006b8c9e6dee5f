"""Small labels for the tests of training."""

from __future__ import annotations

import json
from pathlib import Path

from qadesk.app.training import planning, run_folder
from qadesk.app.training.outcome import (
    Outcome,
    Prediction,
    QuestionOutcome,
    SetComparison,
    is_better,
    outcome_as_json,
    verdict,
)
from qadesk.records import GoldSpan, LabeledExample
from qadesk.sentences import verbatim
from qadesk.train.config import PRESETS
from qadesk.train.metrics import MeanScores, Report

TEXTS = (
    "The tower was built by Thomas Reeve. It was finished in 1862, and its lamp was lit with whale oil.",
    "Anna Berg bought the mill in 1901. She ran it with her two sons until the flood of 1924.",
    "The bridge crosses the river at Holm. It is 240 metres long and was opened by the queen.",
)


def example(key: str, question: str, text: str, answer: str | None, title: str = "") -> LabeledExample:
    spans = () if answer is None else (GoldSpan(text.index(answer), text.index(answer) + len(answer), answer),)
    return LabeledExample(key, question, text, title or text.split()[1], spans, answer is None)


def examples() -> list[LabeledExample]:
    tower, mill, bridge = TEXTS
    return [
        example("t1", "Who built the tower?", tower, "Thomas Reeve"),
        example("t2", "When was the tower finished?", tower, "1862"),
        example("t3", "What was the lamp lit with?", tower, "whale oil"),
        example("t4", "Who painted the tower?", tower, None),
        example("m1", "Who bought the mill?", mill, "Anna Berg"),
        example("m2", "When did the flood come?", mill, "1924"),
        example("m3", "What did the mill cost?", mill, None),
        example("b1", "How long is the bridge?", bridge, "240 metres"),
        example("b2", "Where does the bridge cross the river?", bridge, "Holm"),
        example("b3", "Who opened the bridge?", bridge, "the queen"),
    ]


def marks(f1: float, total: int = 40) -> Report:
    return Report(f1 - 5, f1, total, MeanScores(f1, f1, total), None, ece=0.1)


def row(
    part: str, key: str, golds: tuple[str, ...], after: Prediction, before: Prediction | None = None
) -> QuestionOutcome:
    return QuestionOutcome(
        part, key, "Who?", "Tower", golds, before or after, after, 0.0, 1.0, 0.5 if part == "own" else None
    )


def outcome(
    own: tuple[float, float] = (54, 81), general: tuple[float, float] = (78, 77), rows: tuple[QuestionOutcome, ...] = ()
) -> Outcome:
    own_comparison, general_comparison = (
        SetComparison(marks(before), marks(after)) for before, after in (own, general)
    )
    return Outcome(
        base="QADesk reader 7",
        effort="balanced",
        config=PRESETS["balanced"],
        own=own_comparison,
        general=general_comparison,
        rows=rows,
        verdict=verdict(own_comparison, general_comparison),
        is_better=is_better(own_comparison, general_comparison),
        seconds=120.0,
        steps=40,
        best_step=30,
        stopped="",
        share=1.0,
        temperature=1.5,
        train_count=160,
        evaluation_count=40,
        by="document",
        device="cpu, float32",
        notes=(verbatim("A note."),),
    )


def finished_run(folder: Path) -> Path:
    """The folder of a finished run, with two files in place of the model."""
    run_folder.create(planning.plan(examples(), ()), folder)
    result = folder / "result"
    result.mkdir()
    (result / "qadesk.json").write_text('{"name": "x", "temperature": 1.5}', encoding="utf-8")
    (result / "README.md").write_text("# x\n\nAbout it.\n", encoding="utf-8")
    (folder / "outcome.json").write_text(json.dumps(outcome_as_json(outcome())), encoding="utf-8")
    return folder
