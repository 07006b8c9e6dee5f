"""Fits the calibration of a fine-tuned model again, where its evaluation part is large enough.

A temperature that is fitted alone also moves the chance of no answer: the regression that gives it was fitted at the
temperature of before, and weights at another one are not what it knows (``qadesk.qa.calibration``). So temperature and
regression are fitted together, or neither.

**How many labels.** ``ENOUGH`` with an answer and as many without. The share of right ones among n questions is known
with a standard error of sqrt(p * (1 - p) / n), which is at most 5 points for 100. With fewer the error of what is
fitted is larger than what it could mend: a reader that was calibrated on thousands of questions is seldom off by more.
With labels of one kind only, nothing can be learned of the other: sixteen answerable ones have made every confidence
rise, also that of wrong answers. Questions that were made by rule do not count, as they are easier than a person's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qadesk.qa.calibration import Calibration
from qadesk.records import LabeledExample
from qadesk.train.calibrate import fit_logistic, fit_temperature
from qadesk.train.evaluation import EvaluationSet
from qadesk.train.network import Network

ENOUGH = 100
"""Questions of the evaluation part with an answer, and as many without one: below, the calibration stays as it is."""


def can_calibrate(examples: Sequence[LabeledExample]) -> bool:
    """Whether ``examples``, a person's labels, are enough."""
    impossible = sum(example.is_impossible for example in examples)
    return min(impossible, len(examples) - impossible) >= ENOUGH


def fit_calibration(old: Calibration, evaluation: EvaluationSet, network: Network) -> Calibration:
    """The calibration of ``network`` by ``evaluation``: its temperature and whether there is an answer.

    The chances of an answer, given its share of all weights, stay those of ``old``: there are too few wrong ones.
    """
    scored, _ = evaluation.score(network)

    def at(temperature: float) -> Calibration:
        masses, answerable = evaluation.masses(scored, replace(old, temperature=temperature))
        share = sum(answerable) / len(answerable)
        null = fit_logistic(masses, answerable)
        return replace(old, temperature=temperature, null=null, answerable=share)

    temperature = fit_temperature(lambda value: evaluation.confidences(scored, at(value)), old.temperature)
    fitted = at(temperature)
    return fitted if fitted.null.slope > 0 else old
