import json
from dataclasses import replace

import pytest

from qadesk.labels.formats import doccano
from qadesk.records import LABELLED, OPEN, SKIPPED, GoldSpan

from .conftest import TEXT, as_entries


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.mark.parametrize(
    "row",
    [
        {"id": 5, "text": TEXT, "question": "Who?", "label": [[46, 49, "Answer"]], "Comments": []},
        {"id": 5, "text": TEXT, "meta": {"question": "Who?"}, "labels": [[46, 49, "Answer"]]},
        {"id": 5, "data": TEXT, "question": "Who?", "label": [[46, 49, "Answer"]]},
        {"text": TEXT, "question": "Who?", "relations": [],
         "entities": [{"id": 1, "label": "Answer", "start_offset": 46, "end_offset": 49}]},
        {"id": 5, "text": TEXT, "meta": {"question": "Who?"},
         "annotations": [{"label": 7, "start_offset": 46, "end_offset": 49, "user": 1}]},
        {"text": TEXT, "question": "Who?", "entities": [[46, 49, "A"]], "username": "admin"},
    ],
)  # fmt: skip
def test_rows_of_all_versions(read, labels_of, row):
    for content, name in ((lines(row), "set.jsonl"), ([row], "set.json"), (lines(row, row), "set.json")):
        imported = read(content, name)
        assert imported.format == "doccano"
        assert [(label.question, label.answers) for label in labels_of(imported)] == [
            ("Who?", (GoldSpan(46, 49, "Ada"),))
        ]


@pytest.mark.parametrize(
    ("more", "state", "is_impossible"),
    [
        ({}, OPEN, False),
        ({"is_impossible": True}, LABELLED, True),
        ({"meta": {"is_impossible": True}}, LABELLED, True),
        ({"state": "skipped"}, SKIPPED, False),
    ],
)
def test_an_empty_list_does_not_mean_no_answer(read, labels_of, more, state, is_impossible):
    (label,) = labels_of(read(lines({"text": TEXT, "question": "Who?", "label": []} | more), "set.jsonl"))
    assert (label.state, label.is_impossible) == (state, is_impossible)


def test_comments_are_the_note(read, labels_of):
    row = {"text": TEXT, "question": "Who?", "label": [], "Comments": ["one", "two"]}
    assert [label.note for label in labels_of(read(lines(row), "set.jsonl"))] == ["one\ntwo"]


def test_problems_have_the_line(read):
    rows = [
        {"text": TEXT, "label": [[0, 3, "A"]]},
        {"id": "k", "text": TEXT, "question": "Q1?", "label": [[60, 99, "A"]]},
        {"text": TEXT, "question": "Q2?", "label": [3, ["x", 3, "A"]]},
    ]
    assert [(problem.where, problem.what) for problem in read(lines(*rows), "set.jsonl").problems] == [
        ("line 1", "It has no question and was left out."),
        ("line 2 (k)", "An answer from 60 to 99 is not within the text. The question was left out."),
        (
            "line 3",
            "An answer has no text. An answer has an offset that is not a whole number. The question was left out.",
        ),
    ]


def test_there_and_back(read, labels_of):
    rows = [
        {"id": "a", "title": "T", "question": "Who?", "context": TEXT, "note": "sure",
         "answers": [{"text": "Ada", "answer_start": 46}, {"text": "Ada Lovelace", "answer_start": 0}]},
        {"id": "b", "title": "T", "question": "Where?", "context": TEXT, "is_impossible": True},
        {"id": "c", "title": "T", "question": "Why?", "context": TEXT},
        {"id": "d", "title": "T", "question": "How?", "context": TEXT, "state": "skipped"},
    ]  # fmt: skip
    imported = read(rows)
    out = "".join(doccano.write(as_entries(imported)))
    assert json.loads(out.split("\n")[0])["label"] == [[46, 49, "Answer"], [0, 12, "Answer"]]
    reimported = read(out, "again.jsonl")
    assert (reimported.format, reimported.problems) == ("doccano", [])
    assert labels_of(imported) == [replace(label, origin="set.json") for label in labels_of(reimported)]
    assert [text for text, _ in imported.texts] == [text for text, _ in reimported.texts]
