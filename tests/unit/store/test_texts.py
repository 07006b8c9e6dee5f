import os
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from qadesk.records import Document, HistoryEntry, LabelText
from qadesk.store import label_rows, questions, recent, texts
from qadesk.store.database import open_database
from qadesk.structure import Block

BLOCKS = (Block("heading", 0, 4, 1), Block("paragraph", 5, 15))


@pytest.fixture
def db(tmp_path):
    with closing(open_database(tmp_path)) as store:
        yield store.connection


def content(db):
    return [text for (text,) in db.execute("select text from texts order by id")]


def paths(db):
    return [texts.path_from(path) for (path,) in db.execute("select path from files order by id")]


def ask(db, document):
    entry = HistoryEntry(0, "Who?", 1.0, "", document.path, document.title, "", (), None, 0.1, ())
    questions.add_entry(db, entry, texts.hash_of(document.text))


def test_a_text_is_one_row_known_by_its_hash(db):
    first = texts.add_text(db, "one")
    assert texts.add_text(db, "one") == texts.identify(db, texts.hash_of("one")) == texts.find_text(db, "one") == first
    assert texts.add_text(db, "two") != first
    assert texts.find_text(db, "three") is None
    assert content(db) == ["one", "two"]


def test_a_text_whose_identity_is_known_gets_its_content_later(db):
    id_ = texts.identify(db, texts.hash_of("one"))
    assert content(db) == [None]
    assert texts.add_text(db, "one") == id_
    assert content(db) == ["one"]


def test_a_text_is_stored_with_its_blocks(db):
    id_ = texts.add_text(db, "Rent\nIt is due.", BLOCKS)
    (column,) = db.execute("select blocks from texts").fetchone()
    assert texts.blocks_from(column, "Rent\nIt is due.") == BLOCKS
    assert texts.add_text(db, "Rent\nIt is due.", BLOCKS[1:]) == id_  # read from another file
    assert db.execute("select blocks from texts").fetchone() == (column,)


def test_blocks_that_become_known_later_are_added(db):
    for blocks in ((), BLOCKS, ()):
        texts.add_text(db, "Rent\nIt is due.", blocks)
    (column,) = db.execute("select blocks from texts").fetchone()
    assert texts.blocks_from(column, "Rent\nIt is due.") == BLOCKS


@pytest.mark.parametrize(
    "column",
    [
        None,
        b"[]",
        7,
        "",
        "{",
        "[" * 100_000,
        '{"heading": 1}',
        "[1, 2]",
        '[["heading", 0, 4, 1]]',
        '[["heading", 0, 400, 1, 0, 0, []]]',
        '[["paragraph", 0, 4.5, 0, 0, 0, []]]',
        '[["paragraph", 0, NaN, 0, 0, 0, []]]',
        '[["advertisement", 0, 4, 0, 0, 0, []]]',
        '[["table", 0, 4, 0, 0, 0, [[[0, 9, 0, 1, 0]]]]]',
    ],
)
def test_a_damaged_column_of_blocks_gives_none(column):
    assert texts.blocks_from(column, "Rent\nIt is due.") == ()


def test_blocks_are_deleted_with_the_content(db, monkeypatch):
    monkeypatch.setattr(recent, "MAX_DOCUMENTS", 1)
    first = Document("Rent\nIt is due.", "first", blocks=BLOCKS)
    recent.add_document(db, first)
    ask(db, first)
    recent.add_document(db, Document("second", "second"))
    assert db.execute("select text, blocks from texts order by id").fetchall() == [(None, None), ("second", None)]


def test_halves_of_characters_do_no_harm(db):
    assert texts.add_text(db, "a\ud83d b") == texts.add_text(db, "a? b")
    assert content(db) == ["a? b"]


