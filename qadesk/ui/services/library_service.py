"""The library: its collections, and the index as this window reads it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

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
from qadesk.ui.document.text_contents import TextContents, contents_ahead
from qadesk.ui.kit.jobs import AnyJob, Failed, Job, Jobs, Priority
from qadesk.ui.services.indexer_service import IndexerService
from qadesk.ui.services.lane_index import LaneIndex
from qadesk.ui.services.reader_service import ReaderService
from qadesk.ui.services.store_service import StoreService

if TYPE_CHECKING:
    from qadesk.library.index import KnownFile, LibraryIndex
    from qadesk.progress import Progress
    from qadesk.qa.engine import Reader
    from qadesk.store.database import Store

R = TypeVar("R")
_log = logging.getLogger(__name__)
_COUNT_DELAY = 1000  # milliseconds between two countings while files are indexed
_MOST_RETRIED = 100_000


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A document from the index, and what happened to its file since: nothing, or it is 'changed' or 'gone'.

    ``contents`` are those of a part of its text, where it is long.
    """

    document: Document | None
    since: Literal["", "changed", "gone"]
    contents: TextContents | None = None


class LibraryService(QObject):
    """Owns what the window knows of the library; ``indexer`` keeps its index up to date.

    ``collections_changed``: there are others, or they have other names; ``counts_changed``: other files are known
    or searchable. ``collections`` are in their order, ``counts`` by their ids, ``total`` of all.
    """

    collections_changed = Signal()
    counts_changed = Signal()
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
        self._is_listed = self._is_warm = False
        self._given: tuple[KnownFile | None, Document | None] = (None, None)  # what was opened last, on the lane
        self._counting: AnyJob | None = None
        self._count_timer = QTimer(self, singleShot=True, interval=_COUNT_DELAY)
        self._count_timer.timeout.connect(self._count)
        self.indexer = IndexerService(jobs, self)
        self.indexer.stepped.connect(self._show_step)
        self.indexer.status_changed.connect(self._count_soon)
        self.indexer.failed.connect(self.failed)
        self.collections: Sequence[Collection] = ()
        self.counts: Mapping[int, LibraryCounts] = {}
        self.total = LibraryCounts()
        store.changed.connect(self._on_store_changed)

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

    def remove(self, collection: Collection, done: Callable[[object], object] | None = None) -> None:
        """Remove ``collection``; its files stay as they are."""
        from qadesk.app.library.collections import remove_collection

        self.indexer.start()  # to take its files out of the index
        self._store.run(lambda store: remove_collection(store, collection), done=done, failed=self.failed.emit)

    def restore(self, collection: Collection, done: Callable[[Collection], object] | None = None) -> None:
        """Bring ``collection`` back, which was removed; its files are read again."""
        from qadesk.app.library.collections import restore_collection

        self._store.run(lambda store: restore_collection(store, collection), done=done, failed=self.failed.emit)

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
        from qadesk.app.library.collections import linked_sources

        sources = tuple(linked_sources(collections)) if collections else None
        is_first, self._is_listed = not self._is_listed, True
        self.collections = collections
        self.collections_changed.emit()
        self._count()
        if sources != self.indexer.sources:
            self.indexer.set_sources(sources)
            if not is_first:  # the user added some
                self.indexer.start()

    # The index

    def _show_step(self, step: IndexStep) -> None:
        self.total = step.counts

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

    def count(self, scope: Scope, done: Callable[[LibraryCounts], object]) -> AnyJob:
        """Give ``done`` how many files there are in ``scope``."""
        work = self._on_index(lambda index: index.counts(scope))
        return self._jobs.start("library", work, done=done, failed=self.failed.emit, priority=Priority.BACKGROUND)

    def count_since(
        self, answers: LibraryAnswers, scope: Scope, done: Callable[[LibraryCounts, int], object]
    ) -> AnyJob:
        """Give ``done`` how many files there are in ``scope`` now, and how many became searchable, or changed, since
        ``answers`` were asked for.
        """

        def work(index: LibraryIndex) -> tuple[LibraryCounts, int]:
            counts = index.counts(scope)
            more = counts.searchable - answers.files  # also drives that are back, and copies
            return counts, max(more, index.count_newer(scope, answers.next_passage))

        return self._jobs.start(
            "library", self._on_index(work), done=lambda pair: done(*pair), failed=self.failed.emit,
            priority=Priority.BACKGROUND,
        )  # fmt: skip

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

    def retry(self, paths: Sequence[Path]) -> None:
        """Read files again that could not be read; all of them where no ``paths`` are given."""
        if paths:
            self.indexer.retry(paths)
        else:
            self.files(Scope(), "failed", _MOST_RETRIED, 0, self._retry_files)

    def _retry_files(self, files: Sequence[LibraryFile]) -> None:
        if files:
            self.retry([file.path for file in files])

    def open_document(
        self,
        path: Path,
        done: Callable[[IndexedDocument], object],
        failed: Failed,
        shown: Document | None = None,
        offset: int = 0,
    ) -> AnyJob:
        """Give the document in the file ``path``, as it was indexed, to ``done``, to be looked at around ``offset``.

        That is ``shown``, the open document, itself where it was given before and is still what the index has.
        """

        def work(index: LibraryIndex) -> IndexedDocument:
            known = index.known_files(path).get(path)
            since = _since(path, known)
            if shown is not None and not since and known == self._given[0] and shown is self._given[1]:
                return IndexedDocument(shown, "")
            document = index.document(path)
            self._given = (known, document)  # one at most is kept
            is_shown = document is not None and since != "changed"
            contents = contents_ahead(document, offset) if document and is_shown else None
            return IndexedDocument(document, since, contents)

        return self._jobs.start("library", self._on_index(work), done=done, failed=failed)

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

            reader = load() if load else reader
            return ask_library(reader, question, self._asked_index.get(), scope, self._settings, depth=depth)

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


def _since(path: Path, known: KnownFile | None) -> Literal["", "changed", "gone"]:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return "gone"
    is_same = known and (known.stamp.size, known.stamp.modified_ns) == (status.st_size, status.st_mtime_ns)
    return "" if is_same else "changed"
