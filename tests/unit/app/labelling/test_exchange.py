import json
from contextlib import closing

import pytest

from qadesk.app.labelling import exchange, labels
from qadesk.app.open_store import open_store
from qadesk.errors import DataError
from qadesk.labels.dataset import Problem
from qadesk.labels.label_files import read_dataset
from qadesk.progress import Progress, finish
from qadesk.records import LABELLED, Document, GoldSpan, LabeledExample
from qadesk.structure import Block, Cell
from qadesk.structure.plain import blocks_of

TEXT = "Ada Lovelace wrote the first program in 1843. Ada was born in London."


def row(key, question, start, text, **more):
    answers = [{"text": text, "answer_start": start}] if text else []
    return {"id": key, "question": question, "answers": answers} | more


GOOD = row("q1", "Who wrote it?", 0, "Ada Lovelace", level="easy")
SAME = row("q4", "Who wrote it?", 46, "Ada")
BAD = row("q2", "Where?", 3, "Paris")
NONE = row("q3", "Why?", 0, "", is_impossible=True, plausible_answers=[])
ARTICLE = {"title": "Ada", "paragraphs": [{"context": TEXT, "qas": [GOOD, SAME, NONE]}]}
SET = {"version": "v2.0", "source": "here", "data": [ARTICLE]}


@pytest.fixture
def store():
    store = open_store()
    yield store
    store.close()


@pytest.fixture
def file(tmp_path):
    def make(*rows, name="set.json", **more):
        path = tmp_path / name
        content = {"data": [{"title": "Ada", "paragraphs": [{"context": TEXT, "qas": rows}]}]} | more
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    return make


def import_file(store, path):
    return exchange.import_labels(store, finish(exchange.read_labels(path)))


def test_reading_finds_all_and_writes_nothing(store, file):
    label_file = finish(exchange.read_labels(file(GOOD, BAD, NONE)))
    assert (label_file.file, label_file.format, label_file.label_count) == ("set.json", "squad-2.0", 2)
    assert label_file.problems == (
        Problem(
            "Ada, paragraph 1, question 2 (q2)", "The answer 'Paris' is not in the text. The question was left out."
        ),
    )
    assert labels.labels(store) == []
    assert exchange.import_labels(store, label_file) == 2
    assert [label.key for label in labels.labels(store)] == ["q1", "q3"]


def test_an_import_is_one_step_to_undo(store, file):
    assert import_file(store, file(GOOD, NONE)) == 2
    assert labels.undo(store).sentence.text == "the import of 'set.json'"
    assert labels.labels(store) == []


def test_what_is_there_already_is_left_as_it_is(store, file):
    labels.answer(store, Document(TEXT, "mine"), "who wrote it?", [GoldSpan(46, 49, "Ada")])
    path = file(GOOD, NONE)
    assert import_file(store, path) == 2  # another document, as far as anybody knows
    assert import_file(store, path) == 0
    assert len(labels.labels(store)) == 3


def test_a_set_goes_out_word_for_word(store, tmp_path):
    path, out = tmp_path / "set.json", tmp_path / "out.json"
    path.write_text(json.dumps(SET), encoding="utf-8")
    assert import_file(store, path) == 3
    assert finish(exchange.export_labels(store, out)) == 3
    assert json.dumps(json.loads(out.read_bytes()), sort_keys=True) == json.dumps(SET, sort_keys=True)


def test_labels_of_a_document_go_to_all_formats_and_come_back(store, tmp_path):
    document = Document("Bob ate pie.\r\n=1+1", "bob.txt", "text", tmp_path / "bob.txt")
    labels.answer(store, document, "Who ate?", [GoldSpan(0, 3, "Bob")])
    labels.answer(store, document, "What?", [GoldSpan(8, 11, "pie"), GoldSpan(14, 18, "=1+1")])
    labels.answer(store, document, "Why?", [], is_impossible=True)
    exported = {(label.question, label.answers, label.is_impossible) for label in labels.labels(store)}
    for label_format in exchange.FORMATS:
        out = tmp_path / f"out{label_format.suffix}"
        count = finish(exchange.export_labels(store, out, label_format.name))
        label_file = finish(exchange.read_labels(out))
        rows_read = {
            (label.question, label.answers, label.is_impossible) for _, rows in label_file.rows for label in rows
        }
        assert label_file.problems == (), label_format.name
        with_answers = {row for row in exported if row[1]}
        assert (count, rows_read) == ((2, with_answers) if label_format.name == "squad-1.1" else (3, exported))
        assert {(text.text, text.title) for text, _ in label_file.rows} == {(document.text, "bob.txt")}


def test_what_a_format_leaves_out_is_reported_before(store, tmp_path):
    document = Document(TEXT, "ada.txt")
    label = labels.answer(store, document, "Who?", [GoldSpan(0, 3, "Ada")])
    labels.add_questions(store, label.text_id, ["When?", "Why?"])
    assert exchange.left_out(store, tmp_path / "out.jsonl") == ""
    assert exchange.left_out(store, tmp_path / "out.json") == (
        "2 of 3 labels are left out. SQuAD 1.1 does not hold questions without an answer, "
        "open and skipped questions and notes."
    )
    assert finish(exchange.export_labels(store, tmp_path / "out.json")) == 1


