import json
from dataclasses import replace
from pathlib import Path

import pytest

from qadesk.errors import DataError
from qadesk.labels.formats import registry
from qadesk.labels.formats.raw_rows import RawRow
from qadesk.labels.formats.writing import dumps, entries
from qadesk.records import LABELLED, GoldSpan, Label, LabelText

from .conftest import TEXT

ROW = {"id": "a", "question": "Who?", "context": TEXT, "answers": [{"text": "Ada", "answer_start": 0}]}
SQUAD = {"data": [{"paragraphs": [{"context": TEXT, "qas": [ROW]}]}]}
TASK = {"data": {"text": TEXT, "question": "Who?"}}
SPANS = {"text": TEXT, "question": "Who?", "label": [[0, 3, "A"]]}


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("set.json", json.dumps(SQUAD), "squad-1.1"),
        ("set.json", json.dumps(SQUAD).replace('"id"', '"is_impossible": false, "id"'), "squad-2.0"),
        ("set", json.dumps(SQUAD), "squad-1.1"),
        ("set.json", json.dumps(SQUAD).encode("utf-16"), "squad-1.1"),
        ("set.json", json.dumps([TASK]), "label-studio"),
        ("set.json", json.dumps(TASK), "label-studio"),
        ("set.json", json.dumps([SPANS]), "doccano"),
        ("set.json", json.dumps([ROW]), "jsonl"),
        ("set.json", json.dumps(ROW) + "\n" + json.dumps(ROW), "jsonl"),
        ("set.jsonl", "\ufeff\n" + json.dumps(ROW), "jsonl"),
        ("SET.JSONL", json.dumps(SPANS), "doccano"),
        ("set.ndjson", json.dumps(ROW), "jsonl"),
        ("set.txt", json.dumps(ROW) + "\n" + json.dumps(ROW), "jsonl"),
        ("set.csv", "question,context\nWho?,Ada\n", "csv"),
        ("set.jsonl", "question,context\nWho?,Ada\n", "csv"),
        ("set", "query;text\nWho?;Ada\n", "csv"),
    ],
)
def test_a_format_is_known_by_what_is_in_the_file(read, labels_of, name, content, expected):
    imported = read(content, name)
    assert imported.format == expected
    assert {label.question for label in labels_of(imported)} == {"Who?"}


def test_a_format_is_one_row(read, labels_of, monkeypatch):
    def rows(content, note):
        note("line 0", "A toy.")
        return 1, iter([RawRow("line 1", content.table, "Who?", None)])

    toy = replace(
        registry.export_format("jsonl", Path("x"), ()),
        name="toy",
        title_in_list="Toy",
        sniff=lambda content: content.table is not None and content.table.startswith("TOY"),
        rows=rows,
        is_of_program=True,
        is_general=False,
    )
    monkeypatch.setattr(registry, "FORMATS", (*registry.FORMATS, toy))
    imported = read("TOY text", "set.toy")
    assert imported.format == "toy"
    assert [label.question for label in labels_of(imported)] == ["Who?"]
    assert imported.problems[0].what == "A toy."
    with pytest.raises(DataError, match="holds no labels") as excinfo:
        read([], "set.json")
    assert excinfo.value.hint == (
        "QADesk reads labels from SQuAD 1.1 and 2.0, JSON Lines, CSV, and exports of Label Studio, doccano and Toy."
    )
    with pytest.raises(DataError, match="in no format that QADesk knows") as excinfo:
        read("toy", "set.toy")
    assert excinfo.value.hint.endswith("and Toy. A table needs a first line with the columns question and context.")


def test_the_formats_that_are_read_are_named_in_a_sentence(read):
    with pytest.raises(DataError) as excinfo:
        read([])
    assert excinfo.value.hint == (
        "QADesk reads labels from SQuAD 1.1 and 2.0, JSON Lines, CSV, and exports of Label Studio and doccano."
    )


def test_every_format_has_a_name_a_suffix_that_leads_to_one_and_says_what_it_lacks():
    for row in registry.FORMATS:
        assert row.lacks.endswith(".")
        assert row.title
        assert registry.export_format(row.name, Path("anything"), ()) is row
        assert registry.export_format("", Path(f"set{row.suffix}"), ()).suffix == row.suffix
    assert len(set(registry.NAMES)) == len(registry.NAMES)


