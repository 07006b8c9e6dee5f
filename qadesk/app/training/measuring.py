"""Evaluates a model for a training run: on the user's evaluation part, the labels taught, and the general set.

Questions are answered as in the window, by its rules and with what the user expects: where a document is said not to
hold the answer, that is what counts.
"""

from __future__ import annotations

import dataclasses
import json
import math
import statistics
from collections.abc import Generator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from qadesk.app.reading.ask import options
from qadesk.app.reading.evaluate import Evaluation, evaluate
from qadesk.app.training.outcome import OWN, Prediction, QuestionOutcome, SetComparison, report_from_json
from qadesk.app.training.run_events import Phase, as_phase
from qadesk.app.training.unanswered import is_made
from qadesk.labels.dataset import Dataset, Problem
from qadesk.progress import Clock, Progress, map_steps
from qadesk.qa.engine import Reader
from qadesk.qa.expectation import USUAL
from qadesk.records import LabeledExample
from qadesk.settings import Settings
from qadesk.train import metrics

Sets = Mapping[str, Dataset]
"""The data sets of a run, by ``OWN``, ``TAUGHT`` and ``GENERAL``."""

_TAUGHT_CHARACTERS = 1_500_000  # of the contexts of all labels taught that are read again; about half a minute

Evaluations = dict[str, Evaluation]
"""Of one model, by the keys of ``Sets``."""


def measure(reader: Reader, sets: Sets, what: str, expected: float = USUAL) -> Generator[Phase, None, Evaluations]:
    """Evaluate the model of ``reader`` on ``sets``, where the share ``expected`` of all questions has an answer.

    Yields phases called ``what`` that count questions.
    """
    as_in_window = dataclasses.replace(options(Settings()), expected=expected)
    clock = Clock(what, sum(len(dataset.examples) for dataset in sets.values()))
    evaluations: Evaluations = {}
    done = 0
    for part, dataset in sets.items():
        work = evaluate(reader, dataset, as_in_window, as_asked=True)

        def after(step: Progress, before: int = done) -> Phase:
            return as_phase(clock.at(before + step.done))

        evaluations[part] = yield from map_steps(work, after)
        done += len(dataset.examples)
    return evaluations


def taught_part(examples: Sequence[LabeledExample]) -> tuple[LabeledExample, ...]:
    """As many of the labels ``examples`` as can be read in about half a minute, mostly all; one in any case."""
    shortest = sorted(examples, key=lambda row: len(row.context))[:1]
    return random_part(examples, _TAUGHT_CHARACTERS) or tuple(shortest)


def random_part(
    examples: Sequence[LabeledExample], characters: int, count: int | None = None
) -> tuple[LabeledExample, ...]:
    """``examples`` in a random order, at most ``count``, whose contexts have no more than ``characters`` together.

    The same ones each time.
    """
    part: list[LabeledExample] = []
    for example in sorted(examples, key=lambda row: sha256(row.id.encode("utf-8", "surrogatepass")).digest()):
        if len(example.context) <= characters:
            characters -= len(example.context)
            part.append(example)
    return tuple(part[:count])


def certain_slip(before: Evaluation, after: Evaluation, examples: Sequence[LabeledExample]) -> float:
    """By how much F1 on ``examples`` fell, in per cent, less one standard error; 0 for fewer than two.

    As answered, or of the best spans of those with an answer, refused or not: what fell further. The standard error is
    that of the mean of the differences, one a question: of 262 questions it is 1 to 2 points.
    """
    answerable = [example for example in examples if not example.is_impossible]
    return max(
        _certain_slip(before.predictions, after.predictions, examples),
        _certain_slip(before.spans, after.spans, answerable),
    )


def _certain_slip(before: Mapping[str, str], after: Mapping[str, str], examples: Sequence[LabeledExample]) -> float:
    golds = {example.id: example.gold_texts for example in examples}
    slips = [100 * (metrics.f1(before[id_], texts) - metrics.f1(after[id_], texts)) for id_, texts in golds.items()]
    return statistics.mean(slips) - statistics.stdev(slips) / math.sqrt(len(slips)) if len(slips) > 1 else 0.0


def set_comparison(before: Evaluations, after: Evaluations, part: str) -> SetComparison:
    """The reports of both models on ``part``."""
    return SetComparison(before[part].report, after[part].report)


def question_outcomes(
    sets: Sets, before: Evaluations, after: Evaluations, losses: Mapping[str, float]
) -> tuple[QuestionOutcome, ...]:
    """Every question with the predictions of both models; ``losses`` are those of the user's questions, by id."""
    return tuple(
        _question_outcome(part, example, before[part], after[part], losses.get(example.id) if part == OWN else None)
        for part, dataset in sets.items()
        for example in dataset.examples
    )


def _question_outcome(
    part: str, example: LabeledExample, before: Evaluation, after: Evaluation, loss: float | None
) -> QuestionOutcome:
    old, new = _prediction(before, example.id), _prediction(after, example.id)
    golds = example.gold_texts
    f1_before, f1_after = metrics.f1(old.text, golds), metrics.f1(new.text, golds)
    return QuestionOutcome(
        part, example.id, example.question, example.title, golds, old, new, f1_before, f1_after, loss, is_made(example)
    )


def _prediction(evaluation: Evaluation, id_: str) -> Prediction:
    return Prediction(
        evaluation.predictions[id_], evaluation.confidences[id_], evaluation.no_answer[id_], evaluation.spans[id_]
    )


def evaluations_as_json(evaluations: Evaluations) -> dict[str, Any]:
    """``evaluations`` as JSON."""
    return {part: dataclasses.asdict(evaluation) for part, evaluation in evaluations.items()}


def read_evaluations(path: Path) -> Evaluations:
    """The evaluations that ``evaluations_as_json`` made the content of the file ``path`` of."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return {part: _evaluation_from_json(values) for part, values in content.items()}


def _evaluation_from_json(values: Mapping[str, Any]) -> Evaluation:
    not_asked = tuple(Problem(**row) for row in values.get("not_asked", ()))  # none in a run of an older version
    return Evaluation(**{**values, "report": report_from_json(values["report"]), "not_asked": not_asked})
