"""Adds labels that come from elsewhere: without those that are there, to the texts that are there."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from qadesk.app.labelling.label_values import folded_question, labelled_columns, new_key
from qadesk.records import LABELLED, Label, LabelText
from qadesk.store import label_rows
from qadesk.store.journal import LabelBatch
from qadesk.store.texts import storable


class LabelImporter:
    """Adds labels to a batch, without those that their text has already; ``count`` is how many were added."""

    def __init__(self, connection: sqlite3.Connection, batch: LabelBatch) -> None:
        self._connection = connection
        self._batch = batch
        self._known: dict[tuple[int, str], set[str]] = {}  # the questions before, by the text's id and the author
        self._added: set[tuple[int, str, str, str]] = set()
        self.count = 0

    def add(self, label: Label, text_id: int, text: str) -> None:
        """Add ``label`` to the text with this id and content. Raises ``DataError`` if an answer is not in it."""
        source = text_id, label.author
        if source not in self._known:
            questions = label_rows.select_questions(self._connection, *source)
            self._known[source] = {folded_question(question) for _, question in questions}
        folded = folded_question(label.question)
        if folded in self._known[source] or (*source, folded, label.key) in self._added:
            return
        self._added.add((*source, folded, label.key))
        if label.state == LABELLED:
            labelled_columns(label.answers, label.is_impossible, text)
        is_free = label.key and label_rows.label_with_key(self._connection, label.key) is None
        self._batch.add(label if is_free else replace(label, key=new_key()), text_id)
        self.count += 1


def stored_text_id(connection: sqlite3.Connection, text: LabelText, labels: Sequence[Label]) -> int:
    """The id of the row for imported ``labels``.

    A file names a document of the user by its title, not by its group: so the same text of the same title is that one.
    Where all labels are of other people, they belong to the text that the user has in any case.
    """
    equal = label_rows.texts_equal_to(connection, text.text)
    if not any(stored.group == storable(text.group) for stored in equal):
        is_others = all(label.author for label in labels)
        for stored in equal:
            if is_others or (stored.title == text.title and (stored.path is not None or stored.kind == "pasted")):
                return stored.id
    return label_rows.add_label_text(connection, text)
