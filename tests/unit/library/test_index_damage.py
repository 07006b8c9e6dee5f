"""What happens to the index: kills, damage, full disks, other versions and programs."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from qadesk import paths
from qadesk.errors import LibraryError
from qadesk.library import text_rows
from qadesk.library.chunk_groups import pack_group
from qadesk.library.index import LibraryIndex
from qadesk.progress import finish
from qadesk.records import Scope

KEEPERS = "The keepers of the lighthouse lit the lamp each evening."
HOME = Path("/home/ann")
DAMAGED = "The index of the library was damaged and is made anew. Your files and collections were not touched."


def _names(index: LibraryIndex, question: str) -> list[str]:
    return sorted(passage.document.title for passage in index.search(question, 50).passages)


def _commit_all(index: LibraryIndex) -> None:
    index.commit()
    while index.is_behind:
        finish(index.catch_up())


def _filled(folder, add, most_fts_passages=50_000, count=20):
    writer = folder.write(most_fts_passages)
    for number in range(count):
        add(writer, HOME / f"{number:02}.txt", f"{KEEPERS} Number {number}. " + "More of it. " * 200)
    _commit_all(writer)
    writer.close()
    return [f"{number:02}.txt" for number in range(count)]


def test_only_one_can_write(folder):
    writer = folder.write()
    with pytest.raises(LibraryError, match=r"Another window or command of QADesk is indexing the library\."):
        folder.write()
    writer.close()
    folder.write()


def test_a_newer_version_is_refused_and_left_alone(folder, add):
    _filled(folder, add)
    path = folder.path / "index.db"
    connection = sqlite3.connect(path)
    connection.execute("pragma user_version = 99")
    connection.close()
    before = path.read_bytes()
    for open_ in (folder.read, folder.write, folder.write):  # twice: the lock was released
        with pytest.raises(LibraryError, match=r"made by a newer version of QADesk\."):
            open_()
    assert path.read_bytes() == before


@pytest.mark.parametrize("most_fts_passages", [50_000, 0], ids=["fts", "tantivy"])
def test_an_older_version_is_made_anew(folder, add, most_fts_passages):
    _filled(folder, add, most_fts_passages)
    connection = sqlite3.connect(folder.path / "index.db")
    connection.execute("pragma user_version = 1")
    connection.close()
    reader = folder.read()
    assert reader.notices == (
        "The index of the library was made by an older version of QADesk. "
        "Scan the library again: the index is made anew.",
    )
    assert _names(reader, "keepers") == []
    writer = folder.write(most_fts_passages)
    assert writer.notices == (
        "The index of the library was made by an older version of QADesk, and is made anew from your files.",
    )
    assert writer.counts().files == 0
    add(writer, HOME / "a.txt", KEEPERS)
    _commit_all(writer)
    assert _names(reader, "keepers") == ["a.txt"]
    assert reader.notices == ()
    assert not list(folder.path.glob("damaged-*"))


@pytest.mark.parametrize("damage", ["random", "truncated", "middle", "text", "another database"])
def test_a_damaged_index_is_made_anew(folder, add, damage):
    _filled(folder, add)
    path = folder.path / "index.db"
    content = path.read_bytes()
    path.unlink()
    if damage == "another database":
        connection = sqlite3.connect(path)
        connection.execute("create table notes (text)")
        connection.close()
    else:
        half = len(content) // 2
        path.write_bytes(
            {
                "random": os.urandom(len(content)),
                "truncated": content[:half],
                "middle": content[:8192] + os.urandom(half) + content[8192 + half :],
                "text": b"not a database at all " * 50,
            }[damage]
        )
    damaged = path.read_bytes()
    writer = folder.write()
    assert writer.notices == (DAMAGED,)
    assert writer.counts().files == 0
    assert (folder.path / "damaged-index.db").read_bytes() == damaged
    add(writer, HOME / "a.txt", KEEPERS)
    writer.commit()
    assert _names(writer, "lighthouse") == ["a.txt"]
    writer.close()
    assert folder.write().notices == ()


def test_a_reader_of_a_damaged_index_says_so_and_goes_on_when_it_is_made_anew(folder, add):
    _filled(folder, add)
    (folder.path / "index.db").write_bytes(os.urandom(50_000))
    reader = folder.read()
    assert reader.notices == (
        "The index of the library is damaged. Scan the library again: the index is made anew.",
    )  # fmt: skip
    assert reader.search("lighthouse", 5).passages == ()
    _filled(folder, add)
    assert len(_names(reader, "lighthouse")) == 20
    assert reader.notices == ()


def test_damage_that_shows_later_is_told_and_mended_by_the_next_writer(folder, add):
    _filled(folder, add)
    connection = sqlite3.connect(folder.path / "index.db")
    connection.execute("update chunks set data = substr(data, 1, 20)")
    connection.commit()
    connection.close()
    reader = folder.read()
    with pytest.raises(LibraryError, match="The index of the library is damaged"):
        reader.search("lighthouse", 5)
    assert folder.write().notices == (DAMAGED,)


def test_damage_that_compressing_once_more_meets_is_told_and_mended(folder, add):
    writer = folder.write()
    add(writer, HOME / "a.txt", KEEPERS)
    writer.commit()
    writer._connection.execute("update chunks set data = substr(data, 1, length(data) - 3)")
    with pytest.raises(LibraryError, match="The index of the library is damaged"):
        writer.recompress()
    writer.close()
    assert folder.write().notices == (DAMAGED,)


def test_a_full_disk_is_told_and_undoes_to_the_last_commit(folder, add):
    writer = folder.write()
    add(writer, HOME / "a.txt", KEEPERS)
    writer.commit()
    (pages,) = writer._connection.execute("pragma page_count").fetchone()
    writer._connection.execute(f"pragma max_page_count = {pages}")
    long_text = "\n\n".join(f"{number} {number * number} {KEEPERS}" for number in range(20_000))
    with pytest.raises(LibraryError, match=r"The disk is full\. Make some room"):
        add(writer, HOME / "long.txt", long_text)
    assert _names(writer, "lighthouse") == ["a.txt"]
    writer._connection.execute("pragma max_page_count = 1000000")
    add(writer, HOME / "b.txt", KEEPERS + " Again.")
    writer.commit()
    assert _names(writer, "lighthouse") == ["a.txt", "b.txt"]


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid"), reason="permissions of Unix")
def test_a_folder_that_cannot_be_made_is_told(folder):
    folder.path.parent.joinpath("library").write_text("a file")
    with pytest.raises(LibraryError, match="cannot be made"):
        folder.write()
    assert folder.read().counts().files == 0


@pytest.mark.parametrize("damage", ["missing", "emptied", "random", "truncated"])
def test_words_of_tantivy_that_are_damaged_are_made_anew(folder, add, damage):
    names = _filled(folder, add, most_fts_passages=0)
    words = folder.path / "words"
    if damage == "missing":
        shutil.rmtree(words)
    for path in words.iterdir() if words.exists() else ():
        if damage == "emptied":
            path.unlink()
        elif path.name == "meta.json" or path.suffix in (".fast", ".term"):
            content = path.read_bytes()
            path.write_bytes(os.urandom(len(content)) if damage == "random" else content[: len(content) // 2])
    reader = folder.read()
    assert reader.search("lighthouse", 5).passages == ()
    assert reader.notices[0].startswith("The search of the library is missing or damaged.")
    writer = folder.write(0)
    assert writer.notices == (
        "The search of the library was damaged or missing and is made anew from the stored texts.",
    )
    assert writer.is_behind
    _commit_all(writer)
    assert not writer.is_behind
    assert _names(writer, "lighthouse") == _names(reader, "lighthouse") == names


@pytest.mark.parametrize("is_writing", [False, True], ids=["a later writer", "one that writes already"])
def test_damage_that_a_search_meets_is_told_and_mended(folder, add, is_writing):
    names = _filled(folder, add, most_fts_passages=0)
    writer = folder.write(0) if is_writing else None
    for path in (folder.path / "words").glob("*.idx"):
        third = path.stat().st_size // 3
        with path.open("r+b") as file:  # in its place: it may be mapped into memory
            file.seek(third)
            file.write(bytes(third))
    reader = folder.read()
    with pytest.raises(LibraryError, match="The search of the library is damaged"):
        reader.search("Which lighthouse keepers lit the lamp in the evening? More of it, number", 5)
    assert not (folder.path / "index.damaged").exists()  # the texts are as they were
    writer = writer or folder.write(0)
    _commit_all(writer)
    assert _names(reader, "lighthouse") == names
    assert not (folder.path / "words.damaged").exists()


def test_a_search_that_is_taken_away_is_told_and_the_texts_stay(folder, add):
    names = _filled(folder, add, most_fts_passages=0)
    reader = folder.read()
    assert _names(reader, "lighthouse") == names
    words = folder.path / "words"
    shutil.rmtree(words)
    words.write_text("a file in its place")
    with pytest.raises(LibraryError, match="The search of the library is damaged"):
        reader.search("lighthouse", 5)
    assert not (folder.path / "index.damaged").exists()
    words.unlink()
    _commit_all(folder.write(0))
    assert _names(folder.read(), "lighthouse") == names


def test_a_disk_that_cannot_take_the_words_is_told_and_they_are_made_up_for(folder, add):
    names = _filled(folder, add, most_fts_passages=0, count=3)
    writer = folder.write(0)
    words = folder.path / "words"
    aside = words.rename(folder.path / "aside")
    words.write_text("a file in its place")
    add(writer, HOME / "new.txt", f"{KEEPERS} Again.")
    with pytest.raises(LibraryError, match="The search index of the library cannot be written"):
        writer.commit()
    writer.close()
    words.unlink()
    aside.rename(words)
    writer = folder.write(0)
    _commit_all(writer)
    assert _names(writer, "lighthouse") == sorted([*names, "new.txt"])


def test_tantivy_takes_over_above_a_number_of_passages(folder, add):
    writer = folder.write(30)
    for number in range(40):
        add(writer, HOME / f"{number}.txt", f"{KEEPERS} Number {number}.")
        if number == 20:
            writer.commit()
            assert not (folder.path / "words").exists()
    reader = folder.read()
    assert len(_names(reader, "lighthouse")) == 21
    _commit_all(writer)
    assert (folder.path / "words").exists()
    assert writer._connection.execute("select count(*) from words_vocab").fetchone() == (0,)
    assert len(_names(reader, "lighthouse")) == len(_names(writer, "lighthouse")) == 40
    add(writer, HOME / "x.txt", "An extraordinary text.")
    writer.commit()
    assert _names(reader, "extraordinary") == ["x.txt"]


def test_the_take_over_can_be_stopped_and_goes_on(folder, add):
    writer = folder.write(0)
    for number in range(80):
        add(writer, HOME / f"{number}.txt", f"{KEEPERS} Number {number}.")
    writer._writer._connection.execute("commit")
    writer._writer._open_tantivy()
    steps = writer.catch_up()
    assert next(steps).what == "Preparing the search"
    steps.close()
    assert writer.is_behind
    assert 0 <= writer._writer._tantivy.last_passage < 79
    writer.close()
    writer = folder.write(0)
    assert len(writer.search("lighthouse", 100).passages) == 80  # FTS5 has all
    _commit_all(writer)
    assert writer._connection.execute("select count(*) from words_vocab").fetchone() == (0,)
    assert len(writer.search("lighthouse", 100).passages) == 80


def test_a_take_over_within_another_one_adds_nothing_twice(folder, add):
    writer = folder.write(0)
    for number in range(200):
        add(writer, HOME / f"{number}.txt", f"{KEEPERS} Number {number}.")
    writer._writer._connection.execute("commit")
    writer._writer._open_tantivy()
    steps = writer.catch_up()
    next(steps)
    add(writer, HOME / "new.txt", f"{KEEPERS} A new one.")
    _commit_all(writer)
    finish(steps)
    passages = writer.search("lighthouse", 1000).passages
    assert len({passage.id for passage in passages}) == len(passages) == 201


def test_words_of_a_database_that_was_damaged_are_not_those_of_the_next(folder, add):
    _filled(folder, add, most_fts_passages=0, count=40)
    (folder.path / "index.db").write_bytes(b"damaged" * 1000)
    writer = folder.write(0)
    for number in range(30):
        add(writer, HOME / f"{number}.txt", f"The castle stands on hill {number}.")
    _commit_all(writer)
    assert len(writer.search("castle", 100).passages) == 30
    assert writer.search("lighthouse", 100).passages == ()


def test_a_database_that_lost_its_last_commits_gives_their_numbers_again(folder, add):
    writer = folder.write(0)
    add(writer, HOME / "a.txt", KEEPERS)
    _commit_all(writer)
    writer.close()
    before = (folder.path / "index.db").read_bytes()
    writer = folder.write(0)
    add(writer, HOME / "b.txt", "The castle stands on a hill.")
    _commit_all(writer)
    writer.close()
    (folder.path / "index.db").write_bytes(before)  # a power cut, and tantivy was on the disk already
    writer = folder.write(0)
    add(writer, HOME / "c.txt", "The bridge leads over a river.")
    _commit_all(writer)
    assert _names(writer, "lighthouse") == ["a.txt"]
    assert _names(writer, "bridge") == ["c.txt"]
    assert _names(writer, "castle") == []


@pytest.mark.parametrize("most_fts_passages", [50_000, 0], ids=["fts", "tantivy"])
def test_a_document_that_ctrl_c_interrupts_is_not_half_in_it(folder, add, monkeypatch, most_fts_passages):
    writer = folder.write(most_fts_passages)
    add(writer, HOME / "a.txt", KEEPERS)
    _commit_all(writer)
    groups = itertools.count()

    def interrupted(passages, chunks):
        if next(groups) == 1:
            raise KeyboardInterrupt
        return pack_group(passages, chunks)

    monkeypatch.setattr(text_rows, "pack_group", interrupted)
    with pytest.raises(KeyboardInterrupt):
        add(writer, HOME / "long.txt", "\n\n".join(f"{number} {KEEPERS * 5}" for number in range(1000)))
    monkeypatch.undo()
    writer.commit()
    add(writer, HOME / "b.txt", KEEPERS + " Again.")
    _commit_all(writer)
    assert _names(writer, "lighthouse") == ["a.txt", "b.txt"]


KILLED = textwrap.dedent(
    """
    import hashlib, sys
    from pathlib import Path
    from qadesk.library.index import FileStamp, open_index
    from qadesk.records import Document

    index = open_index(Path(sys.argv[1]), writes=True, most_fts_passages=int(sys.argv[2]))
    for number in range(100_000):
        path = Path(f"/home/ann/{number}.txt")
        text = f"The lighthouse of file n{number}. " * 30
        index.add_document(FileStamp(path, 1, 1), b"%d" % number, Document(text, path.name, "text", path))
        if number % 5 == 4:
            index.commit()
            print(number + 1, flush=True)
    """
)


@pytest.mark.parametrize("most_fts_passages", [50_000, 40], ids=["fts", "tantivy"])
def test_after_a_kill_all_that_was_committed_is_found(folder, most_fts_passages):
    command = [sys.executable, "-c", KILLED, str(folder.path), str(most_fts_passages)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, env=paths.own_environment())
    assert child.stdout
    committed = 0
    while committed < 100:
        committed = int(child.stdout.readline())
    os.kill(child.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    rest = child.stdout.read().split()
    child.stdout.close()
    child.wait()
    committed = int(rest[-1]) if rest else committed
    writer = folder.write(most_fts_passages)
    assert writer.notices == ()
    _commit_all(writer)
    count = writer.counts().indexed
    assert committed <= count <= committed + 5
    assert len(writer.search("lighthouse", 100_000, Scope((HOME,))).passages) == count
    assert [passage.document.title for passage in writer.search(f"n{count - 1}", 2).passages] == [f"{count - 1}.txt"]
    assert writer.search(f"n{count}", 2).passages == ()
