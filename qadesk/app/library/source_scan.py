"""Linked folders compared with the index: what is new, changed or gone is noted in it, and nothing is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from qadesk.app.library.scanning import FolderScan, ScannedFile, is_folder, is_hidden, is_there
from qadesk.documents.open_file import quoted_name
from qadesk.library.index import FileStamp, KnownFile, LibraryIndex

_STEP = 500  # files


class SourceScan:
    """Compares ``sources`` with ``index``. ``on_notice`` gets sentences for the user.

    ``stamps`` are the files that are to be read, in the order in which they were seen.
    """

    def __init__(self, index: LibraryIndex, sources: Sequence[Path], on_notice: Callable[[str], None]) -> None:
        self.stamps: list[FileStamp] = []
        self._index = index
        self._sources = dict.fromkeys(sources)  # in their order
        self._on_notice = on_notice
        self._seen = 0

    def everything(self) -> Iterator[int]:
        """Compare all sources. Yields how many files were seen, now and then."""
        for source in self._sources:
            if self.has_source(source):
                yield from self._compare(source, is_source=True)

    def only(self, paths: Iterable[Path]) -> Iterator[int]:
        """Compare those of ``paths``, files and folders that may have changed, that are in a source."""
        for path in _outermost(paths):
            source = self.source_of(path)
            if source is None or not self.has_source(source) or is_ignored(path, source):
                continue
            if path == source:
                yield from self._compare(source, is_source=True)
            elif is_folder(path) and path.is_symlink():
                self._index.remove(self._index.known_files(path))
            else:
                yield from self._compare(path, is_source=False)

    def source_of(self, path: Path) -> Path | None:
        """The source that ``path`` is, or lies in."""
        return next((folder for folder in (path, *path.parents) if folder in self._sources), None)

    def has_source(self, source: Path) -> bool:
        """Whether ``source`` can be reached; else its files are missing from now on."""
        if is_there(source):
            return True
        self._index.mark_missing(source)
        self._on_notice(f"{quoted_name(source)} is not there: its documents are not asked until it is back.")
        return False

    def _compare(self, top: Path, *, is_source: bool) -> Iterator[int]:
        known = self._index.known_files(top)
        scan, gone = FolderScan(), dict(known)
        fresh: list[FileStamp] = []
        is_empty = True
        for file in scan.files(top):
            stamp = FileStamp(file.path, file.size, file.modified_ns)
            before = gone.pop(file.path, None)
            if _is_news(file, stamp, before):
                if file.reason:
                    self._index.set_state(stamp, "left out", file.reason)
                else:
                    fresh.append(stamp)
            is_empty = False
            self._seen += 1
            if self._seen % _STEP == 0:
                yield self._seen
        for notice in scan.notices:
            self._on_notice(notice)
        for folder in scan.unreadable:
            self._index.mark_missing(folder)
            gone = {path: file for path, file in gone.items() if not path.is_relative_to(folder)}
        source = self.source_of(top)
        if gone and source and not self.has_source(source):  # it went while it was looked through
            return
        if is_source and gone and is_empty and not scan.unreadable:
            self._mark_empty(top)
        else:
            self._index.remove(gone)
        if is_source:
            self._index.set_hidden_folders(top, scan.hidden_folders)
        self._wait_for(top, fresh)
        yield self._seen

    def _wait_for(self, top: Path, fresh: Sequence[FileStamp]) -> None:
        """Note ``fresh`` in the index. What waits now is to be read: not what was missing and is back as it was."""
        if not fresh:
            return
        self._index.add_waiting(fresh)
        known = self._index.known_files(top)
        self.stamps += [stamp for stamp in fresh if known[stamp.path].state == "waiting"]

    def _mark_empty(self, source: Path) -> None:
        """An empty folder where there were files is rather a drive that is gone than files that were all deleted."""
        self._index.mark_missing(source)
        self._on_notice(
            f"{quoted_name(source)} is empty now: its documents are kept in the library in case that a drive is gone. "
            "Remove the folder from the library if they are to go."
        )


def _is_news(file: ScannedFile, stamp: FileStamp, before: KnownFile | None) -> bool:
    """Whether the index knows the file otherwise, or not at all."""
    if before is None or before.stamp != stamp:
        return True
    if file.reason:
        return before.state != "left out"
    return before.state in ("waiting", "missing")


def _outermost(paths: Iterable[Path]) -> list[Path]:
    """``paths`` without those in a folder that is one of them."""
    every = set(paths)
    return sorted(path for path in every if every.isdisjoint(path.parents))


def is_ignored(path: Path, source: Path) -> bool:
    """Whether ``path``, in ``source``, lies in a folder that is not entered, or is one."""
    *folders, name = path.relative_to(source).parts or ("",)
    return any(map(is_hidden, folders)) or (is_hidden(name) and is_folder(path))
