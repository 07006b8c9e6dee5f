"""Questions that want a clause as their answer."""

from __future__ import annotations

import pytest

from qadesk.qa.clauses import asks_for_clause


@pytest.mark.parametrize(
    "question",
    [
        "Why did he leave?",
        "how do I reset it",
        "What happens if I pay late?",
        "can I keep a dog",
        "Is smoking allowed?",
    ],
)
def test_questions_that_want_a_sentence(question: str) -> None:
    assert asks_for_clause(question)


@pytest.mark.parametrize("question", ["Who left?", "how much is the deposit", "How many rooms?", "what is the rent"])
def test_questions_that_want_a_few_words(question: str) -> None:
    assert not asks_for_clause(question)
