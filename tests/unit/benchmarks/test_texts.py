"""The texts that are measured with: exact lengths, the same every time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import texts
from benchmarks.texts import Question

PARAGRAPHS = ("One two  three.", "Four five six seven.", "Eight nine.")


def test_words_are_cut_at_the_end_of_one() -> None:
    assert texts.first_words("one  two\nthree four", 3) == "one  two\nthree"
    assert texts.first_words("one two", 5) == "one two"


@pytest.mark.parametrize("words", [1, 8, 9, 10, 1000])
def test_a_book_has_exactly_so_many_words(words: int) -> None:
    assert texts.count_words(texts.book(PARAGRAPHS, words, seed=1)) == words


def test_a_book_is_the_same_every_time_and_another_for_another_seed() -> None:
    assert texts.book(PARAGRAPHS, 100, seed=1) == texts.book(PARAGRAPHS, 100, seed=1)
    assert texts.book(PARAGRAPHS, 100, seed=1) != texts.book(PARAGRAPHS, 100, seed=2)


def test_a_book_takes_every_paragraph_before_any_comes_again() -> None:
    assert sorted(texts.book(PARAGRAPHS, 9, seed=3).split("\n\n")) == sorted(PARAGRAPHS)


def test_three_hundred_pages_are_a_hundred_thousand_words() -> None:
    assert texts.pages_of_words(300) == 100_000


def test_questions_are_spread_over_all() -> None:
    questions = [Question(str(number), "") for number in range(10)]
    assert [question.question for question in texts.spread(questions, 5)] == ["0", "2", "4", "6", "8"]
    assert [question.question for question in texts.spread(questions[:2], 5)] == ["0", "1", "0", "1", "0"]


def test_short_pages_are_different_and_begin_with_what_is_asked_about() -> None:
    pages = texts.short_pages(texts.sample(), 5, words=60)
    assert len({page.text for page in pages}) == 5
    assert all(texts.count_words(page.text) == 60 for page in pages)
    assert all("The Keepers of Harrow Rock" in page.text[:60] for page in pages)


def test_unanswerable_questions_are_left_out(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "question": "Who?", "answers": [{"text": "Ada", "answer_start": 0}], "is_impossible": False},
        {"id": "2", "question": "Why?", "answers": [], "is_impossible": True},
    ]
    data = {"version": "v2.0", "data": [{"title": "", "paragraphs": [{"context": "Ada did.", "qas": rows}]}]}
    path = tmp_path / "squad.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    source = texts.read_source(path)
    assert source == texts.QuestionSource("squad.json", (Question("Who?", "Ada did.", ("Ada",)),), ("Ada did.",))
