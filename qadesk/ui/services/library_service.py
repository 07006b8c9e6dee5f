"""The library: its collections, the process that indexes them, and the index that this window reads."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from qadesk.errors import QadeskError
from qadesk.records import (
    Changes,
    Collection,
    Document,
    FileState,
    FolderSurvey,
    IndexStep,
    LibraryAnswers,
    LibraryCounts,
    LibraryFile,
    LibraryReading,
    Scope,
)
from qadesk.settings import Settings
from qadesk.ui.kit.jobs import AnyJob, Failed, Job, Jobs, Priority
from qadesk.ui.services.lane_index import LaneIndex
from qadesk.ui.services.reader_service import ReaderService
from qadesk.ui.services.store_service import StoreService

if TYPE_CHECKING:
    from qadesk.app.library.indexer_process import IndexerControl, IndexerNews
    from qadesk.library.index import LibraryIndex
    from qadesk.progress import Progress
    from qadesk.qa.engine import Reader
    from qadesk.store.database import Store

R = TypeVar("R")
_log = logging.getLogger(__name__)
_START_DELAY = 3000  # milliseconds after the window is there: the model is loaded first
_COUNT_DELAY = 1000  # milliseconds between two countings while files are indexed
_MOST_RESTARTS = 3
_MOST_RETRIED = 100_000


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A document from the index, and what happened to its file since: nothing, or it is 'changed' or 'gone'."""

    document: Document | None
    since: Literal["", "changed", "gone"]


