"""Brings the index of the library up to date: scans the linked folders, reads what is new, writes it down.

Whatever ends it, the next update goes on where this one was: files that wait are in the index.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from qadesk.app.library.file_reading import FileReading, ReadFile
from qadesk.app.library.index_progress import IndexProgress
from qadesk.app.library.picture_reading import read_pictures
from qadesk.app.library.scanning import format_by_name
from qadesk.app.library.source_scan import SourceScan
from qadesk.documents.open_file import title_of
from qadesk.errors import DocumentError, EncodingNeeded, PasswordNeeded
from qadesk.library.index import FileStamp, LibraryIndex
from qadesk.records import IndexStep, LibraryCounts, Scope
from qadesk.settings import Settings

_log = logging.getLogger(__name__)

_COMMIT = 1.0  # seconds: a kill loses at most two
_PAUSE = 0.1
_MANY = 50  # files after which the index is made smaller
_LARGE = 20_000_000  # bytes: such files are read after the others

Notify = Callable[[str], None]


def update(
    index: LibraryIndex,
    sources: Sequence[Path],
    settings: Settings,
    *,
    is_paused: Callable[[], bool] = lambda: False,
    only: Collection[Path] | None = None,
    on_notice: Notify = lambda _sentence: None,
) -> Generator[IndexStep, None, LibraryCounts]:
    """Bring ``index`` up to date with ``sources``: absolute paths of folders and files, none inside another.

    Files that wait since an earlier update are read as well. With ``only`` just those paths are looked at, files and
    folders that may have changed. Yields steps, several a second. Closing the generator stops it; what was read is
    kept. ``on_notice`` gets sentences for the user: a folder that is not there, one that cannot be read.
    Raises ``LibraryError`` if the index cannot be written.
    """
    scope = Scope(tuple(sources))
    progress = IndexProgress(lambda: index.counts(scope))
    scan = SourceScan(index, sources, on_notice)
    began = time.monotonic()
    try:
        yield progress.step("Looking through folders", files=0)
        for files in scan.everything() if only is None else scan.only(only):
            yield progress.step("Looking through folders", files=files)
        index.commit()
        while index.is_behind:
            with closing(index.catch_up()) as parts:
                for part in parts:
                    yield progress.step(part.what)
        _log.debug("library scanned in %.2f s: %d files to read", time.monotonic() - began, len(scan.stamps))
        if scan.stamps:
            yield from _Updating(index, scan, settings, progress, is_paused).read_all()
        if settings["documents.recognize"] == "always":
            yield from read_pictures(index, sources, settings, progress, is_paused=is_paused, on_notice=on_notice)
        index.commit()
        if len(scan.stamps) >= _MANY:
            index.shrink()
    except (GeneratorExit, KeyboardInterrupt):
        index.commit()
        raise
    _log.debug("library up to date after %.2f s", time.monotonic() - began)
    return index.counts(scope)


def read_again(index: LibraryIndex, paths: Iterable[Path]) -> None:
    """Have the next update read the files ``paths`` again, whatever is known of them."""
    for path in paths:
        for file in index.known_files(path).values():
            index.set_state(file.stamp, "waiting", "")
    index.commit()


def forget_others(index: LibraryIndex, sources: Sequence[Path]) -> None:
    """Take out of ``index`` all files that are in none of ``sources``."""
    offset, gone = 0, []
    while files := index.files(Scope(), limit=5000, offset=offset):
        gone += [file.path for file in files if not any(file.path.is_relative_to(source) for source in sources)]
        offset += len(files)
    index.remove(gone)
    index.commit()


class _Updating:
    """Reads the files of ``scan`` and writes them into ``index``."""

    def __init__(
        self,
        index: LibraryIndex,
        scan: SourceScan,
        settings: Settings,
        progress: IndexProgress,
        is_paused: Callable[[], bool],
    ) -> None:
        self._index = index
        self._scan = scan
        self._reading = FileReading(settings)
        self._progress = progress
        self._is_paused = is_paused
        self._waiting = deque(sorted(scan.stamps, key=_later))
        self._twins: dict[tuple[bytes, str], list[FileStamp]] = {}  # content that is being parsed: files that have it
        self._grown: set[Path] = set()
        self._gone_sources: set[Path] = set()
        self._committed = time.monotonic()

    def read_all(self) -> Generator[IndexStep, None, None]:
        """Read them. Yields steps."""
        self._progress.begin(list(self._waiting))
        with closing(self._reading):
            while self._waiting or self._reading.is_busy:
                if self._is_paused() and not self._reading.is_busy:
                    yield from self._pause()
                self._give_work()
                for result in self._reading.results():
                    self._take(result)
                    yield from self._commit_and_tell(result.stamp.path)
                yield from self._commit_and_tell(None)
        self._index.commit()
        yield self._progress.step("Reading files")

    def _give_work(self) -> None:
        while self._waiting and self._reading.has_room and not self._is_paused():
            self._reading.hash(self._waiting.popleft())

    def _pause(self) -> Iterator[IndexStep]:
        self._index.commit()
        began = time.monotonic()
        yield self._progress.step("Paused")
        while self._is_paused():
            time.sleep(_PAUSE)
            if self._progress.is_due:
                yield self._progress.step("Paused")
        self._progress.pause(time.monotonic() - began)

    def _commit_and_tell(self, path: Path | None) -> Iterator[IndexStep]:
        if time.monotonic() - self._committed > _COMMIT:
            self._index.commit()
            self._committed = time.monotonic()
        if self._progress.is_due:
            yield self._progress.step("Reading files", path)

    def _take(self, result: ReadFile) -> None:
        path = result.stamp.path
        if self._scan.source_of(path) in self._gone_sources or (result.stamp_after is None and self._is_gone(path)):
            self._progress.add(result.stamp)
            self._take_twins(result)
        elif result.document is not None or (result.error is not None and result.hash):
            self._take_parsed(result)
        elif result.error is not None:
            self._fail(result, result.error)
            self._progress.add(result.stamp)
        else:
            self._take_hashed(result)

    def _take_hashed(self, result: ReadFile) -> None:
        stamp = result.stamp
        content = (result.hash, stamp.path.suffix.lower())
        if self._is_read_later(result):
            return
        if content in self._twins:
            self._twins[content].append(stamp)
        elif self._add_copy(stamp, result.hash):
            self._progress.add(stamp)
        else:
            self._twins[content] = []
            self._reading.parse(stamp, result.hash)

    def _take_parsed(self, result: ReadFile) -> None:
        stamp = result.stamp
        if self._is_read_later(result):
            pass
        elif result.document is not None:
            passages = self._index.add_document(stamp, result.hash, result.document)
            self._progress.add(stamp, len(result.document.pages), passages)
        elif result.error is not None:
            self._fail(result, result.error)
            self._progress.add(stamp)
        self._take_twins(result)

    def _is_read_later(self, result: ReadFile) -> bool:
        """Whether a file is read again, as it was written to meanwhile: once. Of one that always grows the index has
        what it held before.
        """
        path = result.stamp.path
        if result.stamp_after in (None, result.stamp) or path in self._grown:
            return False
        self._grown.add(path)
        self._waiting.append(result.stamp_after)
        return True

    def _add_copy(self, stamp: FileStamp, hash_: bytes) -> bool:
        return self._index.add_copy(stamp, hash_, title_of(stamp.path))

    def _take_twins(self, result: ReadFile) -> None:
        """The files that waited for the document of another one with the same content."""
        content = (result.hash, result.stamp.path.suffix.lower())
        twins = self._twins.pop(content, [])
        while twins and self._add_copy(twins[-1], result.hash):
            self._progress.add(twins.pop())
        if twins:  # the other one failed: each says so in its own name
            self._reading.parse(twins.pop(), result.hash)
            self._twins[content] = twins

    def _fail(self, result: ReadFile, error: DocumentError) -> None:
        """Note why a file could not be read."""
        stamp = result.stamp
        row = format_by_name(stamp.path)
        if row is None and not _is_of_disk(error):
            self._index.set_state(stamp, "left out", error.message, error.hint)
            return
        hint = error.hint
        if isinstance(error, PasswordNeeded):
            hint = "The library asks for no passwords. Save a copy without one, or open the file by itself."
        elif isinstance(error, EncodingNeeded):
            hint = "Save it as UTF-8 in the program that made it, or open it by itself and choose its encoding."
        if _is_of_disk(error):  # permissions and locks change without a new time: the next scan tries again
            stamp = stamp._replace(modified_ns=stamp.modified_ns - 1)
        self._index.set_state(stamp, "failed", error.message, hint, row.kind if row else "")

    def _is_gone(self, path: Path) -> bool:
        """Whether there is no file ``path`` any more; then this is noted."""
        try:
            path.lstat()
            return False
        except (FileNotFoundError, NotADirectoryError):
            pass
        except OSError:  # it may be there
            return False
        source = self._scan.source_of(path)
        if source is None or source in self._gone_sources:
            return True
        if self._scan.has_source(source):
            self._index.remove([path])
        else:
            self._gone_sources.add(source)
        return True


def _later(stamp: FileStamp) -> tuple[bool, bool]:
    """Sorts pictures and large files behind the others."""
    row = format_by_name(stamp.path)
    return row is not None and row.kind == "image", stamp.size > _LARGE


def _is_of_disk(error: DocumentError) -> bool:
    """Whether the system refused to read the file."""
    return isinstance(error.__cause__, OSError)