def label(extra="", is_impossible=False):
    return Label(1, 1, "k", "Q?", (), is_impossible, LABELLED, extra=extra)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([], "squad-2.0"),
        ([label()], "squad-1.1"),
        ([label(), label(is_impossible=True)], "squad-2.0"),
        ([label('{"squad":{"file":"f","at":[0,0,0],"marked":true}}')], "squad-2.0"),
        ([label('{"squad":{"file":"f","at":[0,0,0],"marked":false}}')], "squad-1.1"),
    ],
)
def test_json_is_the_version_of_squad_that_holds_all(labels, expected):
    assert registry.export_format("", Path("out.JSON"), labels).name == expected


@pytest.mark.parametrize(("name", "path"), [("", "out.txt"), ("", "out"), ("word", "out.json"), ("SQuAD", "out.json")])
def test_a_format_that_is_not_there(name, path):
    with pytest.raises(DataError) as excinfo:
        registry.export_format(name, Path(path), ())
    assert "squad-2.0, squad-1.1, jsonl, csv, label-studio, doccano" in excinfo.value.hint


def test_the_path_of_a_file_is_not_exported_and_documents_of_one_name_stay_apart():
    texts = {
        1: LabelText(1, "notes.txt", "text", Path("/home/me/notes.txt"), "/home/me/notes.txt", "One."),
        2: LabelText(2, "notes.txt", "text", Path("/home/me/old/notes.txt"), "/home/me/old/notes.txt", "Two."),
        3: LabelText(3, "", "pasted", None, "", "Three."),
    }
    labels = [Label(row, row, f"k{row}", "Q?", (GoldSpan(0, 3, "One"),), False, LABELLED) for row in texts]
    imported = entries(labels, texts)
    assert [entry.title for entry in imported] == ["notes.txt", "notes.txt (2)", "Untitled"]
    for row in registry.FORMATS:
        assert "/home" not in "".join(row.write(imported))


STRUCTURED = (
    '2. Rent\n\n2.1 Rent is \u20ac900, due on the first.\n\u2022 by post\n- by "bank"\n\nYear\tStaff\t\tVisits\n'
    "2019\t47\t\t1,250\n\n\t=SUM(A1)\r\nthe end\t"
)


@pytest.mark.parametrize("row", registry.FORMATS, ids=lambda row: row.name)
def test_a_text_with_cells_numbers_and_bullets_goes_out_and_comes_in_as_it_is(read, labels_of, row):
    words = ("2.1 Rent", "\u2022 by post", 'by "bank"', "47\t\t1,250", "2019\t47", "=SUM(A1)", "Year\tStaff")
    starts = [STRUCTURED.index(answer) for answer in words]
    answers = [GoldSpan(start, start + len(answer), answer) for start, answer in zip(starts, words, strict=True)]
    rows = [Label(n, 1, f"k{n}", f"{n}?", (answer,), False, LABELLED) for n, answer in enumerate(answers, 1)]
    imported = read("".join(row.write(entries(rows, {1: LabelText(1, "T", "pdf", None, "T", STRUCTURED)}))), "set.x")
    assert imported.problems == []
    assert {text.text for text, _ in imported.texts} == {STRUCTURED}
    assert [label.answers for label in labels_of(imported)] == [(answer,) for answer in answers]


def test_answers_that_lost_their_place_are_not_written():
    texts = {1: LabelText(1, "T", "text", None, "T", "One.")}
    (entry,) = entries([Label(1, 1, "k", "Q?", (GoldSpan(-1, -1, "Gone"),), False, "skipped")], texts)
    assert entry.label.answers == ()


def test_json_can_be_encoded_whatever_it_holds():
    assert dumps({"a": "é😀"}) == '{"a": "é😀"}'
    assert json.loads(dumps({"a": "é\ud83d"}).encode("utf-8")) == {"a": "é\ud83d"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("x.json", "squad-2.0"), ("X.JSON", "squad-2.0"), ("x.jsonl", "jsonl"), ("x.ndjson", "jsonl"), ("x.csv", "csv")],
)
def test_a_suffix_says_in_which_format_to_write(name, expected):
    assert registry.export_format("", Path(name), ()).name == expected


@pytest.mark.parametrize("name", ["x.tsv", "x.txt", "x"])
def test_other_suffixes_do_not(name):
    with pytest.raises(DataError, match=f"'{name}' does not say in which format to write") as caught:
        registry.export_format("", Path(name), ())
    assert caught.value.hint == (
        "Use a name that ends in .json, .jsonl or .csv, or choose one of "
        "squad-2.0, squad-1.1, jsonl, csv, label-studio, doccano."
    )


def test_files_with_these_suffixes_are_offered_for_import():
    assert registry.SUFFIXES == (".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".gz")
    assert [row.suffix for row in registry.FORMATS] == [".json", ".json", ".jsonl", ".csv", ".json", ".jsonl"]
