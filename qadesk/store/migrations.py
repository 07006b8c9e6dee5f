"""The shape of the database, as ordered, named steps.

To change it, append a function below: never edit one that was released. Each runs in one transaction
with the record that it was applied.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import time
from collections.abc import Callable

from qadesk.errors import StoreError
from qadesk.sentences import verbatim

Migration = Callable[[sqlite3.Connection], None]
MIGRATIONS: dict[str, Migration] = {}


def migration(function: Migration) -> Migration:
    """Register ``function`` as the next step, under its name."""
    MIGRATIONS[function.__name__] = function
    return function


def pending(connection: sqlite3.Connection) -> list[str]:
    """The names of the steps that this database lacks.

    Raises ``StoreError`` if it has steps that this version does not know.
    """
    done = _applied(connection)
    unknown = sorted(done - MIGRATIONS.keys())
    if unknown:
        raise StoreError(
            "Your documents, questions and labels were saved by a newer version of QADesk.",
            "Install the newest version to open them. Nothing was changed.",
            f"unknown migrations: {', '.join(unknown)}",
        )
    return [name for name in MIGRATIONS if name not in done]


def migrate(connection: sqlite3.Connection) -> None:
    """Apply what is pending, in order. A step that fails leaves no trace; the ones before it stay."""
    connection.execute("create table if not exists migrations (name text primary key, applied real not null)")
    for name in pending(connection):
        connection.execute("begin immediate")
        with connection:  # commits, or rolls back
            if name not in _applied(connection):  # another window may have been faster
                MIGRATIONS[name](connection)
                connection.execute("insert into migrations values (?, ?)", (name, time.time()))


def _applied(connection: sqlite3.Connection) -> set[str]:
    if not connection.execute("select 1 from sqlite_schema where name = 'migrations'").fetchone():
        return set()
    return {name for (name,) in connection.execute("select name from migrations")}


@migration
def m001_recent_documents(connection: sqlite3.Connection) -> None:
    """Documents that were open.

    ``key`` is the path of a file, as the bytes that the system uses (not every file name is valid text), or
    the hash of pasted ``text``; a file has no ``text``. ``turn`` grows with each opening: the order must not
    hang on a clock that can be set back.
    """
    connection.execute(
        """
        create table documents (
            id integer primary key,
            key blob not null unique,
            turn integer not null unique,
            title text not null,
            kind text not null,
            opened real not null,
            text text
        )
        """
    )


@migration
def m002_questions(connection: sqlite3.Connection) -> None:
    """What was asked, and the best answer to it.

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


@migration
def m003_labels(connection: sqlite3.Connection) -> None:
    """What people say is the answer, the texts that it is about, and every change to it, for undo and redo.

    ``answers`` are JSON ``[[start, end, text], ...]``, offsets into the text ``answered_in``, or into ``text_id``
    where that is null: the two differ for answers that could not be found again when their document changed.
    Texts with the same words (``hash``) are told apart by the document that they are a part of. A batch is what one
    verb changed; ``before`` and ``after`` are rows of ``labels`` as JSON objects, null where there is none. Texts are
    never deleted: a batch may need them.
    """
    connection.execute(
        """
        create table texts (
            id integer primary key autoincrement,
            hash blob not null,
            "group" text not null,
            title text not null,
            kind text not null,
            path blob,
            text text not null,
            unique (hash, "group")
        )
        """
    )
    connection.execute("create index texts_path on texts (path)")
    connection.execute(
        """
        create table labels (
            id integer primary key autoincrement,
            text_id integer not null references texts (id),
            answered_in integer references texts (id),
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
    connection.execute("create index labels_text on labels (text_id)")
    connection.execute(
        """
        create table label_batches (
            id integer primary key autoincrement,
            what text not null,
            undone integer not null default 0
        )
        """
    )
    connection.execute(
        """
        create table label_changes (
            id integer primary key autoincrement,
            batch integer not null references label_batches (id) on delete cascade,
            label integer not null,
            before text,
            after text
        )
        """
    )
    connection.execute("create index label_changes_batch on label_changes (batch)")


@migration
def m004_sentences(connection: sqlite3.Connection) -> None:
    """The names of label batches as ids with arguments (``qadesk.sentences``), in JSON.

    The English that was stored until now is kept word for word: it cannot be taken apart again with certainty.
    """
    connection.execute("alter table label_batches rename column what to sentence")
    rows = connection.execute("select id, sentence from label_batches").fetchall()
    connection.executemany(
        "update label_batches set sentence = ? where id = ?",
        [(json.dumps(verbatim(english).as_json(), ensure_ascii=False), id_) for id_, english in rows],
    )


@migration
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
    _create_m005_tables(connection)
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
    _create_m005_indexes(connection)


def _create_m005_tables(connection: sqlite3.Connection) -> None:
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


def _create_m005_indexes(connection: sqlite3.Connection) -> None:
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
    """Add the files and texts that were open or asked about; gives their ids (file, text) with the old key of each."""
    sources: list[tuple[int | None, int | None, bytes]] = []
    for key, text in connection.execute("select key, text from old_documents").fetchall():
        hash_ = None if text is None else hashlib.sha256(text.encode("utf-8")).digest()
        sources.append((*_add_source(connection, key, hash_), key))
        connection.execute("update texts set text = ? where hash = ?", (text, hash_))
    left = "select distinct document from old_questions where document not in (select key from old_documents)"
    for (key,) in connection.execute(left).fetchall():
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
