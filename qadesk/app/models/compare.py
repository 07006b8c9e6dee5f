"""Compare two models on a data set: the marks of both, whether the difference is more than chance, what each said.

The difference of F1 is that of pairs, one a question. With so many questions as a person has, it can be chance: its
95 % interval is 1.96 standard errors of the mean of the pairs' differences, and where that holds 0 neither is better.
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
from qadesk.labels.dataset import Dataset
from qadesk.progress import Progress
from qadesk.records import LabeledExample
from qadesk.settings import Settings
from qadesk.train import metrics
from qadesk.train.metrics import Report

_IN_95_PER_CENT = 1.96  # standard errors
_FEWEST = 10  # questions for which that holds, roughly


@dataclass(frozen=True, slots=True)
class ComparedQuestion:
    """What the two said to one question, '' for no answer, and the F1 of each, 0 to 1."""

    id: str
    question: str
    golds: tuple[str, ...]
    first: str
    second: str
    first_f1: float
    second_f1: float

    @property
    def is_changed(self) -> bool:
        """Whether they said different things."""
        return self.first != self.second


@dataclass(frozen=True, slots=True)
class ModelComparison:
    """Two models on one data set. ``difference`` is F1 of the second less F1 of the first, in points of 100;

    ``margin`` is half its 95 % interval, None where there are too few questions for one.
    """

    names: tuple[str, str]
    reports: tuple[Report, Report]
    seconds: tuple[float, float]
    difference: float
    margin: float | None
    rows: tuple[ComparedQuestion, ...]

    @property
    def changed(self) -> list[ComparedQuestion]:
        """The questions to which they said different things, those that tell most first."""
        rows = [row for row in self.rows if row.is_changed]
        return sorted(rows, key=lambda row: -abs(row.second_f1 - row.first_f1))

    @property
    def verdict(self) -> str:
        """Which is better, in a sentence."""
        marks = f"F1 {self.reports[0].f1:.1f} and {self.reports[1].f1:.1f} on {len(self.rows):,} questions"
        if self.margin is None or abs(self.difference) <= self.margin:
            return f"Neither is better for certain: {marks}."
        better, other = reversed(self.names) if self.difference > 0 else self.names
        size = f"{abs(self.difference):.1f} ± {self.margin:.1f}"
        return f"'{better}' is better than '{other}' by {size}: {marks}."


def compare(
    first: Path, second: Path, dataset: Dataset, settings: Settings
) -> Generator[Progress, None, ModelComparison]:
    """Put every question of ``dataset`` to the models in two folders, as the settings say.

    Yields progress in questions, of both together. Raises ``ModelError`` or ``DeviceError`` for a model that cannot be
    loaded, ``DataError`` where there is nothing to compare.
    """
    if first.resolve() == second.resolve():
        raise DataError("A model cannot be compared with itself.", "Choose another one.")
    if not dataset.examples:
        raise DataError("There are no questions to compare the models on.", "Choose a data set with questions.")
    total = 2 * len(dataset.examples)
    names: list[str] = []
    found: list[Evaluation] = []
    for number, folder in enumerate((first, second)):
        yield Progress("Loading", 0, 0)
        name, evaluation = yield from _measure(folder, dataset, settings, number * len(dataset.examples), total)
        names.append(name)
        found.append(evaluation)
    return _compared((names[0], names[1]), found, dataset.examples)


def _measure(
    folder: Path, dataset: Dataset, settings: Settings, before: int, total: int
) -> Generator[Progress, None, tuple[str, Evaluation]]:
    reader = load_reader(folder, device=settings["model.device"], threads=settings["model.threads"])
    work = evaluate(reader, dataset, options(settings))
    name = in_one_line(reader.model.name)
    while True:
        try:
            step = next(work)
        except StopIteration as end:
            return name, end.value
        left = step.seconds_left
        if left is not None and not before:  # the other one is likely to take as long
            left += left / max(0.01, 1 - step.fraction)
        yield Progress(f"Asking {name}:", before + step.done, total, left)


def _compared(
    names: tuple[str, str], found: Sequence[Evaluation], examples: Sequence[LabeledExample]
) -> ModelComparison:
    rows = tuple(_row(each, found[0].predictions[each.id], found[1].predictions[each.id]) for each in examples)
    differences = [100 * (row.second_f1 - row.first_f1) for row in rows]
    margin = _IN_95_PER_CENT * stdev(differences) / math.sqrt(len(differences)) if len(differences) >= _FEWEST else None
    reports, seconds = (found[0].report, found[1].report), (found[0].seconds, found[1].seconds)
    return ModelComparison(names, reports, seconds, fmean(differences), margin, rows)


def _row(example: LabeledExample, first: str, second: str) -> ComparedQuestion:
    golds = example.gold_texts
    return ComparedQuestion(
        example.id, example.question, golds, first, second, metrics.f1(first, golds), metrics.f1(second, golds)
    )
