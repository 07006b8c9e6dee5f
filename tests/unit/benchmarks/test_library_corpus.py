"""The corpus for measuring the library: the same each time, and all of its files can be read."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

from benchmarks.indexing import memory_of_tree
from benchmarks.library_corpus import make_corpus
from qadesk import documents
from qadesk.documents.parser_pool import ParserPool


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}


def test_it_is_the_same_each_time(tmp_path: Path) -> None:
    counts = make_corpus(tmp_path / "a", 30, 60_000)
    make_corpus(tmp_path / "b", 30, 60_000)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert sum(counts.values()) == len(contents(tmp_path / "a")) == 30


def test_each_file_is_a_document_with_its_code(tmp_path: Path) -> None:
    make_corpus(tmp_path, 40, 80_000)
    suffixes, characters = set(), 0
    with closing(ParserPool()) as parsers:
        for path in sorted(tmp_path.rglob("document *")):
            document = documents.read(path, parsers=parsers)
            number = int(path.stem.removeprefix("document "))
            assert f"report {number} is" in document.text.replace("\n", " ")
            suffixes.add(path.suffix)
            characters += len(document.text)
    assert len(suffixes) >= 6
    assert 50_000 < characters < 200_000


def test_memory_is_known() -> None:
    memory = memory_of_tree(os.getpid())
    assert memory.resident >= memory.shared
    assert memory.shared > 1_000_000 or not Path("/proc/self/smaps_rollup").exists()
    assert memory_of_tree(-1) == (0, 0)
