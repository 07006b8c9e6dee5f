"""What was asked: rows in, records out."""

from __future__ import annotations

import sqlite3
import time

from qadesk.records import Answers
from qadesk.store.recent import storable

KEPT = 10_000


def remember(connection: sqlite3.Connection, document: bytes, answers: Answers) -> None:
    """Add a question with its best answer. ``document`` is the key of its document."""
    best = answers.best
    span = (None, None, None, None) if best is None else (storable(best.text), best.start, best.end, best.confidence)
    connection.execute(
        """
        insert into questions (document, question, asked, seconds, no_answer, answer, start, "end", confidence)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (document, storable(answers.question), time.time(), answers.seconds, answers.no_answer, *span),
    )
    connection.execute(
        "delete from questions where id in (select id from questions order by id desc limit -1 offset ?)", (KEPT,)
    )


def newest(connection: sqlite3.Connection, limit: int) -> list[str]:
    """At most ``limit`` different questions, the one asked last first."""
    rows = connection.execute(
        "select question from questions group by question order by max(id) desc limit ?", (limit,)
    )
    return [question for (question,) in rows]


def of_document(connection: sqlite3.Connection, document: bytes, limit: int) -> list[str]:
    """At most ``limit`` different questions to one document, given by its key, the one asked first first."""
    rows = connection.execute(
        "select question from questions where document = ? group by question order by min(id) limit ?",
        (document, limit),
    )
    return [question for (question,) in rows]


def forget(connection: sqlite3.Connection, document: bytes) -> None:
    """Delete the questions to one document, given by its key."""
    connection.execute("delete from questions where document = ?", (document,))


def forget_all(connection: sqlite3.Connection) -> None:
    """Delete every question."""
    connection.execute("delete from questions")
