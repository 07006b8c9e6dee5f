"""The verdict, the preview of a threshold, and the outcome as JSON."""

from __future__ import annotations

import dataclasses
import json
from itertools import product

import pytest
from training_data import marks, outcome, row

from qadesk.app.training.outcome import (
    NOTHING,
    Prediction,
    Preview,
    SetComparison,
    is_better,
    outcome_as_json,
    outcome_from_json,
    threshold_preview,
    verdict,
)
from qadesk.sentences import TEMPLATES, Sentence, verbatim


def pair(before: float, after: float, total: int = 40) -> SetComparison:
    return SetComparison(marks(before, total), marks(after, total))


@pytest.mark.parametrize(
    ("own", "general", "better", "text"),
    [
        (pair(54, 81), pair(78, 77), True, "Better on yours: F1 54 → 81. General: 78 → 77."),
        (pair(54.5, 80.6), pair(78, 77), True, "Better on yours: F1 54 → 81. General: 78 → 77."),
        (pair(54, 81), pair(78, 76), True, "Better on yours: F1 54 → 81. General: 78 → 76."),
        (pair(54, 81), pair(78, 75.9), False, "General: 78 → 76. It has forgotten too much of what it knew."),
        (pair(54, 54), pair(78, 80), False, "No better on yours: F1 54 → 54. General: 78 → 80."),
        (pair(54, 50), pair(78, 78), False, "Worse on yours: F1 54 → 50. General: 78 → 78."),
        (pair(54.1, 54.3), pair(78, 78), True, "Better on yours: F1 54.1 → 54.3."),
        (pair(50, 60, 4), pair(78, 78), True, "Only 4 of your questions were there to measure with."),
    ],
)
def test_the_verdict(own: SetComparison, general: SetComparison, better: bool, text: str) -> None:
    assert is_better(own, general) is better
    assert text in verdict(own, general).text


def test_each_verdict_in_full() -> None:
    of_own = {
        81: "Better on yours: F1 54 → 81.",
        54: "No better on yours: F1 54 → 54.",
        9: "Worse on yours: F1 54 → 9.",
    }
    of_general = {77: " General: 78 → 77.", 70: " General: 78 → 70. It has forgotten too much of what it knew."}
    of_total = {40: "", 9: " Only 9 of your questions were there to measure with."}
    ids = set()
    for (own, first), (general, second), (total, third) in product(
        of_own.items(), of_general.items(), of_total.items()
    ):
        sentence = verdict(pair(54, own, total), pair(78, general))
        ids.add(sentence.id)
        assert sentence.text == first + second + third
    assert ids == {id_ for id_ in TEMPLATES if id_.startswith("verdict")} - {NOTHING.id}


def test_a_threshold_is_previewed_on_the_users_questions_only() -> None:
    rows = (
        row("own", "1", ("Thomas Reeve",), Prediction("Thomas Reeve", 0.8, 0.1, "Thomas Reeve")),
        row("own", "2", ("in 1862",), Prediction("1862", 0.5, 0.3, "1862")),
        row("own", "3", (), Prediction("", 0.7, 0.7, "whale oil")),
        row("own", "4", (), Prediction("Holm", 0.5, 0.4, "Holm")),
        row("general", "5", ("x",), Prediction("", 0.9, 0.9, "y")),
    )
    result = outcome(rows=rows)
    assert threshold_preview(result, 1.0) == Preview(25.0, pytest.approx(100 * (1 + 2 / 3) / 4), 4, 0)
    assert threshold_preview(result, 0.35) == Preview(75.0, pytest.approx(100 * (3 + 2 / 3) / 4), 2, 2)
    assert threshold_preview(result, 0.2) == Preview(75.0, 75.0, 1, 3)
    assert threshold_preview(result, 0.0) == Preview(50.0, 50.0, 0, 4)


def test_a_changed_prediction_differs_for_exact_match() -> None:
    def prediction(text: str) -> Prediction:
        return Prediction(text, 0.5, 0.5, text)

    def changed(before: str, after: str) -> bool:
        return row("own", "1", ("x",), prediction(after), prediction(before)).is_changed

    assert changed("1862", "1924")
    assert changed("", "1924")
    assert not changed("The tower.", "tower")


def test_an_outcome_is_read_as_it_was_written() -> None:
    rows = (
        row("own", "1", ("a", "b"), Prediction("a", 0.5, 0.25, "a")),
        row("general", "2", (), Prediction("", 0.5, 0.5, "b")),
    )
    written = dataclasses.replace(
        outcome(rows=rows), notes=(Sentence("run.share", {"share": 0.5}), verbatim("A note."))
    )
    values = json.loads(json.dumps(outcome_as_json(written)))
    assert outcome_from_json(values) == written
    assert values["verdict"] == [
        "verdict.better", {"own_before": 54, "own_after": 81, "general_before": 78, "general_after": 77}
    ]  # fmt: skip
    assert values["notes"][0] == ["run.share", {"share": 0.5}]


def test_the_sentences_of_an_older_version_are_kept_word_for_word() -> None:
    values = json.loads(json.dumps(outcome_as_json(outcome())))
    old = outcome_from_json({**values, "verdict": "Better on yours: F1 {54} → 81.", "notes": ["It forgot 50 %."]})
    assert old.verdict.text == "Better on yours: F1 {54} → 81."
    assert [note.text for note in old.notes] == ["It forgot 50 %."]


def test_an_outcome_without_notes_is_read() -> None:
    values = json.loads(json.dumps(outcome_as_json(outcome())))
    del values["notes"]
    assert outcome_from_json(values) == dataclasses.replace(outcome(), notes=())


def test_what_only_a_newer_version_knows_is_ignored() -> None:
    rows = (row("own", "1", ("a",), Prediction("a", 0.5, 0.25, "a")),)
    values = json.loads(json.dumps(outcome_as_json(outcome(rows=rows))))

    def with_more(value: object) -> object:
        if isinstance(value, dict):
            return {"newer": 1, **{name: with_more(inner) for name, inner in value.items()}}
        return [with_more(inner) for inner in value] if isinstance(value, list) else value

    newer = with_more({name: value for name, value in values.items() if name not in ("verdict", "notes")})
    assert isinstance(newer, dict)
    assert outcome_from_json({**values, **newer}) == outcome(rows=rows)


@pytest.mark.parametrize("missing", ["config", "verdict", "own", "steps"])
def test_an_outcome_without_what_it_needs_is_refused(missing: str) -> None:
    values = outcome_as_json(outcome())
    del values[missing]
    with pytest.raises((KeyError, TypeError)):
        outcome_from_json(values)


@pytest.mark.parametrize("verdict", [None, 3, ["verdict.better"], ["verdict.better", {"own_before": 54}]])
def test_a_malformed_verdict_is_refused(verdict: object) -> None:
    with pytest.raises(ValueError, match="not a sentence"):
        outcome_from_json({**outcome_as_json(outcome()), "verdict": verdict})
