"""The documents that were open before: rows in, records out."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from qadesk.records import Document, RecentDocument
from qadesk.store import texts
from qadesk.store.texts import path_from, storable
from qadesk.structure import Block

MAX_DOCUMENTS = 50  # of files, and of pasted texts
_DOCUMENTS = "select recent.id, title, kind, path, opened from recent left join files on files.id = recent.file_id"


def add_document(connection: sqlite3.Connection, document: Document) -> None:
    """Put ``document`` first in the list; the oldest of its kind (file or pasted) beyond 50 is deleted."""
    is_pasted = document.path is None
    file_id = None if document.path is None else texts.update_file(connection, document.path, document.text)
    text_id = texts.add_text(connection, document.text, document.blocks) if is_pasted else None
    same = connection.execute("select id from recent where file_id is ? and text_id is ?", (file_id, text_id))
    connection.execute(
        """
        insert into recent (id, file_id, text_id, turn, title, kind, opened)
        values (?, ?, ?, (select coalesce(max(turn), 0) + 1 from recent), ?, ?, ?)
        on conflict (id) do update set
            turn = excluded.turn, title = excluded.title, kind = excluded.kind, opened = excluded.opened
        """,
        (*(same.fetchone() or (None,)), file_id, text_id, storable(document.title), document.kind, time.time()),
    )
    oldest = connection.execute(
        "select id from recent where (file_id is null) = ? order by turn desc limit -1 offset ?",
        (is_pasted, MAX_DOCUMENTS),
    )
    for (id_,) in oldest.fetchall():
        delete_document(connection, id_)


def newest_documents(connection: sqlite3.Connection, limit: int) -> list[RecentDocument]:
    """At most ``limit`` documents, the one opened last first."""
    return [_document(row) for row in connection.execute(f"{_DOCUMENTS} order by turn desc limit ?", (limit,))]


def pasted_document_of(connection: sqlite3.Connection, question_id: int) -> RecentDocument | None:
    """The pasted text that a question was asked of, None if it is not among the recent documents any more."""
    condition = "recent.text_id = (select text_id from questions where id = ? and questions.file_id is null)"
    row = connection.execute(f"{_DOCUMENTS} where {condition}", (question_id,)).fetchone()
    return None if row is None else _document(row)


def _document(row: tuple[Any, ...]) -> RecentDocument:
    id_, title, kind, path, opened = row
    return RecentDocument(id_, title, kind, None if path is None else path_from(path), opened)


def stored_text(connection: sqlite3.Connection, id_: int) -> tuple[str, tuple[Block, ...]] | None:
    """The pasted text of a row and its blocks, none where they are not known; None if there is no text."""
    row = connection.execute(
        "select text, blocks from recent join texts on texts.id = recent.text_id where recent.id = ?", (id_,)
    ).fetchone()
    return None if row is None else (row[0], texts.blocks_from(row[1], row[0]))


def delete_document(connection: sqlite3.Connection, id_: int) -> None:
    """Delete a row, and its text if nothing else needs it.

    The questions to it are deleted first: ``app.history.forgetting``.
    """
    sources = connection.execute("select file_id, text_id from recent where id = ?", (id_,)).fetchall()
    connection.execute("delete from recent where id = ?", (id_,))
    texts.release(connection, sources)


def delete_all_documents(connection: sqlite3.Connection) -> None:
    """Empty the list, and delete the texts that nothing else needs."""
    sources = connection.execute("select file_id, text_id from recent").fetchall()
    connection.execute("delete from recent")
    texts.release(connection, sources)
