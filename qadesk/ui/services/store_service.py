"""The open database and the one thread that may touch it; it announces once what every verb changed."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import wraps
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from qadesk.errors import StoreError
from qadesk.records import Changes
from qadesk.ui.kit.jobs import Failed, Job, Jobs

if TYPE_CHECKING:
    from qadesk.store.database import Store

P = TypeVar("P")
R = TypeVar("R")
Verb = Callable[["Store"], R]
LongVerb = Callable[["Store"], "Generator[P, None, R]"]


class _NotOpenError(StoreError):
    """The database could not be opened, which was reported when the program started."""


class StoreService(QObject):
    """Opens, uses and closes the database on the store lane.

    ``changed`` gives the ``Changes`` of a verb and its ``initiator``, before the verb's own ``done`` is called: who
    shows such things reads them again, but for the initiator, who has them already. All of it has changed when the
    database is opened. ``notice_posted`` gives a sentence on how it was opened.
    """

    changed = Signal(object, object)
    notice_posted = Signal(str)
    failed = Signal(object)
    _committed = Signal(object, object)

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._store: Store | None = None  # touched on the store lane only
        self._committed.connect(self.changed, Qt.ConnectionType.QueuedConnection)
        jobs.at_close("store", self._close)

    def open(self) -> None:
        """Open the database."""
        self._jobs.start("store", lambda _job: self._open(), done=self._post_notices, failed=self.failed.emit)

    def run(
        self,
        verb: Verb[R],
        *,
        done: Callable[[R], object] | None = None,
        failed: Failed | None = None,
        initiator: object = None,
    ) -> Job[None, R]:
        """Run ``verb`` with the database; ``failed`` gets ``StoreError`` where it could not be opened.

        ``initiator`` is handed on by ``changed``.
        """

        @wraps(verb)
        def work(_job: Job[None, R]) -> R:
            store = self._opened()
            try:
                return verb(store)
            finally:
                self._announce(store, initiator)

        return self._jobs.start("store", work, done=done, failed=failed or self.failed.emit)

    def run_long(
        self,
        verb: LongVerb[P, R],
        *,
        done: Callable[[R], object] | None = None,
        progress: Callable[[P], object] | None = None,
        failed: Failed | None = None,
    ) -> Job[P, R]:
        """Run a ``verb`` that yields progress, as ``run`` does the others."""

        @wraps(verb)
        def work(_job: Job[P, R]) -> Generator[P, None, R]:
            store = self._opened()
            try:
                return (yield from verb(store))
            finally:
                self._announce(store, None)

        return self._jobs.start("store", work, done=done, progress=progress, failed=failed or self.failed.emit)

    def run_if_open(self, verb: Verb[R], *, done: Callable[[R], object] | None = None) -> None:
        """Run ``verb`` if the database could be opened; that it could not was reported when the program started."""

        def fail(error: Exception) -> None:
            if not isinstance(error, _NotOpenError):
                self.failed.emit(error)

        self.run(verb, done=done, failed=fail)

    # On the store lane

    def _opened(self) -> Store:
        if self._store is None:
            raise _NotOpenError("Nothing is remembered: the database is not open.", "Start QADesk again.")
        return self._store

    def _open(self) -> tuple[str, ...]:
        from qadesk.app.open_store import open_store

        self._store = open_store()
        self._committed.emit(Changes(recent=True, questions=True, labels=True, library=True), None)
        return self._store.notices

    def _announce(self, store: Store, initiator: object) -> None:
        changes = store.take_changes()
        if changes:
            self._committed.emit(changes, initiator)

    def _close(self) -> None:
        if self._store:
            self._store.close()

    # On the window's thread

    def _post_notices(self, notices: tuple[str, ...]) -> None:
        for notice in notices:
            self.notice_posted.emit(notice)
