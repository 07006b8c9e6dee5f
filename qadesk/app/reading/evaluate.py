"""Measure a reader on a data set: official exact match and F1, thresholds, calibration."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from qadesk.labels.dataset import Dataset
from qadesk.progress import Progress
from qadesk.qa.engine import Options, Reader
from qadesk.records import Answers, LabeledExample
from qadesk.train.metrics import Report, report


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured; what is by question id has all questions. ``seconds`` is the reading time.

    ``spans`` are the best spans even where '' was predicted; ``confidences`` are those of the predictions.
    """

    report: Report
    predictions: dict[str, str]
    no_answer: dict[str, float]
    seconds: float
    spans: dict[str, str]
    confidences: dict[str, float]


def evaluate(reader: Reader, dataset: Dataset, options: Options | None = None) -> Generator[Progress, None, Evaluation]:
    """Answer every question of ``dataset`` and score the answers; yields progress in questions.

    In a data set without unanswerable questions (SQuAD 1.1) the reader is told that there is an answer: the best
    span is the prediction, and its confidence is among the spans alone. Otherwise '' is predicted where no answer is
    likelier than an answer. The confidence of a prediction is its span probability, or the probability of no answer.
    """
    began = time.monotonic()
    examples = dataset.examples
    options = replace(options or Options(), answerable=all_answerable(examples))
    found = yield from reader.answer_many([(each.question, each.context) for each in examples], options)
    return score(examples, found, time.monotonic() - began)


def all_answerable(examples: Sequence[LabeledExample]) -> bool:
    """Whether each of ``examples`` has an answer."""
    return not any(each.is_impossible for each in examples)


def score(examples: Sequence[LabeledExample], found: Sequence[Answers], seconds: float = 0.0) -> Evaluation:
    """The scores of what a reader ``found`` for ``examples``, in their order."""
    spans, predictions, confidences, no_answer = {}, {}, {}, {}
    for example, answers in zip(examples, found, strict=True):
        spans[example.id] = answers.best.text if answers.best else ""
        predictions[example.id], confidences[example.id] = answers.prediction
        no_answer[example.id] = answers.no_answer or 0.0
    golds = {example.id: example.gold_texts for example in examples}
    scores = report(golds, predictions, None if all_answerable(examples) else no_answer, confidences, spans=spans)
    return Evaluation(scores, predictions, no_answer, seconds, spans, confidences)
