"""The questions of the history that can become labels."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

# The newest of the texts of a document that have labels: when a file changes, its labels move to its new text.
# A pasted text, without a file, is a document of its own.
_UNTAKEN = """
    with newest as (
        select max(id) as id, file_id, case when file_id is null then text_id end as pasted from label_texts
        where id in (select text_id from labels where author = '') group by file_id, pasted
    )
    select questions.id, question, newest.id from questions join newest
    on newest.file_id is questions.file_id
        and newest.pasted is case when questions.file_id is null then questions.text_id end
    where library = '' and taken = 0 order by questions.id
"""
_TAKEN = """
    select distinct question from questions where taken = 1 and library = '' and (
        file_id = (select file_id from label_texts where id = ?1)
        or (file_id is null and text_id = (select text_id from label_texts where id = ?1 and file_id is null))
    )
"""


def untaken_questions(connection: sqlite3.Connection) -> list[tuple[int, str, int]]:
    """The questions of the history to documents that have labels of the user, and that were never taken as labels.

    Each is given with its id and the id of the text of those labels, the oldest first.
    """
    return connection.execute(_UNTAKEN).fetchall()


def taken_questions(connection: sqlite3.Connection, label_text_id: int) -> list[str]:
    """The questions to the document of a text of labels that were taken as labels."""
    return [question for (question,) in connection.execute(_TAKEN, (label_text_id,))]


def set_taken(connection: sqlite3.Connection, question_ids: Iterable[int]) -> None:
    """Note that these questions were taken."""
    connection.executemany("update questions set taken = 1 where id = ?", [(id_,) for id_ in question_ids])
