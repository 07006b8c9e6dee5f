"""What was open and asked before. The database is opened, used and closed on its own thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from qadesk.errors import StoreError
from qadesk.records import Answers, Document, RecentDocument
from qadesk.ui.kit.jobs import Job, Jobs

if TYPE_CHECKING:
    from qadesk.store.database import Store


class Library(QObject):
    """``recent_changed`` and ``questions_changed`` give the new lists, the newest first."""

    recent_changed = Signal(list)
    questions_changed = Signal(list)
    opened = Signal(object)
    noticed = Signal(str)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._store: Store | None = None  # touched on the store lane only
        jobs.at_close("store", self._close)

    def begin(self) -> None:
        """Open the database and tell what it holds."""
        self._jobs.start("store", self._open, done=self._tell_notices, failed=self.failed.emit)
        self._refresh()

    def remember_document(self, document: Document) -> None:
        """Keep ``document`` among the recent ones."""
        from qadesk.app.history import remember_document

        self._do(lambda store: remember_document(store, document))

    def remember_question(self, document: Document, answers: Answers) -> None:
        """Keep the question in the history."""
        from qadesk.app.history import remember_question

        self._do(lambda store: remember_question(store, document, answers))

    def forget(self, document: RecentDocument) -> None:
        """Take ``document`` out of the recent ones."""
        from qadesk.app.history import forget_document

        self._do(lambda store: forget_document(store, document))

    def forget_all(self) -> None:
        """Forget the recent documents and the questions."""
        from qadesk.app.history import forget_all

        self._do(forget_all)

    def run(self, verb: Callable[[Store], Any], *, done: Callable[[Any], None] | None = None, **outcomes: Any) -> Job:
        """Run ``verb`` with the database on its lane; the outcomes are those of ``Jobs.start``."""
        outcomes.setdefault("failed", self.failed.emit)
        return self._jobs.start("store", lambda _job: verb(self._there()), done=done, **outcomes)

    def open_pasted(self, recent: RecentDocument) -> None:
        """Get a pasted text again: ``opened`` gives it."""
        from qadesk.app.history import pasted_text

        self._jobs.start(
            "store",
            lambda _job: pasted_text(self._there(), recent),
            done=self.opened.emit,
            failed=self.failed.emit,
        )

    def _do(self, verb: Callable[[Store], object]) -> None:
        self._jobs.start("store", lambda _job: verb(self._store) if self._store else None, failed=self.failed.emit)
        self._refresh()

    def _refresh(self) -> None:
        self._jobs.start("store", self._lists, done=self._tell_lists, failed=self.failed.emit)

    def _there(self) -> Store:
        if self._store is None:
            raise StoreError("Nothing is remembered: the database is not open.", "Start QADesk again.")
        return self._store

    def _open(self, _job: Job) -> tuple[str, ...]:
        from qadesk.app.open_store import open_store

        self._store = open_store()
        return self._store.notices

    def _close(self) -> None:
        if self._store:
            self._store.close()

    def _lists(self, _job: Job) -> tuple[list[RecentDocument], list[str]] | None:
        from qadesk.app.history import questions, recent_documents

        return (recent_documents(self._store), questions(self._store)) if self._store else None

    def _tell_notices(self, notices: tuple[str, ...]) -> None:
        for notice in notices:
            self.noticed.emit(notice)

    def _tell_lists(self, lists: tuple[list[RecentDocument], list[str]] | None) -> None:
        if lists:
            self.recent_changed.emit(lists[0])
            self.questions_changed.emit(lists[1])
