"""Keeps labels with their document when its file is moved or its text changes."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

from qadesk.labels.relocation import TextChange
from qadesk.records import LABELLED, LOST, Changes, Document, GoldSpan, Label, LabelText
from qadesk.sentences import Sentence
from qadesk.store import label_rows
from qadesk.store.database import Store
from qadesk.store.journal import LabelBatch
from qadesk.store.texts import add_text, storable


@dataclass(frozen=True, slots=True)
class Relocation:
    """How many labels of the document ``title`` moved to its new text, and how many were lost."""

    title: str = ""
    moved: int = 0
    lost: int = 0

    @property
    def notice(self) -> str:
        """A sentence for the user, '' if nothing happened."""
        parts = [f"{_labels(self.moved)} moved to the new text"] if self.moved else []
        if self.lost:
            parts.append(f"{_labels(self.lost)} could not be found again and will not count until answered anew")
        return f"The text of '{self.title}' has changed since it was labelled: {', '.join(parts)}." if parts else ""


def relocate_labels(store: Store, document: Document) -> Relocation:
    """Move the labels of a file to its text in ``document``, if that is not the labelled text any more.

    The answers are found again by their context (``labels.relocation``). A label whose answers are all found moves to
    the new text. Others move as ``LOST``: their answers do not occur there (start and end are -1) until the user gives
    new ones, or until the old text comes back. 'No answer' stays valid only if the new text adds nothing
    (``labels.additions``). The text of a file also changes when a newer version of QADesk reads it in another way.
    """
    if document.path is None:
        return Relocation()
    with store.reading() as connection:
        labelled_texts = label_rows.labelled_texts_at(connection, document.path)
        is_known = label_rows.has_texts(connection) and bool(label_rows.texts_equal_to(connection, document.text))
    if not labelled_texts and not is_known:
        return Relocation()
    with store.writing(Changes(labels=True)) as connection:
        if is_known:
            store_text(connection, document, None)  # the row gets the new path of a file that was moved
        batch = LabelBatch(connection, Sentence("label.relocate", {"title": document.title}))
        relocator = _Relocator(connection, batch, document)
        for text in labelled_texts:
            relocator.relocate_labels_of(text)
    return relocator.result


def store_text(connection: sqlite3.Connection, document: Document, group: str | None) -> int:
    """Store the text of ``document`` for labels in ``group``, or, for None, where it is stored already; gives its id.

    In the second case the row gets the path and the title of ``document`` if its own file is gone. A text that was
    stored without its blocks gets those of ``document``.
    """
    text = _label_text(document, group)
    stored = _stored_text(connection, text) if group is None else None
    if stored is None:
        return label_rows.add_label_text(connection, text)
    add_text(connection, text.text, text.blocks)
    if text.path is not None and (stored.path is None or _is_gone(stored.path)):
        label_rows.rename_text(connection, replace(text, id=stored.id))
    return stored.id


class _Relocator:
    """Moves labels from older texts of ``document`` to its present one."""

    def __init__(self, connection: sqlite3.Connection, batch: LabelBatch, document: Document) -> None:
        self._connection = connection
        self._batch = batch
        self._document = replace(document, text=storable(document.text))
        self._changes: dict[int, TextChange] = {}  # by the id of the old text
        self._moved = 0
        self._lost = 0

    @property
    def result(self) -> Relocation:
        """What was done so far."""
        return Relocation(self._document.title, self._moved, self._lost) if self._moved or self._lost else Relocation()

    def relocate_labels_of(self, text: LabelText) -> None:
        """Move all labels of ``text``, unless it is the present one."""
        if text.text == self._document.text:
            return
        new_id = label_rows.add_label_text(self._connection, _label_text(self._document, text.group))
        for label in label_rows.select_labels(self._connection, text_id=text.id):
            self._relocate(label, new_id)

    def _relocate(self, label: Label, new_id: int) -> None:
        old_id, old_answers = label_rows.stored_answers(self._connection, label.id)
        answers = self._relocated(label, old_answers, old_id)
        columns: dict[str, object] = {"text_id": new_id}
        if answers is not None:
            state = LABELLED if label.state == LOST else label.state
            columns |= {"state": state, "answers": label_rows.spans_as_json(answers), "answered_in": None}
            self._moved += 1
        else:
            state = LOST if label.state == LABELLED else label.state
            columns |= {"state": state, "answered_in": old_id}
            if label.state == LABELLED:
                self._lost += 1
        self._batch.change(label.id, columns)

    def _relocated(self, label: Label, answers: tuple[GoldSpan, ...], old_id: int) -> tuple[GoldSpan, ...] | None:
        """The answers of ``label`` in the present text; None if they are not certain."""
        change = self._change_of(old_id)
        if label.is_impossible:
            return () if change.adds_nothing else None
        spans = [change.relocate(answer) for answer in answers]
        certain = tuple(span for span in spans if span is not None)
        return certain if len(certain) == len(answers) else None

    def _change_of(self, text_id: int) -> TextChange:
        if text_id not in self._changes:
            text = label_rows.find_label_text(self._connection, text_id)
            assert text is not None  # texts of labels are never deleted
            self._changes[text_id] = TextChange(text.text, self._document.text)
        return self._changes[text_id]


def _label_text(document: Document, group: str | None) -> LabelText:
    path = None if document.path is None else document.path.absolute()
    text = LabelText(0, document.title, document.kind, path, "", document.text, document.blocks)
    return replace(text, group=_own_group(text) if group is None else group)


def _stored_text(connection: sqlite3.Connection, text: LabelText) -> LabelText | None:
    """The row with this text: of this file, else of another file or a pasted text; never an imported one."""
    equal = label_rows.texts_equal_to(connection, text.text)
    of_this_file = [stored for stored in equal if stored.path is not None and stored.path == text.path]
    documents = [row for row in equal if row.group == _own_group(row) and (row.path or row.kind == "pasted")]
    documents.sort(key=lambda stored: stored.group != text.group)
    return next(iter([*of_this_file, *documents]), None)


def _is_gone(path: Path) -> bool:
    """Whether the file is known not to exist: one that is out of reach is not gone."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        pass
    return False


def _own_group(text: LabelText) -> str:
    """The group of a text that is a document of its own, and no part of a data set."""
    return storable(str(text.path) if text.path is not None else text.title)


def _labels(count: int) -> str:
    return "1 label" if count == 1 else f"{count} labels"
