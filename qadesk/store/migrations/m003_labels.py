"""Labels, with undo and redo."""

from __future__ import annotations

import sqlite3


def m003_labels(connection: sqlite3.Connection) -> None:
    """Labels, the texts that they belong to, and every change to them, for undo and redo.

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
