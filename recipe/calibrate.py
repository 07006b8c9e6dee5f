"""Fits the reader's calibration to the logits of its graph for the development questions.

First the temperature, on which span is right, where there is an answer; then, at that temperature, the probabilities
that there is one, that it is the best span, and that it is another one listed; all by log loss
(``qadesk.train.calibrate``). Of SQuAD, only articles with questions of both kinds are used. Their answers are from
several people, as those of the evaluation sets: where only one answer is labelled, other right ones count as wrong, and
any reader looks overconfident. Everyday documents count beside them, a third of all: they are what users have, with
questions that are unanswerable because the document does not say it, not because they are made to mislead.

Whether a confidence means the same in a paragraph and in a book is measured, with the paragraphs of some
questions among those of other articles. A bias on the number of windows was not worth it: the fit gave -0.1.
"""

from __future__ import annotations

import random as randomness
from collections.abc import Callable, Sequence
from dataclasses import replace

import measure
from measure import Questions
from mixture import surround

from qadesk.qa.calibration import Calibration, Logistic
from qadesk.qa.decode import Rules
from qadesk.records import Answer, LabeledExample
from qadesk.train import metrics
from qadesk.train.calibrate import fit_logistic, fit_temperature, log_odds

_LISTED = 3
"""Answers of a question that are used: few of those after them are right."""

LENGTHS = {20: 120, 100: 30}
"""Long documents: paragraphs in each, and how many of them."""


def calibrate(questions: Questions) -> Calibration:
    """The calibration for the last logits of ``questions``."""
    selects = _of_both(questions)

    def right(temperature: float) -> tuple[Sequence[float], Sequence[bool]]:
        answerable, evaluation = measure.evaluate_questions(
            questions, Calibration(temperature), lambda example: selects(example) and not example.is_impossible
        )
        return measure.reliability_of(answerable, evaluation)

    plain = Calibration(fit_temperature(right))
    rankings = questions.rankings(Rules(top_k=_LISTED, unanswerable=False, calibration=plain))
    rows = [row for row in zip(rankings, questions.examples, strict=True) if selects(row[1])]
    null = fit_logistic([ranking.log_mass for ranking, _ in rows], [not example.is_impossible for _, example in rows])
    listed = [(ranking.answers(), example.gold_texts) for ranking, example in rows if not example.is_impossible]
    best = [(answers[0], golds) for answers, golds in listed]
    others = [
        (answer, golds)
        for answers, golds in listed
        for answer in answers[1:]
        if metrics.exact_match(answer.text, [answers[0].text]) == 0  # the same words elsewhere are right with the best
    ]
    answerable = len(listed) / len(rows)
    return replace(plain, null=null, best=_fit(best), other=_fit(others), answerable=answerable)


def _of_both(questions: Questions) -> Callable[[LabeledExample], bool]:
    """Whether a question is of a document with answerable and unanswerable ones."""
    of_squad = measure.subsets(questions).get("two")
    return lambda example: example.title in questions.everyday or (of_squad is not None and of_squad(example))


def _fit(answers: Sequence[tuple[Answer, Sequence[str]]]) -> Logistic:
    """The probability that an answer is right, by its share of the weight."""
    right = [metrics.exact_match(answer.text, golds) == 1 for answer, golds in answers]
    return fit_logistic(log_odds([answer.confidence for answer, _ in answers]), right)


def long_documents(examples: Sequence[LabeledExample], paragraphs: int, count: int, seed: int) -> list[LabeledExample]:
    """``count`` questions of articles with both kinds, each put to a document of ``paragraphs`` paragraphs.

    All but its own are of other articles, in random order; there are few, so some occur more than once.
    """
    random = randomness.Random(seed)
    titles = {example.title for example in examples if example.is_impossible}
    mixed = [example for example in examples if example.title in titles]
    documents = []
    for example in random.sample(mixed, min(count, len(mixed))):
        others = sorted({other.context for other in examples if other.title != example.title})
        chosen = random.choices(others, k=paragraphs - 1)
        at = random.randrange(paragraphs)
        documents.append(surround(example, chosen[:at], chosen[at:], "\n\n"))
    return documents
