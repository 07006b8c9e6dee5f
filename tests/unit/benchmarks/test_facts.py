"""Planted facts: one right answer each, in one place, far from one another."""

from __future__ import annotations

import pytest

from benchmarks import texts
from benchmarks.facts import Fact, make_facts, plant

PLAIN = texts.book(texts.sample().paragraphs, 6000, seed=1)


def test_each_answer_stands_once_in_the_text_and_in_no_question() -> None:
    for seed in range(5):
        facts = make_facts(PLAIN, 20, seed)
        text = plant(PLAIN, facts).casefold()
        for fact in facts:
            assert text.count(fact.answer.casefold()) == 1, fact
            assert fact.answer in fact.sentence
            assert not any(fact.answer.casefold() in other_fact.question.casefold() for other_fact in facts)


def test_facts_are_the_same_every_time() -> None:
    assert make_facts(PLAIN, 20, seed=7) == make_facts(PLAIN, 20, seed=7)
    assert make_facts(PLAIN, 20, seed=7) != make_facts(PLAIN, 20, seed=8)


def test_no_two_facts_share_a_question() -> None:
    assert len({fact.question for fact in make_facts(PLAIN, 20, seed=1)}) == 20


def test_facts_lie_at_even_depths_and_the_text_around_them_is_kept() -> None:
    facts = make_facts(PLAIN, 20, seed=1)
    text = plant(PLAIN, facts)
    for number, fact in enumerate(facts):
        assert text.index(fact.sentence) / len(text) == pytest.approx((number + 0.5) / 20, abs=0.02)
        text_before = text[: text.index(fact.sentence)].rstrip()
        assert text_before.endswith((".", "!", "?")) or "\n\n" in text[len(text_before) : text.index(fact.sentence)]
    for fact in facts:
        text = text.replace(fact.sentence + " ", "", 1)
    assert text == PLAIN


def test_a_fact_after_the_last_sentence_is_set_apart() -> None:
    assert plant("No end", [Fact("It is.", "Is it?", "is")]) == "No end It is. "


def test_an_answer_that_the_text_holds_already_is_not_taken() -> None:
    text = "The hurdy-gurdy and the psaltery."
    facts = make_facts(text, 20, seed=1)
    assert "theorbo" in {fact.answer for fact in facts}


def test_where_all_answers_are_taken_an_error_is_raised() -> None:
    with pytest.raises(ValueError, match="stands in the text"):
        make_facts("hurdy-gurdy, psaltery, theorbo", 20, seed=1)


def test_there_are_only_so_many() -> None:
    with pytest.raises(ValueError, match="only 20"):
        make_facts(PLAIN, 21, seed=1)
