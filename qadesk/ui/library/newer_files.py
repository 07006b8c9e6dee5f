"""What has become of the library since a question was asked."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from qadesk.records import LibraryAnswers, LibraryCounts
from qadesk.ui.kit.jobs import AnyJob
from qadesk.ui.library.library_session import LibrarySession
from qadesk.ui.services.library_service import LibraryService


class NewerFiles(QObject):
    """Counts again, when files have become searchable, what the answers of ``session`` do not know of.

    ``count`` files became searchable, or changed, since they were asked for; ``waiting`` are not indexed now. Both are
    those of the answers' own time until the first counting. ``changed`` says that they are others.
    """

    changed = Signal()

    def __init__(self, library: LibraryService, session: LibrarySession) -> None:
        super().__init__(session)
        self._library = library
        self._session = session
        self._answers: LibraryAnswers | None = None
        self._counting: AnyJob | None = None
        self.count = self.waiting = 0
        session.answers_changed.connect(self._follow)
        library.counts_changed.connect(self._count)

    def _follow(self) -> None:
        """Begin anew where the session has other answers."""
        answers = self._session.answers
        if answers is self._answers:
            return
        self._answers = answers
        self.count, self.waiting = 0, answers.waiting if answers else 0
        self._count()

    def _count(self) -> None:
        if self._counting:
            self._counting.cancel()
            self._counting = None
        answers = self._answers
        if answers is not None and not self._session.is_working:
            show = partial(self._show, answers)
            self._counting = self._library.count_since(answers, self._session.scope, show)

    def _show(self, answers: LibraryAnswers, counts: LibraryCounts, newer: int) -> None:
        self._counting = None
        if answers is self._answers and (newer, counts.waiting) != (self.count, self.waiting):
            self.count, self.waiting = newer, counts.waiting
            self.changed.emit()
