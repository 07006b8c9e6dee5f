import json
from dataclasses import replace

import pytest

from qadesk.labels.formats import raw_rows
from qadesk.labels.formats.raw_answers import RawAnswer
from qadesk.labels.formats.raw_rows import RawRow, RowCollector
from qadesk.records import LABELLED, OPEN, SKIPPED, GoldSpan

TEXT = "Ada Lovelace wrote the first program in 1843. Ada was born in London."
ROW = RawRow("line 1", TEXT, "Who wrote it?", [RawAnswer("Ada Lovelace", 0)], key="q1", title="Ada")


def problems_of(*rows):
    collector = RowCollector("set.json")
    for row in rows:
        collector.add(row)
    return [problem.what for problem in collector.problems]


def only(row):
    collector = RowCollector("set.json")
    collector.add(row)
    ((text, (label,)),) = collector.texts
    return text, label, collector.problems


def test_a_good_row_becomes_a_text_and_a_label():
    text, label, problems = only(replace(ROW, note="sure"))
    assert problems == []
    assert (text.id, text.title, text.kind, text.path, text.group, text.text) == (0, "Ada", "text", None, "Ada", TEXT)
    assert (label.key, label.question, label.answers) == ("q1", "Who wrote it?", (GoldSpan(0, 12, "Ada Lovelace"),))
    assert (label.state, label.is_impossible, label.note, label.origin, label.extra) == (
        LABELLED, False, "sure", "set.json", "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "state", "is_impossible"),
    [
        ({"answers": None}, OPEN, False),
        ({"answers": None, "is_impossible": True}, LABELLED, True),
        ({"answers": [], "is_impossible": True}, LABELLED, True),
        ({"answers": []}, LABELLED, True),
        ({"answers": [RawAnswer("", -1)], "is_impossible": True, "needs_mark": True}, LABELLED, True),
        ({"answers": None, "state": SKIPPED}, SKIPPED, False),
        ({"state": SKIPPED}, SKIPPED, False),
        ({"state": {"a": 1}}, LABELLED, False),
    ],
)
def test_the_state_of_a_row(change, state, is_impossible):
    _, label, problems = only(replace(ROW, **change))
    assert (label.state, label.is_impossible, problems) == (state, is_impossible, [])


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"text": None}, "It has no text and was left out."),
        ({"text": " \n"}, "It has no text and was left out."),
        ({"text": ["Ada"]}, "It has no text and was left out."),
        ({"text": "half a \ud83d"}, "It has no text and was left out."),
        ({"question": ""}, "The question is empty and was left out."),
        ({"question": 7}, "The question is empty and was left out."),
        ({"question": None}, "It has no question and was left out."),
        ({"problem": "It is a song"}, "It is a song and was left out."),
        ({"question": "?" * 10_001}, "The question is longer than 10,000 characters and was left out."),
        ({"needs_mark": True, "answers": []}, "It has no usable answer. The question was left out."),
        ({"answers": [RawAnswer("", -1)]}, "It has no usable answer. The question was left out."),
    ],
)
def test_a_row_that_cannot_be_used_is_reported_with_its_place(change, what):
    collector = RowCollector("set.json")
    collector.add(replace(ROW, **change))
    assert collector.texts == ()
    assert [(problem.where, problem.what) for problem in collector.problems] == [("line 1 (q1)", what)]


def test_a_text_has_a_bound(monkeypatch):
    monkeypatch.setattr(raw_rows, "MAX_TEXT", len(TEXT) - 1)
    assert problems_of(ROW) == ["Its text is longer than 68 characters and was left out."]


def test_a_bad_answer_does_not_cost_the_good_one():
    _, label, problems = only(replace(ROW, answers=[RawAnswer("Ada", 44), RawAnswer("1843", 40)]))
    assert label.answers == (GoldSpan(40, 44, "1843"),)
    assert [problem.what for problem in problems] == [
        "The answer 'Ada' is not at 44 but at 46. This answer was left out."
    ]


@pytest.mark.parametrize("is_impossible", [None, False, True])
def test_a_row_whose_answers_are_all_bad_is_left_out_and_not_taken_for_unanswerable(is_impossible):
    row = replace(ROW, answers=[RawAnswer("Ada", 44), RawAnswer("Bob", 0)], is_impossible=is_impossible)
    assert problems_of(row) == [
        "The answer 'Ada' is not at 44 but at 46. The answer 'Bob' is not in the text. The question was left out."
    ]


def test_an_empty_answer_to_an_unanswerable_question_does_no_harm():
    _, label, problems = only(replace(ROW, answers=[RawAnswer("", 0)], is_impossible=True))
    assert (label.is_impossible, problems) == (True, [])


def test_answers_count_for_more_than_the_mark():
    assert problems_of(replace(ROW, is_impossible=True)) == [
        "It is marked as having no answer, but has one: the answer counts."
    ]
    assert problems_of(replace(ROW, answers=[], is_impossible=False)) == [
        "It has no answer, but is not marked so: it counts as having none."
    ]
    assert problems_of(replace(ROW, is_impossible="maybe")) == [
        "Whether it has an answer is not said by true or false: the answers count."
    ]


def test_duplicates():
    second_row = replace(ROW, key="q2", where="line 2")
    assert problems_of(ROW, second_row) == []  # data sets have them, under ids of their own
    assert problems_of(ROW, ROW) == ["An earlier row has the same id: this one is a duplicate and was left out."]
    assert problems_of(ROW, replace(ROW, answers=[RawAnswer("Ada", 0)])) == [
        "An earlier row has the same id and other answers: this one was left out."
    ]
    assert problems_of(ROW, replace(ROW, key=None, question="who  wrote it?")) == [
        "An earlier row asks the same of the same text: this one is a duplicate and was left out."
    ]


def test_a_row_without_an_id_gets_the_same_each_time():
    keys = {only(replace(ROW, key=key))[1].key for key in (None, "", [], True, "x" * 501)}
    assert len(keys) == 1
    assert keys != {only(replace(ROW, key=None, question="Who was it?"))[1].key}
    assert only(replace(ROW, key=17))[1].key == "17"


def test_one_text_in_one_group_is_one_row_of_texts():
    collector = RowCollector("set.json")
    for number, title in enumerate(["Ada", "Ada", "Babbage"]):
        collector.add(replace(ROW, key=str(number), title=title))
    assert [(text.group, len(labels)) for text, labels in collector.texts] == [("Ada", 2), ("Babbage", 1)]


def test_what_stands_once_in_the_file_goes_with_the_first_good_row():
    collector = RowCollector("set.json")
    heads = (("file", "f", {"source": "here"}),)
    for row in (replace(ROW, question="", heads=heads), replace(ROW, heads=heads), replace(ROW, key="q2", heads=heads)):
        collector.add(row)
    ((_, labels),) = collector.texts
    assert [label.extra for label in labels] == [json.dumps({"file": {"source": "here"}}, separators=(",", ":")), ""]


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({"question": "who " * 350}, []),
        ({"question": "who " * 351}, ["The question has 351 words: that is too long for most models."]),
        ({"question": "???"}, ["The question has no words in it: it cannot be asked, nor learned from."]),
        (
            {"text": "--- ... ---", "answers": [RawAnswer("...", 4)]},
            ["The text has no words in it: it cannot be read, nor learned from."],
        ),
    ],
)
def test_what_cannot_be_asked_is_kept_and_reported(change, problems):
    _, label, notes = only(replace(ROW, **change))
    assert label.answers
    assert [note.what for note in notes] == problems
