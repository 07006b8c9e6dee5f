import json

import pytest

from qadesk.errors import DataError
from qadesk.labels.dataset import Problem
from qadesk.labels.label_files import read_dataset
from qadesk.labels.prediction_files import write_predictions
from qadesk.records import GoldSpan
from qadesk.structure import Block

CONTEXT = "Ada Lovelace wrote the first program in 1843. Ada was born in London."


def question(key="q1", text="Who wrote it?", answers=(("Ada Lovelace", 0),), **more):
    return {"id": key, "question": text, "answers": [{"text": t, "answer_start": s} for t, s in answers]} | more


@pytest.fixture
def read(tmp_path):
    def make(*questions, context=CONTEXT, version="v2.0", **more):
        paragraph = {"context": context, "qas": questions} | more
        path = tmp_path / "set.json"
        content = {"version": version, "data": [{"title": "Ada", "paragraphs": [paragraph]}]}
        path.write_text(json.dumps(content), encoding="utf-8")
        return read_dataset(path)

    return make


def test_squad_1_1(read):
    dataset = read(question(answers=[("Ada Lovelace", 0), ("Ada", 0)]), version="1.1")
    (example,) = dataset.examples
    assert (dataset.version, dataset.problems) == ("1.1", ())
    assert (example.id, example.question, example.title) == ("q1", "Who wrote it?", "Ada")
    assert example.answers == (GoldSpan(0, 12, "Ada Lovelace"), GoldSpan(0, 3, "Ada"))
    assert example.is_impossible is False


def test_squad_2_0(read):
    plausible = [{"text": "London", "answer_start": 62}]
    dataset = read(
        question(is_impossible=False),
        question("q2", "Where did she die?", answers=(), is_impossible=True, plausible_answers=plausible),
    )
    assert (dataset.version, dataset.problems) == ("2.0", ())
    assert [example.is_impossible for example in dataset.examples] == [False, True]
    assert dataset.examples[1].answers == ()


def test_questions_of_one_paragraph_share_its_context(read):
    first, second = read(question(), question("q2")).examples
    assert first.context is second.context


def test_the_blocks_of_a_paragraph_are_those_of_its_questions(read):
    dataset = read(question(), question("q2"), qadesk_blocks=[["pair", 0, 69, 0, 13, 0, []]])
    first, second = dataset.examples
    assert dataset.problems == ()
    assert first.blocks == (Block("pair", 0, 69, body=13),)
    assert second.blocks is first.blocks


def test_a_paragraph_without_blocks_has_none(read):
    assert read(question()).examples[0].blocks == ()


def test_an_answer_at_a_wrong_offset_is_kept_and_reported(read):
    dataset = read(question(answers=[("Ada", 44)]))
    assert dataset.examples[0].gold_texts == ("Ada",)
    assert not dataset.examples[0].answers[0].stands_in(CONTEXT)
    assert dataset.problems == (
        Problem("Ada, paragraph 1, question 1 (q1)", "The answer 'Ada' is not at 44 but at 46."),
    )


@pytest.mark.parametrize(("start", "nearest"), [(5, 0), (40, 46), (48, 46), (60, 46), (-7, 0), (10**6, 46)])
def test_the_nearest_place_is_reported(read, start, nearest):
    (problem,) = read(question(answers=[("Ada", start)])).problems
    assert problem.what == f"The answer 'Ada' is not at {start} but at {nearest}."


def test_an_answer_that_is_nowhere_is_reported_in_short(read):
    dataset = read(question(answers=[("Babbage" * 20, 3)]))
    assert dataset.examples[0].gold_texts == ("Babbage" * 20,)
    assert dataset.problems[0].what == f"The answer '{('Babbage' * 20)[:39]}…' is not in the text."


def test_offsets_are_code_points(read):
    dataset = read(question(answers=[("Ada", 2)]), context="😀 Ada")
    assert dataset.problems == ()


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        (question("q2", "  "), "The question is empty and was left out."),
        (question("q2", None), "It has no question and was left out."),
        ("What?", "It has no question and was left out."),
        (question("q2", answers=()), "It has no usable answer. The question was left out."),
        (question("q2", "Who is \ud83d?"), "The question is empty and was left out."),
        ({"id": "q2", "question": "What?"}, "It is not labelled and was left out."),
        (question(), "An earlier row has the same id: this one is a duplicate and was left out."),
    ],
)
def test_a_row_that_cannot_be_used_is_left_out_and_reported(read, bad, what):
    dataset = read(question(), bad, question("q3"))
    assert [example.id for example in dataset.examples] == ["q1", "q3"]
    assert [problem.what for problem in dataset.problems] == [what]
    assert dataset.problems[0].where.startswith(("Ada, paragraph 1, question 2", "'What?' (q2)"))


