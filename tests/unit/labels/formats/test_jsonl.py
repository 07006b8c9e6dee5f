import json
from dataclasses import replace

import pytest

from qadesk.labels.formats import jsonl
from qadesk.records import LABELLED, LOST, OPEN, SKIPPED, GoldSpan, Label

from .conftest import TEXT, as_entries

ADA = (GoldSpan(0, 3, "Ada"),)


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.mark.parametrize(
    "row",
    [
        {"question": "Who?", "context": TEXT, "answers": [{"text": "Ada", "answer_start": 0}]},
        {"question": "Who?", "context": TEXT, "answers": {"text": ["Ada"], "answer_start": [0]}},
        {"query": "Who?", "passage": TEXT, "answer": {"text": "Ada", "start": 0, "end": 3}},
        {"question": "Who?", "text": TEXT, "answer": "Ada", "answer_start": 0},
        {"question": "Who?", "document": TEXT, "answer": "Ada", "start": 0, "end": 3},
        {"question": "Who?", "context": TEXT, "answers": [{"start": 0, "end": 3}], "is_impossible": False},
    ],
)
def test_names_that_are_in_use(read, labels_of, row):
    imported = read(lines(row), "set.jsonl")
    (label,) = labels_of(imported)
    assert (imported.format, imported.problems) == ("jsonl", [])
    assert (label.question, label.answers, label.state) == ("Who?", ADA, LABELLED)


@pytest.mark.parametrize(
    ("more", "state", "is_impossible"),
    [
        ({}, OPEN, False),
        ({"answers": None}, OPEN, False),
        ({"answer": ""}, OPEN, False),
        ({"is_impossible": False}, OPEN, False),
        ({"answers": []}, LABELLED, True),
        ({"answers": {"text": [], "answer_start": []}}, LABELLED, True),
        ({"is_impossible": True}, LABELLED, True),
        ({"no_answer": True, "answers": []}, LABELLED, True),
        ({"state": "skipped"}, SKIPPED, False),
    ],
)
def test_no_answers_are_not_the_same_as_no_answer(read, labels_of, more, state, is_impossible):
    (label,) = labels_of(read(lines({"question": "Who?", "context": TEXT} | more), "set.jsonl"))
    assert (label.state, label.is_impossible, label.answers) == (state, is_impossible, ())


def test_places_have_line_numbers_and_ids(read):
    row = {"id": "a", "question": "Who?", "context": TEXT, "answers": [{"text": "Ada", "answer_start": 1}]}
    imported = read(lines(row) + "\n{broken\n" + lines({"question": "Who?"}, [1]), "set.jsonl")
    assert [(problem.where, problem.what) for problem in imported.problems] == [
        ("line 3", "It is not valid JSON and was left out."),
        ("line 1 (a)", "The answer 'Ada' is not at 1 but at 0. The question was left out."),
        ("line 4", "It has no text and was left out."),
        ("line 5", "It has no text and was left out."),
    ]


@pytest.mark.parametrize(
    "answers", [3, "", [3], [None], ["Bob"], {"text": "Ada"}, {"text": [None, "Ada"]}, [[0, 3]], {"text": [["Ada"]]}]
)
def test_odd_answers_do_no_harm(read, answers):
    row = {"question": "Who?", "context": TEXT, "answers": answers}
    imported = read(lines(row, {"question": "Q?", "context": TEXT}), "set.jsonl")
    assert all(label.answers in ((), ADA) for _, labels in imported.texts for label in labels)


def test_a_list_of_rows_and_rows_under_data_are_read_too(read, labels_of):
    row = {"id": "a", "question": "Who?", "context": TEXT, "answers": {"text": ["1843"], "answer_start": [40]}}
    for content in ([row], {"version": "1", "data": [row]}, row):
        imported = read(content)
        assert (imported.format, [label.key for label in labels_of(imported)]) == ("jsonl", ["a"])


def test_there_and_back(read, labels_of):
    rows = [
        {"id": "a", "title": "T", "question": "Who?", "context": TEXT, "note": "sure", "level": 3,
         "answers": [{"text": "Ada", "answer_start": 46}, {"text": "Ada Lovelace", "answer_start": 0}]},
        {"id": "b", "title": "T", "question": "Where?", "context": TEXT, "is_impossible": True, "answers": []},
        {"id": "c", "title": "T", "question": "Why?", "context": TEXT},
        {"id": "d", "title": "T", "question": "How?", "context": TEXT, "state": "skipped"},
        {"id": "e", "title": "T", "question": "😀 wo?", "context": "Zeile\r\n\u2028 ü",
         "answers": [{"text": "ü", "answer_start": 9}]},
    ]  # fmt: skip
    imported = read(lines(*rows), "set.jsonl")
    assert imported.problems == []
    out = "".join(jsonl.write(as_entries(imported)))
    assert out.count("\n") == 5
    reimported = read(out, "again.jsonl")
    assert labels_of(imported) == [replace(label, origin="set.jsonl") for label in labels_of(reimported)]
    assert [text for text, _ in imported.texts] == [text for text, _ in reimported.texts]
    exported_rows = [json.loads(line) for line in out.split("\n") if line]
    assert [row.items() <= exported_row.items() for row, exported_row in zip(rows, exported_rows, strict=True)] == [
        True
    ] * 5


def test_answers_without_a_place_are_not_written():
    def label(state):
        return Label(1, 1, "k", "Q?", (GoldSpan(-1, -1, "Ada"),), False, state)

    assert not jsonl.keeps(label(LOST))
    assert jsonl.keeps(label(SKIPPED))
