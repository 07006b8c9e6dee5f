import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from qadesk.records import GoldSpan, Label, LabelText
from qadesk.sentences import Sentence, verbatim
from qadesk.store import journal, label_rows
from qadesk.store.database import open_database
from qadesk.store.journal import LabelBatch

ROW = Label(0, 0, "k", "When?", (GoldSpan(20, 24, "1862"),), False, "labelled")


@pytest.fixture
def db(tmp_path):
    with closing(open_database(tmp_path)) as store, store.writing() as connection:
        yield connection


@pytest.fixture
def text_id(db):
    return label_rows.add_label_text(db, LabelText(0, "Lamps", "text", None, "g", "The lamp was lit in 1862."))


def batches(db):
    return [json.loads(column)[1]["text"] for (column,) in db.execute("select sentence from label_batches order by id")]


def everything(db):
    return db.execute("select * from labels order by id").fetchall()


def test_a_batch_is_undone_and_redone_as_one(db, text_id):
    batch = LabelBatch(db, verbatim("two labels"))
    first, second = batch.add(ROW, text_id), batch.add(replace(ROW, key="l"), text_id)
    batch.change(first, {"note": "n"})
    batch.delete(second)
    entries = everything(db)
    assert batches(db) == ["two labels"]
    assert journal.undo_batch(db).sentence == verbatim("two labels")
    assert everything(db) == []
    assert journal.redo_batch(db).sentence == verbatim("two labels")
    assert everything(db) == entries
    assert [row[0] for row in entries] == [first]


def test_every_step_back_and_every_step_forth(db, text_id):
    states = [everything(db)]
    label_id = LabelBatch(db, verbatim("0")).add(ROW, text_id)
    states.append(everything(db))
    for number in range(1, 50):
        LabelBatch(db, verbatim(str(number))).change(label_id, {"note": f"note {number}"})
        states.append(everything(db))
    LabelBatch(db, verbatim("50")).delete(label_id)
    states.append(everything(db))
    for number in range(50, -1, -1):
        assert journal.has_undo(db)
        assert journal.undo_batch(db).sentence == verbatim(str(number))
        assert everything(db) == states[number]
    assert not journal.has_undo(db)
    assert journal.undo_batch(db) is None
    for number in range(51):
        assert journal.has_redo(db)
        assert journal.redo_batch(db).sentence == verbatim(str(number))
        assert everything(db) == states[number + 1]
    assert not journal.has_redo(db)
    assert journal.redo_batch(db) is None


def test_a_change_drops_what_could_have_been_redone(db, text_id):
    label_id = LabelBatch(db, verbatim("first")).add(ROW, text_id)
    LabelBatch(db, verbatim("second")).change(label_id, {"note": "a"})
    journal.undo_batch(db)
    LabelBatch(db, verbatim("third")).change(label_id, {"note": "b"})
    assert journal.redo_batch(db) is None
    assert batches(db) == ["first", "third"]
    assert db.execute("select count(*) from label_changes").fetchone() == (2,)
    assert journal.undo_batch(db).sentence == verbatim("third")
    assert label_rows.find_label(db, label_id).note == ""


def test_what_changes_nothing_is_no_step_and_drops_nothing(db, text_id):
    label_id = LabelBatch(db, verbatim("first")).add(ROW, text_id)
    journal.undo_batch(db)
    LabelBatch(db, verbatim("second"))
    LabelBatch(db, verbatim("third")).delete(label_id)
    assert journal.redo_batch(db).sentence == verbatim("first")
    LabelBatch(db, verbatim("fourth")).change(label_id, {"state": "labelled", "is_impossible": False})
    assert batches(db) == ["first"]


def test_a_change_has_its_time(db, text_id, monkeypatch):
    label_id = LabelBatch(db, verbatim("first")).add(replace(ROW, made=5.0, changed=6.0), text_id)
    monkeypatch.setattr("time.time", lambda: 7.0)
    LabelBatch(db, verbatim("second")).change(label_id, {"note": "n"})
    assert (label_rows.find_label(db, label_id).made, label_rows.find_label(db, label_id).changed) == (5.0, 7.0)
    journal.undo_batch(db)
    assert label_rows.find_label(db, label_id).changed == 6.0


def test_ids_are_never_used_again(db, text_id):
    first = LabelBatch(db, verbatim("first")).add(ROW, text_id)
    LabelBatch(db, verbatim("second")).delete(first)
    assert LabelBatch(db, verbatim("third")).add(ROW, text_id) > first


def test_what_was_changed_in_one_session_is_undone_in_the_next(tmp_path):
    with closing(open_database(tmp_path)) as store, store.writing() as db:
        text_id = label_rows.add_label_text(db, LabelText(0, "Lamps", "text", None, "g", "words"))
        LabelBatch(db, verbatim("first")).add(ROW, text_id)
    with closing(open_database(tmp_path)) as store, store.writing() as db:
        assert journal.undo_batch(db).sentence == verbatim("first")
    with closing(open_database(tmp_path)) as store, store.writing() as db:
        assert journal.redo_batch(db).sentence == verbatim("first")
        assert len(everything(db)) == 1


def test_a_label_needs_its_text_and_a_state_that_there_is(db, text_id):
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        LabelBatch(db, verbatim("a test")).add(ROW, text_id + 1)
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        LabelBatch(db, verbatim("a test")).add(replace(ROW, state="odd"), text_id)
    LabelBatch(db, verbatim("a test")).add(ROW, text_id)
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        db.execute("delete from label_texts")


def test_a_batch_keeps_an_id_with_arguments(db, text_id):
    sentence = Sentence("label.import", {"file": "s\ud83d\u00e9t.json"})
    LabelBatch(db, sentence).add(ROW, text_id)
    (column,) = db.execute("select sentence from label_batches").fetchone()
    assert column == '["label.import", {"file": "s?ét.json"}]'
    assert journal.undo_batch(db).sentence == Sentence("label.import", {"file": "s?ét.json"})


@pytest.mark.parametrize("column", ["", "{", "[1, 2]", '["label.import", {}]', "the answer to 'Who?'"])
def test_a_name_that_cannot_be_read_is_given_as_it_is_and_the_batch_undone(db, text_id, column):
    LabelBatch(db, verbatim("first")).add(ROW, text_id)
    db.execute("update label_batches set sentence = ?", (column,))
    assert journal.undo_batch(db).sentence == verbatim(column)
    assert everything(db) == []


def test_rows_from_before_there_were_authors_are_the_users(db, text_id):
    label_id = LabelBatch(db, verbatim("first")).add(ROW, text_id)
    LabelBatch(db, verbatim("second")).change(label_id, {"note": "n"})
    db.execute("update label_changes set before = json_remove(before, '$.author') where before is not null")
    assert journal.undo_batch(db).label_ids == (label_id,)
    assert (label_rows.find_label(db, label_id).author, label_rows.find_label(db, label_id).note) == ("", ROW.note)
