"""A database of every earlier schema, filled with rows, is migrated without loss."""

import hashlib
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from qadesk.app import history
from qadesk.records import Document, GoldSpan, HistoryAnswer, Label, LabelText
from qadesk.sentences import Sentence, verbatim
from qadesk.store import journal, label_rows, migrations, question_search, questions, recent, rescue
from qadesk.store.database import open_database
from qadesk.store.question_search import HistoryFilter
from qadesk.structure import Block

NOTE, LAMPS = Path("/docs/note.txt"), Path("/docs/lamps.txt")
PASTED = "Pasted 😀 words.\r\n"
WORDS = ("The lamp was lit in 1862.", "It was lit in 1862, the lamp.", PASTED)
WHEN = GoldSpan(20, 24, "1862")


def key_of_pasted(text):
    return hashlib.sha256(text.encode()).hexdigest().encode()


def add_documents(db):
    db.execute("insert into documents values (1, ?, 1, 'note.txt', 'text', 5.5, null)", (os.fsencode(NOTE),))
    db.execute(
        "insert into documents values (2, ?, 2, 'Title of the pasted', 'pasted', 6.5, ?)",
        (key_of_pasted(PASTED), PASTED),
    )
    db.execute("insert into documents values (4, ?, 3, 'Empty', 'pasted', 7.5, '')", (key_of_pasted(""),))


def add_questions(db):
    rows = [
        (os.fsencode(NOTE), "of the note?", "Ada", 4, 7, 0.9),
        (key_of_pasted(PASTED), "of the pasted text?", None, None, None, None),
        (os.fsencode(LAMPS), "of a file that left the list?", None, None, None, None),
        (key_of_pasted("gone"), "of a text that left the list?", None, None, None, None),
        (os.fsencode(NOTE), "of the note again?", None, None, None, None),
    ]
    for document, question, *span in rows:
        db.execute(
            """
            insert into questions (document, question, asked, seconds, no_answer, answer, start, "end", confidence)
            values (?, ?, 1.5, 0.25, 0.125, ?, ?, ?, ?)
            """,
            (document, question, *span),
        )


def add_labels(db):
    texts = [
        (3, WORDS[0], str(LAMPS), "lamps.txt", "text", os.fsencode(LAMPS)),
        (5, WORDS[1], str(LAMPS), "lamps.txt", "text", os.fsencode(LAMPS)),
        (6, WORDS[0], "Article", "Article", "squad", None),
        (8, WORDS[2], "Pasted", "Pasted", "pasted", None),
    ]
    for id_, words, group, title, kind, path in texts:
        hash_ = hashlib.sha256(words.encode()).digest()
        db.execute("insert into texts values (?, ?, ?, ?, ?, ?, ?)", (id_, hash_, group, title, kind, path, words))
    answers = '[[20, 24, "1862"]]'
    rows = [
        (1, 3, None, "k1", "labelled?", answers, 0, "labelled"),
        (2, 5, 3, "k2", "lost?", answers, 0, "lost"),
        (4, 6, None, "k4", "of the article?", answers, 0, "labelled"),
        (7, 8, None, "k7", "of the pasted text?", "[]", 1, "labelled"),
    ]
    for row in rows:
        db.execute("insert into labels values (?, ?, ?, ?, ?, ?, ?, ?, 'n', 'ask', '', 1.0, 2.0)", row)
    for table, last in (("texts", 20), ("labels", 30)):  # the newest ones were deleted
        db.execute("update sqlite_sequence set seq = ? where name = ?", (last, table))


def row_of(db, label_id):
    cursor = db.execute("select * from labels where id = ?", (label_id,))
    return json.dumps(dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True)))


def add_batches(db, column="what", names=('the answer to "Who?"', "2 {labels}\u2026")):
    for name, is_undone in zip(names, (0, 1), strict=True):
        db.execute(f"insert into label_batches ({column}, undone) values (?, ?)", (name, is_undone))
    change = "insert into label_changes (batch, label, before, after) values (?, ?, ?, ?)"
    now = row_of(db, 4)
    db.execute(change, (1, 4, now.replace("of the article?", "before?"), now))
    db.execute(change, (2, 4, now, now.replace("of the article?", "again?")))


def add_new_batches(db):
    names = (Sentence("label.note", {"question": "Who?"}), Sentence("label.delete", {"count": 2}))
    add_batches(db, "sentence", [json.dumps(name.as_json()) for name in names])


