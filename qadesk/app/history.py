"""Recent documents and asked questions: the verbs over them, for the window and the command line.

When a verb returns, what it wrote is on the disk. All verbs raise ``StoreError`` if the database cannot be read or
written, and must be called on the thread that opened it.
"""

from __future__ import annotations

from qadesk.errors import StoreError
from qadesk.records import Answers, Changes, Document, RecentDocument
from qadesk.store import database, recent
from qadesk.store import questions as asked_questions
from qadesk.store.database import Store
from qadesk.structure import outline_of
from qadesk.structure.plain import blocks_or_plain


def remember_document(store: Store, document: Document) -> None:
    """Put ``document`` first among the recent ones; the content of pasted text is stored."""
    with store.writing(Changes(recent=True)) as connection:
        recent.add_document(connection, document)


def recent_documents(store: Store, limit: int = 15) -> list[RecentDocument]:
    """The documents that were opened last, the newest first. Their files may not exist any more."""
    with store.reading() as connection:
        return recent.newest_documents(connection, limit)


def pasted_text(store: Store, document: RecentDocument) -> Document:
    """The document of a pasted text. Raises ``StoreError`` if it was forgotten."""
    with store.reading() as connection:
        stored = recent.stored_text(connection, document.id)
    if stored is None:
        raise StoreError("This text is no longer kept.", "Paste it again.")
    text, blocks = stored[0], blocks_or_plain(*stored)
    return Document(text, document.title, document.kind, blocks=blocks, outline=outline_of(text, blocks))


def forget_document(store: Store, document: RecentDocument) -> None:
    """Delete ``document`` from the recent ones, with the questions to it.

    Daily backups hold it until they are replaced; ``forget_all`` deletes those too.
    """
    with store.writing(Changes(recent=True, questions=True)) as connection:
        asked_questions.delete_questions_to(connection, document.id)
        recent.delete_document(connection, document.id)
    store.scrub()


def forget_all(store: Store) -> None:
    """Delete the recent documents and the questions, the backups, and damaged files that were set aside.

    Labels stay, with their texts: they are the user's work, and are deleted one by one. Backups and damaged files hold
    what is to be forgotten and cannot be cleaned in part: a backup of what stays is written, then they are deleted.
    Labels that only a damaged file had were copied when it was set aside, as far as they could be read
    (``store.rescue``).
    """
    with store.writing(Changes(recent=True, questions=True)) as connection:
        recent.delete_all_documents(connection)
        asked_questions.delete_all_questions(connection)
    store.scrub()
    database.replace_backups(store)


def remember_question(store: Store, document: Document, answers: Answers) -> None:
    """Add the question of ``answers`` to the history, with the best answer."""
    with store.writing(Changes(questions=True)) as connection:
        asked_questions.add_question(connection, document, answers)


def questions(store: Store, limit: int = 200) -> list[str]:
    """The different questions that were asked, the newest first."""
    with store.reading() as connection:
        return asked_questions.newest_questions(connection, limit)


def questions_to(store: Store, document: Document, limit: int = 1000) -> list[str]:
    """The different questions that were asked of ``document``, the oldest first."""
    with store.reading() as connection:
        return asked_questions.of_document(connection, document, limit)
