"""How useful a reader is on everyday documents: what is right as it is told, answers and refusals.

An answer is right if its best span has a token F1 of at least 0.5 with an accepted one and, where that holds a figure,
a figure of it: "36 months" is not "12 months". Words are compared as SQuAD does, after NFKC.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from measure import Questions

from qadesk.qa.calibration import Calibration
from qadesk.qa.decode import Rules
from qadesk.records import LabeledExample
from qadesk.structure.plain import blocks_of
from qadesk.train import metrics

_NUMBERS = {"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"} | {
    "twenty", "thirty", "forty", "fifty",
}  # fmt: skip
_LEAST_F1 = 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question: its ``kind`` is that of the block that holds the answer, '' without one.

    ``is_right``: the best span is. ``log_mass`` is the log of the weight of all spans.
    """

    kind: str
    is_right: bool
    log_mass: float

    def is_useful(self, calibration: Calibration, expected: float | None) -> bool:
        """Whether the user is told the right thing: the right answer, or that there is none."""
        is_answered = calibration.null_at(expected).log_probability(self.log_mass) >= math.log(0.5)
        return self.is_right if is_answered and self.kind else not is_answered and not self.kind


def outcomes(questions: Questions, calibration: Calibration) -> list[Outcome]:
    """The outcome of each everyday question of ``questions``, by their last logits."""
    rankings = questions.rankings(Rules(top_k=1, unanswerable=True, calibration=calibration))
    rows = []
    for example, ranking in zip(questions.examples, rankings, strict=True):
        if example.title in questions.everyday:
            answers = ranking.answers()
            is_right = bool(answers) and is_accepted(answers[0].text, example.gold_texts)
            rows.append(Outcome(kind_of(example), is_right, ranking.log_mass))
    return rows


def summary(rows: Sequence[Outcome], calibration: Calibration, expected: float | None) -> dict[str, object]:
    """What is useful, the right best spans by kind, and the AUC of right spans against unanswerable questions."""
    answerable = [row for row in rows if row.kind]
    kinds = sorted({row.kind for row in answerable})
    right = {kind: [row.is_right for row in answerable if row.kind == kind] for kind in kinds}
    return {
        "total": len(rows),
        "useful": sum(row.is_useful(calibration, expected) for row in rows) / max(1, len(rows)),
        "top": sum(row.is_right for row in answerable) / max(1, len(answerable)),
        "kinds": {kind: [sum(flags), len(flags)] for kind, flags in right.items()},
        "auc": auc(
            [row.log_mass for row in answerable if row.is_right], [row.log_mass for row in rows if not row.kind]
        ),
    }


def is_accepted(text: str, golds: Sequence[str]) -> bool:
    """Whether ``text`` is right by one of the accepted ``golds``."""
    span = unicodedata.normalize("NFKC", text)
    accepted = [unicodedata.normalize("NFKC", gold) for gold in golds]
    return any(
        metrics.f1(span, [gold]) >= _LEAST_F1 and (not _figures(gold) or _figures(gold) & _figures(span))
        for gold in accepted
    )


def _figures(text: str) -> set[str]:
    words = metrics.normalize_answer(text).split()
    return {word for word in words if word in _NUMBERS or any(map(str.isdigit, word))}


def kind_of(example: LabeledExample) -> str:
    """The kind of the block that holds the first answer of ``example``; '' without one."""
    if not example.answers:
        return ""
    at = example.answers[0].start
    return next((block.kind for block in blocks_of(example.context) if block.start <= at < block.end), "paragraph")


def auc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that one of ``positive`` is above one of ``negative``, ties as half; 0.5 where one is empty."""
    if not positive or not negative:
        return 0.5
    below = np.searchsorted(np.sort(negative), positive, "left") + np.searchsorted(np.sort(negative), positive, "right")
    return float(below.mean() / 2 / len(negative))
