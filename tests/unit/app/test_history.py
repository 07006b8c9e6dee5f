import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from qadesk import paths
from qadesk.app import history
from qadesk.app.open_store import open_store
from qadesk.errors import StoreError
from qadesk.records import Answer, Answers, Changes, Document
from qadesk.structure import Block, outline_of
from qadesk.structure.plain import blocks_of

FILE = Document("Ada wrote it.", "note.txt", "text", Path("/docs/note.txt"))
WORDS = "A lamp was lit in 1862."
PASTED = Document(WORDS, "A lamp was lit", blocks=blocks_of(WORDS))
ANSWERS = Answers("Who?", (Answer(0, 3, "Ada", 0.9, 0.9, 0.9, 5.0, 5.0, 0.0),), 0.1, 1, 1)


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("QADESK_HOME", str(tmp_path))
    with closing(open_store()) as store:
        yield store


def test_the_database_is_in_the_users_data_folder(store):
    assert store.path == paths.data_dir() / "qadesk.db"


def test_a_document_is_remembered(store):
    history.remember_document(store, FILE)
    history.remember_document(store, PASTED)
    assert [(row.title, row.kind) for row in history.recent_documents(store)] == [
        ("A lamp was lit", "pasted"),
        ("note.txt", "text"),
    ]


def test_each_verb_notes_what_it_wrote(store):
    history.remember_document(store, PASTED)
    assert store.take_changes() == Changes(recent=True)
    (row,) = history.recent_documents(store)
    assert not store.take_changes()
    history.remember_answers(store, PASTED, ANSWERS)
    assert store.take_changes() == Changes(questions=True)
    history.forget_document(store, row)
    assert store.take_changes() == Changes(recent=True, questions=True)
    history.forget_document(store, row)
    history.forget_all(store)
    assert not store.take_changes()  # there was nothing left to forget
    history.remember_document(store, FILE)
    store.take_changes()
    history.forget_all(store)
    assert store.take_changes() == Changes(recent=True, questions=True)


def test_fifteen_documents_are_listed(store):
    for number in range(16):
        history.remember_document(store, Document(str(number), str(number)))
    assert len(history.recent_documents(store)) == 15
    assert len(history.recent_documents(store, 3)) == 3


def test_pasted_text_comes_back_as_the_document_it_was(store):
    history.remember_document(store, PASTED)
    (row,) = history.recent_documents(store)
    assert history.pasted_text(store, row) == PASTED


def test_pasted_text_comes_back_with_the_structure_that_it_had(store):
    text = "Title\n\n- one\n- two"
    blocks = (Block("heading", 0, 5, 2), Block("item", 7, 12, 1, 9), Block("item", 13, 18, 1, 15))
    document = Document(text, "Title", blocks=blocks, outline=outline_of(text, blocks))
    history.remember_document(store, document)
    (row,) = history.recent_documents(store)
    assert history.pasted_text(store, row) == document
    assert document.outline[0].title == "Title"


@pytest.mark.parametrize("column", [None, "", "{", "[[1, 2]]", '[["heading", 0, 999, 1, 0, 0, []]]'])
def test_pasted_text_whose_structure_is_not_known_has_that_of_plain_text(store, column):
    history.remember_document(store, PASTED)
    with store.writing() as connection:
        connection.execute("update texts set blocks = ?", (column,))
    (row,) = history.recent_documents(store)
    assert history.pasted_text(store, row) == PASTED


def test_pasted_text_that_is_gone_is_reported_in_words(store):
    history.remember_document(store, PASTED)
    (row,) = history.recent_documents(store)
    history.forget_document(store, row)
    with pytest.raises(StoreError, match="no longer kept"):
        history.pasted_text(store, row)


def test_a_document_is_forgotten_with_its_questions(store):
    for document, question in ((FILE, "of the file"), (PASTED, "of the text")):
        history.remember_document(store, document)
        history.remember_answers(store, document, Answers(question, (), None, 1, 1))
    pasted_document, file_document = history.recent_documents(store)
    history.forget_document(store, file_document)
    assert history.recent_documents(store) == [pasted_document]
    assert history.questions(store) == ["of the text"]
    history.forget_document(store, file_document)  # from an old list: nothing more happens
    assert history.questions(store) == ["of the text"]


def test_questions_for_the_up_key(store):
    for number in range(201):
        history.remember_answers(store, FILE, Answers(f"{number}?", (), None, 1, 1))
    assert history.questions(store)[:2] == ["200?", "199?"]
    assert len(history.questions(store)) == 200


def places_of(text):
    data = paths.data_dir()
    return [path.name for path in data.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


def test_forgetting_a_document_takes_its_text_off_the_disk(store):
    history.remember_document(store, PASTED)
    history.remember_document(store, FILE)
    assert places_of(PASTED.text)
    history.forget_document(store, history.recent_documents(store)[1])
    assert places_of(PASTED.text) == []


def test_forgetting_everything_clears_the_copies_too(store):
    history.remember_document(store, PASTED)
    history.remember_answers(store, PASTED, ANSWERS)
    open_store().close()  # makes a backup
    aside = paths.data_dir() / "qadesk-damaged-2020-01-01-000000-000000.db"
    aside.write_text(PASTED.text, encoding="utf-8")
    assert len(places_of(PASTED.text)) >= 3
    history.forget_all(store)
    assert places_of(PASTED.text) == []
    assert history.recent_documents(store) == []
    assert history.questions(store) == []


CHILD = """
import os, signal, sys
from pathlib import Path
from qadesk.app import history
from qadesk.app.open_store import open_store
from qadesk.records import Answers, Document
store = open_store()
document = Document("A lamp was lit in 1862.", "A lamp was lit")
history.remember_document(store, document)
history.remember_answers(store, document, Answers("When?", (), None, 1, 1))
sys.stdout.write("written")
sys.stdout.flush()
os.kill(os.getpid(), signal.SIGKILL) if hasattr(signal, "SIGKILL") else os._exit(9)
"""


def test_a_killed_process_loses_nothing_that_a_verb_has_returned_from(tmp_path, monkeypatch):
    monkeypatch.setenv("QADESK_HOME", str(tmp_path))
    child = subprocess.run([sys.executable, "-c", CHILD], cwd=Path.cwd(), capture_output=True, text=True, check=False)
    assert child.stdout == "written", child.stderr
    assert child.returncode == (-signal.SIGKILL if hasattr(signal, "SIGKILL") else 9)
    assert (paths.data_dir() / "qadesk.db-wal").stat().st_size > 0  # it was not closed in order
    with closing(open_store()) as store:
        assert store.notices == ()
        assert history.pasted_text(store, history.recent_documents(store)[0]) == PASTED
        assert history.questions(store) == ["When?"]


def test_the_questions_to_one_document_come_in_their_order(store):
    for question in ("Who?", "When?", "Who?"):
        history.remember_answers(store, FILE, Answers(question, (), None, 1, 1))
    history.remember_answers(store, PASTED, Answers("Where?", (), None, 1, 1))
    assert history.questions_to(store, FILE) == ["Who?", "When?"]
    assert history.questions_to(store, FILE, limit=1) == ["Who?"]
    assert history.questions_to(store, Document("Other words.", "other.txt")) == []
