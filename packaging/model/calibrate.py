"""The numbers that make the reader's confidences honest, fitted to what its graph says to the development questions.

First the temperature, on which span is right, where there is an answer; then the chance that there is one, on all
questions; both by log loss (``qadesk.train.calibrate``). Only articles count that have questions of both kinds. Their
answers were given by several people, as those of the evaluation sets: where only one way to answer is known, right
answers count as wrong, and any reader looks too sure.

Whether a confidence means the same in a paragraph and in a book is measured, with the paragraph of some of the
questions buried among those of other articles. A bias on the number of windows did not pay: it came out as -0.1.
"""

from __future__ import annotations

import random as randomness
from collections.abc import Sequence

import measure
from measure import Calibration, Questions
from mixture import between

from qadesk.records import LabeledExample
from qadesk.train.calibrate import fit_null, fit_temperature

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

    temperature = fit_temperature(right)
    rankings = questions.rankings(Calibration(temperature).rules(questions.examples))
    rows = [(ranking, each) for ranking, each in zip(rankings, questions.examples, strict=True) if of_both(each)]
    null = fit_null([ranking.log_mass for ranking, _ in rows], [not each.is_impossible for _, each in rows])
    return Calibration(temperature, null)


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
