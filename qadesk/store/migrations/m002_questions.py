"""Asked questions."""

from __future__ import annotations

import sqlite3


def m002_questions(connection: sqlite3.Connection) -> None:
    """Asked questions with the best answers.

    ``document`` is the key of the document: questions outlive its place in the list of recent ones.
    """
    connection.execute(
        """
        create table questions (
            id integer primary key autoincrement,
            document blob not null,
            question text not null,
            asked real not null,
            seconds real not null,
            no_answer real,
            answer text,
            start integer,
            "end" integer,
            confidence real
        )
        """
    )
    connection.execute("create index questions_document on questions (document)")
    connection.execute("create index questions_question on questions (question, id)")
