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
    others = ["who bought noon ?", "who ?", "what did the woman sold in town at night ?"]
    together = related.similarity(questions, others)
    assert max(together) < 0.999
    alone = [float(related.similarity([one], [other])[0]) for one, other in zip(questions, others, strict=True)]
    assert together == pytest.approx(alone, abs=1e-5)


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
    found = {each.id: each for each in negatives.shifts(rows, 6000, 1, related)}
    assert {key: each.question for key, each in found.items()} == {
        "who bought milk ?-shift": "who bought night ?",
        "who drank milk ?-shift": "who drank noon ?",
    }
    assert all(each.is_impossible and not each.answers for each in found.values())
    assert len(negatives.shifts(rows, 1, 1, related)) <= 1


def test_a_question_that_asks_the_same_is_left_out(
    related: RelatedWords, example: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [example("who bought milk ?", "The man bought milk .", "man")]
    rows += [example(f"when {number} ?", "The man .", "man") for number in range(5000)]
    alike = related.similarity(["who bought milk ?"], ["who bought noon ?"])
    monkeypatch.setattr(negatives, "_SYNONYM", float(alike[0]) - 0.2)
    assert not negatives.shifts(rows, 6000, 1, related)
