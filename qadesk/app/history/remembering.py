"""Adding to the history what was asked."""

from __future__ import annotations

from qadesk.app.entries import Options, entry_of, library_entry_of
from qadesk.records import Answers, Changes, Document, HistoryEntry, LibraryAnswers
from qadesk.store import questions as asked_questions
from qadesk.store.database import Store
from qadesk.store.texts import hash_of


def remember_answers(store: Store, document: Document, answers: Answers, model: str = "", options: Options = ()) -> int:
    """Add the question of ``answers`` to ``document`` with all its answers; gives the id of the entry.

    ``model`` is the name of the reader, ``options`` what it was asked with (``app.entries.asked_options``).
    """
    entry = entry_of(document, answers, model, options, with_unlikely=True)
    with store.writing(Changes(questions=True)) as connection:
        return asked_questions.add_entry(connection, entry, hash_of(document.text))


def remember_library_answers(
    store: Store, name: str, answers: LibraryAnswers, model: str = "", options: Options = ()
) -> int:
    """Add the question of ``answers`` to the collection called ``name``; else as ``remember_answers``."""
    entry = library_entry_of(answers, name, model, options)
    with store.writing(Changes(questions=True)) as connection:
        return asked_questions.add_entry(connection, entry)


def replace_library_answers(store: Store, id_: int, entry: HistoryEntry) -> None:
    """Let the entry ``id_``, which ``remember_library_answers`` made, have the answers of ``entry``, for which more was
    read.

    Nothing is written where it was forgotten meanwhile.
    """
    with store.writing(Changes(questions=True)) as connection:
        asked_questions.replace_answers(connection, id_, entry)
