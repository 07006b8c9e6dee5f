"""Reads labels, reads and writes the texts that they belong to. Labels are written by ``store.journal``."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from qadesk.records import GoldSpan, Label, LabelText
from qadesk.store import texts as text_rows
from qadesk.store.texts import hash_of, path_column, path_from, storable

_COLUMNS = 14  # of a label; 13 in a file from before m009, which has no author
TEXTS = """
    select label_texts.id, title, kind, path, "group", texts.text{columns}
    from label_texts join texts on texts.id = label_texts.text_id left join files on files.id = file_id
    where {condition} order by label_texts.id
"""
"""The texts of labels. ``columns`` are more than those of a ``LabelText``, each after a comma."""


def add_label_text(connection: sqlite3.Connection, text: LabelText) -> int:
    """Store ``text``, whatever its id, and give the id of its row. The same text in the same group is one row."""
    text_id = text_rows.add_text(connection, text.text, text.blocks)
    row = connection.execute(
        'select id from label_texts where text_id = ? and "group" = ?', (text_id, storable(text.group))
    ).fetchone()
    if row:
        return int(row[0])
    added = connection.execute(
        'insert into label_texts (text_id, "group", title, kind, file_id) values (?, ?, ?, ?, ?)',
        (text_id, *_text_columns(connection, text)),
    )
    assert added.lastrowid is not None  # an insert has one
    return added.lastrowid


def rename_text(connection: sqlite3.Connection, text: LabelText) -> None:
    """Write all of ``text`` but its content over the row with its id; nothing if the row is so already."""
    (file_id,) = connection.execute("select file_id from label_texts where id = ?", (text.id,)).fetchone()
    connection.execute(
        """
        update label_texts set "group" = ?1, title = ?2, kind = ?3, file_id = ?4
        where id = ?5 and ("group", title, kind, file_id) is not (?1, ?2, ?3, ?4)
        """,
        (*_text_columns(connection, text), text.id),
    )
    text_rows.release(connection, [(file_id, None)])


def has_texts(connection: sqlite3.Connection) -> bool:
    """Whether any text is stored for labels."""
    return connection.execute("select 1 from label_texts limit 1").fetchone() is not None


def find_label_text(connection: sqlite3.Connection, text_id: int) -> LabelText | None:
    """The text of a row with its blocks, None if there is none."""
    query = TEXTS.format(columns=", texts.blocks", condition="label_texts.id = ?")
    row = connection.execute(query, (text_id,)).fetchone()
    return row and text_from(row)


def select_texts(connection: sqlite3.Connection, *, has_blocks: bool = False) -> list[LabelText]:
    """The texts that have labels, and those without but newest of their file, by id.

    With ``has_blocks`` they have their blocks, where those are known: to decode those of thousands takes seconds.
    """
    condition = """
        label_texts.id in (select text_id from labels) or not exists (
            select 1 from label_texts as newer
            where newer.file_id = label_texts.file_id and newer.id > label_texts.id
        )
    """
    return _texts_where(connection, condition, columns=", texts.blocks" if has_blocks else "")


def texts_equal_to(connection: sqlite3.Connection, text: str) -> list[LabelText]:
    """The stored texts with the content ``text``, the oldest first. Without their blocks."""
    return _texts_where(connection, "hash = ?", hash_of(text))


def labelled_texts_at(connection: sqlite3.Connection, path: Path) -> list[LabelText]:
    """The texts that the file at ``path`` has or had and that have labels, the oldest first. Without their blocks."""
    condition = "path = ? and label_texts.id in (select text_id from labels)"
    return _texts_where(connection, condition, path_column(path))


def find_label(connection: sqlite3.Connection, label_id: int) -> Label | None:
    """The label of a row, None if there is none."""
    row = connection.execute("select * from labels where id = ?", (label_id,)).fetchone()
    return row and _label_from(row)


def select_labels(
    connection: sqlite3.Connection,
    *,
    state: str = "",
    search: str = "",
    text_id: int | None = None,
    group: str | None = None,
    author: str | None = None,
) -> list[Label]:
    """The labels of ``state`` ('' for all) of one text, group or author (None for all) with ``search``.

    They are in document order. An author of '' is the user.

    It is searched in the question, the answers, the note and the title of the text, whether upper or lower case.
    Document order is that of the texts, then of the first answers, then, for labels without answers, of insertion.
    """
    rows = connection.execute(
        """
        select labels.*, title from labels join label_texts on label_texts.id = labels.text_id
        where (?1 = '' or state = ?1) and (?2 is null or labels.text_id = ?2) and (?3 is null or "group" = ?3)
            and (?4 is null or author = ?4)
        """,
        (state, text_id, group, author),
    )
    needle = search.casefold()
    return sorted((_label_from(row) for row in rows if not needle or _matches(row, needle)), key=_document_order)


def stored_answers(connection: sqlite3.Connection, label_id: int) -> tuple[int, tuple[GoldSpan, ...]]:
    """The id of the text that the offsets of a label's answers refer to, and the answers."""
    text_id, answers = connection.execute(
        "select coalesce(answered_in, text_id), answers from labels where id = ?", (label_id,)
    ).fetchone()
    return text_id, spans_from_json(answers)


