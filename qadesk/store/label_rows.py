"""Labels and the texts that they are about: rows in, records out. They are written by ``store.journal``."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from qadesk.records import GoldSpan, Label, LabelText
from qadesk.store.recent import storable

_COLUMNS = 13  # of a label


def hash_of(words: str) -> bytes:
    """What a text is known by, whichever file it lies in."""
    return hashlib.sha256(storable(words).encode("utf-8")).digest()


def add_text(connection: sqlite3.Connection, text: LabelText) -> int:
    """Keep ``text``, whatever its id, and give the id of its row. The same words in the same group are one row."""
    found = connection.execute(
        'select id from texts where hash = ? and "group" = ?', (hash_of(text.text), storable(text.group))
    ).fetchone()
    if found:
        return int(found[0])
    row = (hash_of(text.text), *_columns_of(text), storable(text.text))
    added = connection.execute(
        'insert into texts (hash, "group", title, kind, path, text) values (?, ?, ?, ?, ?, ?)', row
    )
    assert added.lastrowid is not None  # an insert has one
    return added.lastrowid


def rename_text(connection: sqlite3.Connection, text: LabelText) -> None:
    """Write all of ``text`` but its words over the row with its id; nothing if the row is so already."""
    connection.execute(
        """
        update texts set "group" = ?1, title = ?2, kind = ?3, path = ?4
        where id = ?5 and ("group", title, kind, path) is not (?1, ?2, ?3, ?4)
        """,
        (*_columns_of(text), text.id),
    )


def has_texts(connection: sqlite3.Connection) -> bool:
    """Whether any text is kept."""
    return connection.execute("select 1 from texts limit 1").fetchone() is not None


def text(connection: sqlite3.Connection, text_id: int) -> LabelText | None:
    """The text of a row, None if there is none."""
    row = connection.execute("select * from texts where id = ?", (text_id,)).fetchone()
    return row and _text_of(row)


def texts(connection: sqlite3.Connection) -> list[LabelText]:
    """The texts that have labels, and those without but newest of their document, by id."""
    rows = connection.execute(
        """
        select * from texts as t
        where exists (select 1 from labels where text_id = t.id)
           or not exists (select 1 from texts as newer where newer.path = t.path and newer.id > t.id)
        order by id
        """
    )
    return [_text_of(row) for row in rows]


def texts_with_words(connection: sqlite3.Connection, words: str) -> list[LabelText]:
    """The kept texts that are ``words``, the oldest first."""
    rows = connection.execute("select * from texts where hash = ? order by id", (hash_of(words),))
    return [_text_of(row) for row in rows]


def labelled_texts_at(connection: sqlite3.Connection, path: Path) -> list[LabelText]:
    """The texts that the file at ``path`` has or had and that have labels, the oldest first."""
    rows = connection.execute(
        "select * from texts where path = ? and id in (select text_id from labels) order by id",
        (_bytes_of(path),),
    )
    return [_text_of(row) for row in rows]


def label(connection: sqlite3.Connection, label_id: int) -> Label | None:
    """The label of a row, None if there is none."""
    row = connection.execute("select * from labels where id = ?", (label_id,)).fetchone()
    return row and _label_of(row)


def labels(
    connection: sqlite3.Connection, *, state: str = "", search: str = "", text_id: int | None = None
) -> list[Label]:
    """The labels of ``state`` ('' for all) of one text (None for all) in which ``search`` stands, in document order.

    ``search`` is looked for in the question, the answers, the note and the title of the text, whether upper or lower
    case. Document order is that of the texts, then of the first answers, then, where a label has no place, of
    insertion.
    """
    rows = connection.execute(
        """
        select labels.*, title from labels join texts on texts.id = text_id
        where (?1 = '' or state = ?1) and (?2 is null or text_id = ?2)
        """,
        (state, text_id),
    )
    wanted = search.casefold()
    return sorted((_label_of(row) for row in rows if not wanted or _holds(row, wanted)), key=_document_order)


def answers_as_kept(connection: sqlite3.Connection, label_id: int) -> tuple[int, tuple[GoldSpan, ...]]:
    """The id of the text that the answers of a label stand in, and the answers with their places in it."""
    text_id, answers = connection.execute(
        "select coalesce(answered_in, text_id), answers from labels where id = ?", (label_id,)
    ).fetchone()
    return text_id, spans_from(answers)


def questions(connection: sqlite3.Connection, text_id: int) -> list[tuple[int, str]]:
    """The questions to a text with the ids of their labels, the oldest first."""
    return connection.execute("select id, question from labels where text_id = ? order by id", (text_id,)).fetchall()


def label_with_key(connection: sqlite3.Connection, key: str) -> Label | None:
    """The label with this id of data sets, None if there is none."""
    row = connection.execute("select * from labels where key = ?", (storable(key),)).fetchone()
    return row and _label_of(row)


def tally(connection: sqlite3.Connection) -> tuple[dict[str, int], int, int, int]:
    """How many labels there are by state, how many say 'no answer', and of how many texts and groups they are."""
    states = dict(connection.execute("select state, count(*) from labels group by state"))
    (no_answer,) = connection.execute(
        "select count(*) from labels where state = 'labelled' and is_impossible"
    ).fetchone()
    texts, groups = connection.execute(
        'select count(*), count(distinct "group") from texts where id in (select text_id from labels)'
    ).fetchone()
    return states, no_answer, texts, groups


def spans_as_kept(answers: Sequence[GoldSpan]) -> str:
    """Answers as a column holds them."""
    return json.dumps([[answer.start, answer.end, answer.text] for answer in answers], ensure_ascii=False)


@lru_cache(maxsize=20_000)  # the list is read again after every change to one label
def spans_from(column: str) -> tuple[GoldSpan, ...]:
    """The answers that a column holds."""
    return tuple(GoldSpan(*row) for row in json.loads(column)) if column != "[]" else ()


def _columns_of(text: LabelText) -> tuple[str, str, str, bytes | None]:
    path = None if text.path is None else _bytes_of(text.path)
    return storable(text.group), storable(text.title), text.kind, path


def _bytes_of(path: Path) -> bytes:
    return os.fsencode(path.absolute())  # not every file name is valid text


def _text_of(row: tuple[int, bytes, str, str, str, bytes | None, str]) -> LabelText:
    id_, _, group, title, kind, path, words = row
    return LabelText(id_, title, kind, None if path is None else Path(os.fsdecode(path)), group, words)


def _label_of(row: tuple[Any, ...]) -> Label:
    id_, text_id, answered_in, key, question, column, is_impossible, *rest = row[:_COLUMNS]
    answers = spans_from(column)
    if answered_in is not None:  # offsets into another text would show wrong words
        answers = tuple(GoldSpan(-1, -1, answer.text) for answer in answers)
    return Label(id_, text_id, key, question, answers, bool(is_impossible), *rest)


def _holds(row: tuple[Any, ...], wanted: str) -> bool:
    _, _, _, _, question, column, _, _, note, _, _, _, _, title = row
    places = (question, note, title, *(answer.text for answer in spans_from(column)))
    return any(wanted in place.casefold() for place in places)


def _document_order(label: Label) -> tuple[int, bool, int, int]:
    places = [answer.start for answer in label.answers if answer.start >= 0]
    return label.text_id, not places, min(places, default=0), label.id