FILLS = {  # what a database can hold from each step on
    "m001_recent_documents": [add_documents],
    "m002_questions": [add_documents, add_questions],
    "m003_labels": [add_documents, add_questions, add_labels, add_batches],
    "m004_sentences": [add_documents, add_questions, add_labels, add_new_batches],
    "m005_texts_and_files": [],  # what m004 held, and what was stored since
    "m006_blocks": [],
    "m007_collections": [],
}
FILLS_BEFORE = {
    "m005_texts_and_files": "m004_sentences",
    "m006_blocks": "m005_texts_and_files",
    "m007_collections": "m006_blocks",
}
SCHEMAS = list(FILLS)


@pytest.fixture(params=SCHEMAS)
def schema(request):
    return request.param


def build(path, schema, monkeypatch):
    if schema in FILLS_BEFORE:
        build(path, FILLS_BEFORE[schema], monkeypatch)
    every = list(migrations.MIGRATIONS.items())
    steps = every[: [name for name, _ in every].index(schema) + 1]
    with closing(sqlite3.connect(path, isolation_level=None)) as db, monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", dict(steps))
        migrations.migrate(db)
        for fill in FILLS[schema]:
            fill(db)


@pytest.fixture
def store(tmp_path, monkeypatch, schema):
    """A database of an earlier schema with rows, opened by this version."""
    build(tmp_path / "qadesk.db", schema, monkeypatch)
    with closing(open_database(tmp_path)) as store:
        assert migrations.pending(store.connection) == []
        yield store


def since(step):
    return pytest.mark.parametrize("schema", SCHEMAS[SCHEMAS.index(step) :])


def test_the_recent_documents_are_there(store):
    db = store.connection
    rows = recent.newest_documents(db, 10)
    assert [(row.title, row.kind, row.path, row.opened) for row in rows] == [
        ("Empty", "pasted", None, 7.5),
        ("Title of the pasted", "pasted", None, 6.5),
        ("note.txt", "text", NOTE, 5.5),
    ]
    assert [recent.stored_text(db, row.id) for row in rows] == [("", ()), (PASTED, ()), None]


@since("m002_questions")
def test_the_questions_are_there(store):
    assert questions.newest_questions(store.connection, 10) == [
        "of the note again?",
        "of a text that left the list?",
        "of a file that left the list?",
        "of the pasted text?",
        "of the note?",
    ]


@since("m003_labels")
def test_each_document_finds_its_questions_again(store):
    def questions_of(text, path=None):
        return questions.of_document(store.connection, Document(text, "", path=path), 10)

    assert questions_of("any words", NOTE) == ["of the note?", "of the note again?"]
    assert questions_of("any words", LAMPS) == ["of a file that left the list?"]
    assert questions_of(PASTED) == ["of the pasted text?"]
    assert questions_of("gone") == ["of a text that left the list?"]


@since("m003_labels")
def test_each_question_is_an_entry_with_the_answer_that_was_kept(store):
    entries = question_search.select_entries(store.connection, HistoryFilter(), 10)
    assert [(entry.question, entry.path, entry.title) for entry in entries] == [
        ("of the note again?", NOTE, "note.txt"),
        ("of a text that left the list?", None, ""),
        ("of a file that left the list?", LAMPS, "lamps.txt"),
        ("of the pasted text?", None, "Title of the pasted"),
        ("of the note?", NOTE, "note.txt"),
    ]
    assert {(entry.asked, entry.seconds, entry.no_answer, entry.model, entry.options) for entry in entries} == {
        (1.5, 0.25, 0.125, "", ())
    }
    assert [answer for entry in entries for answer in entry.answers] == [
        HistoryAnswer("Ada", 0.9, NOTE, "note.txt", "", 4, 7)
    ]
    for words in ("the NOTE?", "ada", "note.txt"):
        (*_, first) = question_search.select_entries(store.connection, HistoryFilter(words), 10)
        assert first.question == "of the note?"


@since("m003_labels")
def test_the_labels_are_there_with_their_texts(store):
    db = store.connection
    labels = {label.id: label for label in label_rows.select_labels(db)}
    texts = {label.id: label_rows.find_label_text(db, label.text_id) for label in labels.values()}
    assert [(text.title, text.group, text.kind, text.path, text.text) for text in texts.values()] == [
        ("lamps.txt", str(LAMPS), "text", LAMPS, WORDS[0]),
        ("lamps.txt", str(LAMPS), "text", LAMPS, WORDS[1]),
        ("Article", "Article", "squad", None, WORDS[0]),
        ("Pasted", "Pasted", "pasted", None, WORDS[2]),
    ]
    assert {id_: (label.key, label.state, label.answers, label.is_impossible) for id_, label in labels.items()} == {
        1: ("k1", "labelled", (WHEN,), False),
        2: ("k2", "lost", (GoldSpan(-1, -1, "1862"),), False),
        4: ("k4", "labelled", (WHEN,), False),
        7: ("k7", "labelled", (), True),
    }
    assert all((label.note, label.made, label.changed) == ("n", 1.0, 2.0) for label in labels.values())
    assert label_rows.stored_answers(db, 2) == (texts[1].id, (WHEN,))
    assert [texts[id_].id for id_ in (1, 2, 4, 7)] == [3, 5, 6, 8]  # the batches mention them


