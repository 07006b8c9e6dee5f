"""Watched folders: which changes are told, and what is said where they cannot be watched."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from qadesk.app.library import folder_watch
from qadesk.app.library.folder_watch import FolderWatch, WatchState

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems tell of changes at other times")


@pytest.fixture
def watch() -> Iterator[FolderWatch]:
    watch = FolderWatch()
    yield watch
    watch.close()


def changes(watch: FolderWatch, wanted: Path) -> set[Path]:
    """What changed, until ``wanted`` is among it."""
    every: set[Path] = set()
    until = time.monotonic() + 20
    while wanted not in every and time.monotonic() < until:
        every |= watch.take_changes()
        time.sleep(0.02)
    return every


def test_changes_in_all_folders_are_told(folder: Path, watch: FolderWatch, tmp_path: Path) -> None:
    (folder / "inner").mkdir()
    (folder / ".hidden").mkdir()
    (folder / "old.txt").write_text("old")
    assert watch.watch([folder]) == WatchState(True)
    (folder / "inner" / "a.txt").write_text("new")
    (folder / ".hidden" / "b.txt").write_text("new")
    (folder / "old.txt").rename(folder / "newer.txt")
    (tmp_path / "c.txt").write_text("new")
    last = folder / "last.txt"
    last.write_text("last")
    every = changes(watch, last)
    assert {folder / "inner" / "a.txt", folder / "old.txt", folder / "newer.txt", last} <= every
    assert not any(".hidden" in path.parts or path.name == "c.txt" for path in every)
    assert watch.take_changes() == set()


def test_reading_is_no_change(folder: Path, watch: FolderWatch) -> None:
    (folder / "a.txt").write_text("words")
    watch.watch([folder])
    assert (folder / "a.txt").read_text() == "words"
    (folder / "b.txt").write_text("words")
    assert folder / "a.txt" not in changes(watch, folder / "b.txt")


def test_a_single_file_is_watched(folder: Path, watch: FolderWatch) -> None:
    (folder / "a.txt").write_text("words")
    watch.watch([folder / "a.txt", folder / "gone.txt"])
    (folder / "b.txt").write_text("words")
    (folder / "a.txt").write_text("other words")
    assert changes(watch, folder / "a.txt") == {folder / "a.txt"}


def test_too_many_folders_are_not_watched(folder: Path, watch: FolderWatch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_watch, "MOST_FOLDERS", 3)
    for name in "abc":
        (folder / name).mkdir()
    state = watch.watch([folder])
    assert state == WatchState(
        False, "Folders are not watched, but scanned every 10 minutes: there are more than 3 of them."
    )


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "the system's limit on watched folders is reached."),
        (errno.EMFILE, "the system's limit on programs that watch folders is reached."),
        (errno.EACCES, "the system does not allow it (Permission denied)."),
    ],
)
def test_a_system_that_watches_no_more_is_told(
    folder: Path, watch: FolderWatch, monkeypatch: pytest.MonkeyPatch, number: int, reason: str
) -> None:
    from watchdog.observers import Observer

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Observer, "schedule", refuse)
    state = watch.watch([folder])
    assert not state.is_watching
    assert state.reason.endswith(reason)


@pytest.mark.parametrize(("kind", "is_far"), [("nfs4", True), ("cifs", True), ("ext4", False)])
def test_network_drives_are_not_watched(
    folder: Path, watch: FolderWatch, monkeypatch: pytest.MonkeyPatch, kind: str, is_far: bool
) -> None:
    really_read: Callable[..., str] = Path.read_text

    def read(path: Path, **options: Any) -> str:
        if path == Path("/proc/self/mounts"):
            return f"disk / ext4 rw 0 0\nserver {folder} {kind} rw 0 0\n"
        return really_read(path, **options)

    monkeypatch.setattr(Path, "read_text", read)
    assert watch.watch([folder]).is_watching is not is_far
