"""Indexes and documents that the tests of the library share."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from qadesk.library.index import FileStamp, LibraryIndex, open_index
from qadesk.records import Document
from qadesk.structure.plain import blocks_of

Add = Callable[..., int]


@dataclass
class Folder:
    """A folder of an index, and what opens it: all is closed at the end of the test."""

    path: Path
    opened: list[LibraryIndex]

    def write(self, most_fts_passages: int = 50_000) -> LibraryIndex:
        return self._kept(open_index(self.path, writes=True, most_fts_passages=most_fts_passages))

    def read(self) -> LibraryIndex:
        return self._kept(open_index(self.path))

    def _kept(self, index: LibraryIndex) -> LibraryIndex:
        self.opened.append(index)
        return index


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    folder = Folder(tmp_path / "library", [])
    yield folder
    for index in folder.opened:
        index.close()


@pytest.fixture
def add() -> Add:
    """Adds a text as the file of a path: add(index, path, text)."""

    def add_text(index: LibraryIndex, path: str | Path, text: str, modified_ns: int = 1) -> int:
        path = Path(path)
        stamp = FileStamp(path, len(text), modified_ns)
        document = Document(text, path.name, "text", path, blocks=blocks_of(text))
        return index.add_document(stamp, hashlib.sha256(text.encode("utf-8", "replace")).digest(), document)

    return add_text
