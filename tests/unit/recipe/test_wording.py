"""Questions as people type them."""

from __future__ import annotations

from random import Random

from wording import casual


def test_rewordings_lose_marks_and_forms_and_gain_slips() -> None:
    question = "What is the deadline of the application?"
    wordings = {casual(question, Random(seed)) for seed in range(1000)}
    assert {question, "What is the deadline of the application", "deadline of the application"} <= wordings
    slips = {word.strip("?") for wording in wordings for word in wording.split() if word[0] in "da"}
    assert {len(word) - len("deadline") for word in slips if word.startswith("dea")} == {-1, 0, 1}
    assert any(wording.startswith("Hi, ") for wording in wordings)


def test_a_short_question_keeps_its_words() -> None:
    assert {casual("Who is she?", Random(seed)).rstrip("? ").split()[-1] for seed in range(20)} <= {
        "she", "please", "Thanks.", "it.", "colleague."
    }  # fmt: skip
