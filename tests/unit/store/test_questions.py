from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from qadesk.records import Answer, Answers, Document
from qadesk.store import questions, recent, texts
from qadesk.store.database import open_database

FILE = Document("Ada wrote it.", "note.txt", "text", Path("/docs/note.txt"))
PASTED = Document("Ada wrote it.", "Ada wrote it.")
BEST = Answer(4, 7, "Ada", 0.9, 0.95, 0.92, 5.0, 6.0, 1.0)


@pytest.fixture
def db(tmp_path):
    with closing(open_database(tmp_path)) as store:
        yield store.connection


def answers(question="Who?", spans=(BEST,), no_answer=0.05):
    return Answers(question, spans, no_answer, 3, 3, 0.25)


def rows(db):
    return db.execute('select question, seconds, no_answer, answer, start, "end", confidence from questions').fetchall()


def sources(db):
    return db.execute(
        """
        select path, hash, text from questions
        left join files on files.id = questions.file_id left join texts on texts.id = questions.text_id
        """
    ).fetchall()


def test_a_question_is_kept_with_its_best_answer(db):
    questions.add_question(db, FILE, answers())
    assert rows(db) == [("Who?", 0.25, 0.05, "Ada", 4, 7, 0.9)]
    assert db.execute("select asked from questions").fetchone()[0] > 1.6e9


def test_an_answer_refers_to_the_text_that_was_asked_also_when_the_file_is_read_in_another_way(db):
    questions.add_question(db, FILE, answers())
    recent.add_document(db, replace(FILE, text="1. Ada wrote it."))
    ((path, hash_, _text),) = sources(db)
    assert texts.path_from(path) == FILE.path.absolute()
    assert hash_ == texts.hash_of(FILE.text)


def test_a_question_without_answers(db):
    questions.add_question(db, FILE, answers(spans=(), no_answer=None))
    assert rows(db) == [("Who?", 0.25, None, None, None, None, None)]


def test_different_questions_newest_first(db):
    for question in ("one", "two", "one", "three", "two"):
        questions.add_question(db, FILE, answers(question))
    assert questions.newest_questions(db, 10) == ["two", "three", "one"]
    assert questions.newest_questions(db, 2) == ["two", "three"]
    assert len(rows(db)) == 5


def test_half_characters_are_replaced(db):
    questions.add_question(db, FILE, answers("Who \ud83d?"))
    assert questions.newest_questions(db, 1) == ["Who ??"]


def test_the_newest_are_kept(db, monkeypatch):
    monkeypatch.setattr(questions, "MAX_QUESTIONS", 3)
    for number in range(4):
        questions.add_question(db, FILE, answers(str(number)))
    assert questions.newest_questions(db, 10) == ["3", "2", "1"]


def test_a_question_refers_to_the_text_and_the_file_that_it_was_asked_of(db):
    questions.add_question(db, FILE, answers())
    questions.add_question(db, PASTED, answers())
    assert sources(db) == [
        (texts.path_column(FILE.path), texts.hash_of(FILE.text), None),  # the content is not needed
        (None, texts.hash_of(PASTED.text), None),
    ]


def test_the_questions_to_a_file_stay_when_its_text_changes(db):
    questions.add_question(db, FILE, answers("one"))
    questions.add_question(db, replace(FILE, text="Other words."), answers("two"))
    questions.add_question(db, PASTED, answers("three"))
    questions.add_question(db, FILE, answers("one"))
    assert questions.of_document(db, FILE, 10) == ["one", "two"]
    assert questions.of_document(db, FILE, 1) == ["one"]
    assert questions.of_document(db, PASTED, 10) == ["three"]
    assert questions.of_document(db, replace(PASTED, text="Other words."), 10) == []
    assert questions.of_document(db, replace(FILE, path=Path("/docs/other.txt")), 10) == []


def test_forget(db):
    for document, question in ((FILE, "of the file"), (PASTED, "of the text")):
        recent.add_document(db, document)
        questions.add_question(db, document, answers(question))
    pasted, file = recent.newest_documents(db, 10)
    questions.delete_questions_to(db, file.id)
    assert questions.newest_questions(db, 10) == ["of the text"]
    questions.delete_questions_to(db, file.id)
    questions.delete_questions_to(db, pasted.id)
    assert questions.newest_questions(db, 10) == []
    questions.add_question(db, FILE, answers())
    questions.delete_all_questions(db)
    assert questions.newest_questions(db, 10) == []