class LibraryService(QObject):
    """Owns what the window knows of the library.

    ``collections_changed``: there are others, or they have other names; ``counts_changed``: other files are known
    or searchable; ``status_changed``: how far the indexer is, whether it is paused, whether it watches the folders.
    ``notice_posted`` gives a sentence. ``collections`` are in their order, ``counts`` by their ids, ``total`` of all.
    """

    collections_changed = Signal()
    counts_changed = Signal()
    status_changed = Signal()
    notice_posted = Signal(str)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, store: StoreService, reader: ReaderService, settings: Settings) -> None:
        super().__init__(store)
        self._jobs = jobs
        self._store = store
        self._reader = reader
        self._settings = settings
        self._index = LaneIndex()  # on the lane library
        self._asked_index = LaneIndex()  # the same on the lane model: each thread has a connection of its own
        jobs.at_close("library", self._index.close)
        jobs.at_close("model", self._asked_index.close)
        self._indexer: AnyJob | None = None
        self._control: IndexerControl | None = None
        self._restarts = 0
        self._is_listed = self._is_warm = False
        self._counting: AnyJob | None = None
        self._count_timer = QTimer(self, singleShot=True, interval=_COUNT_DELAY)
        self._count_timer.timeout.connect(self._count)
        self._start_timer = QTimer(self, singleShot=True, interval=_START_DELAY)
        self._start_timer.timeout.connect(self.start_indexer)
        self.collections: Sequence[Collection] = ()
        self.counts: Mapping[int, LibraryCounts] = {}
        self.total = LibraryCounts()
        self.step: IndexStep | None = None
        self.is_paused = False
        self.watch_problem = ""
        store.changed.connect(self._on_store_changed)

    @property
    def sources(self) -> tuple[Path, ...]:
        """The folders and files of all collections, without those that lie in another one."""
        from qadesk.app.library.collections import linked_sources

        return tuple(linked_sources(self.collections))

    def begin(self) -> None:
        """Start the indexer in some seconds, if there is a collection."""
        self._start_timer.start()

    def collection(self, id_: int | None) -> Collection | None:
        """The collection with this id."""
        return next((collection for collection in self.collections if collection.id == id_), None)

    # Collections

    def add(self, name: str, sources: Iterable[Path], done: Callable[[Collection], object] | None = None) -> None:
        """Make a collection of folders and files."""
        from qadesk.app.library.collections import add_collection

        paths = tuple(sources)
        self._store.run(lambda store: add_collection(store, name, paths), done=done, failed=self.failed.emit)

    def add_sources(self, collection: Collection, sources: Iterable[Path]) -> None:
        """Add folders or files to ``collection``."""
        from qadesk.app.library.collections import add_source

        paths = tuple(sources)

        def verb(store: Store) -> None:
            extended = collection
            for path in paths:
                extended = add_source(store, extended, path)

        self._store.run(verb, failed=self.failed.emit)

    def rename(self, collection: Collection, name: str) -> None:
        """Call ``collection`` otherwise."""
        from qadesk.app.library.collections import rename_collection

        self._store.run(lambda store: rename_collection(store, collection, name), failed=self.failed.emit)

    def remove(self, collection: Collection) -> None:
        """Remove ``collection``; its files stay as they are."""
        from qadesk.app.library.collections import remove_collection

        self.start_indexer()  # to take its files out of the index
        self._store.run(lambda store: remove_collection(store, collection), failed=self.failed.emit)

    def survey(
        self,
        folder: Path,
        *,
        done: Callable[[FolderSurvey], object],
        progress: Callable[[Progress], object],
        failed: Failed,
    ) -> Job[Progress, FolderSurvey]:
        """Count what is in ``folder``."""

        def work(_job: Job[Progress, FolderSurvey]) -> Generator[Progress, None, FolderSurvey]:
            from qadesk.app.library.survey import survey

            return survey(folder)

        return self._jobs.start("survey", work, done=done, progress=progress, failed=failed)

    def _on_store_changed(self, changes: Changes, _initiator: object) -> None:
        if changes.library:
            self._store.run_if_open(_collections, done=self._show_collections)

    def _show_collections(self, collections: Sequence[Collection]) -> None:
        before, is_first, self._is_listed = self.sources, not self._is_listed, True
        self.collections = collections
        self.collections_changed.emit()
        self._count()
        if self._control and self.sources != before:
            self._control.update(self.sources)
        elif self.sources != before and not is_first:  # the user added some
            self.start_indexer()

    # The indexer

    @property
    def is_indexing(self) -> bool:
        """Whether folders are looked through or files are read."""
        return self.step is not None

    def start_indexer(self) -> None:
        """Start the process that indexes, if there is something to index and it does not run."""
        if self._indexer is not None or not self.collections:
            return
        from qadesk.app.library.indexer_process import IndexerControl, follow_indexer

        control = self._control = IndexerControl()
        control.update(self.sources)
        if self.is_paused:
            control.pause()
        self._indexer = self._jobs.start(
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
        self.start_indexer()
        if self._control:
            self._control.update(self.sources)

    def retry(self, paths: Sequence[Path]) -> None:
        """Read files again that could not be read; all of them where no ``paths`` are given."""
        if not paths:
            self.files(Scope(), "failed", _MOST_RETRIED, 0, self._retry_files)
            return
        self.start_indexer()
        if self._control:
            self._control.retry(paths)

    def _retry_files(self, files: Sequence[LibraryFile]) -> None:
        if files:
            self.retry([file.path for file in files])

    def recognize(self, paths: Sequence[Path]) -> None:
        """Recognise the text of pictures on the pages of the files ``paths``, of all where none are given."""
        self.start_indexer()
        if self._control:
            self._control.recognize(paths)

    def _on_news(self, news: Sequence[IndexerNews | None]) -> None:
        for entry in news:
            if entry is None:
                continue
            if entry.step is not None:
                self.step = entry.step
                self.total = entry.step.counts
            if entry.is_done:
                self.step = None
                self._restarts = 0
            if entry.is_watching is not None:
                self.watch_problem = "" if entry.is_watching else entry.reason
            if entry.notice:
                self.notice_posted.emit(entry.notice)
        if any(news):
            self.status_changed.emit()
            self._count_soon()

    def _on_ended(self, error: Exception) -> None:
        self._indexer = self._control = self.step = None
        self.status_changed.emit()
        if not isinstance(error, QadeskError):
            self._jobs.failed.emit(error)
        elif self._restarts in (0, _MOST_RESTARTS):
            self.failed.emit(error)
        if self._restarts < _MOST_RESTARTS:
            self._restarts += 1
            self._start_timer.start()

    # The index

    def _count_soon(self) -> None:
        if not self._count_timer.isActive():
            self._count_timer.start()

    def _count(self) -> None:
        if self._counting is not None:
            self._count_soon()
            return
        collections = tuple(self.collections)

        def work(_job: object) -> tuple[dict[int, LibraryCounts], LibraryCounts]:
            index = self._index.get()
            each = {collection.id: index.counts(Scope(collection.sources)) for collection in collections}
            return each, index.counts()

        self._counting = self._jobs.start(
            "library", work, done=self._show_counts, failed=self._fail_counting, priority=Priority.BACKGROUND
        )

    def _show_counts(self, counts: tuple[dict[int, LibraryCounts], LibraryCounts]) -> None:
        self._counting = None
        self.counts, self.total = counts
        self.counts_changed.emit()

    def _fail_counting(self, error: Exception) -> None:
        self._counting = None
        self.failed.emit(error)

    def files(
        self,
        scope: Scope,
        state: FileState | None,
        limit: int,
        offset: int,
        done: Callable[[list[LibraryFile]], object],
    ) -> AnyJob:
        """Give ``limit`` files from ``offset`` on to ``done``."""
        work = self._on_index(lambda index: index.files(scope, state, limit, offset))
        return self._jobs.start("library", work, done=done, failed=self.failed.emit)

    def open_document(self, path: Path, done: Callable[[IndexedDocument], object], failed: Failed) -> AnyJob:
        """Give the document in the file ``path``, as it was indexed, to ``done``."""
        return self._jobs.start(
            "library", self._on_index(lambda index: _indexed_document(index, path)), done=done, failed=failed
        )

    def warm_up(self) -> None:
        """Load, while nobody waits, what the first question needs."""

        def work(reader: Reader) -> Generator[LibraryReading, None, None]:
            from qadesk.app.library.asking import ask_library

            yield from ask_library(reader, "What is this?", self._asked_index.get(), Scope(), self._settings, depth=1)

        if self.collections and not self._is_warm:
            self._is_warm = True
            self._reader.run_long(work, done=lambda _: None, failed=_ignore, priority=Priority.BACKGROUND)

    def ask(
        self,
        question: str,
        scope: Scope,
        depth: int,
        *,
        done: Callable[[LibraryAnswers], object],
        readings: Callable[[list[LibraryReading]], object],
        failed: Failed,
        load: Callable[[], Reader] | None = None,
    ) -> Job[LibraryReading, LibraryAnswers]:
        """Ask ``question`` of the files in ``scope``: the best ``depth`` passages are read.

        ``readings`` gets all that there are at a time: the first answers come at once.
        ``load`` gives another reader than the one in use, for this question alone.
        """

        def work(reader: Reader) -> Generator[LibraryReading, None, LibraryAnswers]:
            from qadesk.app.library.asking import ask_library

            used = load() if load else reader
            return ask_library(used, question, self._asked_index.get(), scope, self._settings, depth=depth)

        self._reader.stop_reading_ahead()  # which takes long where the open document does
        return self._reader.run_long(work, done=done, events=readings, failed=failed)

    def _on_index(self, work: Callable[[LibraryIndex], R]) -> Callable[[object], R]:
        return lambda _job: work(self._index.get())


def _ignore(error: Exception) -> None:
    """The first question will tell."""
    _log.debug("not warmed up: %s", error)


def _collections(store: Store) -> list[Collection]:
    from qadesk.app.library.collections import collections

    return collections(store)


def _indexed_document(index: LibraryIndex, path: Path) -> IndexedDocument:
    document = index.document(path)
    try:
        status = path.stat()
    except (OSError, ValueError):
        return IndexedDocument(document, "gone")
    known = index.known_files(path).get(path)
    if known is None or (known.stamp.size, known.stamp.modified_ns) != (status.st_size, status.st_mtime_ns):
        return IndexedDocument(document, "changed")
    return IndexedDocument(document, "")
