"""The process that indexes the library: started, told what to do, and started again when it ends."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from qadesk.errors import QadeskError
from qadesk.records import IndexStep
from qadesk.ui.kit.jobs import AnyJob, Jobs

if TYPE_CHECKING:
    from qadesk.app.library.indexer_process import IndexerControl, IndexerNews

_START_DELAY = 3000  # milliseconds after the window is there: the model is loaded first
_MOST_RESTARTS = 3


class IndexerService(QObject):
    """Follows the process on the lane ``indexing``.

    ``stepped`` gives an ``IndexStep``; ``status_changed``: how far it is, whether it is paused, whether it watches the
    folders. ``notice_posted`` gives a sentence, ``failed`` an error. ``sources`` are the folders and files of all
    collections, without those that lie in another one; None while there is no collection.
    """

    stepped = Signal(object)
    status_changed = Signal()
    notice_posted = Signal(str)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.sources: tuple[Path, ...] | None = None
        self._job: AnyJob | None = None
        self._control: IndexerControl | None = None
        self._restarts = 0
        self._start_timer = QTimer(self, singleShot=True, interval=_START_DELAY)
        self._start_timer.timeout.connect(self.start)
        self.step: IndexStep | None = None
        self.is_paused = False
        self.watch_problem = ""

    def begin(self) -> None:
        """Start the process in some seconds, if there is a collection by then."""
        self._start_timer.start()

    def set_sources(self, sources: tuple[Path, ...] | None) -> None:
        """Index the folders and files ``sources``, and no others, where the process runs or from its start on."""
        self.sources = sources
        if self._control:
            self._control.update(sources or ())

    def start(self) -> None:
        """Start the process, if there is a collection and it does not run."""
        if self._job is not None or self.sources is None:
            return
        from qadesk.app.library.indexer_process import IndexerControl, follow_indexer

        control = self._control = IndexerControl()
        control.update(self.sources)
        if self.is_paused:
            control.pause()
        self._job = self._jobs.start(
            "indexing", lambda _job: follow_indexer(control), events=self._on_news, failed=self._on_ended
        )

    def pause(self) -> None:
        """Pause indexing, or go on with it."""
        self.is_paused = not self.is_paused
        if self._control:
            (self._control.pause if self.is_paused else self._control.resume)()
        self.status_changed.emit()

    def rescan(self) -> None:
        """Look through the folders again."""
        if self._control:
            self._control.update(self.sources or ())
        else:
            self.start()

    def retry(self, paths: Sequence[Path]) -> None:
        """Read the files ``paths`` again, whatever is known of them."""
        self.start()
        if self._control:
            self._control.retry(paths)

    def recognize(self, paths: Sequence[Path]) -> None:
        """Recognise the text of pictures on the pages of the files ``paths``, of all where none are given."""
        self.start()
        if self._control:
            self._control.recognize(paths)

    def _on_news(self, news: Sequence[IndexerNews | None]) -> None:
        for entry in news:
            if entry is None:
                continue
            if entry.step is not None:
                self.step = entry.step
                self.stepped.emit(entry.step)
            if entry.is_done:
                self.step = None
                self._restarts = 0
            if entry.is_watching is not None:
                self.watch_problem = "" if entry.is_watching else entry.reason
            if entry.notice:
                self.notice_posted.emit(entry.notice)
        if any(news):
            self.status_changed.emit()

    def _on_ended(self, error: Exception) -> None:
        self._job = self._control = self.step = None
        self.status_changed.emit()
        if not isinstance(error, QadeskError):
            self._jobs.failed.emit(error)
        elif self._restarts in (0, _MOST_RESTARTS):
            self.failed.emit(error)
        if self._restarts < _MOST_RESTARTS:
            self._restarts += 1
            self._start_timer.start()
