"""A list as an answer: which questions ask for one, which items it has, and how a ranking joins their spans."""

from __future__ import annotations

import math

import numpy as np
import pytest
from token_documents import in_units

from qadesk.qa import decode, windows
from qadesk.qa.decode import Rules
from qadesk.qa.list_answers import Lists, asks_for_several
from qadesk.qa.ranking import Ranking
from qadesk.qa.windows import QuestionTokens, Window
from qadesk.structure import Block
from qadesk.structure.plain import blocks_of

TEXT = """Please bring:
- a passport
- two photos
- the form

The office is closed on Friday."""


@pytest.mark.parametrize(
    "question",
    [
        "What documents must I bring?",
        "which rooms are closed",
        "What are the opening hours?",
        "what do I need to bring",
        "List all exits",
        "what is included",
        "what do we have to hand over when we move out?",
    ],
)
def test_questions_that_ask_for_several_things(question: str) -> None:
    assert asks_for_several(question)


@pytest.mark.parametrize(
    "question", ["Who built the mill?", "What is the deposit?", "which day is the office closed", "how many photos"]
)
def test_questions_that_ask_for_one_thing(question: str) -> None:
    assert not asks_for_several(question)


def test_a_list_has_its_items_without_their_bullets() -> None:
    lists = Lists(TEXT, blocks_of(TEXT))
    items = lists.of(TEXT.index("two"))
    assert [TEXT[start:end] for start, end in items] == ["a passport", "two photos", "the form"]
    assert lists.of(TEXT.index("Please")) == ()
    assert lists.of(TEXT.index("office")) == ()


def test_a_nested_list_is_one_of_its_own_and_part_of_no_other() -> None:
    text = "- ham\n  - raw\n  - boiled\n- eggs\n"
    lists = Lists(text, blocks_of(text))
    assert [text[start:end] for start, end in lists.of(text.index("eggs"))] == ["ham", "eggs"]


def test_numbered_clauses_are_no_list() -> None:
    clause = "At the end the tenant hands over two front door keys, two flat keys and a key to the gate of the yard. "
    text = f"5.1 {clause}\n5.2 {clause}\n5.3 They leave."
    starts = [text.index(f"5.{number}") for number in (1, 2, 3)]
    ends = [starts[1] - 2, starts[2] - 2, len(text)]
    long, short = (
        [Block("item", start, end, 1, start + 4) for start, end in list(zip(starts, ends, strict=True))[:count]]
        for count in (2, 3)
    )
    assert Lists(text, long).of(text.index("front door")) == ()
    assert len(Lists(text, short).of(text.index("front door"))) == 3  # 103, 103 and 11 characters


def test_bullets_below_a_numbered_clause_are_a_list_of_their_own() -> None:
    text = "9.1 They hand over:\n- keys\n- meters\n9.2 They clean.\n9.3 They leave."
    starts = [text.index(word) for word in ("They hand", "keys", "meters", "They clean", "They leave")]
    ends = [
        start + len(words)
        for start, words in zip(
            starts, ("They hand over:", "keys", "meters", "They clean.", "They leave."), strict=True
        )
    ]
    blocks = [
        Block("item", start - (4 if text[start] == "T" else 2), end, 1, start)
        for start, end in zip(starts, ends, strict=True)
    ]
    lists = Lists(text, blocks)
    assert lists.of(starts[0]) == ()
    assert [text[start:end] for start, end in lists.of(starts[1])] == ["keys", "meters"]
    assert [text[start:end] for start, end in lists.of(starts[3])] == ["They clean.", "They leave."]


def test_the_spans_of_a_list_are_one_answer_with_all_items() -> None:
    """Two items weigh e^2 and e, one word after the list weighs 1."""
    text = "- ham\n- eggs\n\nsalt"
    document = in_units(np.zeros(3, np.int32), np.array([(2, 5), (8, 12), (14, 18)], np.int32), [0, 1, 2])
    question = QuestionTokens(np.array([0, 1]), np.zeros(2, int), np.array([1]), np.array([1]), 1)
    window = Window(question, document, 0, 3, 0, 3)
    batch = windows.pack([window])
    starts, ends = np.array([[0, 0, 2, 1, 0, 0]], np.float32), np.zeros((1, 6), np.float32)
    ranking = Ranking(document, text, Rules(max_answer_tokens=1), Lists(text, blocks_of(text)))
    for decoded in decode.decode_windows(batch, starts, ends, Rules(max_answer_tokens=1)):
        ranking.add(decoded)
    first, second = ranking.answers()
    assert (first.text, first.items, first.places) == ("ham", ((2, 5), (8, 12)), ())
    assert first.spans == first.items
    assert first.confidence == pytest.approx((math.e**2 + math.e) / (1 + math.e**2 + math.e + 1))
    assert (second.text, second.spans) == ("salt", ((14, 18),))
