"""Labels out of a damaged database, as far as they can be read, for the backup that takes its place."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from qadesk.records import LABELLED, Label, LabelText
from qadesk.sentences import Sentence
from qadesk.store import label_rows as rows
from qadesk.store.journal import LabelBatch

_UNREADABLE = (sqlite3.DatabaseError, ValueError, TypeError)  # a page, a character or a JSON column is broken


def take_over(damaged: Path, connection: sqlite3.Connection) -> int:
    """Add the labels in the file ``damaged`` that ``connection`` lacks or has older, as one step to undo.

    Gives how many. The file is only read. What is not sound, by the hash of its text and the places of its answers,
    is left out.
    """
    found = list(_readable(damaged))
    connection.execute("begin immediate")
    with connection:  # commits, or rolls back
        batch = LabelBatch(connection, Sentence("label_rescue"))
        return sum(_take(batch, connection, label, text) for label, text in found)


def _readable(damaged: Path) -> Iterator[tuple[Label, LabelText]]:
    with closing(sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True)) as source:
        for label_id in _ids(source):
            with suppress(*_UNREADABLE):
                label = rows.label(source, label_id)
                text = label and rows.text(source, label.text_id)
                if label and text and _is_sound(source, label, text):
                    yield label, text


def _ids(source: sqlite3.Connection) -> list[int]:
    found: list[int] = []
    with suppress(sqlite3.DatabaseError):
        for (label_id,) in source.execute("select id from labels"):
            found.append(label_id)
    return found


def _is_sound(source: sqlite3.Connection, label: Label, text: LabelText) -> bool:
    """Whether the words of ``text`` are what they were, and the answers stand in them."""
    is_text = text.id in (kept.id for kept in rows.texts_with_words(source, text.text))
    return is_text and (label.state != LABELLED or all(answer.stands_in(text.text) for answer in label.answers))


def _take(batch: LabelBatch, connection: sqlite3.Connection, label: Label, text: LabelText) -> bool:
    """Add ``label``, or write it over an older one; whether there was anything to do."""
    known = rows.label_with_key(connection, label.key)
    if known is not None and known.changed >= label.changed:
        return False
    text_id = rows.add_text(connection, text)
    if known is None:
        batch.add(label, text_id)
    else:
        said = {"answers": rows.spans_as_kept(label.answers), "is_impossible": label.is_impossible, "answered_in": None}
        batch.change(
            known.id,
            {"text_id": text_id, "question": label.question, "state": label.state, "note": label.note, **said},
        )
    return True
