"""Compare two models on a data set: the scores of both, whether the difference is significant, every prediction.

The comparison is paired: the difference in F1 is the mean of the differences for each question, and its 95 % interval
is 1.96 standard errors of that mean to both sides. If the interval includes 0, neither model is better for certain.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, stdev

from qadesk.app.models.describe import in_one_line
from qadesk.app.reading.ask import options
from qadesk.app.reading.evaluate import Evaluation, evaluate
from qadesk.app.reading.load import load_reader
from qadesk.errors import DataError
from qadesk.labels.dataset import Dataset, Problem
from qadesk.progress import Progress, map_steps
from qadesk.records import LabeledExample
from qadesk.settings import Settings
from qadesk.train import metrics
from qadesk.train.metrics import Report

_STANDARD_ERRORS = 1.96  # of a normal distribution, for 95 %
_MIN_QUESTIONS = 10  # from which on the mean is roughly normal


@dataclass(frozen=True, slots=True)
class ComparedQuestion:
    """The predictions of both models for one question, '' for no answer, and their F1, 0 to 1."""

    id: str
    question: str
    golds: tuple[str, ...]
    first: str
    second: str
    first_f1: float
    second_f1: float

    @property
    def is_changed(self) -> bool:
        """Whether the predictions differ."""
        return self.first != self.second


@dataclass(frozen=True, slots=True)
class ModelComparison:
    """Two models on one data set. ``difference`` is F1 of the second minus F1 of the first, in per cent.

    ``margin`` is half the width of its 95 % interval, None if there are too few questions. ``seconds`` is the time that
    answering took. ``not_asked`` are the questions that one of the models at least could not be asked: no answer.
    """

    names: tuple[str, str]
    reports: tuple[Report, Report]
    seconds: tuple[float, float]
    difference: float
    margin: float | None
    rows: tuple[ComparedQuestion, ...]
    not_asked: tuple[Problem, ...] = ()

    @property
    def changed(self) -> list[ComparedQuestion]:
        """The questions with different predictions, those with the largest difference in F1 first."""
        rows = [row for row in self.rows if row.is_changed]
        return sorted(rows, key=lambda row: -abs(row.second_f1 - row.first_f1))

    @property
    def summary(self) -> str:
        """Which model is better, in a sentence."""
        scores = f"F1 {self.reports[0].f1:.1f} and {self.reports[1].f1:.1f} on {len(self.rows):,} questions"
        if self.margin is None or abs(self.difference) <= self.margin:
            return f"Neither is better for certain: {scores}."
        better, other = reversed(self.names) if self.difference > 0 else self.names
        size = f"{abs(self.difference):.1f} ± {self.margin:.1f}"
        return f"'{better}' is better than '{other}' by {size}: {scores}."


def compare(
    first: Path, second: Path, dataset: Dataset, settings: Settings
) -> Generator[Progress, None, ModelComparison]:
    """Compare the models in the folders ``first`` and ``second`` on all questions of ``dataset``.

    Yields progress in questions of both models together. Raises ``ModelError`` or ``DeviceError`` if a model cannot be
    loaded, ``DataError`` if there is nothing to compare.
    """
    if first.resolve() == second.resolve():
        raise DataError("A model cannot be compared with itself.", "Choose another one.")
    if not dataset.examples:
        raise DataError("There are no questions to compare the models on.", "Choose a data set with questions.")
    total = 2 * len(dataset.examples)
    names: list[str] = []
    evaluations: list[Evaluation] = []
    for number, folder in enumerate((first, second)):
        yield Progress("Loading", 0, 0)
        name, evaluation = yield from _evaluate(folder, dataset, settings, number * len(dataset.examples), total)
        names.append(name)
        evaluations.append(evaluation)
    return _comparison((names[0], names[1]), evaluations, dataset.examples)


def _evaluate(
    folder: Path, dataset: Dataset, settings: Settings, before: int, total: int
) -> Generator[Progress, None, tuple[str, Evaluation]]:
    """The name and the evaluation of one model. Progress counts from ``before``, the questions of the other model."""
    reader = load_reader(folder, device=settings["model.device"], threads=settings["model.threads"])
    work = evaluate(reader, dataset, options(settings))
    name = in_one_line(reader.model.name)

    def of_both(step: Progress) -> Progress:
        seconds_left = step.seconds_left
        if seconds_left is not None and not before:  # the second model is likely to take as long
            seconds_left += seconds_left / max(0.01, 1 - step.fraction)
        return Progress(f"Asking {name}:", before + step.done, total, seconds_left)

    return name, (yield from map_steps(work, of_both))


def _comparison(
    names: tuple[str, str], evaluations: Sequence[Evaluation], examples: Sequence[LabeledExample]
) -> ModelComparison:
    first, second = evaluations
    rows = tuple(_row(example, first.predictions[example.id], second.predictions[example.id]) for example in examples)
    differences = [100 * (row.second_f1 - row.first_f1) for row in rows]
    margin = None
    if len(differences) >= _MIN_QUESTIONS:
        margin = _STANDARD_ERRORS * stdev(differences) / math.sqrt(len(differences))
    reports, seconds = (first.report, second.report), (first.seconds, second.seconds)
    not_asked = {problem.where: problem for evaluation in evaluations for problem in evaluation.not_asked}
    difference = fmean(differences)
    return ModelComparison(names, reports, seconds, difference, margin, rows, tuple(not_asked.values()))


def _row(example: LabeledExample, first: str, second: str) -> ComparedQuestion:
    golds = example.gold_texts
    return ComparedQuestion(
        example.id, example.question, golds, first, second, metrics.f1(first, golds), metrics.f1(second, golds)
    )
