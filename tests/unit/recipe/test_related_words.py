"""Words that are near without meaning the same, and how alike questions are."""

from __future__ import annotations

import negatives
import pytest
from related_words import RelatedWords
from tiny_run import Make


def test_the_nearest_are_passed_over_and_the_far_too(related: RelatedWords) -> None:
    assert related.of("milk") == related.of("Milk") == ("noon", "night")
    assert related.of("woman") == ()  # "man" and all others are far
    assert related.of("[CLS]") == related.of("?") == related.of("unknown") == ()


def test_likeness_does_not_depend_on_what_else_is_compared(related: RelatedWords) -> None:
    questions = ["who bought milk ?", "when ?", "what did the man sold in town at night ?"]
    same = related.similarity(questions, questions)
    assert same == pytest.approx([1, 1, 1], abs=1e-5)
    other_questions = ["who bought noon ?", "who ?", "what did the woman sold in town at night ?"]
    similarities = related.similarity(questions, other_questions)
    assert max(similarities) < 0.999
    one_by_one = [
        float(related.similarity([question], [other_question])[0])
        for question, other_question in zip(questions, other_questions, strict=True)
    ]
    assert similarities == pytest.approx(one_by_one, abs=1e-5)


def test_a_shift_changes_a_word_of_the_paragraph_into_one_that_is_not_there(
    related: RelatedWords, example: Make
) -> None:
    rows = [
        example("who bought milk ?", "The man bought milk at noon .", "man"),
        example("who sold milk ?", "The man bought bread .", "man"),  # the paragraph has no milk
        example("what sold at night ?", "The milk sold at night .", "milk"),  # nothing has a cousin
        example("who drank milk ?", "The man drank milk at night .", "night"),
    ]
    rows += [example(f"when {number} ?", "The man .", "man") for number in range(5000)]  # so that milk is rare
    shifts_by_id = {shift.id: shift for shift in negatives.shifts(rows, 6000, 1, related)}
    assert {key: shift.question for key, shift in shifts_by_id.items()} == {
        "who bought milk ?-shift": "who bought night ?",
        "who drank milk ?-shift": "who drank noon ?",
    }
    assert all(shift.is_impossible and not shift.answers for shift in shifts_by_id.values())
    assert len(negatives.shifts(rows, 1, 1, related)) <= 1


def test_a_question_that_asks_the_same_is_left_out(
    related: RelatedWords, example: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [example("who bought milk ?", "The man bought milk .", "man")]
    rows += [example(f"when {number} ?", "The man .", "man") for number in range(5000)]
    alike = related.similarity(["who bought milk ?"], ["who bought noon ?"])
    monkeypatch.setattr(negatives, "_SYNONYM", float(alike[0]) - 0.2)
    assert not negatives.shifts(rows, 6000, 1, related)
