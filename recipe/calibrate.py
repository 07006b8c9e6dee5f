"""The numbers that make the reader's confidences honest, fitted to what its graph says to the development questions.

First the temperature, on which span is right, where there is an answer; then, at that temperature, the chances that
there is one, that it is the best span, and that it is another of those listed; all by log loss
(``qadesk.train.calibrate``). Only articles count that have questions of both kinds. Their answers were given by several
people, as those of the evaluation sets: where only one way to answer is known, right answers count as wrong, and any
reader looks too sure.

Whether a confidence means the same in a paragraph and in a book is measured, with the paragraph of some of the
questions buried among those of other articles. A bias on the number of windows did not pay: it came out as -0.1.
"""

from __future__ import annotations

import random as randomness
from collections.abc import Sequence
from dataclasses import replace

import measure
from measure import Questions
from mixture import between

from qadesk.qa.calibration import Calibration, Logistic
from qadesk.qa.decode import Rules
from qadesk.records import Answer, LabeledExample
from qadesk.train import metrics
from qadesk.train.calibrate import fit_logistic, fit_temperature, log_odds

_LISTED = 3
"""Answers of a question that are looked at: few of those after them are right."""

LENGTHS = {20: 120, 100: 30}
"""Long documents: paragraphs in each, and how many of them."""


def calibrate(questions: Questions) -> Calibration:
    """The calibration for what was last said to ``questions``."""
    of_both = measure.parts(questions.examples)["two"]

    def right(temperature: float) -> tuple[Sequence[float], Sequence[bool]]:
        answerable, found = measure.evaluated(
            questions, Calibration(temperature), lambda each: of_both(each) and not each.is_impossible
        )
        return measure.judged(answerable, found)

    plain = Calibration(fit_temperature(right))
    rankings = questions.rankings(Rules(top_k=_LISTED, unanswerable=False, calibration=plain))
    rows = [(ranking, each) for ranking, each in zip(rankings, questions.examples, strict=True) if of_both(each)]
    null = fit_logistic([ranking.log_mass for ranking, _ in rows], [not each.is_impossible for _, each in rows])
    listed = [(ranking.answers(), each.gold_texts) for ranking, each in rows if not each.is_impossible]
    best = [(answers[0], golds) for answers, golds in listed]
    others = [
        (answer, golds)
        for answers, golds in listed
        for answer in answers[1:]
        if metrics.exact_match(answer.text, [answers[0].text]) == 0  # the same words elsewhere are right with the best
    ]
    return replace(plain, null=null, best=_fitted(best), other=_fitted(others))


def _fitted(answers: Sequence[tuple[Answer, Sequence[str]]]) -> Logistic:
    """The chance that an answer is right, by its share of the weight."""
    right = [metrics.exact_match(answer.text, golds) == 1 for answer, golds in answers]
    return fit_logistic(log_odds([answer.confidence for answer, _ in answers]), right)


def buried(examples: Sequence[LabeledExample], paragraphs: int, count: int, seed: int) -> list[LabeledExample]:
    """``count`` questions of articles with both kinds, each put to a document of ``paragraphs`` paragraphs.

    All but its own are of other articles, in a random order; there are few, so some stand more than once.
    """
    random = randomness.Random(seed)
    wanted = measure.parts(examples)["two"]
    mixed = [each for each in examples if wanted(each)]
    found = []
    for example in random.sample(mixed, min(count, len(mixed))):
        others = sorted({each.context for each in examples if each.title != example.title})
        around = random.choices(others, k=paragraphs - 1)
        at = random.randrange(paragraphs)
        found.append(between(example, around[:at], around[at:], "\n\n"))
    return found