def select_questions(connection: sqlite3.Connection, text_id: int, author: str = "") -> list[tuple[int, str]]:
    """The questions to a text that an author has labels of, with the ids of those, the oldest first."""
    return connection.execute(
        "select id, question from labels where text_id = ? and author = ? order by id", (text_id, storable(author))
    ).fetchall()


def select_authors(connection: sqlite3.Connection) -> list[str]:
    """The names of the other people whose labels are there."""
    rows = connection.execute("select distinct author from labels where author <> '' order by author")
    return [author for (author,) in rows]


def label_with_key(connection: sqlite3.Connection, key: str) -> Label | None:
    """The label with this key, its id in data sets; None if there is none."""
    row = connection.execute("select * from labels where key = ?", (storable(key),)).fetchone()
    return row and _label_from(row)


def count_labels(connection: sqlite3.Connection) -> tuple[dict[str, int], int, int, int]:
    """Numbers of the user's labels by state, and of those with no answer; and of the texts and groups that have any."""
    states = dict(connection.execute("select state, count(*) from labels where author = '' group by state"))
    (no_answer,) = connection.execute(
        "select count(*) from labels where state = 'labelled' and is_impossible and author = ''"
    ).fetchone()
    texts, groups = connection.execute(
        """
        select count(*), count(distinct "group") from label_texts
        where id in (select text_id from labels where author = '')
        """
    ).fetchone()
    return states, no_answer, texts, groups


def count_by_group(connection: sqlite3.Connection, author: str) -> list[tuple[str, str, int]]:
    """The groups of the texts that ``author`` labelled, with the newest title and the number of labels, by title."""
    return connection.execute(
        """
        select "group", title, count(*) from (
            select "group", first_value(title) over (partition by "group" order by label_texts.id desc) as title
            from labels join label_texts on label_texts.id = labels.text_id where author = ?
        ) group by "group" order by title collate nocase, "group"
        """,
        (author,),
    ).fetchall()


def spans_as_json(answers: Sequence[GoldSpan]) -> str:
    """The column ``answers`` of a label."""
    return json.dumps([[answer.start, answer.end, answer.text] for answer in answers], ensure_ascii=False)


@lru_cache(maxsize=20_000)  # the list is read again after every change to one label
def spans_from_json(column: str) -> tuple[GoldSpan, ...]:
    """The answers in a column that ``spans_as_json`` gave. Raises ``ValueError`` or ``TypeError`` for anything else."""
    return tuple(GoldSpan(*row) for row in json.loads(column)) if column != "[]" else ()


def _text_columns(connection: sqlite3.Connection, text: LabelText) -> tuple[str, str, str, int | None]:
    file_id = None if text.path is None else text_rows.add_file(connection, path_column(text.path))
    return storable(text.group), storable(text.title), text.kind, file_id


def _texts_where(
    connection: sqlite3.Connection, condition: str, *arguments: object, columns: str = ""
) -> list[LabelText]:
    rows = connection.execute(TEXTS.format(columns=columns, condition=condition), arguments)
    return [text_from(row) for row in rows]


def text_from(row: tuple[Any, ...]) -> LabelText:
    """A text from the columns id, title, kind, path, group, content and, where they were selected, blocks."""
    id_, title, kind, path, group, content, *blocks = row
    structure = text_rows.blocks_from(blocks[0], content) if blocks else ()
    return LabelText(id_, title, kind, None if path is None else path_from(path), group, content, structure)


def _label_from(row: tuple[Any, ...]) -> Label:
    id_, text_id, answered_in, key, question, column, is_impossible, *rest = row[:_COLUMNS]
    answers = spans_from_json(column)
    if answered_in is not None:  # offsets into another text would show wrong words
        answers = tuple(GoldSpan(-1, -1, answer.text) for answer in answers)
    return Label(id_, text_id, key, question, answers, bool(is_impossible), *rest)


def _matches(row: tuple[Any, ...], needle: str) -> bool:
    question, column, note, title = row[4], row[5], row[8], row[-1]
    fields = (question, note, title, *(answer.text for answer in spans_from_json(column)))
    return any(needle in field.casefold() for field in fields)


def _document_order(label: Label) -> tuple[int, bool, int, int]:
    starts = [answer.start for answer in label.answers if answer.start >= 0]
    return label.text_id, not starts, min(starts, default=0), label.id
