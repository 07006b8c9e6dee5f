"""Labels stay with their document when it is moved or changed: see ``app.labelling.labels``."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

from qadesk.labels.relocation import anchor, says_nothing_new
from qadesk.records import LABELLED, LOST, Changes, Document, GoldSpan, Label, LabelText
from qadesk.store import label_rows as rows
from qadesk.store.database import Store
from qadesk.store.journal import LabelBatch
from qadesk.store.recent import storable


@dataclass(frozen=True, slots=True)
class Relocation:
    """How many labels ``moved`` to new words and how many became ``lost``; ``notice`` says so, or is ''."""

    moved: int = 0
    lost: int = 0
    notice: str = ""


def keep(connection: sqlite3.Connection, document: Document, group: str | None) -> int:
    """Keep the text of ``document`` in ``group``, or, for None, where these words lie already; gives its id."""
    text = _text_of(document, group)
    same = _same_words(connection, text) if group is None else None
    if same is None:
        return rows.add_text(connection, text)
    if text.path is not None and (same.path is None or _is_gone(same.path)):
        rows.rename_text(connection, replace(text, id=same.id))
    return same.id


def follow(store: Store, document: Document) -> Relocation:
    """Bring labels along to the words of ``document``: see ``app.labelling.labels.follow_document``."""
    if document.path is None:
        return Relocation()
    with store.reading() as connection:
        old = rows.labelled_texts_at(connection, document.path)
        has_same = rows.has_texts(connection) and bool(rows.texts_with_words(connection, document.text))
    if not old and not has_same:
        return Relocation()
    with store.writing(Changes(labels=True)) as connection:
        if has_same:
            keep(connection, document, None)  # the row follows a file that was moved
        batch = LabelBatch(connection, f"the move of the labels of '{document.title}' to its new words")
        carrying = _Carrying(connection, batch)
        for text in old:
            carrying.carry(text, document)
    return carrying.told(document.title)


class _Carrying:
    """Labels on their way from the old words of a document to the new ones."""

    def __init__(self, connection: sqlite3.Connection, batch: LabelBatch) -> None:
        self._connection = connection
        self._batch = batch
        self._words: dict[int, str] = {}
        self._moved = 0
        self._lost = 0

    def carry(self, old: LabelText, document: Document) -> None:
        """Move all labels of ``old``, if its words are others than those of ``document``."""
        new = storable(document.text)
        if old.text == new:
            return
        new_id = rows.add_text(self._connection, replace(_text_of(document, old.group), text=new))
        for label in rows.labels(self._connection, text_id=old.id):
            self._move(label, new_id, new)

    def _move(self, label: Label, new_id: int, new: str) -> None:
        home_id, answers = rows.answers_as_kept(self._connection, label.id)
        found = _found(label, answers, self._words_of(home_id), new)
        if found is not None:
            said: dict[str, object] = {"answers": rows.spans_as_kept(found), "answered_in": None}
            state = LABELLED if label.state == LOST else label.state
            self._moved += 1
        else:
            said = {"answered_in": home_id}
            state = LOST if label.state == LABELLED else label.state
            self._lost += label.state == LABELLED
        self._batch.change(label.id, {"text_id": new_id, "state": state, **said})

    def _words_of(self, text_id: int) -> str:
        if text_id not in self._words:
            text = rows.text(self._connection, text_id)
            assert text is not None  # texts are never deleted
            self._words[text_id] = text.text
        return self._words[text_id]

    def told(self, title: str) -> Relocation:
        """How it went."""
        if not self._moved and not self._lost:
            return Relocation()
        told = [f"{_labels(self._moved)} moved to the new text"] if self._moved else []
        if self._lost:
            told.append(f"{_labels(self._lost)} could not be found again and will not count until answered anew")
        notice = f"'{title}' has changed since it was labelled: {', '.join(told)}."
        return Relocation(self._moved, self._lost, notice)


def _labels(count: int) -> str:
    return "1 label" if count == 1 else f"{count} labels"


def _found(label: Label, answers: tuple[GoldSpan, ...], old: str, new: str) -> tuple[GoldSpan, ...] | None:
    """What the label says, of ``new``; None if that is not certain."""
    if label.is_impossible:
        return () if says_nothing_new(old, new) else None
    placed = [anchor(answer, old, new) for answer in answers]
    found = tuple(answer for answer in placed if answer is not None)
    return found if len(found) == len(answers) else None


def _text_of(document: Document, group: str | None) -> LabelText:
    path = None if document.path is None else document.path.absolute()
    text = LabelText(0, document.title, document.kind, path, "", document.text)
    return replace(text, group=_own_group(text) if group is None else group)


def _same_words(connection: sqlite3.Connection, text: LabelText) -> LabelText | None:
    """The row of the same words: of this file rather than of another file or a pasted text; never an imported one."""
    found = rows.texts_with_words(connection, text.text)
    here = [kept for kept in found if kept.path is not None and kept.path == text.path]
    own = [kept for kept in found if kept.group == _own_group(kept) and (kept.path or kept.kind == "pasted")]
    own.sort(key=lambda kept: kept.group != text.group)
    return next(iter([*here, *own]), None)


def _is_gone(path: Path) -> bool:
    """Whether there is no such file, as far as can be told: what is out of reach is not gone."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        pass
    return False


def _own_group(text: LabelText) -> str:
    """The group of a text that is a document of its own."""
    return storable(str(text.path) if text.path is not None else text.title)
