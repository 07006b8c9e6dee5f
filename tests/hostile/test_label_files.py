"""Broken and hostile label files: a plain sentence, the good rows, and nothing else."""

import contextlib
import json
import os
import random
from dataclasses import replace

import pytest

from qadesk.errors import DataError
from qadesk.labels.formats import csv_table, doccano, jsonl, label_studio, raw_rows, registry, squad_export
from qadesk.labels.formats.content import MAX_BYTES
from qadesk.labels.formats.writing import entries
from qadesk.labels.label_files import read_dataset, read_labels
from qadesk.progress import finish

TEXT = "Ada Lovelace wrote the first program in 1843. Ada was born in London."
ROW = {"id": "a", "question": "Who?", "context": TEXT, "answers": [{"text": "Ada", "answer_start": 0}]}
DEEP = 100_000


def read(tmp_path, content, name="set.json"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return finish(read_labels(path))


@pytest.mark.parametrize("name", ["set.json", "set.jsonl", "set.csv", "set.tsv", "set.txt", "set"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n\t ",
        b"null",
        b"3",
        b'"data"',
        b"[]",
        b"{",
        b"[1, 2, null]",
        b"\x00\x01\x02\xff\xfe",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"PK\x03\x04" + b"\0" * 100,
        b"[" * DEEP,
        b'{"data":' * DEEP,
        b'{"data": [{"paragraphs": ' + b"[" * DEEP,
        b"1" + b"0" * 10_000,
        b"," * 10_000,
        b'"' * 9_999,
        b"\n" * 10_000 + b"x",
        "wörter\n".encode("latin-1"),
        b"question,answer\nWho?,Ada\n",
    ],
)
def test_what_is_no_labels_is_refused_in_words(tmp_path, name, content):
    with pytest.raises(DataError) as excinfo:
        read(tmp_path, content, name)
    assert name in excinfo.value.message
    assert excinfo.value.hint


@pytest.mark.parametrize("content", [b'{"data": [{"paragraphs": []}]}', b"{}", b'{"data": {}}', b"[{}]"])
def test_a_file_without_a_row_that_can_be_used_holds_nothing(tmp_path, content):
    imported = read(tmp_path, content)
    assert (imported.label_count, imported.examples) == (0, ())


def test_a_folder_a_pipe_and_a_file_that_is_not_there(tmp_path):
    with pytest.raises(DataError, match="is a folder"):
        finish(read_labels(tmp_path))
    with pytest.raises(DataError, match="There is no file"):
        finish(read_labels(tmp_path / "gone.json"))
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.json")
        with pytest.raises(DataError, match="is not an ordinary file"):
            finish(read_labels(tmp_path / "pipe.json"))


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)  # a hole, no bytes on the disk
    with pytest.raises(DataError, match=r"'huge.json' is larger than 500 MB"):
        finish(read_labels(path))


def test_rows_are_counted_before_they_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "MAX_ROWS", 3)
    with pytest.raises(DataError, match="more than 3 rows"):
        read(tmp_path, json.dumps([ROW] * 4))


def test_a_cell_has_a_bound(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_table, "MAX_TEXT", 1000)
    with pytest.raises(DataError, match="cannot be read"):
        read(tmp_path, "question,context\nWho?," + "x" * 2000, "set.csv")


def test_an_answer_that_is_long_is_reported_in_short(tmp_path):
    imported = read(tmp_path, json.dumps([ROW | {"answers": ["x" * 100_000]}]))
    assert all(len(problem.what) < 200 for problem in imported.problems)


def test_a_million_answers_to_one_question_are_read_once(tmp_path):
    rows = [ROW | {"answers": [{"text": "Ada", "answer_start": 0}] * 50_000}]
    assert read(tmp_path, json.dumps(rows)).label_count == 1


def test_ids_titles_and_notes_of_any_type_do_no_harm(tmp_path):
    odd = [None, 0, -1, 1.5, True, [], {}, [[]], "", " ", "\ud83d", "x" * 100_000, "\0", "../../etc/passwd", "=1+1"]
    names = ("id", "title", "note", "state", "more")
    rows = [{**ROW, "question": f"Q{number}?", **dict.fromkeys(names, value)} for number, value in enumerate(odd)]
    imported = read(tmp_path, json.dumps(rows))
    assert imported.label_count == len(odd)
    assert all(len(label.key) <= raw_rows.MAX_KEY for _, labels in imported.rows for label in labels)


