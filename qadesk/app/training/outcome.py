"""The outcome of a training run: the scores before and after, every question's predictions, and the verdict."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qadesk import sentences
from qadesk.app.training.planning import FEW_TO_MEASURE
from qadesk.sentences import Sentence
from qadesk.train import metrics
from qadesk.train.config import Config
from qadesk.train.metrics import MeanScores, Report

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

OWN, TAUGHT, GENERAL = "own", "taught", "general"
"""The parts that a run is measured on: the user's evaluation part with the questions made for it
(``app.training.unanswered``), the labels that it learned from, and questions to short texts of ours."""

MAX_FORGOTTEN = 2.0
"""The most that F1 on the general set, in per cent, may fall for a model to be called better."""


@dataclass(frozen=True, slots=True)
class SetComparison:
    """The reports on one data set of the model before and after training. Scores are in per cent."""

    before: Report
    after: Report

    @property
    def gain(self) -> float:
        """By how much F1 rose."""
        return self.after.f1 - self.before.f1


@dataclass(frozen=True, slots=True)
class Prediction:
    """A model's prediction: ``text``, '' for no answer; ``span`` is the text of the best span even then.

    ``confidence`` is that of ``text``, ``no_answer`` the probability of no answer, both 0 to 1.
    """

    text: str
    confidence: float
    no_answer: float
    span: str


@dataclass(frozen=True, slots=True)
class QuestionOutcome:
    """A question of ``part``. F1 is 0 to 1; ``loss_after`` is in nats, None for parts other than ``OWN``.

    ``is_made``: it was made by rule, and has no answer.
    """

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
    is_made: bool = False

    @property
    def is_right(self) -> bool:
        """Whether the new model's prediction is exactly right."""
        return metrics.exact_match(self.after.text, self.golds) == 1

    @property
    def was_right(self) -> bool:
        """Whether the old model's prediction was exactly right."""
        return metrics.exact_match(self.before.text, self.golds) == 1

    @property
    def is_worse(self) -> bool:
        """Whether F1 fell."""
        return self.f1_after < self.f1_before

    @property
    def is_changed(self) -> bool:
        """Whether the predictions differ for exact match."""
        return metrics.normalize_answer(self.before.text) != metrics.normalize_answer(self.after.text)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a run, before its model is kept or discarded.

    ``is_better``: F1 rose on the user's questions and fell by no more than ``MAX_FORGOTTEN`` on the general ones.
    ``has_model``: where nothing was learned there is none. ``share``: below 1 the weights were interpolated between the
    old (0) and the trained ones (1). ``seconds`` is the time of the whole run.
    """

    base: str
    effort: str
    config: Config
    own: SetComparison
    general: SetComparison
    rows: tuple[QuestionOutcome, ...]
    verdict: Sentence
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
    notes: tuple[Sentence, ...] = ()
    has_model: bool = True

    @property
    def taught(self) -> tuple[QuestionOutcome, ...]:
        """The labels that it learned from, as far as they were read: none in a run of an older version."""
        return tuple(row for row in self.rows if row.part == TAUGHT)

    @property
    def made_count(self) -> int:
        """How many of the questions that it was measured on were made by rule."""
        return sum(row.is_made for row in self.rows)


@dataclass(frozen=True, slots=True)
class Preview:
    """The user's questions under a no-answer threshold: scores in per cent, numbers of answered and refused ones."""

    exact: float
    f1: float
    answered: int
    refused: int


def is_better(own: SetComparison, general: SetComparison) -> bool:
    """Whether the trained model should replace the one before."""
    return own.gain > 0 and general.gain >= -MAX_FORGOTTEN


def has_learned(own: SetComparison, taught: SetComparison) -> bool:
    """Whether F1 rose on what was set aside or on what was taught: else there is nothing to keep."""
    return own.gain > 0 or taught.gain > 0


NOTHING = Sentence("verdict.nothing")
"""The verdict of a run that made no model."""


