"""The questions that were asked, as a list of words or as entries with all their answers; and their stars."""

from __future__ import annotations

from pathlib import Path

from qadesk.records import Changes, Document, HistoryEntry
from qadesk.store import question_search
from qadesk.store import questions as asked_questions
from qadesk.store.database import Store
from qadesk.store.question_search import HistoryFilter


def questions(store: Store, limit: int = 200) -> list[str]:
    """The different questions that were asked, the newest first."""
    with store.reading() as connection:
        return asked_questions.newest_questions(connection, limit)


def questions_to(store: Store, document: Document, limit: int = 1000) -> list[str]:
    """The different questions that were asked of ``document``, the oldest first."""
    with store.reading() as connection:
        return asked_questions.of_document(connection, document, limit)


def history_entries(
    store: Store,
    search: str = "",
    *,
    starred: bool = False,
    document: Document | Path | None = None,
    library: str = "",
    since: float = 0.0,
    limit: int | None = 200,
    offset: int = 0,
) -> list[HistoryEntry]:
    """At most ``limit`` entries of the history (None for all), the newest first, after the first ``offset`` of them.

    Those that have all words of ``search`` in the question, an answer or a title, in any case and with or without
    accents; where these are given, only ``starred`` ones, those to one ``document`` (a path is enough for a file), to
    one ``library``, those asked ``since`` a time in seconds since the epoch.
    """
    criteria = HistoryFilter(search, starred, document, library, since)
    with store.reading() as connection:
        return question_search.select_entries(connection, criteria, -1 if limit is None else limit, offset)


def count_of_entries(store: Store) -> int:
    """How many entries there are."""
    with store.reading() as connection:
        return question_search.count_entries(connection)


def entry_with_id(store: Store, id_: int) -> HistoryEntry | None:
    """One entry, None if it was forgotten."""
    with store.reading() as connection:
        return next(iter(question_search.entries_with_ids(connection, [id_])), None)


def star(store: Store, id_: int, is_starred: bool = True) -> None:
    """Star an entry, so that it is never dropped for newer ones, or take its star."""
    with store.writing(Changes(questions=True)) as connection:
        asked_questions.set_star(connection, id_, is_starred)
