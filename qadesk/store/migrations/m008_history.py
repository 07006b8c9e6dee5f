"""Questions with all their answers."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from qadesk.store.folding import fold

_OLD = """
    select questions.id, questions.file_id, path, recent.title, question, answer, start, "end", confidence
    from questions left join files on files.id = questions.file_id
    left join recent on questions.file_id = recent.file_id
        or (questions.file_id is null and questions.text_id = recent.text_id)
"""


def m008_history(connection: sqlite3.Connection) -> None:
    """Each question with all its answers, and what it was asked with. Until now the best answer alone was kept.

    - ``questions``: to one document as before, or to the collection called ``library`` ('' for one document); then
      there is neither file nor text. ``title`` is that of the document at that time; of earlier questions that among
      the recent documents, else the name of the file. ``model`` and ``options`` (JSON, pairs of a key of the settings
      and its value) are '' and '[]' where they are not known.
    - ``question_answers``: a row for each document that an answer stands in. ``number`` counts the answers of a
      question, ``place`` the documents that one of them stands in, both from 0, best first. ``file_id`` is null for
      what stands in a pasted text. ``start``, ``end`` and ``spans`` (JSON, pairs, of all that was marked) are
      characters of the document's text at that time; ``shown_start`` and ``shown_end`` say where in ``sentence`` the
      answer is.
    - ``question_words``: what is searched: question, titles and answers, as ``store.folding`` writes them.
    """
    for column in ("library text not null default ''", "title text not null default ''"):
        connection.execute(f"alter table questions add column {column}")
    for column in ("model text not null default ''", "options text not null default '[]'"):
        connection.execute(f"alter table questions add column {column}")
    connection.execute("alter table questions add column starred integer not null default 0")
    _create_tables(connection)
    _copy_answers(connection)
    for column in ("answer", "start", '"end"', "confidence"):
        connection.execute(f"alter table questions drop column {column}")
    connection.execute("create index questions_starred on questions (starred, id)")


def _create_tables(connection: sqlite3.Connection) -> None:
    connection.execute(
        """
        create table question_answers (
            id integer primary key,
            question_id integer not null references questions (id),
            number integer not null,
            place integer not null,
            file_id integer references files (id),
            title text not null,
            page text not null,
            answer text not null,
            confidence real not null,
            start integer not null,
            "end" integer not null,
            spans text not null default '[]',
            sentence text not null default '',
            shown_start integer not null default 0,
            shown_end integer not null default 0,
            start_confidence real not null default 0,
            end_confidence real not null default 0
        )
        """
    )
    connection.execute("create index question_answers_question on question_answers (question_id, number, place)")
    connection.execute("create index question_answers_file on question_answers (file_id)")
    connection.execute(
        "create table question_words (question_id integer primary key references questions (id), words text not null)"
    )


def _copy_answers(connection: sqlite3.Connection) -> None:
    """Move the best answers into the new table, and make titles and words."""
    insert_answer = """
        insert into question_answers (
            question_id, number, place, file_id, title, page, answer, confidence, start, "end"
        ) values (?, 0, 0, ?, ?, '', ?, ?, ?, ?)
    """
    for id_, file_id, path, recent_title, question, answer, start, end, confidence in connection.execute(
        _OLD
    ).fetchall():
        name = "" if path is None else Path(os.fsdecode(path)).name.encode("utf-8", "replace").decode("utf-8")
        title = name if recent_title is None else recent_title
        connection.execute("update questions set title = ? where id = ?", (title, id_))
        if answer is not None:
            connection.execute(insert_answer, (id_, file_id, title, answer, confidence, start, end))
        words = fold("\n".join((question, title, name, answer or "")))
        connection.execute("insert into question_words values (?, ?)", (id_, words))
