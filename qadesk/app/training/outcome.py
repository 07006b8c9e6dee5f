"""What came of a training run: marks before and after, every question's answers, and the verdict in words."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qadesk.app.training.planning import FEW_TO_MEASURE
from qadesk.train import metrics
from qadesk.train.config import Config
from qadesk.train.metrics import MeanScores, Report

OWN, GENERAL = "own", "general"
MOST_FORGOTTEN = 2.0
"""By how much F1, in per cent, may fall on the general set where the model becomes the one to use by default."""


@dataclass(frozen=True, slots=True)
class SetComparison:
    """The same questions, answered by the model as it was and as it is now. In per cent."""

    before: Report
    after: Report

    @property
    def gain(self) -> float:
        """What F1 rose by."""
        return self.after.f1 - self.before.f1


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model answered. ``text`` is '' for no answer; ``span`` is its best span even then.

    ``confidence`` is that of what was said, ``no_answer`` the probability of no answer, both 0 to 1.
    """

    text: str
    confidence: float
    no_answer: float
    span: str


@dataclass(frozen=True, slots=True)
class QuestionOutcome:
    """One question of ``part`` 'own' or 'general'. F1 from 0 to 1; ``loss_after`` in nats, None for general ones."""

    part: str
    id: str
    question: str
    title: str
    golds: tuple[str, ...]
    before: Prediction
    after: Prediction
    f1_before: float
    f1_after: float
    loss_after: float | None = None

    @property
    def is_changed(self) -> bool:
        """Whether the answer has other words now."""
        return metrics.normalize_answer(self.before.text) != metrics.normalize_answer(self.after.text)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run, before it is kept or discarded.

    ``is_better`` is True where F1 rose on the user's questions and fell by no more than ``MOST_FORGOTTEN`` on the
    general ones; ``verdict`` says it in words. ``share`` is how much of what was learned the model has: below 1 its
    weights lie between the old and the new ones. ``seconds`` is the time that all of it took.
    """

    base: str
    effort: str
    config: Config
    own: SetComparison
    general: SetComparison
    rows: tuple[QuestionOutcome, ...]
    verdict: str
    is_better: bool
    seconds: float
    steps: int
    best_step: int
    stopped: str
    share: float
    temperature: float
    train_count: int
    evaluation_count: int
    by: str
    device: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a threshold gives on the user's questions: scores in per cent, and how many are answered and refused."""

    exact: float
    f1: float
    answered: int
    refused: int


def is_better(own: SetComparison, general: SetComparison) -> bool:
    """Whether the model that was trained should take the other's place."""
    return own.gain > 0 and general.gain >= -MOST_FORGOTTEN


def verdict(own: SetComparison, general: SetComparison) -> str:
    """The verdict in words, plain: 'Better on yours: F1 54 -> 81. General: 78 -> 77.'"""
    words = "Better" if own.gain > 0 else "Worse" if own.gain < 0 else "No better"
    lines = [f"{words} on yours: F1 {_marks(own)}. General: {_marks(general)}."]
    if general.gain < -MOST_FORGOTTEN:
        lines.append("It has forgotten too much of what it knew.")
    if own.after.total < FEW_TO_MEASURE:
        lines.append(f"Only {own.after.total} of your questions were there to measure with.")
    return " ".join(lines)


def _marks(pair: SetComparison) -> str:
    before, after = round(pair.before.f1), round(pair.after.f1)
    if before == after and pair.gain:  # 'better: 54 -> 54' would be no help
        return f"{pair.before.f1:.1f} → {pair.after.f1:.1f}"
    return f"{before} → {after}"


def threshold_preview(outcome: Outcome, threshold: float) -> Preview:
    """What the user's questions would get where a P(no answer) above ``threshold``, 0 to 1, means no answer."""
    rows = [row for row in outcome.rows if row.part == OWN]
    said = ["" if row.after.no_answer > threshold else row.after.span for row in rows]
    exact = sum(metrics.exact_match(text, row.golds) for text, row in zip(said, rows, strict=True))
    words = sum(metrics.f1(text, row.golds) for text, row in zip(said, rows, strict=True))
    answered = sum(bool(text) for text in said)
    return Preview(100 * exact / len(rows), 100 * words / len(rows), answered, len(rows) - answered)


def as_json(outcome: Outcome) -> dict[str, Any]:
    """``outcome`` as JSON can hold it."""
    return dataclasses.asdict(outcome)


def from_json(found: Mapping[str, Any]) -> Outcome:
    """The outcome that ``as_json`` made this of. Raises ``KeyError`` or ``TypeError`` if nothing of the kind."""
    rows = tuple(
        QuestionOutcome(
            **{
                **row,
                "golds": tuple(row["golds"]),
                "before": Prediction(**row["before"]),
                "after": Prediction(**row["after"]),
            }
        )
        for row in found["rows"]
    )
    return Outcome(
        **{
            **found,
            "config": Config(**found["config"]),
            "own": _comparison(found["own"]),
            "general": _comparison(found["general"]),
            "rows": rows,
            "notes": tuple(found["notes"]),
        }
    )


def _comparison(found: Mapping[str, Any]) -> SetComparison:
    return SetComparison(report_from_json(found["before"]), report_from_json(found["after"]))


def report_from_json(found: Mapping[str, Any]) -> Report:
    """The report that ``dataclasses.asdict`` made this of."""
    parts = {name: MeanScores(**found[name]) if found[name] else None for name in ("has_answer", "no_answer")}
    return Report(**{**found, **parts})
