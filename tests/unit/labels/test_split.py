import random

import pytest

from qadesk.labels.split import BY_DOCUMENT, BY_QUESTION, split
from qadesk.records import GoldSpan, LabeledExample


def example(number, title="", question=None, context=None, is_impossible=False):
    context = context or f"The text of {title or number}."
    answers = () if is_impossible else (GoldSpan(0, 3, "The"),)
    return LabeledExample(f"q{number}", question or f"What is {number}?", context, title, answers, is_impossible)


def titles(part):
    return {row.title for row in part}


def test_documents_are_not_parted():
    rows = [example(number, title=f"document {number % 10}") for number in range(100)]
    parts = split(rows)
    assert parts.by == BY_DOCUMENT
    assert (len(parts.train), len(parts.evaluation)) == (80, 20)
    assert not titles(parts.train) & titles(parts.evaluation)
    assert [row for row in rows if row in set(parts.train)] == list(parts.train)


def test_the_same_seed_gives_the_same_parts_whatever_the_order():
    rows = [example(number, title=f"document {number % 25}") for number in range(100)]
    shuffled = random.Random(1).sample(rows, len(rows))
    assert set(split(rows, seed=3).evaluation) == set(split(shuffled, seed=3).evaluation)
    assert split(rows, seed=3) == split(rows, seed=3)
    assert len({frozenset(titles(split(rows, seed=seed).evaluation)) for seed in range(5)}) > 1


def test_one_large_document_is_not_set_aside_for_a_few_small_ones():
    rows = [example(number, title="large") for number in range(85)]
    rows += [example(number, title=f"small {number}") for number in range(85, 100)]
    for seed in range(10):
        parts = split(rows, seed=seed)
        assert (parts.by, len(parts.train), len(parts.evaluation)) == (BY_DOCUMENT, 85, 15)
        assert "large" in titles(parts.train)


@pytest.mark.parametrize("sizes", [(16, 16), (7, 3), (30, 30, 30), (12, 1), (20, 15, 14)])
def test_few_documents_are_split_by_question_so_that_four_fifths_teach(sizes):
    rows = [example(f"{title}-{n}", title=f"{title}") for title, size in enumerate(sizes) for n in range(size)]
    for seed in range(5):
        parts = split(rows, seed=seed)
        assert parts.by == BY_QUESTION
        assert len(parts.train) >= 0.8 * len(rows) - 0.5
        assert len(parts.evaluation) >= 0.1 * len(rows)


@pytest.mark.parametrize("part", [0.01, 0.5, 0.99])
def test_both_parts_hold_something(part):
    for rows in ([example(n, title=f"{n}") for n in range(4)], [example(n, title="one") for n in range(4)]):
        parts = split(rows, part=part)
        assert parts.train
        assert parts.evaluation


def test_one_text_under_two_titles_is_one_document():
    rows = [example(1, "a", context="Same."), example(2, "b", context="Same."), example(3, "b"), example(4, "c")]
    for seed in range(8):
        parts = split(rows, part=0.3, seed=seed)
        assert sorted(map(sorted, map(titles, (parts.train, parts.evaluation)))) == [["a", "b"], ["c"]]


def test_chains_of_shared_texts_are_followed():
    pairs = [("c", "Y"), ("d", "Z"), ("a", "X"), ("b", "X"), ("b", "Y"), ("a", "Z"), ("e", "W")]
    rows = [example(number, title, context=context) for number, (title, context) in enumerate(pairs)]
    assert titles(split(rows).evaluation) == {"e"}


def test_texts_without_a_title_are_documents_of_their_own():
    parts = split([example(number) for number in range(10)])
    assert (parts.by, len(parts.evaluation)) == (BY_DOCUMENT, 2)


def test_one_document_is_split_by_question():
    rows = [example(number, title="one", is_impossible=number >= 80) for number in range(100)]
    parts = split(rows)
    assert (parts.by, len(parts.train), len(parts.evaluation)) == (BY_QUESTION, 80, 20)
    assert sum(row.is_impossible for row in parts.evaluation) == 4


def test_the_same_question_is_not_in_both_parts():
    rows = [example(2 * n + k, "one", f"{'Who' if k else 'who '} is {n}?", is_impossible=n % 3 == k == 0)
            for n in range(10) for k in (0, 1)]  # fmt: skip
    for seed in range(8):
        parts = split(rows, seed=seed)
        questions = [
            {" ".join(row.question.casefold().split()) for row in part} for part in (parts.train, parts.evaluation)
        ]
        assert not questions[0] & questions[1]
        assert len(parts.evaluation) in (2, 4, 6)


def test_two_questions_of_two_kinds_are_parted():
    parts = split([example(1, "one"), example(2, "one", is_impossible=True)])
    assert (len(parts.train), len(parts.evaluation)) == (1, 1)


def test_too_few_to_split():
    assert split([]).train == split([]).evaluation == ()
    one = split([example(1, "one"), example(2, "one", question="What is 1?")])
    assert (len(one.train), one.evaluation, one.by) == (2, (), BY_QUESTION)


@pytest.mark.parametrize("part", [0, 1, -0.2, float("nan")])
def test_a_part_is_between_none_and_all(part):
    with pytest.raises(ValueError, match="between 0 and 1"):
        split([], part=part)