def verdict(own: SetComparison, general: SetComparison) -> Sentence:
    """Whether the user's questions got better, with F1 of both sets: 'Better on yours: F1 54 → 81. General: ...'"""
    gain = "better" if own.gain > 0 else "worse" if own.gain < 0 else "same"
    arguments: dict[str, float] = {**_f1_arguments("own", own), **_f1_arguments("general", general)}
    forgotten = few = ""
    if general.gain < -MAX_FORGOTTEN:
        forgotten = "_forgotten"
    if own.after.total < FEW_TO_MEASURE:
        few = "_few"
        arguments["questions"] = own.after.total
    return Sentence(f"verdict.{gain}{forgotten}{few}", arguments)


def _f1_arguments(name: str, pair: SetComparison) -> dict[str, float]:
    """F1 before and after in whole per cent; with one decimal where a gain would not be seen ('54 → 54')."""
    before, after = pair.before.f1, pair.after.f1
    if round(before) == round(after) and pair.gain:
        return {f"{name}_before": round(before, 1), f"{name}_after": round(after, 1)}
    return {f"{name}_before": round(before), f"{name}_after": round(after)}


def taught_text(outcome: Outcome) -> str:
    """A sentence about the labels that it learned from: how many it answers right now, and how many got worse."""
    taught = outcome.taught
    right, before = sum(row.is_right for row in taught), sum(row.was_right for row in taught)
    worse = sum(row.is_worse for row in taught)
    part = "" if len(taught) == outcome.train_count else f" that were read again, of {outcome.train_count:,},"
    return (
        f"Of the {len(taught):,} labels taught{part} {right:,} are answered right now ({before:,} before), "
        f"{len(taught) - right:,} still wrong; {worse:,} became worse."
    )


def threshold_preview(outcome: Outcome, threshold: float) -> Preview:
    """The user's questions if a P(no answer) above ``threshold``, 0 to 1, means no answer."""
    rows = [row for row in outcome.rows if row.part == OWN]
    texts = ["" if row.after.no_answer > threshold else row.after.span for row in rows]
    exact = sum(metrics.exact_match(text, row.golds) for text, row in zip(texts, rows, strict=True))
    f1 = sum(metrics.f1(text, row.golds) for text, row in zip(texts, rows, strict=True))
    answered = sum(bool(text) for text in texts)
    return Preview(100 * exact / len(rows), 100 * f1 / len(rows), answered, len(rows) - answered)


def outcome_as_json(outcome: Outcome) -> dict[str, Any]:
    """``outcome`` as it is stored in ``outcome.json``: sentences as ids with arguments."""
    notes = [note.as_json() for note in outcome.notes]
    return {**dataclasses.asdict(outcome), "verdict": outcome.verdict.as_json(), "notes": notes}


def outcome_from_json(values: Mapping[str, Any]) -> Outcome:
    """The outcome that ``outcome_as_json`` made ``values`` of, or another version.

    An older one has plain English as sentences, and may have no notes; what only a newer one knows is ignored. Raises
    ``KeyError``, ``TypeError`` or ``ValueError`` for anything else.
    """
    return Outcome(
        **{
            **_known(Outcome, values),
            "config": Config(**_known(Config, values["config"])),
            "own": _comparison(values["own"]),
            "general": _comparison(values["general"]),
            "rows": tuple(_question_outcome(row) for row in values["rows"]),
            "verdict": sentences.from_json(values["verdict"]),
            "notes": tuple(sentences.from_json(note) for note in values.get("notes", ())),
        }
    )


def _question_outcome(row: Mapping[str, Any]) -> QuestionOutcome:
    before, after = (Prediction(**_known(Prediction, row[name])) for name in ("before", "after"))
    known = _known(QuestionOutcome, row)
    return QuestionOutcome(**{**known, "golds": tuple(row["golds"]), "before": before, "after": after})


def _comparison(pair: Mapping[str, Any]) -> SetComparison:
    return SetComparison(report_from_json(pair["before"]), report_from_json(pair["after"]))


def report_from_json(report: Mapping[str, Any]) -> Report:
    """The report that ``dataclasses.asdict`` made ``report`` of."""
    parts = {
        name: MeanScores(**_known(MeanScores, report[name])) if report[name] else None
        for name in ("has_answer", "no_answer")
    }
    return Report(**{**_known(Report, report), **parts})


def _known(kind: type[DataclassInstance], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the fields of the dataclass ``kind``."""
    names = {field.name for field in dataclasses.fields(kind)}
    return {name: value for name, value in values.items() if name in names}
