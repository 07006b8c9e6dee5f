"""The shape of the database, as ordered, named steps.

To change it, append a function below: never edit one that was released. Each runs in one transaction
with the record that it was applied.
"""

from __future__ import annotations

import json
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
