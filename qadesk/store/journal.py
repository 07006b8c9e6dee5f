"""The changes to labels, in batches that are undone and redone as one, without limit and across restarts."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass

from qadesk.records import Label
from qadesk.sentences import Sentence, from_json, verbatim
from qadesk.store.label_rows import spans_as_json
from qadesk.store.texts import storable

Row = dict[str, object]
_UPSERT = """
    insert into labels (
        id, text_id, answered_in, key, question, answers, is_impossible, state, note, origin, extra, made, changed,
        author
    ) values (
        :id, :text_id, :answered_in, :key, :question, :answers, :is_impossible, :state, :note, :origin, :extra, :made,
        :changed, :author
    ) on conflict (id) do update set
        text_id = excluded.text_id, answered_in = excluded.answered_in, key = excluded.key,
        question = excluded.question, answers = excluded.answers, is_impossible = excluded.is_impossible,
        state = excluded.state, note = excluded.note, origin = excluded.origin, extra = excluded.extra,
        made = excluded.made, changed = excluded.changed, author = excluded.author
"""


@dataclass(frozen=True, slots=True)
class Reverted:
    """A batch that was undone, or done again: its name, and the labels that it was about and that are there now."""

    sentence: Sentence
    label_ids: tuple[int, ...]


class LabelBatch:
    """Changes that are undone as one; ``sentence`` names them for the user. Use it in one transaction.

    The first change deletes the batches that could be redone. A batch without changes leaves no row.
    """

    def __init__(self, connection: sqlite3.Connection, sentence: Sentence) -> None:
        self._connection = connection
        self._sentence = sentence
        self._id: int | None = None

    def add(self, label: Label, text_id: int) -> int:
        """Add ``label`` to the text ``text_id`` and give its new id. No other label may have its key."""
        row = _new_row(label, text_id)
        label_id = _insert(self._connection, row)
        self._record(label_id, None, row | {"id": label_id})
        return label_id

    def change(self, label_id: int, columns: Mapping[str, object]) -> None:
        """Write ``columns`` of a label and the time of the change; nothing if it has these values already."""
        before = _row(self._connection, label_id)
        assert before is not None  # the caller has just read it
        values = {name: storable(value) if isinstance(value, str) else value for name, value in columns.items()}
        if before | values == before:
            return
        after = before | values | {"changed": time.time()}
        self._connection.execute(_UPSERT, after)
        self._record(label_id, before, after)

    def delete(self, label_id: int) -> None:
        """Delete a label; nothing if it is gone already."""
        before = _row(self._connection, label_id)
        if before is not None:
            _delete(self._connection, label_id)
            self._record(label_id, before, None)

    def _record(self, label_id: int, before: Row | None, after: Row | None) -> None:
        if self._id is None:
            self._connection.execute("delete from label_batches where undone")  # and their changes with them
            column = storable(json.dumps(self._sentence.as_json(), ensure_ascii=False))
            self._id = self._connection.execute("insert into label_batches (sentence) values (?)", (column,)).lastrowid
        self._connection.execute(
            "insert into label_changes (batch, label, before, after) values (?, ?, ?, ?)",
            (self._id, label_id, _as_json(before), _as_json(after)),
        )


def add_label(connection: sqlite3.Connection, label: Label, text_id: int) -> int:
    """Add ``label`` to the text ``text_id`` and give its new id. This is no step to undo."""
    return _insert(connection, _new_row(label, text_id))


def undo_batch(connection: sqlite3.Connection) -> Reverted | None:
    """Undo the newest batch that is not undone; None if there is none."""
    batch = connection.execute("select id, sentence from label_batches where not undone order by id desc").fetchone()
    if batch is None:
        return None
    changes = connection.execute("select label, before from label_changes where batch = ? order by id desc", batch[:1])
    return _apply(connection, batch, changes.fetchall(), undone=True)


def redo_batch(connection: sqlite3.Connection) -> Reverted | None:
    """Do the batch again that was undone last; None if there is none."""
    batch = connection.execute("select id, sentence from label_batches where undone order by id").fetchone()
    if batch is None:
        return None
    changes = connection.execute("select label, after from label_changes where batch = ? order by id", batch[:1])
    return _apply(connection, batch, changes.fetchall(), undone=False)


def has_undo(connection: sqlite3.Connection) -> bool:
    """Whether there is a batch to undo."""
    return connection.execute("select 1 from label_batches where not undone limit 1").fetchone() is not None


def has_redo(connection: sqlite3.Connection) -> bool:
    """Whether there is a batch to do again."""
    return connection.execute("select 1 from label_batches where undone limit 1").fetchone() is not None


def _apply(
    connection: sqlite3.Connection, batch: tuple[int, str], rows: list[tuple[int, str | None]], *, undone: bool
) -> Reverted:
    for label_id, row in rows:
        if row is None:
            _delete(connection, label_id)
        else:
            connection.execute(_UPSERT, {"author": ""} | json.loads(row))  # rows before m009 have no author
    batch_id, column = batch
    connection.execute("update label_batches set undone = ? where id = ?", (undone, batch_id))
    last_rows = dict(rows)  # a label can be changed twice in a batch
    present = tuple(label_id for label_id, row in last_rows.items() if row is not None)
    return Reverted(_sentence_from(column), present)


def _sentence_from(column: str) -> Sentence:
    """The sentence that a column holds. An undo must not fail for its name: what cannot be read is given as it is."""
    try:
        return from_json(json.loads(column))
    except ValueError:
        return verbatim(column)


def _new_row(label: Label, text_id: int) -> Row:
    now = time.time()
    return {
        "id": None,
        "text_id": text_id,
        "answered_in": None,
        "key": storable(label.key),
        "question": storable(label.question),
        "answers": storable(spans_as_json(label.answers)),
        "is_impossible": label.is_impossible,
        "state": label.state,
        "note": storable(label.note),
        "origin": storable(label.origin),
        "extra": storable(label.extra),
        "made": label.made or now,
        "changed": label.changed or now,
        "author": storable(label.author),
    }


def _insert(connection: sqlite3.Connection, row: Row) -> int:
    label_id = connection.execute(_UPSERT, row).lastrowid
    assert label_id is not None  # an insert has one
    return label_id


def _row(connection: sqlite3.Connection, label_id: int) -> Row | None:
    cursor = connection.execute("select * from labels where id = ?", (label_id,))
    row = cursor.fetchone()
    return None if row is None else dict(zip((column[0] for column in cursor.description), row, strict=True))


def _delete(connection: sqlite3.Connection, label_id: int) -> None:
    connection.execute("delete from labels where id = ?", (label_id,))


def _as_json(row: Row | None) -> str | None:
    return None if row is None else json.dumps(row, ensure_ascii=False)
