from contextlib import closing

import pytest

from qadesk.records import Answer, Answers
from qadesk.store import questions
from qadesk.store.database import open_database

BEST = Answer(4, 7, "Ada", 0.9, 0.95, 0.92, 5.0, 6.0, 1.0)


@pytest.fixture
def db(tmp_path):
    with closing(open_database(tmp_path)) as store:
        yield store.connection


def answers(question="Who?", spans=(BEST,), no_answer=0.05):
    return Answers(question, spans, no_answer, 3, 3, 0.25)


def rows(db):
    return db.execute(
        'select document, question, seconds, no_answer, answer, start, "end", confidence from questions'
    ).fetchall()


def test_a_question_is_kept_with_its_best_answer(db):
    questions.remember(db, b"key", answers())
    assert rows(db) == [(b"key", "Who?", 0.25, 0.05, "Ada", 4, 7, 0.9)]
    assert db.execute("select asked from questions").fetchone()[0] > 1.6e9


def test_a_question_without_answers(db):
    questions.remember(db, b"key", answers(spans=(), no_answer=None))
    assert rows(db) == [(b"key", "Who?", 0.25, None, None, None, None, None)]


def test_different_questions_newest_first(db):
    for question in ("one", "two", "one", "three", "two"):
        questions.remember(db, b"key", answers(question))
    assert questions.newest(db, 10) == ["two", "three", "one"]
    assert questions.newest(db, 2) == ["two", "three"]
    assert len(rows(db)) == 5


def test_half_characters_are_replaced(db):
    questions.remember(db, b"key", answers("Who \ud83d?"))
    assert questions.newest(db, 1) == ["Who ??"]


def test_the_newest_are_kept(db, monkeypatch):
    monkeypatch.setattr(questions, "KEPT", 3)
    for number in range(4):
        questions.remember(db, b"key", answers(str(number)))
    questions.forget(db, b"other")
    assert questions.newest(db, 10) == ["3", "2", "1"]


def test_forget(db):
    questions.remember(db, b"a", answers("of a"))
    questions.remember(db, b"b", answers("of b"))
    questions.forget(db, b"a")
    assert questions.newest(db, 10) == ["of b"]
    questions.forget_all(db)
    assert questions.newest(db, 10) == []
