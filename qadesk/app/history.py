"""What was open and what was asked: the verbs over the database, for the window and the command line.

What a verb has written is on the disk when it returns. All of them raise ``StoreError`` if the database
cannot be read or written, and must be called on the thread that opened it.
"""

from __future__ import annotations

from qadesk.errors import StoreError
from qadesk.records import Answers, Changes, Document, RecentDocument
from qadesk.store import database, recent
from qadesk.store import questions as history
from qadesk.store.database import Store


def remember_document(store: Store, document: Document) -> None:
    """Put ``document`` first among the recent ones; pasted text is kept itself."""
    with store.writing(Changes(recent=True)) as connection:
        recent.remember(connection, document)


def recent_documents(store: Store, limit: int = 15) -> list[RecentDocument]:
    """The documents that were opened last, the newest first. Files may be gone meanwhile."""
    with store.reading() as connection:
        return recent.newest(connection, limit)


def pasted_text(store: Store, document: RecentDocument) -> Document:
    """The text that was pasted, as a document again."""
    with store.reading() as connection:
        text = recent.text_of(connection, document.id)
    if text is None:
        raise StoreError("This text is no longer kept.", "Paste it again.")
    return Document(text, document.title, document.kind)


def forget_document(store: Store, document: RecentDocument) -> None:
    """Take ``document`` out of the recent ones, with the questions that were asked about it.

    Daily backups hold it until they are replaced; ``forget_all`` clears those too.
    """
    with store.writing(Changes(recent=True, history=True)) as connection:
        history.forget(connection, document.id)
        recent.forget(connection, document.id)
    store.scrub()


def forget_all(store: Store) -> None:
    """Delete the recent documents and the questions, the backups, and damaged files that were set aside.

    Labels stay, with the texts that they are about: they are the user's work, and are deleted one by one. Backups and
    damaged files hold what is to be forgotten and cannot be cleaned in part. So that no label is left without a copy, a
    new backup of what stays is written before the old ones go. Labels that a damaged file alone held were taken over
    when it was set aside, as far as they could be read (``store.rescue``).
    """
    with store.writing(Changes(recent=True, history=True)) as connection:
        recent.forget_all(connection)
        history.forget_all(connection)
    store.scrub()
    database.renew_copies(store)


def remember_question(store: Store, document: Document, answers: Answers) -> None:
    """Add the question that ``answers`` answer, with the best of them, to the history."""
    with store.writing(Changes(history=True)) as connection:
        history.remember(connection, document, answers)


def questions(store: Store, limit: int = 200) -> list[str]:
    """The different questions that were asked, the newest first."""
    with store.reading() as connection:
        return history.newest(connection, limit)


def questions_to(store: Store, document: Document, limit: int = 1000) -> list[str]:
    """The different questions that were asked of ``document``, the oldest first."""
    with store.reading() as connection:
        return history.of_document(connection, document, limit)
