"""The layouts of data sets, each a small file that is read as the import does."""

import gzip
import json

import pytest

from qadesk.errors import DataError
from qadesk.labels.formats import packed_files
from qadesk.labels.label_files import read_dataset
from qadesk.records import LABELLED, OPEN, SKIPPED

from .conftest import TEXT, collect

ANSWERS = [{"text": "1843", "answer_start": 40}]
QUESTION = {"id": "a", "question": "When?", "answers": ANSWERS}
PARAGRAPH = {"context": TEXT, "qas": [QUESTION]}
ROW = {"id": "a", "question": "When?", "context": TEXT, "answers": {"text": ["1843"], "answer_start": [40]}}
NONE = {"id": "b", "question": "Why?", "context": TEXT, "answers": {"text": [], "answer_start": []}}
COLUMNS = {name: [ROW[name], NONE[name]] for name in ROW}
DETECTED = {"qid": "a", "question": "When?", "answers": ["1843"],
            "detected_answers": [{"text": "1843", "char_spans": [[40, 43]], "token_spans": [[6, 6]]}]}  # fmt: skip
SPAN = {"start_offset": 40, "end_offset": 44}


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def answers_in(contents):
    return {label.key: [span.text for span in label.answers] for _, labels in contents.texts for label in labels}


@pytest.mark.parametrize(
    "content",
    [
        [PARAGRAPH],
        [{"title": "T", "paragraphs": [PARAGRAPH]}],
        {"title": "T", "paragraphs": [PARAGRAPH]},
        PARAGRAPH,
        {"data": [PARAGRAPH]},
        {"data": {"title": "T", "paragraphs": [PARAGRAPH]}},
        {"data": [{"data": [{"paragraphs": [PARAGRAPH]}]}]},
        {"train": [PARAGRAPH]},
        {"data": [{"title": "U", "paragraphs": []}, PARAGRAPH]},
        lines(PARAGRAPH),
        lines({"header": {"dataset": "Toy"}}, {"id": "", "context": TEXT, "qas": [DETECTED]}),
        {"paragraphs": [{"context": TEXT, "qas": [QUESTION | {"answers": ROW["answers"]}]}]},
        {"paragraphs": [{"context": TEXT, "qas": [QUESTION | {"answers": ["1843"]}]}]},
    ],
)
def test_parts_of_squad_are_read_without_the_rest(read, content):
    name = "set.jsonl" if isinstance(content, str) else "set.json"
    contents = read(content, name)
    assert (answers_in(contents), contents.problems) == ({"a": ["1843"]}, [])


@pytest.mark.parametrize(
    "content",
    [
        COLUMNS,
        {"data": COLUMNS},
        {name: {"0": column[0], "7": column[1]} for name, column in COLUMNS.items()},
        {"columns": list(ROW), "index": [0, 7], "data": [list(ROW.values()), list(NONE.values())]},
        {"0": ROW, "7": NONE},
        {"schema": {}, "data": [ROW, NONE]},
        {"train": [ROW], "validation": [NONE]},
        {"features": [], "rows": [{"row_idx": 0, "row": ROW}, {"row_idx": 1, "row": NONE}]},
        [ROW, NONE],
    ],
)
def test_rows_and_columns_as_datasets_and_pandas_write_them(read, labels_of, content):
    contents = read(content)
    assert (answers_in(contents), contents.problems) == ({"a": ["1843"], "b": []}, [])
    assert [label.is_impossible for label in labels_of(contents)] == [False, True]


@pytest.mark.parametrize(
    "columns", [COLUMNS | {"id": ["a"]}, {"question": {"0": "When?"}, "context": {"1": TEXT}}], ids=["lists", "dicts"]
)
def test_columns_that_do_not_fit_are_refused(read, columns):
    with pytest.raises(DataError, match="columns of this file"):
        read(columns)