@since("m003_labels")
def test_texts_without_blocks_get_them_when_they_are_read_again(store):
    db = store.connection
    assert db.execute("select count(*) from texts where blocks is not null").fetchone() == (0,)
    labels = label_rows.select_labels(db)
    assert label_rows.find_label_text(db, labels[0].text_id).blocks == ()
    blocks = (Block("heading", 0, 8, 1), Block("paragraph", 9, 25))
    label_rows.add_label_text(db, LabelText(0, "lamps.txt", "text", LAMPS, str(LAMPS), WORDS[0], blocks))
    assert label_rows.find_label_text(db, labels[0].text_id).blocks == blocks


@since("m003_labels")
def test_the_same_text_is_one_row_now(store):
    rows = store.connection.execute("select hash, text from texts").fetchall()
    words = {*WORDS, ""}
    assert {text for _, text in rows if text is not None} == words
    assert all(hash_ == hashlib.sha256(text.encode()).digest() for hash_, text in rows if text is not None)
    assert [hash_ for hash_, text in rows if text is None] == [hashlib.sha256(b"gone").digest()]
    assert len(rows) == len(words) + 1


def test_nothing_of_the_earlier_schema_is_left(store):
    names = [name for (name,) in store.connection.execute("select name from sqlite_schema")]
    assert [name for name in names if name.startswith("old_")] == []
    assert store.connection.execute("pragma foreign_key_check").fetchall() == []
    assert store.connection.execute("pragma integrity_check").fetchall() == [("ok",)]


@since("m003_labels")
def test_ids_of_deleted_rows_are_not_used_again(store):
    db = store.connection
    assert label_rows.add_label_text(db, LabelText(0, "", "text", None, "", "new")) == 21
    label = Label(0, 0, "new", "new?", (), False, "open")
    assert journal.LabelBatch(db, verbatim("new")).add(label, 21) == 31


@since("m002_questions")
def test_what_is_forgotten_after_that_is_off_the_disk(store, tmp_path):
    for document in recent.newest_documents(store.connection, 10):
        history.forget_document(store, document)
    assert recent.newest_documents(store.connection, 10) == []
    other_questions = ["of a text that left the list?", "of a file that left the list?"]
    assert questions.newest_questions(store.connection, 10) == other_questions
    content = b"".join(path.read_bytes() for path in tmp_path.glob("qadesk.db*"))
    assert b"of the note" not in content
    assert os.fsencode(NOTE) not in content
    assert b"Title of the pasted" not in content


@since("m003_labels")
def test_labels_are_taken_out_of_a_damaged_file_of_an_earlier_schema(tmp_path, schema, monkeypatch):
    build(tmp_path / "damaged.db", schema, monkeypatch)
    with closing(open_database(tmp_path)) as store:
        assert rescue.copy_labels(tmp_path / "damaged.db", store.connection) == 4
        labels = label_rows.select_labels(store.connection)
        texts = {label.key: label_rows.find_label_text(store.connection, label.text_id) for label in labels}
    assert {label.key: label.state for label in labels} == {
        "k1": "labelled", "k2": "lost", "k4": "labelled", "k7": "labelled",
    }  # fmt: skip
    assert [(texts[key].group, texts[key].path, texts[key].text) for key in ("k1", "k2", "k4", "k7")] == [
        (str(LAMPS), LAMPS, WORDS[0]),
        (str(LAMPS), LAMPS, WORDS[1]),
        ("Article", None, WORDS[0]),
        ("Pasted", None, WORDS[2]),
    ]


@since("m003_labels")
def test_what_was_done_can_be_undone_and_redone(store, schema):
    names = [verbatim('the answer to "Who?"'), verbatim("2 {labels}\u2026")]
    if SCHEMAS.index(schema) >= SCHEMAS.index("m004_sentences"):
        names = [Sentence("label.note", {"question": "Who?"}), Sentence("label.delete", {"count": 2})]
    with store.writing() as db:
        before = label_rows.find_label(db, 4)
        assert journal.redo_batch(db).sentence == names[1]
        assert label_rows.find_label(db, 4).question == "again?"
        assert [journal.undo_batch(db).sentence for _ in names] == names[::-1]
        assert journal.undo_batch(db) is None
        assert label_rows.find_label(db, 4).question == "before?"
        assert journal.redo_batch(db).sentence == names[0]
        assert label_rows.find_label(db, 4) == before
