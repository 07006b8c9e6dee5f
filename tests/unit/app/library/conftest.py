"""Fixtures of the tests of the library: an index in the test's home, a folder of documents, an update to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from qadesk import paths
from qadesk.app.library.indexing import update
from qadesk.library.index import LibraryIndex, open_index
from qadesk.progress import run_steps
from qadesk.records import LibraryCounts, Scope
from qadesk.settings import Settings


@pytest.fixture
def index() -> Iterator[LibraryIndex]:
    """The index of the library, open for writing."""
    with closing(open_index(paths.data_dir() / "library", writes=True)) as index:
        yield index


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that is linked, with nothing in it."""
    folder = tmp_path / "papers"
    folder.mkdir()
    return folder


class Updates:
    """Runs updates of ``index``; ``notices`` and ``steps`` are those of the last one."""

    def __init__(self, index: LibraryIndex, folder: Path) -> None:
        self.index = index
        self.folder = folder
        self.notices: list[str] = []
        self.steps: list[Any] = []

    def __call__(self, *sources: Path, only: set[Path] | None = None) -> LibraryCounts:
        self.notices, self.steps = [], []
        work = update(self.index, sources or (self.folder,), Settings(), only=only, on_notice=self.notices.append)
        return run_steps(work, self.steps.append)

    def state(self, path: Path) -> str:
        """The state of a file, and the reason for it."""
        files = self.index.files(Scope((path,)))
        return " ".join(f"{file.state}: {file.reason}".rstrip(": ") for file in files)

    def finds(self, words: str) -> list[str]:
        """The names of the files with passages that hold ``words``."""
        passages = self.index.search(f'"{words}"', 20, Scope()).passages
        return sorted({passage.document.path.name for passage in passages if passage.document.path})

    @property
    def files_read(self) -> int:
        """How many files the last update had to read."""
        return max((step.progress.total for step in self.steps), default=0)


@pytest.fixture
def run_update(index: LibraryIndex, folder: Path) -> Callable[..., LibraryCounts]:
    """Brings the index up to date with the folder."""
    return Updates(index, folder)