SHAPES = {
    "squad": {"version": "v2.0", "data": [{"title": "T", "paragraphs": [{"context": TEXT, "qas": [
        {"id": "a", "question": "Who?", "is_impossible": False, "answers": [{"text": "Ada", "answer_start": 0}]},
        {"id": "b", "question": "Why?", "is_impossible": True, "answers": [], "plausible_answers": []}]}]}]},
    "jsonl": [ROW, ROW | {"id": "b", "answers": {"text": ["Ada"], "answer_start": [46]}}],
    "label-studio": [{"id": 1, "data": {"text": TEXT, "question": "Who?"}, "annotations": [
        {"was_cancelled": False, "result": [
            {"type": "labels", "value": {"start": 0, "end": 3, "text": "Ada", "labels": ["Answer"]}}]}]}],
    "doccano": [{"id": 1, "text": TEXT, "question": "Who?", "label": [[0, 3, "Answer"]], "Comments": ["x"]},
                {"text": TEXT, "meta": {"question": "Why?"}, "entities": [{"start_offset": 0, "end_offset": 3}]},
                {"text": TEXT, "question": "Why?", "annotations": [{"response": "Ada", "start_offset": 0}]}],
    "choices": [{"data": {"text": TEXT, "question": "Who?"}, "annotations": [{"result": [
        {"type": "choices", "value": {"choices": ["No answer"]}},
        {"from_name": "question", "value": {"text": ["When?"]}}]}]}],
    "columns": {"id": ["a"], "question": ["Who?"], "context": [f"\U0001f6a2\r\n{TEXT}"],
                "answers": [{"text": ["Ada"], "answer_start": [3]}]},
    "pandas": {"columns": ["question", "context", "answer", "answer_start"], "data": [["Who?", TEXT, "Ada", 0.0]]},
    "paragraphs": [{"title": "T", "context": TEXT, "qas": [
        {"qid": "a", "question": "Who?", "answers": ["Ada"],
         "detected_answers": [{"text": "Ada", "char_spans": [[0, 2]]}]}]}, {"header": {"dataset": "x"}}],
}  # fmt: skip
ODD = [None, True, 0, -1, 10**30, 1.5, float("nan"), "", " ", "x", "\ud83d", "\0", [], {}, [None], {"text": None}, [[]]]


def mutants(content, chance):
    """``content`` again and again, each time with one value in it that is something else, or gone."""
    places = []

    def walk(value, path):
        places.append(path)
        for key, part in (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        ):
            walk(part, (*path, key))

    walk(content, ())
    for path in places[1:]:
        for odd in (*chance.sample(ODD, 6), "gone"):
            changed = json.loads(json.dumps(content))
            *way, last = path
            inner = changed
            for key in way:
                inner = inner[key]
            if odd == "gone" and isinstance(inner, dict):
                del inner[last]
            else:
                inner[last] = odd
            yield changed


@pytest.mark.parametrize("shape", SHAPES)
def test_any_value_can_be_wrong_and_what_is_kept_can_be_written_and_read_again(tmp_path, shape):
    for content in mutants(SHAPES[shape], random.Random(7)):
        try:
            imported = read(tmp_path, json.dumps(content))
        except DataError:
            continue
        for text, labels in imported.rows:
            for label in labels:
                assert all(answer.stands_in(text.text) for answer in label.answers)
                assert len(label.answers) == 0 or not label.is_impossible
                label.extra.encode("utf-8")
        writable(imported)
        with contextlib.suppress(DataError):
            read_dataset(tmp_path / "set.json")


def writable(imported):
    texts = {number: text for number, (text, _) in enumerate(imported.rows, 1)}
    labels = [replace(label, text_id=number) for number, (_, part) in enumerate(imported.rows, 1) for label in part]
    rows = entries(labels, texts)
    for write in (jsonl.write, csv_table.write, label_studio.write, doccano.write):
        "".join(write(rows)).encode("utf-8")
    for has_flag in (False, True):
        json.loads("".join(squad_export.write(rows, has_flag=has_flag)).encode("utf-8"))


def test_cut_off_files_are_refused_or_read_as_far_as_they_go(tmp_path):
    lines = "".join(json.dumps(ROW | {"id": str(number), "question": f"Q{number}?"}) + "\n" for number in range(3))
    for end in range(1, len(lines), 7):
        try:
            imported = read(tmp_path, lines[:end], "set.jsonl")
        except DataError:
            continue
        assert imported.label_count == lines[:end].count("}\n") + (lines[:end].endswith("}") and lines[end] == "\n")
