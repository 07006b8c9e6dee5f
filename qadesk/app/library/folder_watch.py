"""Watches linked folders for changes, as far as the system can, and says so where it cannot."""

from __future__ import annotations

import errno
import os
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from qadesk import paths
from qadesk.app.library.scanning import is_folder, is_there
from qadesk.app.library.source_scan import is_ignored
from qadesk.documents.open_file import quoted_name

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent

MOST_FOLDERS = 5000
"""With more of them folders are not watched: each costs the system memory, of which it gives a program little."""

_QUIET = 0.5  # seconds without a change, after which the changes before are looked at
_LONGEST = 1.2  # seconds after which they are looked at in any case
_NO_CHANGE = ("opened", "closed_no_write")  # events of reading, ours for example
_NETWORK = ("nfs", "cifs", "smb", "fuse.sshfs", "9p", "afs", "fuse.rclone", "davfs")
_REASONS = {
    errno.ENOSPC: "the system's limit on watched folders is reached",
    errno.EMFILE: "the system's limit on programs that watch folders is reached",
}


class WatchState(NamedTuple):
    """Whether all folders are watched; if not, ``reason`` says why in a sentence."""

    is_watching: bool
    reason: str = ""


class FolderWatch:
    """Collects paths that change in some folders. ``close`` ends its threads."""

    def __init__(self) -> None:
        self._observer: Any = None
        self._sources: Sequence[Path] = ()
        self._own_folder = paths.data_dir()
        self._lock = threading.Lock()
        self._changes: set[Path] = set()
        self._first = self._last = 0.0

    def watch(self, sources: Sequence[Path]) -> WatchState:
        """Watch ``sources``, folders and files, in place of those before. Takes long for many folders."""
        self.close()
        self._sources = sources
        reason = _obstacle(sources)
        if not reason:
            try:
                self._start(sources)
            except OSError as error:
                self.close()
                reason = _REASONS.get(error.errno or 0, f"the system does not allow it ({error.strerror or error})")
        if not reason:
            return WatchState(True)
        return WatchState(False, f"Folders are not watched, but scanned every 10 minutes: {reason}.")

    def take_changes(self) -> set[Path]:
        """The paths that changed, once nothing has changed for a moment; they are forgotten."""
        now = time.monotonic()
        with self._lock:
            if not self._changes or (now - self._last < _QUIET and now - self._first < _LONGEST):
                return set()
            changes, self._changes = self._changes, set()
            return changes

    def close(self) -> None:
        """Watch nothing any more. It can be called again."""
        if self._observer is not None:
            self._observer.stop()
            if self._observer.is_alive():
                self._observer.join()
            self._observer = None

    def _start(self, sources: Sequence[Path]) -> None:
        from watchdog.events import FileSystemEventHandler
        from watchdog.observers import Observer

        handler = FileSystemEventHandler()
        # its class is imported here, so that none of ours can be derived from it
        handler.on_any_event = self._note  # type: ignore[method-assign]
        self._observer = Observer()
        self._observer.start()
        for source in sources:
            if is_folder(source):
                self._observer.schedule(handler, str(source), recursive=True)
            elif is_there(source):
                self._observer.schedule(handler, str(source.parent), recursive=False)

    def _note(self, event: FileSystemEvent) -> None:
        if event.event_type in _NO_CHANGE or (event.is_directory and event.event_type == "modified"):
            return
        changed = {Path(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path}
        changed = {path for path in changed if self._concerns(path)}
        if changed:
            with self._lock:
                self._last = time.monotonic()
                if not self._changes:
                    self._first = self._last
                self._changes |= changed

    def _concerns(self, path: Path) -> bool:
        if path.is_relative_to(self._own_folder):
            return False
        return any(path.is_relative_to(source) and not is_ignored(path, source) for source in self._sources)


def _obstacle(sources: Iterable[Path]) -> str:
    """Why ``sources`` cannot be watched; '' if they can."""
    folders = 0
    for source in sources:
        if _is_on_network(source):
            return f"{quoted_name(source)} is on a network drive, which tells of no changes"
        for _ in os.walk(source):
            folders += 1
            if folders > MOST_FOLDERS:
                return f"there are more than {MOST_FOLDERS:,} of them"
    return ""


def _is_on_network(source: Path) -> bool:
    """Whether the file system that holds ``source`` is that of a network, where the system says so simply."""
    if sys.platform == "win32":
        return source.drive.startswith("\\\\")
    try:
        mounts = [line.split(" ") for line in Path("/proc/self/mounts").read_text(errors="replace").splitlines()]
    except OSError:
        return False
    points = [(mount[1].replace("\\040", " "), mount[2]) for mount in mounts if len(mount) > 2]
    holding = [(len(point), kind) for point, kind in points if source.is_relative_to(point)]
    return bool(holding) and max(holding)[1].startswith(_NETWORK)