def test_a_file_is_noted_with_its_state_on_the_disk(db, tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"12345")
    os.utime(path, ns=(1, 1_700_000_000_123_456_789))
    id_ = texts.update_file(db, path, "12345")
    row = "select files.id, mtime, size, hash, text from files join texts on texts.id = text_id"
    state = path.stat().st_mtime_ns
    assert db.execute(row).fetchall() == [(id_, state, 5, texts.hash_of("12345"), None)]
    path.write_bytes(b"123456789")
    assert texts.update_file(db, path, "123456789") == texts.find_file(db, path) == id_
    assert db.execute("select size from files").fetchall() == [(9,)]
    path.unlink()
    texts.update_file(db, path, "123456789")
    assert db.execute("select mtime, size, hash from files join texts on texts.id = text_id").fetchall() == [
        (None, None, texts.hash_of("123456789"))
    ]


def test_a_path_comes_back_as_it_was(db):
    path = Path("caf\u00e9 \U0001f600.txt").absolute()
    texts.add_file(db, texts.path_column(path))
    assert paths(db) == [path]


def test_what_nothing_refers_to_is_deleted(db):
    text_id, file_id = texts.add_text(db, "a text"), texts.update_file(db, Path("/docs/a.txt"), "of a file")
    texts.release(db, [(None, None), (file_id + 1, text_id + 7)])
    assert content(db) == ["a text", None]
    texts.release(db, [(None, text_id), (file_id, None)])
    assert content(db) == []
    assert paths(db) == []


def test_a_text_of_labels_stays_with_its_file(db):
    path = Path("/docs/a.txt").absolute()
    recent.add_document(db, Document("words", "a.txt", "text", path))
    id_ = label_rows.add_label_text(db, LabelText(0, "a.txt", "text", path, "g", "words"))
    recent.delete_all_documents(db)
    questions.delete_all_questions(db)
    assert label_rows.find_label_text(db, id_).text == "words"
    assert paths(db) == [path]


def test_a_pasted_text_with_questions_keeps_its_identity_but_not_its_content(db, monkeypatch):
    monkeypatch.setattr(recent, "MAX_DOCUMENTS", 1)
    first = Document("first", "first")
    recent.add_document(db, first)
    ask(db, first)
    assert content(db) == ["first"]
    recent.add_document(db, Document("second", "second"))  # the first one has left the list
    assert content(db) == [None, "second"]
    assert questions.of_document(db, first, 10) == ["Who?"]
    recent.add_document(db, first)
    assert content(db) == ["first"]


def test_a_file_with_questions_stays_when_it_leaves_the_list(db, monkeypatch):
    monkeypatch.setattr(recent, "MAX_DOCUMENTS", 1)
    first, second = (Document(name, name, "text", Path(f"/docs/{name}").absolute()) for name in ("a", "b"))
    recent.add_document(db, first)
    ask(db, first)
    recent.add_document(db, second)
    assert paths(db) == [first.path, second.path]
    monkeypatch.setattr(questions, "MAX_QUESTIONS", 1)
    ask(db, second)  # the question to the first one has left the history
    assert paths(db) == [second.path]


def test_a_pasted_text_that_a_file_holds_too_is_forgotten_alone(db):
    recent.add_document(db, Document("words", "a.txt", "text", Path("/docs/a.txt")))
    recent.add_document(db, Document("words", "pasted"))
    assert content(db) == ["words"]
    recent.delete_document(db, recent.newest_documents(db, 1)[0].id)
    assert content(db) == [None]
    assert [row.title for row in recent.newest_documents(db, 10)] == ["a.txt"]


def test_the_text_that_a_file_had_is_deleted(db):
    for text in ("one", "two"):
        texts.update_file(db, Path("/docs/a.txt"), text)
    assert db.execute("select hash from texts").fetchall() == [(texts.hash_of("two"),)]


def test_a_file_whose_labels_moved_to_another_one_is_deleted(db):
    old, new = (LabelText(0, "a", "text", Path(path).absolute(), path, "words") for path in ("/old", "/new"))
    id_ = label_rows.add_label_text(db, old)
    label_rows.rename_text(db, replace(new, id=id_))
    assert paths(db) == [new.path]


def test_a_text_of_several_groups_is_stored_once(db):
    ids = [label_rows.add_label_text(db, LabelText(0, "t", "squad", None, group, "words")) for group in "ab"]
    recent.add_document(db, Document("words", "pasted"))
    assert len(set(ids)) == 2
    assert content(db) == ["words"]
