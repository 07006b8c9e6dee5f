"""Questions without an answer that are made by rule, to measure with."""

from __future__ import annotations

from training_data import TEXTS, example, examples

from qadesk.app.training.unanswered import is_made, unanswered_questions
from qadesk.records import LabeledExample

LONG = """The lease begins on 1 May.
It ends after twelve months.
The rent is 900 euros.
It is due on the third.
Pets need a permit.
The permit costs ten euros.
The garden belongs to the flat.
Its hedge is cut in autumn.
"""


def answers(made: list[LabeledExample], sources: list[LabeledExample]) -> list[tuple[str, ...]]:
    by_question = {row.question: row.gold_texts for row in sources}
    return [by_question[row.question] for row in made]


def test_a_question_of_another_document_is_put_to_a_text_that_does_not_answer_it() -> None:
    aside, others = examples()[:4], examples()[4:]
    made = unanswered_questions(aside, others)
    assert [row.question for row in made] == ["Who bought the mill?"]
    assert made[0].is_impossible
    assert not made[0].answers
    assert (made[0].context, made[0].title) == (TEXTS[0], aside[0].title)
    assert is_made(made[0])
    assert not any(is_made(row) for row in (*aside, *others))
    assert made == unanswered_questions(aside[::-1], others[::-1])


def test_a_question_that_the_text_could_answer_is_not_put_to_it() -> None:
    tower, mill = TEXTS[:2]
    same_answer = example(
        "1", "Which keeper had the mill repaired?", mill.replace("Anna Berg", "Thomas Reeve"), "Thomas Reeve"
    )
    same_words = example("2", "Who built with oil?", mill, "Anna Berg")
    same_question = example("3", "Who painted the shutters?", mill, "Anna Berg")
    aside = [
        example("4", "Who built the tower?", tower, "Thomas Reeve"),
        example("5", "Who painted the shutters?", tower, None),
    ]
    assert unanswered_questions([aside[0], aside[1]], [same_answer, same_words, same_question]) == []


def test_a_third_of_what_is_measured_has_no_answer() -> None:
    def rows(prefix: str, count: int, impossible: int = 0) -> list[LabeledExample]:
        texts = [f"The {number}{prefix} stands in the {prefix} street since {number}." for number in range(count)]
        return [
            example(
                f"{prefix}{n}",
                f"Since when does the {n}{prefix} stand?",
                text,
                None if n < impossible else str(n),
                f"{n}",
            )
            for n, text in enumerate(texts)
        ]

    others = rows("wardrobe", 200)
    assert len(unanswered_questions(rows("barn", 40), others)) == 20
    assert len(unanswered_questions(rows("barn", 40, impossible=10), others)) == 6
    assert len(unanswered_questions(rows("barn", 40, impossible=20), others)) == 4  # always some
    made = unanswered_questions(rows("barn", 40), others)
    assert len({row.question for row in made}) == len({row.id for row in made}) == 20


def test_questions_to_other_sections_are_put_to_a_single_text() -> None:
    rows = [
        example("1", "When does the lease begin?", LONG, "1 May"),
        example("2", "What does the permit cost?", LONG, "ten euros"),
        example("3", "When is the hedge cut?", LONG, "autumn"),
        example("4", "How much is the rent?", LONG, "900 euros"),
    ]
    made = unanswered_questions(rows, [])
    assert len(made) == 2
    for row, golds in zip(made, answers(made, rows), strict=True):
        assert row.context in LONG
        assert len(row.context) < len(LONG) / 2
        assert golds[0] not in row.context


def test_nothing_is_made_of_too_little() -> None:
    assert unanswered_questions([], []) == []
    assert unanswered_questions([example("1", "Who built the tower?", TEXTS[0], "Thomas Reeve")], []) == []


def test_where_none_of_the_users_fits_a_spare_one_is_put_to_the_text() -> None:
    rows = [example("1", "Who built the tower?", TEXTS[0], "Thomas Reeve")]
    spare = [example("s", "Who bought the mill?", TEXTS[1], "Anna Berg")]
    made = unanswered_questions(rows, [], spare)
    assert [(row.question, row.context) for row in made] == [("Who bought the mill?", TEXTS[0])]


def test_a_question_that_is_asked_of_several_texts_in_the_same_words_is_not_used() -> None:
    aside = [example("t", "Who built the tower?", TEXTS[0], "Thomas Reeve")]
    mill = example("m", "Who bought the building?", TEXTS[1], "Anna Berg")
    bridge = example("b", "who bought  the building?", TEXTS[2], "the queen")
    assert [row.question for row in unanswered_questions(aside, [mill])] == [mill.question]
    assert unanswered_questions(aside, [mill, bridge]) == []
    assert unanswered_questions(aside, [mill], also_asked=[bridge]) == []
    assert unanswered_questions(aside, [], [mill], also_asked=[bridge]) == []


def test_a_question_whose_every_word_is_asked_of_other_texts_is_not_used() -> None:
    aside = [example("t", "Who built the tower?", TEXTS[0], "Thomas Reeve")]
    mill = example("m", "Who bought the building?", TEXTS[1], "Anna Berg")
    house = example("h", "How old is the building?", "The house is nine years old.", "nine years")
    assert [row.question for row in unanswered_questions(aside, [mill, house])] == [mill.question]  # 'bought'
    shop = example("s", "Who has bought bread?", "Mary bought bread.", "Mary")
    assert unanswered_questions(aside, [mill, house], also_asked=[shop]) == []


def test_where_all_texts_are_of_one_kind_only_spare_questions_are_used() -> None:
    questions = (
        "Who may share my data?",
        "What data may you share?",
        "May others share data?",
        "Is data of mine shared?",
    )
    texts = [f"Policy {number}: this is told to nobody {number}." for number in range(4)]
    rows = [example(f"p{n}", questions[n], text, "nobody", f"{n}") for n, text in enumerate(texts)]
    odd = example("o", "Which cookies do others share?", "They keep three.", "three")  # a word of its own
    spare = [example("s", "Who bought the mill?", TEXTS[1], "Anna Berg")]
    assert unanswered_questions(rows, [odd]) == []
    assert [row.question for row in unanswered_questions(rows, [odd], spare)] == [spare[0].question]
    assert unanswered_questions(rows[:1], [odd])  # two questions of different things