def test_there_must_be_something_to_write(store, tmp_path):
    with pytest.raises(DataError, match=r"There is no label to export. Label a question first"):
        finish(exchange.export_labels(store, tmp_path / "out.json"))
    label = labels.answer(store, Document(TEXT, "ada.txt"), "Why?", [], is_impossible=True)
    labels.skip(store, label.id)
    with pytest.raises(DataError, match=r"There is no label to export. SQuAD .* does not hold"):
        finish(exchange.export_labels(store, tmp_path / "out.json"))
    assert list(tmp_path.glob("out*")) == []


@pytest.mark.parametrize("steps", [1, 2])
def test_an_export_that_is_cancelled_leaves_what_was_there(store, file, tmp_path, steps):
    import_file(store, file(GOOD, NONE))
    out = tmp_path / "out.json"
    out.write_text("old", encoding="utf-8")
    work = exchange.export_labels(store, out)
    for _ in range(steps):
        assert isinstance(next(work), Progress)
    work.close()
    assert out.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.glob("out.json?*")) == []


def test_reading_reports_progress_and_can_be_cancelled(store, file):
    rows = [row(f"q{number}", f"Question {number}?", 0, "Ada") for number in range(1200)]
    work = exchange.read_labels(file(*rows))
    steps = [next(work) for _ in range(3)]
    assert [(step.what, step.done, step.total) for step in steps] == [
        ("Reading", 0, 0), ("Checking", 0, 1200), ("Checking", 500, 1200),
    ]  # fmt: skip
    work.close()
    assert labels.labels(store) == []


def test_a_disk_that_is_full_is_reported_and_leaves_nothing(store, file, tmp_path, monkeypatch):
    import_file(store, file(GOOD))

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("qadesk.labels.text_files.os.fsync", full)
    with pytest.raises(DataError, match=r"'out.json' could not be written"):
        finish(exchange.export_labels(store, tmp_path / "out.json"))
    assert list(tmp_path.glob("out*")) == []


def test_checks_are_of_the_store_or_of_a_data_set(store, file):
    path = file(GOOD, SAME)
    label_file = finish(exchange.read_labels(path))
    exchange.import_labels(store, label_file)
    of_store = exchange.check_labels(store, {"q1": 4.0})
    assert of_store == exchange.check_labels(exchange.examples_in_file(label_file), {"q1": 4.0})
    assert [(finding.kind, finding.label_keys) for finding in of_store if finding.label_keys] == [
        ("contradiction", ("q1", "q4")), ("unlikely", ("q1",)),
    ]  # fmt: skip
    assert [finding.kind for finding in exchange.check_labels(store)] == ["contradiction", "balance", "size"]


def test_the_examples_of_a_file_are_those_that_are_labelled(file):
    label_file = finish(exchange.read_labels(file(GOOD, {"id": "q9", "question": "When?"}, NONE)))
    assert label_file.label_count == 3
    assert label_file.examples == (
        LabeledExample("q1", "Who wrote it?", TEXT, "Ada", (GoldSpan(0, 12, "Ada Lovelace"),), False),
        LabeledExample("q3", "Why?", TEXT, "Ada", (), True),
    )


def test_a_key_that_is_taken_gets_another_and_both_go_out(store, file, tmp_path):
    import_file(store, file(GOOD))
    target = tmp_path / "other.jsonl"
    content = row("q1", "Who?", 0, "Bob", context="Bob ate.", title="Bob")
    target.write_text(json.dumps(content), encoding="utf-8")
    assert import_file(store, target) == 1
    keys = [label.key for label in labels.labels(store, state=LABELLED)]
    assert len(set(keys)) == 2
    assert finish(exchange.export_labels(store, tmp_path / "out.json")) == 2
    assert finish(exchange.read_labels(tmp_path / "out.json")).problems == ()


TABLE = "Fee Charge\nTicket four crowns"
TABLE_BLOCKS = (Block("table", 0, 29, rows=((Cell(0, 3), Cell(4, 10, 1)), (Cell(11, 17), Cell(18, 29, 1)))),)


def test_blocks_go_out_to_squad_and_come_back(store, tmp_path, monkeypatch):
    document = Document(TABLE, "fees.docx", "docx", tmp_path / "fees.docx", blocks=TABLE_BLOCKS)
    assert blocks_of(TABLE) != TABLE_BLOCKS
    labels.answer(store, document, "What is a ticket?", [GoldSpan(18, 29, "four crowns")])
    assert finish(exchange.export_labels(store, tmp_path / "out.json")) == 1
    label_file = finish(exchange.read_labels(tmp_path / "out.json"))
    assert [example.blocks for example in label_file.examples] == [TABLE_BLOCKS]
    assert [example.blocks for example in read_dataset(tmp_path / "out.json").examples] == [TABLE_BLOCKS]
    monkeypatch.setenv("QADESK_HOME", str(tmp_path / "other home"))
    with closing(open_store()) as other:
        exchange.import_labels(other, label_file)
        assert [example.blocks for example in labels.examples(other)] == [TABLE_BLOCKS]


def test_other_formats_have_no_blocks(store, tmp_path):
    labels.answer(store, Document(TABLE, "fees", blocks=TABLE_BLOCKS), "Who?", [GoldSpan(0, 3, "Fee")])
    for format_name in ("jsonl", "csv", "label-studio", "doccano"):
        assert finish(exchange.export_labels(store, tmp_path / format_name, format_name)) == 1
        assert "blocks" not in (tmp_path / format_name).read_text(encoding="utf-8")