@pytest.mark.parametrize("cell", [
    '{"text": ["1843"], "answer_start": [40]}',
    "{'text': ['1843'], 'answer_start': [40]}",
    "{'text': array(['1843'], dtype=object), 'answer_start': array([40])}",
    "{'text': array(['1843'], dtype=object), 'answer_start': array([40], dtype=int32)}",
])  # fmt: skip
def test_a_table_of_pandas_has_records_in_its_cells(read, cell):
    table = f'id,question,context,answers\na,When?,"{TEXT}","{cell.replace(chr(34), chr(34) * 2)}"\n'
    contents = read(table, "set.csv")
    assert (answers_in(contents), contents.problems) == ({"a": ["1843"]}, [])


def test_the_table_of_haystack_has_its_answer_as_text(read):
    table = f'question,document_id,context,text,answer_start,is_impossible\nWhen?,3,"{TEXT}",1843,40,False\n'
    contents = read(table, "set.csv")
    assert (list(answers_in(contents).values()), contents.problems) == ([["1843"]], [])


@pytest.mark.parametrize(
    ("row", "states"),
    [
        ({"answer": 1843, "answer_start": 40}, [LABELLED]),
        ({"answer": 1843.0, "answer_start": "40"}, [LABELLED]),
        ({"answer": "1843", "answer_start": 40.0}, [LABELLED]),
        ({"answer": float("nan"), "answer_start": float("nan")}, [OPEN]),
        ({"answers": ["1843"], "answer_start": [40]}, [LABELLED]),
        ({"answer_start": 40, "answer_end": 44}, [LABELLED]),
        ({"answers.text": ["1843"], "answers.answer_start": [40]}, [LABELLED]),
        ({"marks": [{"start": 40, "end": 44, "label": "A"}]}, [LABELLED]),
        ({"answers": [], "is_impossible": "TRUE"}, [LABELLED]),
        ({"is_impossible": 1}, [LABELLED]),
        ({"answer": "", "answer_start": 0, "answer_end": 0}, [OPEN]),
        ({"answer": None, "answer_start": -1, "answer_end": -1}, [OPEN]),
        ({"text": "Another text."}, [OPEN]),
        ({"tokens": [{"text": "1843", "start": 40, "end": 44}]}, [OPEN]),
        ({"is_impossible": float("nan")}, [OPEN]),
        ({"spans": [{"start": 40, "end": 44}], "answer": "accept"}, [LABELLED]),
        ({"spans": [{"start": 40, "end": 44}], "answer": "ignore"}, [SKIPPED]),
    ],
)
def test_numbers_as_texts_and_nan_are_read_alike_in_all_formats(read, labels_of, row, states):
    contents = read([{"question": "When?", "context": TEXT} | row])
    assert contents.problems == []
    labels = labels_of(contents)
    assert [label.state for label in labels] == states
    assert all(span.text == "1843" for label in labels for span in label.answers)
    assert labels[0].answers or states != [LABELLED] or labels[0].is_impossible


def test_spans_that_are_no_answers_are_told(read, labels_of):
    contents = read([{"question": "When?", "context": TEXT, "people": [{"start": 0, "end": 3}]}])
    assert [label.state for label in labels_of(contents)] == [OPEN]
    assert [problem.what for problem in contents.problems] == ["The spans under 'people' were not taken for answers."]


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ([{"text": TEXT, "question": "Why?"}, {"text": TEXT, "question": "When?", "entities": [SPAN]}], "doccano"),
        ([{"text": TEXT, "question": "Why?"},
          {"text": TEXT, "question": "When?", "label": [[40, 44, "A"]]}], "doccano"),
        ([{"text": TEXT, "question": "Why?"},
          {"data": {"text": TEXT, "question": "When?"},
           "annotations": [{"result": [{"value": {"start": 40, "end": 44}}]}]}], "label-studio"),
        ([{"text": TEXT, "question": "Why?"},
          {"text": TEXT, "question": "When?", "answer": [{"start": 40, "end": 44, "text": "1843"}],
           "annotation_id": 5}], "label-studio"),
    ],
)  # fmt: skip
def test_all_rows_say_which_format_a_file_has(read, labels_of, rows, name):
    for content, file in ((rows, "set.json"), (lines(*rows), "set.jsonl")):
        contents = read(content, file)
        assert (contents.format, contents.problems) == (name, [])
        assert [[span.text for span in label.answers] for label in labels_of(contents)] == [[], ["1843"]]


