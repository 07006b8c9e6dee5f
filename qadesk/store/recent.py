"""The documents that were open before: rows in, records out."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from pathlib import Path

from qadesk.records import Document, RecentDocument

KEPT = 50  # of files, and of pasted texts


def storable(text: str) -> str:
    """``text`` with halves of surrogate pairs, which no file can hold, as '?'. Offsets stay right."""
    return text.encode("utf-8", "replace").decode("utf-8")


def key_of(document: Document) -> bytes:
    """What ``document`` is known by: its full path or, for pasted text, the hash of the text."""
    if document.path is not None:
        return os.fsencode(document.path.absolute())
    return hashlib.sha256(storable(document.text).encode("utf-8")).hexdigest().encode("ascii")


def remember(connection: sqlite3.Connection, document: Document) -> None:
    """Put ``document`` first in the list; the oldest of its kind (file or pasted) beyond 50 goes."""
    text = storable(document.text) if document.path is None else None
    connection.execute(
        """
        insert into documents (key, turn, title, kind, opened, text)
        values (?, (select coalesce(max(turn), 0) + 1 from documents), ?, ?, ?, ?)
        on conflict (key) do update set
            turn = excluded.turn, title = excluded.title, kind = excluded.kind, opened = excluded.opened
        """,
        (key_of(document), storable(document.title), document.kind, time.time(), text),
    )
    connection.execute(
        """
        delete from documents where id in (
            select id from documents where (text is null) = ? order by turn desc limit -1 offset ?
        )
        """,
        (text is None, KEPT),
    )


def newest(connection: sqlite3.Connection, limit: int) -> list[RecentDocument]:
    """At most ``limit`` documents, the one opened last first."""
    rows = connection.execute(
        "select id, key, title, kind, opened, text is null from documents order by turn desc limit ?", (limit,)
    )
    return [
        RecentDocument(id_, title, kind, Path(os.fsdecode(key)) if is_file else None, opened)
        for id_, key, title, kind, opened, is_file in rows
    ]


def text_of(connection: sqlite3.Connection, id_: int) -> str | None:
    """The pasted text of a row, None if there is none."""
    row = connection.execute("select text from documents where id = ?", (id_,)).fetchone()
    return None if row is None else row[0]


def forget(connection: sqlite3.Connection, id_: int) -> bytes | None:
    """Take a row out of the list. Gives the key of its document, None if the row is gone already."""
    row = connection.execute("select key from documents where id = ?", (id_,)).fetchone()
    connection.execute("delete from documents where id = ?", (id_,))
    return None if row is None else row[0]


def forget_all(connection: sqlite3.Connection) -> None:
    """Empty the list."""
    connection.execute("delete from documents")
