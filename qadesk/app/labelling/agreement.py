"""How far two people agree who labelled the same questions to the same texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from qadesk.app import phrases
from qadesk.labels.checks import AGREEMENT, DISAGREEMENT, Finding
from qadesk.labels.wording import folded, shortened
from qadesk.records import LabeledExample
from qadesk.train import metrics

YOU = "You"
_MAX_LISTED = 200  # questions in which two people disagree
_QUOTED = 60  # characters of a question or an answer

ByAuthor = Mapping[str, Sequence[LabeledExample]]
"""Labelled questions by the name of their author; '' is the user, or a file that names none."""


@dataclass(frozen=True, slots=True)
class QuestionAgreement:
    """Two labels of one question, of the first and the second author, and how far they agree.

    ``exact`` is 1 where an answer of one is an answer of the other (normalised as SQuAD does), ``f1`` the best F1 over
    words of any two of their answers. Both are 1 where both say that there is no answer, and 0 where one of them does.
    """

    first: LabeledExample
    second: LabeledExample
    exact: float
    f1: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement of two authors in the questions that both labelled.

    ``exact`` and ``f1`` are means over ``questions``, 0 to 1. ``kappa`` is Cohen's kappa of "answered or not": 1 for
    full agreement, 0 for what chance would give; None where both always say the same one of the two, so that chance
    alone would agree.
    """

    first: str
    second: str
    questions: tuple[QuestionAgreement, ...]

    @property
    def exact(self) -> float:
        """The mean exact match, 0 to 1."""
        return sum(row.exact for row in self.questions) / len(self.questions)

    @property
    def f1(self) -> float:
        """The mean F1, 0 to 1."""
        return sum(row.f1 for row in self.questions) / len(self.questions)

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa of answered or not."""
        count = len(self.questions)
        first = sum(not row.first.is_impossible for row in self.questions) / count
        second = sum(not row.second.is_impossible for row in self.questions) / count
        chance = first * second + (1 - first) * (1 - second)
        observed = sum(row.first.is_impossible == row.second.is_impossible for row in self.questions) / count
        return None if chance == 1 else (observed - chance) / (1 - chance)

    @property
    def sentence(self) -> str:
        """The agreement in words."""
        kappa = "not defined, as all are alike" if self.kappa is None else f"{self.kappa:.2f}"
        questions = phrases.counted(len(self.questions), "question")
        return (
            f"{self.first} and {self.second} both labelled {questions}: exact match {_per_cent(self.exact)}, "
            f"F1 {_per_cent(self.f1)}; answered or not: Cohen's kappa {kappa}."
        )


def agreements(rows: ByAuthor, own_name: str = "") -> list[Agreement]:
    """The agreement of each two authors who labelled a question both. ``own_name`` is that of the author ''."""
    names = {author: author or own_name or YOU for author in rows}
    results = []
    for first, second in combinations(rows, 2):
        questions = _both_labelled(rows[first], rows[second])
        if questions:
            results.append(Agreement(names[first], names[second], questions))
    return results


def agreement_findings(rows: ByAuthor, own_name: str = "") -> list[Finding]:
    """A finding on each agreement, and one on each question in which two authors have no answer in common."""
    results = agreements(rows, own_name)
    findings = [Finding(AGREEMENT, (), result.sentence) for result in results]
    for result in results:
        for row in [row for row in result.questions if not row.exact][:_MAX_LISTED]:
            first = "you say" if result.first == YOU else f"{result.first} says"
            says = f"{first} {_quoted(row.first)}, {result.second} says {_quoted(row.second)}"
            what = f"“{_short(row.first.question)}”: {says}."
            findings.append(Finding(DISAGREEMENT, (row.first.id, row.second.id), what))
    return findings


def agreement_by_key(rows: ByAuthor) -> dict[str, float]:
    """The F1 of each label with those of the other authors to its question, by the label's key: the mean of several."""
    scores: dict[str, list[float]] = {}
    for result in agreements(rows):
        for row in result.questions:
            for example in (row.first, row.second):
                scores.setdefault(example.id, []).append(row.f1)
    return {key: sum(values) / len(values) for key, values in scores.items()}


def _both_labelled(first: Sequence[LabeledExample], second: Sequence[LabeledExample]) -> tuple[QuestionAgreement, ...]:
    by_question = {(example.context, folded(example.question)): example for example in second}
    pairs = ((one, by_question.get((one.context, folded(one.question)))) for one in first)
    return tuple(_agreement(one, other) for one, other in pairs if other is not None)


def _agreement(first: LabeledExample, second: LabeledExample) -> QuestionAgreement:
    golds = second.gold_texts
    predictions = first.gold_texts or ("",)
    exact = max(metrics.exact_match(text, golds) for text in predictions)
    return QuestionAgreement(first, second, exact, max(metrics.f1(text, golds) for text in predictions))


def _per_cent(part: float) -> str:
    return f"{round(100 * part)}\N{NO-BREAK SPACE}%"


def _quoted(example: LabeledExample) -> str:
    return f"“{_short(example.gold_texts[0])}”" if example.answers else "‘no answer’"


def _short(text: str) -> str:
    return shortened(" ".join(text.split()), _QUOTED)
