import json
from dataclasses import replace

import pytest

from qadesk.labels.formats import label_studio
from qadesk.records import LABELLED, OPEN, SKIPPED, GoldSpan

from .conftest import TEXT, as_entries

DATA = {"text": TEXT, "question": "Who?"}


def result(start, end, text=None, **more):
    value = {"start": start, "end": end, "labels": ["Answer"]} | ({} if text is None else {"text": text})
    return {"value": value | more, "id": "b0wK", "from_name": "answer", "to_name": "text", "type": "labels"}


def task(*annotations, **more):
    annotation_rows = [{"result": results, "was_cancelled": False} for results in annotations]
    return {"id": 7, "data": DATA, "annotations": annotation_rows, "predictions": [], "project": 3} | more


@pytest.fixture
def one(read, labels_of):
    def make(row):
        imported = read([row])
        assert (imported.format, imported.problems) == ("label-studio", [])
        (label,) = labels_of(imported)
        return label

    return make


@pytest.mark.parametrize(
    "row",
    [
        task([result(46, 49, "Ada")]),
        task([result(46, 49)]),
        task([result("46", "49", "Ada")]),
        task([result("/p[1]/text()[1]", "/p[1]/text()[1]", "Ada", globalOffsets={"start": 46, "end": 49})]),
        {"data": DATA, "completions": [{"result": [result(46, 49, "Ada")]}]},
        {
            "id": 7,
            **DATA,
            "answer": [{"start": 46, "end": 49, "text": "Ada", "labels": ["Answer"]}],
            "annotation_id": 5,
        },
        task([result(46, 49, "Ada")], [result(46, 49, "Ada")]),
    ],
)
def test_spans_in_all_forms(one, row):
    label = one(row)
    assert (label.question, label.answers, label.state) == ("Who?", (GoldSpan(46, 49, "Ada"),), LABELLED)


def test_labels_of_two_people_are_both_kept(one):
    label = one(task([result(46, 49, "Ada")], [result(0, 12, "Ada Lovelace")]))
    assert [span.start for span in label.answers] == [46, 0]


def test_two_people_who_do_not_agree_whether_there_is_an_answer_are_told(read, labels_of):
    imported = read([task([result(46, 49, "Ada")], [])])
    assert [label.answers for label in labels_of(imported)] == [(GoldSpan(46, 49, "Ada"),)]
    assert [problem.what for problem in imported.problems] == [
        "One annotator marked an answer, another marked none: the answer counts."
    ]


@pytest.mark.parametrize(
    ("row", "state", "is_impossible"),
    [
        (task(), OPEN, False),
        ({"data": DATA}, OPEN, False),
        (task([]), LABELLED, True),
        (task([{"type": "choices", "value": {"choices": ["No answer"]}}]), LABELLED, True),
        (task(annotations=[{"result": [], "was_cancelled": True}]), SKIPPED, False),
        ({**DATA, "annotation_id": 5, "annotator": 1, "lead_time": 2.0}, LABELLED, True),
    ],
)
def test_what_was_done_with_a_task(one, row, state, is_impossible):
    label = one(row)
    assert (label.state, label.is_impossible, label.answers) == (state, is_impossible, ())


def test_old_versions_counted_as_javascript_does(one):
    text = "💩This is an annotation."
    label = one(
        {"data": {"text": text, "question": "What?"}, "annotations": [{"result": [result(13, 23, "annotation")]}]}
    )
    assert label.answers == (GoldSpan(12, 22, "annotation"),)


def test_line_ends_in_the_text_of_a_span(one):
    text = "One\ntwo three"
    label = one({"data": {"text": text, "question": "What?"}, "annotations": [{"result": [result(0, 7, "One\\ntwo")]}]})
    assert label.answers == (GoldSpan(0, 7, "One\ntwo"),)


def test_a_written_answer_counts_where_it_stands_once(read, labels_of):
    text_area = {"type": "textarea", "value": {"text": ["1843"]}}
    assert labels_of(read([task([text_area])]))[0].answers == (GoldSpan(40, 44, "1843"),)


def test_problems_have_the_row(read):
    imported = read([task([result(44, 47, "Ada")]), {"data": {"text": TEXT}}, {"data": []}, task([result(1, None)]), 5])
    assert [(problem.where, problem.what) for problem in imported.problems] == [
        ("row 1", "The answer 'Ada' is not at 44 but at 46. The question was left out."),
        ("row 2", "It has no question and was left out."),
        ("row 3", "It has neither a question nor a text (but 'data') and was left out."),
        ("row 4", "An answer has neither a text nor an end. The question was left out."),
        ("row 5", "It has no text and was left out."),
    ]


@pytest.mark.parametrize(
    "value", [None, 3, [], {"start": []}, {"start": {}, "end": 1.5}, {"text": [None]}, {"choices": 3}]
)
def test_odd_results_do_no_harm(read, value):
    read([task([{"value": value}, 3, None]), {"data": DATA, "annotations": {"a": 1}}, task([result(0, 3)], result=1)])


def test_there_and_back(read, labels_of):
    rows = [
        {"id": "a", "title": "T", "question": "Who?", "context": TEXT, "note": "sure",
         "answers": [{"text": "Ada", "answer_start": 46}, {"text": "Ada Lovelace", "answer_start": 0}]},
        {"id": "b", "title": "T", "question": "Where?", "context": TEXT, "is_impossible": True},
        {"id": "c", "title": "T", "question": "Why?", "context": TEXT},
        {"id": "d", "title": "T", "question": "How?", "context": TEXT, "state": "skipped"},
    ]  # fmt: skip
    imported = read(rows)
    reimported = read("".join(label_studio.write(as_entries(imported))), "again.json")
    assert (reimported.format, reimported.problems) == ("label-studio", [])
    assert labels_of(imported) == [replace(label, origin="set.json") for label in labels_of(reimported)]
    assert [text for text, _ in imported.texts] == [text for text, _ in reimported.texts]


def test_the_template_for_question_answering_can_read_it(read):
    row = {"id": "a", "question": "Who?", "context": TEXT, "answers": [{"text": "Ada", "answer_start": 46}]}
    (exported,) = json.loads("".join(label_studio.write(as_entries(read([row])))))
    assert (exported["data"]["text"], exported["data"]["question"]) == (TEXT, "Who?")
    (answer,) = exported["annotations"][0]["result"]
    assert (answer["from_name"], answer["to_name"], answer["type"]) == ("answer", "text", "labels")
    assert answer["value"] == {"start": 46, "end": 49, "text": "Ada", "labels": ["Answer"]}
