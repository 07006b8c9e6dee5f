"""What was opened and asked before, for the menu of recent documents and the question field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from qadesk.records import (
    Answers,
    Changes,
    Document,
    ForgottenEntry,
    HistoryEntry,
    LibraryAnswers,
    RecentDocument,
    Scope,
)
from qadesk.settings import Settings
from qadesk.ui.services.store_service import StoreService

if TYPE_CHECKING:
    from qadesk.store.database import Store


class HistoryService(QObject):
    """Writes the history and reads it again when it has changed.

    ``recent_changed`` gives the recent documents, ``questions_changed`` the asked questions, the newest first;
    ``entries_changed``: there are other entries, or others are starred.
    """

    recent_changed = Signal(list)
    questions_changed = Signal(list)
    entries_changed = Signal()

    def __init__(self, store: StoreService, settings: Settings) -> None:
        super().__init__(store)
        self._store = store
        self._settings = settings
        store.changed.connect(self._read)

    def remember_document(self, document: Document) -> None:
        """Put ``document`` first among the recent ones."""
        from qadesk.app.history import remember_document

        self._store.run_if_open(lambda store: remember_document(store, document))

    def remember_answers(self, document: Document, answers: Answers, model: str) -> None:
        """Add the question that ``answers`` answer, unless the user keeps none. ``model`` is the reader's name."""
        if not self._settings["history.keep"]:
            return
        from qadesk.app.entries import asked_options
        from qadesk.app.history import remember_answers

        options = asked_options(self._settings)
        self._store.run_if_open(lambda store: remember_answers(store, document, answers, model, options))

    def remember_library_answers(self, library: str, answers: LibraryAnswers, model: str, scope: Scope) -> None:
        """Add the question to the files of ``scope`` in the collection ``library``, as ``remember_answers`` does."""
        if not self._settings["history.keep"]:
            return
        from qadesk.app.entries import asked_options
        from qadesk.app.history import remember_library_answers

        options = asked_options(self._settings, scope)
        self._store.run_if_open(lambda store: remember_library_answers(store, library, answers, model, options))

    def read_entries(self, done: Callable[[list[HistoryEntry]], object], **criteria: Any) -> None:
        """Give the entries that ``app.history.history_entries`` gives for ``criteria`` to ``done``."""
        from qadesk.app.history import history_entries

        self._store.run_if_open(lambda store: history_entries(store, **criteria), done=done)

    def star(self, entry: HistoryEntry, is_starred: bool) -> None:
        """Star ``entry``, or take its star."""
        from qadesk.app.history import star

        self._store.run_if_open(lambda store: star(store, entry.id, is_starred))

    def forget_entry(self, entry: HistoryEntry, done: Callable[[list[ForgottenEntry]], object]) -> None:
        """Forget ``entry``; ``done`` gets what ``restore`` takes."""
        from qadesk.app.history import forget_entry

        self._store.run_if_open(lambda store: forget_entry(store, entry.id), done=done)

    def forget_source(self, entry: HistoryEntry, done: Callable[[list[ForgottenEntry]], object]) -> None:
        """Forget all entries of what ``entry`` was asked of; ``done`` gets what ``restore`` takes."""
        from qadesk.app.history import forget_source

        self._store.run_if_open(lambda store: forget_source(store, entry.id), done=done)

    def restore(self, forgotten: Sequence[ForgottenEntry]) -> None:
        """Put back what was forgotten."""
        from qadesk.app.history import restore

        self._store.run_if_open(lambda store: restore(store, forgotten))

    def forget(self, document: RecentDocument) -> None:
        """Take ``document`` out of the recent ones, with its questions."""
        from qadesk.app.history import forget_document

        self._store.run_if_open(lambda store: forget_document(store, document))

    def forget_all(self) -> None:
        """Forget the recent documents and the questions."""
        from qadesk.app.history import forget_all

        self._store.run_if_open(forget_all)

    def _read(self, changes: Changes, _initiator: object) -> None:
        if changes.recent:
            self._store.run_if_open(_recent_documents, done=self.recent_changed.emit)
        if changes.questions:
            self._store.run_if_open(_questions, done=self.questions_changed.emit)
            self.entries_changed.emit()


def _recent_documents(store: Store) -> list[RecentDocument]:
    from qadesk.app.history import recent_documents

    return recent_documents(store)


def _questions(store: Store) -> list[str]:
    from qadesk.app.history import questions

    return questions(store)
