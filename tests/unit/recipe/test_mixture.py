"""The questions of a phase: their number from each set, and their answers in texts that are cropped or joined."""

from __future__ import annotations

import random

import mixture
from related_words import RelatedWords
from tiny_run import Make

SENTENCES = [f"Sentence number {number} says that thing {number} is of colour {number}." for number in range(30)]
TEXT = " ".join(SENTENCES)


def test_a_crop_keeps_whole_sentences_with_the_answer(example: Make) -> None:
    for seed in range(20):
        cropped = mixture.crop(example("Which?", TEXT, "colour 17", "colour 2"), random.Random(seed))
        words = len(cropped.context.split())
        assert 40 <= words <= 100 + 9
        assert cropped.context in TEXT
        assert cropped.context.startswith("Sentence")
        assert cropped.context.rstrip().endswith(".")
        assert "colour 17" in cropped.gold_texts
        assert all(answer.stands_in(cropped.context) for answer in cropped.answers)


def test_where_the_answer_stands_in_a_crop_says_nothing(example: Make) -> None:
    places = {
        mixture.crop(example("Which?", TEXT, "colour 17"), random.Random(seed)).answers[0].start for seed in range(20)
    }
    assert len(places) > 5


def test_a_crop_without_an_answer_is_from_anywhere(example: Make) -> None:
    contexts = {mixture.crop(example("Which?", TEXT), random.Random(seed)).context for seed in range(20)}
    assert len(contexts) > 10
    assert all(context in TEXT for context in contexts)


def test_a_short_text_is_not_cut(example: Make) -> None:
    row = example("Which?", "One. Two. Three.", "Two")
    assert mixture.crop(row, random.Random(1)) == row


def test_joined_texts_move_the_answer(example: Make) -> None:
    row = example("Which?", "It is the answer here.", "answer")
    for seed in range(10):
        joined = mixture.join_texts(row, SENTENCES, random.Random(seed))
        assert 60 <= len(joined.context.split()) <= 140
        assert joined.answers[0].stands_in(joined.context)
        assert row.context in joined.context


def test_a_phase_takes_what_its_plan_says(example: Make, related: RelatedWords) -> None:
    sets = {
        "good": [example(f"Which is first {n}?", TEXT, f"colour {n}") for n in range(10)]
        + [example(f"Which not {n}?", TEXT) for n in range(4)],
        "short": [example(f"What of {n}?", SENTENCES[n], f"thing {n}") for n in range(8)],
    }
    plan = {
        "sets": [
            {"name": "good", "kind": "answered", "crop": 1.0},
            {"name": "good", "kind": "unanswered", "times": 2},
            {"name": "short", "times": 0.5, "join": True},
        ],
        "negatives_from": ["good"],
        "neighbours": 0,
        "swaps": 3,
        "negatives_crop": 0.0,
    }
    rows = mixture.phase(sets, plan, 1, related)
    assert len(rows) == 10 + 8 + 4 + 3
    assert all(len(row.context) < len(TEXT) for row in rows[:10])
    assert all(row.is_impossible for row in [*rows[10:18], *rows[22:]])
    assert all(len(row.context) > len(SENTENCES[0]) for row in rows[18:22])
    assert rows == mixture.phase(sets, plan, 1, related)
    assert rows != mixture.phase(sets, plan, 2, related)
