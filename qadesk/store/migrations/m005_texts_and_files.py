"""One identity of a text and of a file."""

from __future__ import annotations

import hashlib
import re
import sqlite3


def m005_texts_and_files(connection: sqlite3.Connection) -> None:
    """One identity of a text, the hash of its content, and one of a file, its path. All other tables refer to them.

    Until now a recent document was known by a path or a hash, a question by the same key without a reference, a text of
    labels by its hash and group: the same text could be stored twice, and nothing told which text a question was asked
    of.

    - ``texts``: ``hash`` is the SHA-256 of the text in UTF-8. ``text`` is null where only the identity is needed: of a
      file that was opened, or of a pasted text that has left the list, while there are questions to it.
    - ``files``: ``path`` is the bytes that the system uses. ``mtime`` (nanoseconds since the epoch), ``size`` (bytes)
      and ``text_id`` say what the file held when it was opened last; null where that is not known. A library of folders
      can add its files here, with their texts.
    - ``recent``: a file or a pasted text that was open. ``turn`` grows with each opening.
    - ``questions``: to a file and its text at that time (null from before this step), or to a pasted text.
    - ``label_texts``: a text as the document, or the part of a data set, that labels belong to. The same text in
      another group is another row. It keeps the ids that ``texts`` had: ``label_changes`` mention them in JSON.
      ``file_id`` is null for pasted and imported texts.
    - ``labels``: as before, but ``text_id`` and ``answered_in`` are ids of ``label_texts``.
    """
    for table in ("documents", "questions", "texts", "labels"):
        connection.execute(f"alter table {table} rename to old_{table}")  # references to it follow
    _create_texts_and_files(connection)
    _create_questions(connection)
    _create_labels(connection)
    _copy_labels(connection)
    sources = _copy_sources(connection)
    connection.executemany(
        "insert into recent select id, ?, ?, turn, title, kind, opened from old_documents where key = ?", sources
    )
    connection.executemany(
        """
        insert into questions select id, ?, ?, question, asked, seconds, no_answer, answer, start, "end", confidence
        from old_questions where document = ?
        """,
        sources,
    )
    for table, old in (("questions", "old_questions"), ("label_texts", "old_texts"), ("labels", "old_labels")):
        _copy_sequence(connection, table, old)
    for table in ("old_labels", "old_texts", "old_questions", "old_documents"):
        connection.execute(f"drop table {table}")
    _create_indexes(connection)


def _create_texts_and_files(connection: sqlite3.Connection) -> None:
    connection.execute("create table texts (id integer primary key, hash blob not null unique, text text)")
    connection.execute(
        """
        create table files (
            id integer primary key,
            path blob not null unique,
            mtime integer,
            size integer,
            text_id integer references texts (id)
        )
        """
    )
    connection.execute(
        """
        create table recent (
            id integer primary key,
            file_id integer unique references files (id),
            text_id integer unique references texts (id),
            turn integer not null unique,
            title text not null,
            kind text not null,
            opened real not null,
            check ((file_id is null) <> (text_id is null))
        )
        """
    )


def _create_questions(connection: sqlite3.Connection) -> None:
    connection.execute(
        """
        create table questions (
            id integer primary key autoincrement,
            file_id integer references files (id),
            text_id integer references texts (id),
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


def _create_labels(connection: sqlite3.Connection) -> None:
    connection.execute(
        """
        create table label_texts (
            id integer primary key autoincrement,
            text_id integer not null references texts (id),
            "group" text not null,
            title text not null,
            kind text not null,
            file_id integer references files (id),
            unique (text_id, "group")
        )
        """
    )
    connection.execute(
        """
        create table labels (
            id integer primary key autoincrement,
            text_id integer not null references label_texts (id),
            answered_in integer references label_texts (id),
            key text not null unique,
            question text not null,
            answers text not null,
            is_impossible integer not null,
            state text not null check (state in ('open', 'labelled', 'skipped', 'lost')),
            note text not null,
            origin text not null,
            extra text not null,
            made real not null,
            changed real not null
        )
        """
    )


def _create_indexes(connection: sqlite3.Connection) -> None:
    for index in (
        "files_text on files (text_id)",
        "questions_file on questions (file_id)",
        "questions_text on questions (text_id)",
        "questions_question on questions (question, id)",
        "label_texts_file on label_texts (file_id)",
        "labels_text on labels (text_id)",
    ):
        connection.execute(f"create index {index}")


def _copy_labels(connection: sqlite3.Connection) -> None:
    connection.execute("insert or ignore into texts (hash, text) select hash, text from old_texts order by id")
    connection.execute("insert or ignore into files (path) select path from old_texts where path is not null")
    connection.execute(
        """
        insert into label_texts
        select old_texts.id, texts.id, "group", title, kind, files.id
        from old_texts join texts using (hash) left join files using (path) order by old_texts.id
        """
    )
    connection.execute("insert into labels select * from old_labels order by id")


def _copy_sources(connection: sqlite3.Connection) -> list[tuple[int | None, int | None, bytes]]:
    """Add the files and texts of recent documents and questions; gives their ids (file, text) with the old key."""
    sources: list[tuple[int | None, int | None, bytes]] = []
    for key, text in connection.execute("select key, text from old_documents").fetchall():
        hash_ = None if text is None else hashlib.sha256(text.encode("utf-8")).digest()
        sources.append((*_add_source(connection, key, hash_), key))
        connection.execute("update texts set text = ? where hash = ?", (text, hash_))
    questions_only = "select distinct document from old_questions where document not in (select key from old_documents)"
    for (key,) in connection.execute(questions_only).fetchall():
        hash_ = bytes.fromhex(key.decode()) if re.fullmatch(rb"[0-9a-f]{64}", key) else None  # no absolute path is so
        sources.append((*_add_source(connection, key, hash_), key))
    return sources


def _add_source(connection: sqlite3.Connection, path: bytes, hash_: bytes | None) -> tuple[int | None, int | None]:
    """The ids (file, text) of the text with ``hash_``, or of the file at ``path`` where it is None."""
    if hash_ is None:
        connection.execute("insert or ignore into files (path) values (?)", (path,))
        (file_id,) = connection.execute("select id from files where path = ?", (path,)).fetchone()
        return file_id, None
    connection.execute("insert or ignore into texts (hash) values (?)", (hash_,))
    (text_id,) = connection.execute("select id from texts where hash = ?", (hash_,)).fetchone()
    return None, text_id


def _copy_sequence(connection: sqlite3.Connection, table: str, old: str) -> None:
    """Let ``table`` go on with the ids of ``old``: an id of a deleted row is not used again."""
    connection.execute("delete from sqlite_sequence where name = ?", (table,))
    connection.execute("insert into sqlite_sequence select ?, seq from sqlite_sequence where name = ?", (table, old))
