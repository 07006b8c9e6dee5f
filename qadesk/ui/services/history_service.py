"""What was opened and asked before, for the menu of recent documents and the question field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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


@dataclass(slots=True)
class KeptEntry:
    """A question to a library that the history gets. Its ``id`` is there, for the lane of the store, once it has it."""

    library: str
    scope: Scope
    id: int | None = None


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

    def remember_library_answers(
        self, library: str, answers: LibraryAnswers, model: str, scope: Scope, depth: int | None = None
    ) -> KeptEntry:
        """Add the question to the files of ``scope`` in the collection ``library``, as ``remember_answers`` does.

        ``depth``: how many passages were read, None for the usual number. ``read_on`` takes what it gives.
        """
        entry = KeptEntry(library, scope)
        if not self._settings["history.keep"]:
            return entry
        from qadesk.app.entries import asked_options
        from qadesk.app.history import remember_library_answers

        options = asked_options(self._settings, scope, depth)

        def work(store: Store) -> None:
            entry.id = remember_library_answers(store, library, answers, model, options)

        self._store.run_if_open(work)
        return entry

    def read_on(self, entry: KeptEntry, answers: LibraryAnswers, model: str, depth: int) -> None:
        """Let ``entry`` have ``answers``, for which more passages, ``depth`` in all, were read."""
        if not self._settings["history.keep"]:
            return
        from qadesk.app.entries import asked_options, library_entry_of
        from qadesk.app.history import replace_library_answers

        options = asked_options(self._settings, entry.scope, depth)
        deeper = library_entry_of(answers, entry.library, model, options)

        def work(store: Store) -> None:
            if entry.id is not None:
                replace_library_answers(store, entry.id, deeper)

        self._store.run_if_open(work)

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
