"""Entries of the history out of the database, the newest first: all, or those with the words of a search."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from qadesk.records import Document, HistoryAnswer, HistoryEntry
from qadesk.store import texts
from qadesk.store.folding import fold
from qadesk.store.texts import path_from

_ENTRIES = """
    select questions.id, question, asked, library, path, title, model, options, no_answer, seconds, starred
    from questions left join files on files.id = questions.file_id
    where {condition} order by questions.id desc limit ? offset ?
"""
_ANSWERS = """
    select question_id, number, answer, confidence, path, title, page, start, "end", sentence, spans,
        shown_start, shown_end, start_confidence, end_confidence
    from question_answers left join files on files.id = file_id
    where question_id in ({marks}) order by question_id, number, place
"""
_WORDS = "exists (select 1 from question_words where question_id = questions.id and {words})"
_BATCH = 500  # ids in one statement
_MOST_WORDS = 100  # of one condition: SQLite bounds how deep an expression is, and each word is a level or two


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """Which entries: with all words of ``search``; starred; of one ``document`` or file; of one ``library``; asked
    since a time in seconds since the epoch.
    """

    search: str = ""
    starred: bool = False
    document: Document | Path | None = None
    library: str = ""
    since: float = 0.0


def select_entries(
    connection: sqlite3.Connection, filter_: HistoryFilter, limit: int, offset: int = 0
) -> list[HistoryEntry]:
    """At most ``limit`` entries that ``filter_`` lets through, after the first ``offset`` of them."""
    condition, arguments = _condition(connection, filter_)
    rows = connection.execute(_ENTRIES.format(condition=condition), (*arguments, limit, offset)).fetchall()
    return _entries(connection, rows)


def count_entries(connection: sqlite3.Connection) -> int:
    """How many entries there are."""
    (count,) = connection.execute("select count(*) from questions").fetchone()
    return int(count)


def entries_with_ids(connection: sqlite3.Connection, ids: Iterable[int]) -> list[HistoryEntry]:
    """The entries with these ids that there are, the newest first."""
    rows = [
        row
        for id_ in sorted(ids, reverse=True)
        for row in connection.execute(_ENTRIES.format(condition="questions.id = ?"), (id_, 1, 0))
    ]
    return _entries(connection, rows)


def ids_of_library(connection: sqlite3.Connection, library: str) -> list[int]:
    """The ids of the questions to the collection called ``library``."""
    return [id_ for (id_,) in connection.execute("select id from questions where library = ?", (library,))]


def _condition(connection: sqlite3.Connection, filter_: HistoryFilter) -> tuple[str, list[object]]:
    """What a row of ``questions`` must fulfil, and the values for it."""
    conditions: list[str] = ["asked >= ?"]
    values: list[object] = [filter_.since]
    if filter_.starred:
        conditions.append("starred = 1")
    if filter_.library:
        conditions.append("library = ?")
        values.append(filter_.library)
    if isinstance(filter_.document, Document) and filter_.document.path is None:
        conditions.append("questions.file_id is null and questions.text_id = ?")
        values.append(texts.find_text(connection, filter_.document.text))
    elif filter_.document is not None:
        path = filter_.document.path if isinstance(filter_.document, Document) else filter_.document
        assert path is not None
        conditions.append("questions.file_id = ?")
        values.append(texts.find_file(connection, path))
    words = fold(filter_.search).split()
    for begin in range(0, len(words), _MOST_WORDS):
        batch = words[begin : begin + _MOST_WORDS]
        conditions.append(_WORDS.format(words=" and ".join("instr(words, ?)" for _ in batch)))
        values += batch
    return " and ".join(conditions), values


def _entries(connection: sqlite3.Connection, rows: list[tuple[Any, ...]]) -> list[HistoryEntry]:
    answers = _answers(connection, [row[0] for row in rows])
    return [
        HistoryEntry(
            id_, question, asked, library, None if path is None else path_from(path), title, model,
            tuple((str(key), str(value)) for key, value in json.loads(options)), no_answer, seconds,
            tuple(answers.get(id_, ())), bool(starred),
        )
        for id_, question, asked, library, path, title, model, options, no_answer, seconds, starred in rows
    ]  # fmt: skip


def _answers(connection: sqlite3.Connection, ids: list[int]) -> dict[int, list[HistoryAnswer]]:
    """The answers by the id of their question."""
    answers: dict[int, list[HistoryAnswer]] = {}
    for begin in range(0, len(ids), _BATCH):
        batch = ids[begin : begin + _BATCH]
        rows = connection.execute(_ANSWERS.format(marks=", ".join("?" * len(batch))), batch)
        for (id_, _number), places in groupby(rows, key=lambda row: row[:2]):
            first, *others = [_answer(row[2:]) for row in places]
            answers.setdefault(id_, []).append(replace(first, others=tuple(others)) if others else first)
    return answers


def _answer(row: tuple[Any, ...]) -> HistoryAnswer:
    text, confidence, path, title, page, start, end, sentence, spans, *shown = row
    return HistoryAnswer(
        text, confidence, None if path is None else path_from(path), title, page, start, end, sentence,
        tuple((begin, stop) for begin, stop in json.loads(spans)), shown[0], shown[1],
        start_confidence=shown[2], end_confidence=shown[3],
    )  # fmt: skip
