import os
import sys
from contextlib import closing
from pathlib import Path

import pytest

from qadesk.records import Document
from qadesk.store import recent
from qadesk.store.database import open_database


@pytest.fixture
def db(tmp_path):
    with closing(open_database(tmp_path)) as store:
        yield store.connection


def titles(db, limit=100):
    return [row.title for row in recent.newest_documents(db, limit)]


def file(name, **more):
    return Document("text", name, "text", Path("/docs") / name, **more)


def test_newest_first_with_everything_that_is_known(db):
    recent.add_document(db, file("a.txt"))
    recent.add_document(db, Document("pasted words", "Pasted"))
    pasted_document, file_document = recent.newest_documents(db, 10)
    assert (pasted_document.title, pasted_document.kind, pasted_document.path) == ("Pasted", "pasted", None)
    assert (file_document.title, file_document.kind, file_document.path) == (
        "a.txt",
        "text",
        Path("/docs/a.txt").absolute(),
    )
    assert pasted_document.opened >= file_document.opened > 1.6e9
    assert recent.stored_text(db, pasted_document.id) == ("pasted words", ())
    assert recent.stored_text(db, file_document.id) is None


def test_a_document_is_listed_once(db):
    for name in ("a", "b", "a"):
        recent.add_document(db, file(name))
    for text, title in (("x", "first title"), ("y", "other"), ("x", "second title")):
        recent.add_document(db, Document(text, title))
    assert titles(db) == ["second title", "other", "a", "b"]


def test_the_id_stays_when_a_document_is_opened_again(db):
    recent.add_document(db, file("a"))
    (before,) = recent.newest_documents(db, 1)
    recent.add_document(db, file("a"))
    assert recent.newest_documents(db, 1)[0].id == before.id


def test_a_relative_path_is_the_same_file(db):
    recent.add_document(db, Document("", "one", "text", Path("a.txt")))
    recent.add_document(db, Document("", "two", "text", Path("a.txt").absolute()))
    assert titles(db) == ["two"]


def test_the_limit(db):
    for name in "abc":
        recent.add_document(db, file(name))
    assert titles(db, 2) == ["c", "b"]
    assert titles(db, 0) == []


def test_fifty_files_and_fifty_pasted_texts_are_kept(db):
    for number in range(52):
        recent.add_document(db, file(f"file {number}"))
        recent.add_document(db, Document(f"text {number}", f"pasted {number}"))
    assert len(titles(db, 1000)) == 100
    assert titles(db, 1000)[-2:] == ["pasted 2", "file 2"]


def test_a_clock_that_is_set_back_changes_no_order_and_loses_nothing(db, monkeypatch):
    for number in range(recent.MAX_DOCUMENTS):
        recent.add_document(db, file(f"file {number}"))
    monkeypatch.setattr("time.time", lambda: 1.0)
    recent.add_document(db, file("new"))
    assert titles(db, 2) == ["new", f"file {recent.MAX_DOCUMENTS - 1}"]


@pytest.mark.parametrize("text", ["", "a\0b", "😀 e\u0301 \u202e", "line\r\nline\n", "x" * 3_000_000, "' or 1=1; --"])
def test_pasted_text_comes_back_verbatim(db, text):
    recent.add_document(db, Document(text, text[:20]))
    (row,) = recent.newest_documents(db, 1)
    assert row.path is None
    assert row.title == text[:20]
    assert recent.stored_text(db, row.id) == (text, ())


def test_half_characters_are_replaced_one_by_one(db):
    recent.add_document(db, Document("a\ud83d b", "t\ude00"))
    (row,) = recent.newest_documents(db, 1)
    assert (recent.stored_text(db, row.id), row.title) == (("a? b", ()), "t?")


@pytest.mark.skipif(sys.platform != "linux", reason="names that are not valid text are for Linux")
def test_a_file_name_that_is_not_text(db):
    path = Path("/docs") / os.fsdecode(b"caf\xe9.txt")
    recent.add_document(db, Document("", path.name, "text", path))
    assert recent.newest_documents(db, 1)[0].path == path


def test_forget(db):
    recent.add_document(db, file("a"))
    recent.add_document(db, Document("x", "pasted"))
    pasted_document, file_document = recent.newest_documents(db, 2)
    recent.delete_document(db, pasted_document.id)
    recent.delete_document(db, pasted_document.id)  # it is gone already
    assert recent.stored_text(db, pasted_document.id) is None
    assert recent.newest_documents(db, 2) == [file_document]
    recent.delete_all_documents(db)
    assert recent.newest_documents(db, 2) == []
