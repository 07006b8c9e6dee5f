"""Measure a reader on a data set: official exact match and F1, thresholds, calibration."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass

from qadesk.labels.records import Dataset
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

    In a data set without unanswerable questions (SQuAD 1.1) the best span is always the prediction;
    otherwise '' is, where no answer is likelier than the best span. The confidence of a prediction is its
    span probability, or the probability of no answer.
    """
    began = time.monotonic()
    examples = dataset.examples
    found = yield from reader.answer_many([(each.question, each.context) for each in examples], options)
    seconds = time.monotonic() - began
    may_refuse = any(each.is_impossible for each in examples)
    return _score(examples, found, may_refuse, seconds)


def _score(examples: tuple[LabeledExample, ...], found: list[Answers], may_refuse: bool, seconds: float) -> Evaluation:
    spans, predictions, confidences, no_answer = {}, {}, {}, {}
    for example, answers in zip(examples, found, strict=True):
        best = answers.best
        spans[example.id] = best.text if best else ""
        refused = best is None or (may_refuse and not answers.is_answered)
        predictions[example.id] = "" if refused else spans[example.id]
        no_answer[example.id] = answers.no_answer or 0.0
        confidences[example.id] = no_answer[example.id] if refused or best is None else best.confidence
    golds = {example.id: example.gold_texts for example in examples}
    scores = report(golds, predictions, no_answer if may_refuse else None, confidences, spans=spans)
    return Evaluation(scores, predictions, no_answer, seconds, spans, confidences)
