"""Collections: made, changed and removed, on the disk when the verb returns."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from qadesk.app.library import collections as verbs
from qadesk.app.open_store import open_store
from qadesk.errors import LibraryError
from qadesk.records import Changes
from qadesk.store.database import Store


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(open_store()) as store:
        yield store


def make(folder: Path, *names: str) -> list[Path]:
    for name in names:
        (folder / name).mkdir(parents=True)
    return [folder / name for name in names]


def test_a_collection_is_there_after_a_restart(store: Store, tmp_path: Path) -> None:
    a, b = make(tmp_path, "a", "b")
    made = verbs.add_collection(store, "  My   papers ", [b, a])
    assert (made.name, made.sources) == ("My papers", (b, a))
    assert store.take_changes() == Changes(library=True)
    store.close()
    with closing(open_store()) as again:
        assert verbs.collections(again) == [made]
        assert verbs.collection_named(again, "MY PAPERS") == made


@pytest.mark.parametrize("name", ["", "  ", "all", "ALL", "x" * 101, "a\nb\0"])
def test_names_that_cannot_be(store: Store, name: str) -> None:
    with pytest.raises(LibraryError, match="cannot be called"):
        verbs.add_collection(store, name)


def test_a_name_stands_for_one_collection(store: Store) -> None:
    papers = verbs.add_collection(store, "Papers")
    with pytest.raises(LibraryError, match="There is a collection 'Papers' already"):
        verbs.add_collection(store, "papers")
    other = verbs.add_collection(store, "Letters")
    with pytest.raises(LibraryError, match="already"):
        verbs.rename_collection(store, other, "PAPERS")
    assert verbs.rename_collection(store, papers, "PAPERS").name == "PAPERS"
    with pytest.raises(LibraryError, match="There is no collection 'Books'") as excinfo:
        verbs.collection_named(store, "Books")
    assert excinfo.value.hint == "There are: 'Letters', 'PAPERS'."


def test_a_folder_takes_the_place_of_those_inside(store: Store, tmp_path: Path) -> None:
    outer, inner, other = make(tmp_path, "outer", "outer/inner", "other")
    papers = verbs.add_collection(store, "Papers", [inner, other])
    assert verbs.add_source(store, papers, outer).sources == (other, outer)
    assert verbs.add_source(store, verbs.collection_named(store, "Papers"), inner).sources == (other, outer)
    every = [verbs.add_collection(store, "Part", [inner]), *verbs.collections(store)]
    assert verbs.linked_sources(every) == [other, outer]


def test_links_go_and_the_files_stay(store: Store, tmp_path: Path) -> None:
    a, b = make(tmp_path, "a", "b")
    papers = verbs.add_collection(store, "Papers", [a, b])
    papers = verbs.remove_source(store, papers, a)
    assert papers.sources == (b,)
    with pytest.raises(LibraryError, match="'a' is not linked to 'Papers'"):
        verbs.remove_source(store, papers, a)
    verbs.remove_collection(store, papers)
    assert verbs.collections(store) == []
    assert store.connection.execute("select count(*) from collection_sources").fetchone() == (0,)
    assert a.exists()
    assert b.exists()


def test_what_is_not_there_is_not_linked(store: Store, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="There is no folder or file 'gone'"):
        verbs.add_collection(store, "Papers", [tmp_path / "gone"])
    assert verbs.collections(store) == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not let it be made")
def test_a_folder_whose_name_is_not_unicode(store: Store, tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    folder.mkdir()
    assert verbs.add_collection(store, "Cafe", [folder]).sources == (folder,)


def test_a_collection_that_was_removed_comes_back_with_links_to_what_is_not_there(store: Store, tmp_path: Path) -> None:
    a, b = make(tmp_path, "a", "b")
    made = verbs.add_collection(store, "Papers", [a, b])
    verbs.remove_collection(store, made)
    b.rmdir()
    assert verbs.restore_collection(store, made).sources == (a, b)
    with pytest.raises(LibraryError):
        verbs.restore_collection(store, made)
