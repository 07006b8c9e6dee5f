"""Measures a model for a training run: the user's evaluation part and the general set, every answer kept."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

from qadesk.app.reading.ask import options
from qadesk.app.reading.evaluate import Evaluation, evaluate
from qadesk.app.training.outcome import OWN, Prediction, QuestionOutcome, SetComparison, report_from_json
from qadesk.app.training.run_events import Phase, as_phase
from qadesk.labels.dataset import Dataset
from qadesk.progress import Clock
from qadesk.qa.engine import Reader
from qadesk.records import LabeledExample
from qadesk.settings import Settings
from qadesk.train import metrics

Sets = Mapping[str, Dataset]
Measured = dict[str, Evaluation]
"""By part, as in ``Sets``."""


def measure(reader: Reader, sets: Sets, what: str) -> Generator[Phase, None, Measured]:
    """Answer all questions of ``sets``; yields phases called ``what``, in questions."""
    clock = Clock(what, sum(len(dataset.examples) for dataset in sets.values()))
    found: Measured = {}
    done = 0
    for part, dataset in sets.items():
        work = evaluate(reader, dataset, options(Settings()))
        while part not in found:
            try:
                yield as_phase(clock.at(done + next(work).done))
            except StopIteration as end:
                found[part] = end.value
        done += len(dataset.examples)
    return found


def compare(before: Measured, after: Measured, part: str) -> SetComparison:
    """The marks of both on ``part``."""
    return SetComparison(before[part].report, after[part].report)


def rows(sets: Sets, before: Measured, after: Measured, losses: Mapping[str, float]) -> tuple[QuestionOutcome, ...]:
    """Every question with both answers; ``losses`` are those of the user's questions, by id."""
    return tuple(
        _row(part, example, before[part], after[part], losses.get(example.id) if part == OWN else None)
        for part, dataset in sets.items()
        for example in dataset.examples
    )


def _row(
    part: str, example: LabeledExample, before: Evaluation, after: Evaluation, loss: float | None
) -> QuestionOutcome:
    old, new = _said(before, example.id), _said(after, example.id)
    golds = example.gold_texts
    f1_before, f1_after = metrics.f1(old.text, golds), metrics.f1(new.text, golds)
    return QuestionOutcome(
        part, example.id, example.question, example.title, golds, old, new, f1_before, f1_after, loss
    )


def _said(found: Evaluation, key: str) -> Prediction:
    return Prediction(found.predictions[key], found.confidences[key], found.no_answer[key], found.spans[key])


def to_json(measured: Measured) -> dict[str, Any]:
    """``measured`` as JSON can hold it."""
    return {part: dataclasses.asdict(found) for part, found in measured.items()}


def read(path: Path) -> Measured:
    """What ``to_json`` made, from the file ``path``."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return {part: Evaluation(**{**row, "report": report_from_json(row["report"])}) for part, row in found.items()}
