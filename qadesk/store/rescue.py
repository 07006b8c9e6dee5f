"""Labels out of a damaged database, as far as they can be read, for the backup that takes its place."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from qadesk.records import LABELLED, Label, LabelText
from qadesk.sentences import Sentence
from qadesk.store import label_rows
from qadesk.store.journal import LabelBatch
from qadesk.store.texts import hash_of

_UNREADABLE = (sqlite3.DatabaseError, ValueError, TypeError)  # a page, a character or a JSON column is broken
_IDS = (  # each order stops at another damaged page
    "select id from labels order by id",
    "select id from labels order by id desc",
    "select id from labels order by text_id",
)
_TEXT = label_rows.TEXTS.format(columns=", {blocks}, hash", condition="label_texts.id = ?")
_GROUPS = """select id, text_id, "group" from label_texts order by text_id, "group" """  # an index holds all of it
_TEXT_IN_GROUP = "select 0, ?2, 'pasted', null, ?2, text, {blocks}, hash from texts where id = ?1"
_TEXT_BEFORE_M005 = 'select id, title, kind, path, "group", text, {blocks}, hash from texts where id = ?'


def copy_labels(damaged: Path, connection: sqlite3.Connection) -> int:
    """Add the labels in the file ``damaged`` that ``connection`` lacks or has older, as one step to undo.

    Gives how many. The file is only read. What is not sound, by the hash of its text and the offsets of its answers,
    is left out.
    """
    labels = list(_readable_labels(damaged))
    connection.execute("begin immediate")
    with connection:  # commits, or rolls back
        merge = _Merge(connection)
        return sum(merge.add(label, text) for label, text in labels)


def _readable_labels(damaged: Path) -> Iterator[tuple[Label, LabelText]]:
    with closing(sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True)) as source:
        texts = _Texts(source)
        for label_id in _ids(source):
            with suppress(*_UNREADABLE):
                label = label_rows.find_label(source, label_id)
                text = label and texts.get(label.text_id)
                if label and text and _is_sound(label, text):
                    yield label, text


def _ids(source: sqlite3.Connection) -> list[int]:
    return sorted({label_id for query in _IDS for (label_id,) in _readable_rows(source, query)})


def _readable_rows(source: sqlite3.Connection, query: str) -> Iterator[tuple[Any, ...]]:
    """The rows up to the first page that is damaged."""
    with suppress(sqlite3.DatabaseError):
        yield from source.execute(query)


class _Texts:
    """The texts of labels in a damaged file of this or an earlier schema."""

    def __init__(self, source: sqlite3.Connection) -> None:
        self._source = source
        tables = {name for (name,) in _readable_rows(source, "select name from sqlite_schema")}
        self._query = _TEXT if "label_texts" in tables else _TEXT_BEFORE_M005
        columns = {name for _, name, *_ in _readable_rows(source, "pragma table_info(texts)")}
        # The blocks come after the text in a row: where their pages are damaged, the text can be whole.
        self._blocks = ("blocks", "null") if "blocks" in columns else ("null",)
        self._groups = {id_: tuple(rest) for id_, *rest in _readable_rows(source, _GROUPS)}
        self._texts: dict[int, LabelText | None] = {}  # a text can be long, and have many labels

    def get(self, text_id: int) -> LabelText | None:
        """The text of a row, None unless it has the hash that it was stored with.

        Where the row itself is damaged, an index still has its group: it is taken for a pasted text of that title, and
        becomes the text of its file again when that is opened.
        """
        if text_id not in self._texts:
            self._texts[text_id] = self._read(text_id)
        return self._texts[text_id]

    def _read(self, text_id: int) -> LabelText | None:
        row = self._first_row(self._query, (text_id,))
        if row is None and text_id in self._groups:
            row = self._first_row(_TEXT_IN_GROUP, self._groups[text_id])
        if row is None or not isinstance(row[5], str) or hash_of(row[5]) != row[7]:
            return None
        return label_rows.text_from(row[:7])

    def _first_row(self, query: str, arguments: tuple[Any, ...]) -> tuple[Any, ...] | None:
        for blocks in self._blocks:
            with suppress(*_UNREADABLE):
                row: tuple[Any, ...] | None = self._source.execute(query.format(blocks=blocks), arguments).fetchone()
                return row
        return None


def _is_sound(label: Label, text: LabelText) -> bool:
    return label.state != LABELLED or all(answer.stands_in(text.text) for answer in label.answers)


class _Merge:
    """Adds labels to a database as one step to undo."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._batch = LabelBatch(connection, Sentence("label.rescue"))
        self._text_ids: dict[int, int] = {}  # in the database, by the id in the damaged file

    def add(self, label: Label, text: LabelText) -> bool:
        """Add ``label``, or write it over an older one; whether anything changed."""
        existing = label_rows.label_with_key(self._connection, label.key)
        if existing is not None and existing.changed >= label.changed:
            return False
        if label.text_id not in self._text_ids:
            self._text_ids[label.text_id] = label_rows.add_label_text(self._connection, text)
        text_id = self._text_ids[label.text_id]
        if existing is None:
            self._batch.add(label, text_id)
            return True
        columns: dict[str, object] = {
            "text_id": text_id,
            "answered_in": None,
            "question": label.question,
            "answers": label_rows.spans_as_json(label.answers),
            "is_impossible": label.is_impossible,
            "state": label.state,
            "note": label.note,
        }
        self._batch.change(existing.id, columns)
        return True
