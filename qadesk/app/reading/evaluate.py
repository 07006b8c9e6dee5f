"""Evaluates a reader on a data set: official exact match and F1, thresholds, calibration."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from qadesk.app.reading.ask import answer_all
from qadesk.errors import QuestionError
from qadesk.labels.dataset import Dataset, Problem
from qadesk.progress import Progress
from qadesk.qa.engine import Reader
from qadesk.qa.expectation import EVALUATION
from qadesk.qa.reader_options import Options
from qadesk.records import Answers, LabeledExample
from qadesk.train.metrics import Report, report


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The scores, and per question id the prediction, its confidence, and the probability of no answer.

    ``spans`` are the best spans, also where the prediction is ''. ``seconds`` is the reading time. ``not_asked`` has
    the ids of the questions that cannot be asked, and why: as the official script scores every id, they count as
    predicted to have no answer.
    """

    report: Report
    predictions: dict[str, str]
    no_answer: dict[str, float]
    seconds: float
    spans: dict[str, str]
    confidences: dict[str, float]
    not_asked: tuple[Problem, ...] = ()


def evaluate(
    reader: Reader, dataset: Dataset, options: Options | None = None, *, as_asked: bool = False
) -> Generator[Progress, None, Evaluation]:
    """Answer every question of ``dataset`` and score the answers; yields progress in questions.

    The prediction is '' where no answer is likelier than an answer, else the best span. Its confidence is the
    probability of no answer, or of the span. In a data set without unanswerable questions (SQuAD 1.1) the prediction is
    always the best span, with its probability among the spans alone. Otherwise half of the questions are expected to
    have an answer (``EVALUATION``), whatever ``options`` say, and questions are read as they are: the scores are those
    of the model. With ``as_asked`` all is as ``options`` say, as in the window: a refusal counts in every data set.
    """
    began = time.monotonic()
    examples = dataset.examples
    expected = 1.0 if all_answerable(examples) else EVALUATION
    options = options or Options()
    if not as_asked:
        options = replace(options, expected=expected, mends=False)
    pairs = [(example.question, example.document) for example in examples]
    results = yield from answer_all(reader, pairs, options)
    not_asked = tuple(
        Problem(example.id, result.message)
        for example, result in zip(examples, results, strict=True)
        if isinstance(result, QuestionError)
    )
    rankings = [
        _not_read(example.question) if isinstance(result, QuestionError) else result
        for example, result in zip(examples, results, strict=True)
    ]
    return replace(score(examples, rankings, time.monotonic() - began), not_asked=not_asked)


def _not_read(question: str) -> Answers:
    """No answer, for certain, to a question that cannot be asked."""
    return Answers(question, (), no_answer=1.0, read=0, windows=0)


def all_answerable(examples: Sequence[LabeledExample]) -> bool:
    """Whether each of ``examples`` has an answer."""
    return not any(example.is_impossible for example in examples)


def score(examples: Sequence[LabeledExample], rankings: Sequence[Answers], seconds: float = 0.0) -> Evaluation:
    """Score ``rankings``, the answers to ``examples`` in their order."""
    spans, predictions, confidences, no_answer = {}, {}, {}, {}
    for example, answers in zip(examples, rankings, strict=True):
        spans[example.id] = answers.best.text if answers.best else ""
        predictions[example.id], confidences[example.id] = answers.prediction
        no_answer[example.id] = answers.no_answer or 0.0
    golds = {example.id: example.gold_texts for example in examples}
    scores = report(golds, predictions, None if all_answerable(examples) else no_answer, confidences, spans=spans)
    return Evaluation(scores, predictions, no_answer, seconds, spans, confidences)
