"""The asked questions: entries of the history in, questions out. ``question_search`` gives the entries again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from qadesk.records import Document, HistoryAnswer, HistoryEntry
from qadesk.store import texts
from qadesk.store.folding import fold
from qadesk.store.texts import path_column, storable

MAX_QUESTIONS = 10_000  # starred ones not counted
_OLDEST = "select id from questions where starred = 0 order by id desc limit -1 offset ?"
_OF_SOURCE = """
    select id from questions
    where library = '' and (file_id = :file or (file_id is null and text_id = :text))
"""
_ANSWERED_IN = """
    select distinct question_id from question_answers join questions on questions.id = question_id
    where library <> '' and question_answers.file_id = ?
"""
_OF_FILE = "select question from questions where file_id = ? group by question order by min(id) limit ?"
_OF_TEXT = """
    select question from questions where file_id is null and text_id = ?
    group by question order by min(id) limit ?
"""
_DELETE_ANSWERS = (
    "delete from question_answers where question_id = ?",
    "delete from question_words where question_id = ?",
)
_DELETE = (*_DELETE_ANSWERS, "delete from questions where id = ?")


def add_entry(connection: sqlite3.Connection, entry: HistoryEntry, text_hash: bytes | None = None) -> int:
    """Add ``entry`` with its answers and give its id: its own, or a new one where that is 0.

    ``text_hash`` identifies the text that was asked; a file that is read in another way later has another text. None
    for a library. The oldest beyond 10,000 is deleted, but no starred one.
    """
    file_id = _file_id(connection, entry.path)
    text_id = None if text_hash is None else texts.identify(connection, text_hash)
    cursor = connection.execute(
        """
        insert into questions (
            id, file_id, text_id, question, asked, seconds, no_answer, library, title, model, options, starred
        ) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            entry.id or None, file_id, text_id, storable(entry.question), entry.asked, entry.seconds, entry.no_answer,
            storable(entry.library), storable(entry.title), storable(entry.model), _json(entry.options),
            entry.is_starred,
        ),
    )  # fmt: skip
    id_ = int(cursor.lastrowid or 0)
    _add_answers(connection, id_, entry.answers)
    _add_words(connection, id_, entry)
    delete_questions(connection, [oldest for (oldest,) in connection.execute(_OLDEST, (MAX_QUESTIONS,))])
    return id_


def replace_answers(connection: sqlite3.Connection, id_: int, entry: HistoryEntry) -> bool:
    """Let the question to a library ``id_`` have the answers, options and times of ``entry``, and keep when it was
    asked and whether it is starred. False where it is not there any more.
    """
    row = (entry.seconds, entry.no_answer, storable(entry.model), _json(entry.options), id_)
    cursor = connection.execute(
        "update questions set seconds = ?, no_answer = ?, model = ?, options = ? where id = ?", row
    )
    if not cursor.rowcount:
        return False
    before = connection.execute("select file_id, null from question_answers where question_id = ?", (id_,)).fetchall()
    for statement in _DELETE_ANSWERS:
        connection.execute(statement, (id_,))
    _add_answers(connection, id_, entry.answers)
    _add_words(connection, id_, entry)
    texts.release(connection, before)
    return True


def _file_id(connection: sqlite3.Connection, path: Path | None) -> int | None:
    return None if path is None else texts.add_file(connection, path_column(path))


def _json(pairs: Iterable[tuple[object, object]]) -> str:
    return json.dumps([list(pair) for pair in pairs], separators=(",", ":"))


def _add_answers(connection: sqlite3.Connection, question_id: int, answers: Iterable[HistoryAnswer]) -> None:
    connection.executemany(
        """
        insert into question_answers (
            question_id, number, place, file_id, title, page, answer, confidence, start, "end", spans, sentence,
            shown_start, shown_end, start_confidence, end_confidence
        ) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            (
                question_id, number, place, _file_id(connection, row.path), storable(row.title), row.page,
                storable(row.text), row.confidence, row.start, row.end, _json(row.spans), storable(row.sentence),
                row.shown_start, row.shown_end, row.start_confidence, row.end_confidence,
            )
            for number, answer in enumerate(answers)
            for place, row in enumerate((answer, *answer.others))
        ],
    )  # fmt: skip


def _add_words(connection: sqlite3.Connection, id_: int, entry: HistoryEntry) -> None:
    rows = [row for answer in entry.answers for row in (answer, *answer.others)]
    parts = [entry.question, entry.library, entry.title, *(row.text for row in rows), *(row.title for row in rows)]
    parts += [path.name for path in (entry.path, *(row.path for row in rows)) if path]
    words = fold(storable("\n".join(dict.fromkeys(parts))))
    connection.execute("insert into question_words values (?, ?)", (id_, words))


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


def set_star(connection: sqlite3.Connection, id_: int, is_starred: bool) -> None:
    """Star a question, or take its star."""
    connection.execute("update questions set starred = ? where id = ? and starred <> ?", (is_starred, id_, is_starred))


def source_of_question(connection: sqlite3.Connection, id_: int) -> tuple[int | None, int | None]:
    """The file and the text that a question was asked of; None and None for a library, and where it is gone."""
    row = connection.execute("select file_id, text_id from questions where id = ?", (id_,)).fetchone()
    return (None, None) if row is None else (row[0], row[1])


def hash_of_asked_text(connection: sqlite3.Connection, id_: int) -> bytes | None:
    """The hash of the text that a question was asked of, None where that is not known."""
    query = "select hash from questions join texts on texts.id = text_id where questions.id = ?"
    row = connection.execute(query, (id_,)).fetchone()
    return None if row is None else bytes(row[0])


def source_of_recent(connection: sqlite3.Connection, recent_id: int) -> tuple[int | None, int | None]:
    """The file or the text of a recent document."""
    row = connection.execute("select file_id, text_id from recent where id = ?", (recent_id,)).fetchone()
    return (None, None) if row is None else (row[0], row[1])


def questions_to_source(connection: sqlite3.Connection, file_id: int | None, text_id: int | None) -> list[int]:
    """The ids of the questions that were asked of a file, whatever its text was, or of a pasted text."""
    source = {"file": file_id, "text": text_id if file_id is None else None}
    return [id_ for (id_,) in connection.execute(_OF_SOURCE, source)]


def questions_answered_in(connection: sqlite3.Connection, file_id: int | None) -> list[int]:
    """The ids of the questions to a library that have an answer in this file."""
    return [id_ for (id_,) in connection.execute(_ANSWERED_IN, (file_id,))]


def delete_questions(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Delete questions with their answers, and what only they referred to."""
    sources: list[tuple[int | None, int | None]] = []
    for id_ in list(ids):
        sources += connection.execute("select file_id, text_id from questions where id = ?", (id_,))
        sources += connection.execute("select file_id, null from question_answers where question_id = ?", (id_,))
        for statement in _DELETE:
            connection.execute(statement, (id_,))
    texts.release(connection, sources)


def delete_all_questions(connection: sqlite3.Connection) -> None:
    """Delete every question."""
    sources = connection.execute(
        "select file_id, text_id from questions union select file_id, null from question_answers"
    ).fetchall()
    for statement in _DELETE:
        connection.execute(statement.partition(" where ")[0])
    texts.release(connection, sources)
