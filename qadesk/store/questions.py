"""The asked questions: records in, questions out."""

from __future__ import annotations

import sqlite3
import time

from qadesk.records import Answers, Document
from qadesk.store import texts
from qadesk.store.texts import hash_of, path_column, storable

MAX_QUESTIONS = 10_000
_OLDEST = "select id, file_id, text_id from questions order by id desc limit -1 offset ?"
_OF_RECENT = """
    select questions.id, questions.file_id, questions.text_id from questions join recent
        on questions.file_id = recent.file_id or (questions.file_id is null and questions.text_id = recent.text_id)
    where recent.id = ?
"""
_OF_FILE = "select question from questions where file_id = ? group by question order by min(id) limit ?"
_OF_TEXT = """
    select question from questions where file_id is null and text_id = ?
    group by question order by min(id) limit ?
"""


def add_question(connection: sqlite3.Connection, document: Document, answers: Answers) -> None:
    """Add a question to ``document`` with its best answer; the oldest beyond 10,000 is deleted.

    The offsets of the answer are those of the text that the row refers to: a file that is read in another way later has
    another text.
    """
    file_id = None if document.path is None else texts.add_file(connection, path_column(document.path))
    text_id = texts.identify(connection, hash_of(document.text))
    best = answers.best
    span = (None, None, None, None) if best is None else (storable(best.text), best.start, best.end, best.confidence)
    connection.execute(
        """
        insert into questions (
            file_id, text_id, question, asked, seconds, no_answer, answer, start, "end", confidence
        ) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (file_id, text_id, storable(answers.question), time.time(), answers.seconds, answers.no_answer, *span),
    )
    _delete(connection, connection.execute(_OLDEST, (MAX_QUESTIONS,)))


def newest_questions(connection: sqlite3.Connection, limit: int) -> list[str]:
    """At most ``limit`` different questions, the one asked last first."""
    rows = connection.execute(
        "select question from questions group by question order by max(id) desc limit ?", (limit,)
    )
    return [question for (question,) in rows]


def of_document(connection: sqlite3.Connection, document: Document, limit: int) -> list[str]:
    """At most ``limit`` different questions to a file, whatever its text was then, or to a pasted text.

    The one asked first comes first.
    """
    if document.path is not None:
        query, id_ = _OF_FILE, texts.find_file(connection, document.path)
    else:
        query, id_ = _OF_TEXT, texts.find_text(connection, document.text)
    rows = connection.execute(query, (id_, limit))
    return [question for (question,) in rows]


def delete_questions_to(connection: sqlite3.Connection, recent_id: int) -> None:
    """Delete the questions to the recent document with this id."""
    _delete(connection, connection.execute(_OF_RECENT, (recent_id,)))


def delete_all_questions(connection: sqlite3.Connection) -> None:
    """Delete every question."""
    _delete(connection, connection.execute("select id, file_id, text_id from questions"))


def _delete(connection: sqlite3.Connection, query: sqlite3.Cursor) -> None:
    """Delete the rows whose id, file and text ``query`` gives, and what only they referred to."""
    rows = query.fetchall()
    connection.executemany("delete from questions where id = ?", [(id_,) for id_, _, _ in rows])
    texts.release(connection, [(file_id, text_id) for _, file_id, text_id in rows])