@pytest.mark.parametrize("key", ["", None, True, "q1"])
def test_a_question_without_an_id_of_its_own_gets_one(read, key):
    dataset = read(question(), question(key, "What?"))
    first, second = dataset.examples
    assert (first.id, len(second.id)) == ("q1", 24)
    assert [problem.what for problem in dataset.problems] == (
        [f"An earlier row asks something else and has the same id: this one gets the id {second.id}."] * (key == "q1")
    )


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ({"text": ""}, ""),
        ({"text": "", "answer_start": 3}, "An answer has no text. This answer was left out."),
        ({"answer_start": 0}, "An answer has neither a text nor an end. This answer was left out."),
        (None, "An answer has no text. This answer was left out."),
    ],
)
def test_an_answer_that_cannot_be_used_is_left_out(read, bad, what):
    row = question(answers=[("1843", 40)])
    row["answers"].append(bad)
    dataset = read(row)
    assert dataset.examples[0].gold_texts == ("1843",)
    assert [problem.what for problem in dataset.problems] == ([what] if what else [])


def test_a_question_that_loses_all_its_answers_is_not_taken_for_unanswerable(read):
    dataset = read(question(), question("q2", answers=[("", 0)], is_impossible=False))
    assert [example.id for example in dataset.examples] == ["q1"]
    assert dataset.problems[-1].what == "An answer has no text. The question was left out."


def test_an_unanswerable_question_may_have_an_empty_answer(read):
    (example,) = read(question(answers=[("", -1)], is_impossible=True)).examples
    assert (example.is_impossible, example.answers) == (True, ())


def test_answers_count_for_more_than_the_mark(read):
    dataset = read(question(is_impossible=True), question("q2", answers=(), is_impossible=False))
    assert [example.is_impossible for example in dataset.examples] == [False, True]
    assert [problem.what for problem in dataset.problems] == [
        "It is marked as having no answer, but has one: the answer counts.",
        "It has no answer, but is not marked so: it counts as having none.",
    ]


def test_numbers_are_taken_as_ids(read):
    assert read(question(17)).examples[0].id == "17"


@pytest.mark.parametrize(
    ("article", "where", "what"),
    [
        ("x", "article 1", "It has no list of paragraphs and was left out."),
        ({"title": "A"}, "article 1", "It has no list of paragraphs and was left out."),
        (
            {"paragraphs": [{"context": "x"}]},
            "set, article 1, paragraph 1",
            "It has no list of questions and was left out.",
        ),
        ({"title": "A", "paragraphs": [None]}, "A, paragraph 1", "It has no list of questions and was left out."),
    ],
)
def test_parts_that_cannot_be_used_are_left_out_and_reported(tmp_path, article, where, what):
    good = {"paragraphs": [{"context": CONTEXT, "qas": [question()]}]}
    path = tmp_path / "set.json"
    path.write_text(json.dumps({"data": [article, good]}), encoding="utf-8")
    dataset = read_dataset(path)
    assert (dataset.version, dataset.problems) == ("", (Problem(where, what),))
    assert [example.id for example in dataset.examples] == ["q1"]


def test_predictions_are_written_as_the_official_scripts_read_them(tmp_path):
    path = tmp_path / "predictions.json"
    path.write_text("old", encoding="utf-8")
    write_predictions(path, {"q1": "Zoë “Ada”", "q2": ""})
    assert json.loads(path.read_text(encoding="utf-8")) == {"q1": "Zoë “Ada”", "q2": ""}
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["predictions.json"]


def test_predictions_that_cannot_be_written_leave_nothing_behind(tmp_path):
    (tmp_path / "out").mkdir()
    with pytest.raises(DataError, match="'out' could not be written"):
        write_predictions(tmp_path / "out", {"q1": "Ada"})
    with pytest.raises(DataError, match="could not be written"):
        write_predictions(tmp_path / "nowhere" / "out.json", {"q1": "Ada"})
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]
