"""Taking things out of the history, and putting back what was just taken out.

Daily backups hold what was forgotten until they are replaced; ``forget_all`` deletes those too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from qadesk.records import Changes, ForgottenEntry, HistoryAnswer, HistoryEntry, RecentDocument
from qadesk.store import database, question_search, recent, texts
from qadesk.store import questions as asked_questions
from qadesk.store.database import Store


def forget_entry(store: Store, id_: int) -> list[ForgottenEntry]:
    """Delete one entry. Gives what ``restore`` takes to put it back; nothing where there is none."""
    with store.writing(Changes(questions=True)) as connection:
        forgotten = _whole(connection, [id_])
        asked_questions.delete_questions(connection, [id_])
    store.scrub()
    return forgotten


def forget_source(store: Store, id_: int) -> list[ForgottenEntry]:
    """Delete all entries of the document, or of the library, that the entry ``id_`` was asked of.

    Of a document its answers to questions to a library go too: those entries stay with their other answers. Gives what
    ``restore`` takes to put all of it back.
    """
    with store.writing(Changes(questions=True)) as connection:
        entry = next(iter(question_search.entries_with_ids(connection, [id_])), None)
        if entry is not None and entry.library:
            ids = question_search.ids_of_library(connection, entry.library)
            forgotten = _whole(connection, ids)
            asked_questions.delete_questions(connection, ids)
        else:
            forgotten = _forget(connection, *asked_questions.source_of_question(connection, id_))
    store.scrub()
    return forgotten


def forget_document(store: Store, document: RecentDocument) -> list[ForgottenEntry]:
    """Delete ``document`` from the recent ones, with the questions to it, and its answers to those to a library.

    Gives the entries as they were.
    """
    with store.writing(Changes(recent=True, questions=True)) as connection:
        forgotten = _forget(connection, *asked_questions.source_of_recent(connection, document.id))
        recent.delete_document(connection, document.id)
    store.scrub()
    return forgotten


def forget_all(store: Store) -> None:
    """Delete the recent documents and the questions, the backups, and damaged files that were set aside.

    Labels stay, with their texts: they are the user's work, and are deleted one by one. Backups and damaged files hold
    what is to be forgotten and cannot be cleaned in part: a backup of what stays is written, then they are deleted.
    Labels that only a damaged file had were copied when it was set aside, as far as they could be read
    (``store.rescue``).
    """
    with store.writing(Changes(recent=True, questions=True)) as connection:
        recent.delete_all_documents(connection)
        asked_questions.delete_all_questions(connection)
    store.scrub()
    database.replace_backups(store)


def restore(store: Store, forgotten: Sequence[ForgottenEntry]) -> None:
    """Put back what was forgotten, with the same ids: what is left of these entries is replaced."""
    with store.writing(Changes(questions=True)) as connection:
        asked_questions.delete_questions(connection, [row.entry.id for row in forgotten])
        for row in sorted(forgotten, key=lambda row: row.entry.id):
            asked_questions.add_entry(connection, row.entry, row.text_hash)


def _whole(connection: sqlite3.Connection, ids: Iterable[int]) -> list[ForgottenEntry]:
    return [
        ForgottenEntry(entry, asked_questions.hash_of_asked_text(connection, entry.id))
        for entry in question_search.entries_with_ids(connection, ids)
    ]


def _forget(connection: sqlite3.Connection, file_id: int | None, text_id: int | None) -> list[ForgottenEntry]:
    """Delete the questions to a file or to a pasted text, and the answers in it to questions to a library."""
    if file_id is None and text_id is None:
        return []
    to_source = asked_questions.questions_to_source(connection, file_id, text_id)
    path = None if file_id is None else texts.path_of_file(connection, file_id)
    cut = _whole(connection, asked_questions.questions_answered_in(connection, file_id))
    forgotten = [*_whole(connection, to_source), *cut]
    asked_questions.delete_questions(connection, [row.entry.id for row in forgotten])
    for row in cut:
        asked_questions.add_entry(connection, _without(row.entry, path))
    return forgotten


def _without(entry: HistoryEntry, path: Path | None) -> HistoryEntry:
    """``entry`` without the answers in the file at ``path``; one that stands elsewhere too stays with those places."""
    answers: list[HistoryAnswer] = []
    for answer in entry.answers:
        others = [other for other in (replace(answer, others=()), *answer.others) if other.path != path]
        if others:
            answers.append(replace(others[0], others=tuple(others[1:])))
    return replace(entry, answers=tuple(answers))