def test_the_old_projects_of_doccano_for_question_answering(read, labels_of):
    rows = [
        {"id": 1, "text": TEXT, "question": "When?", "annotations": [{"response": "1843", "start_offset": 40}]},
        {"id": 2, "text": TEXT, "question": "Who?",
         "annotations": [{"response": "_SKIPPED_BY_USER", "start_offset": 0}]},
    ]  # fmt: skip
    contents = read(lines(*rows), "set.jsonl")
    assert contents.problems == []
    assert [(label.state, [span.text for span in label.answers]) for label in labels_of(contents)] == [
        (LABELLED, ["1843"]), (SKIPPED, []),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "title"),
    [
        ({"id": "c", "story": TEXT, "questions": [], "answers": []}, "CoQA"),
        ({"document_text": TEXT, "question_text": "When?", "annotations": []}, "Natural Questions"),
        ({"passage": TEXT, "qa_pairs": []}, "DROP"),
        ({"question": "When?", "context": [], "supporting_facts": []}, "HotpotQA"),
    ],
)
def test_layouts_that_are_not_read_are_named(read, row, title):
    for content, name in (([row, ROW], "set.json"), ({"data": [row, ROW]}, "set.json"), (lines(row, ROW), "set.jsonl")):
        contents = read(content, name)
        assert list(answers_in(contents)) == ["a"]
        assert [problem.what.partition(":")[0] for problem in contents.problems] == [
            f"It is in a layout that is not read ({title}"
        ]


def test_a_row_of_an_unknown_layout_is_told_by_its_keys(read):
    contents = read([ROW, {"frage": "Wann?", "absatz": TEXT}])
    assert [problem.what for problem in contents.problems] == [
        "It has neither a question nor a text (but 'frage', 'absatz') and was left out."
    ]


@pytest.mark.parametrize(("name", "content"), [
    ("set.json.gz", json.dumps([ROW])), ("set.jsonl.gz", lines(ROW)), ("set.gz", json.dumps([PARAGRAPH])),
    ("set.csv.gz", f'id,question,context,answer\na,When?,"{TEXT}",1843\n'),
])  # fmt: skip
def test_files_that_are_packed_with_gzip(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(gzip.compress(content.encode()))
    assert answers_in(collect(path)) == {"a": ["1843"]}
    assert [example.gold_texts for example in read_dataset(path).examples] == [("1843",)]


def test_a_packed_file_is_unpacked_up_to_a_bound(monkeypatch):
    data = gzip.compress(b"x" * 5000)
    assert packed_files.unpacked_file("a.json.gz", data, 5000) == ("a.json", b"x" * 5000)
    with pytest.raises(DataError, match=r"'a.json.gz' is larger than 0 MB when it is unpacked"):
        packed_files.unpacked_file("a.json.gz", data, 4999)


@pytest.mark.parametrize(
    "data",
    [gzip.compress(b"x" * 99)[:-9], b"\x1f\x8b\x08\x00" + b"?" * 40, b"\x1f\x8b"],
    ids=["cut short", "no deflated data", "the first bytes alone"],  # without ids: the time that gzip writes
)
def test_a_damaged_packed_file_is_told(data):
    with pytest.raises(DataError, match="is damaged"):
        packed_files.unpacked_file("a.json.gz", data, 5000)


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"PK\x03\x04", "a ZIP archive or a spreadsheet"), (b"PAR1", "a Parquet file"), (b"BZh91", "packed with bzip2")],
)
def test_files_that_are_packed_otherwise_are_named(tmp_path, data, message):
    path = tmp_path / "set.json"
    path.write_bytes(data + b"\x00\xff" * 20)
    with pytest.raises(DataError, match=message):
        collect(path)


def test_lines_in_utf16_are_read(read):
    assert answers_in(read(lines(ROW).encode("utf-16"), "set.jsonl")) == {"a": ["1843"]}
