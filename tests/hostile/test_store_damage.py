"""Databases that are damaged, of another program or of a newer version: reported, and nothing is lost."""

import random
import shutil
import sqlite3
from contextlib import closing

import pytest

from qadesk.errors import StoreError
from qadesk.records import Document
from qadesk.store import backups, recent
from qadesk.store.database import open_database


@pytest.fixture
def path(tmp_path):
    """A database with 40 pasted texts, and a backup of it with the first 20, as of 2020-01-02."""
    for part in (range(20), range(20, 40)):
        with closing(open_database(tmp_path)) as store, store.writing() as connection:
            for number in part:
                recent.add_document(connection, Document(f"text {number} " * 500, f"title {number}"))
    (backup,) = backups.newest_first(tmp_path / "qadesk.db")
    backup.rename(backup.with_name("qadesk-2020-01-02.db"))
    return tmp_path / "qadesk.db"


def count(store):
    return len(recent.newest_documents(store.connection, 1000))


def set_aside(path):
    return sorted(entry for entry in path.parent.glob("qadesk-damaged-*") if entry.suffix == ".db")


def garbage(path):
    path.write_bytes(random.Random(1).randbytes(50_000))


def text(path):
    path.write_text("my shopping list\n" * 100, encoding="utf-8")


def truncate(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def cut_to_one_byte(path):
    path.write_bytes(b"S")


def overwritten_in_the_middle(path):
    content = bytearray(path.read_bytes())
    content[8192:40960] = bytes(32768)
    path.write_bytes(content)


def header_kept_only(path):
    content = path.read_bytes()
    path.write_bytes(content[:100] + random.Random(2).randbytes(len(content) - 100))


def another_programs(path):
    path.unlink()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("create table documents (x)")
        connection.execute("insert into documents values ('not ours')")


@pytest.mark.parametrize(
    "damage", [garbage, text, truncate, cut_to_one_byte, overwritten_in_the_middle, header_kept_only, another_programs]
)
def test_a_damaged_file_is_set_aside_and_the_newest_backup_opened(path, damage):
    damage(path)
    content = path.read_bytes()
    with closing(open_database(path.parent)) as store:
        assert count(store) == 20
        (notice,) = store.notices
    (aside,) = set_aside(path)
    assert aside.read_bytes() == content
    assert notice == (
        f"Your saved documents, questions and labels could not be read. The file was kept as {aside.name}. "
        "The backup of 2020-01-02 was opened instead."
    )
    with closing(open_database(path.parent)) as store:  # it is told once
        assert store.notices == ()
        assert count(store) == 20


def test_an_emptied_file_is_not_taken_for_a_new_one(path):
    path.write_bytes(b"")
    with closing(open_database(path.parent)) as store:
        assert count(store) == 20
        assert "2020-01-02" in store.notices[0]


def test_without_a_backup_the_lists_are_empty_and_that_is_reported(path):
    for backup in backups.newest_first(path):
        backup.unlink()
    garbage(path)
    with closing(open_database(path.parent)) as store:
        assert count(store) == 0
        assert "no backup" in store.notices[0]
        assert len(set_aside(path)) == 1


def test_a_damaged_backup_gives_way_to_an_older_one(path):
    (good,) = backups.newest_first(path)
    garbage(good.with_name("qadesk-2020-01-03.db"))
    shutil.copy(good, good.with_name("qadesk-2020-01-04.db"))
    truncate(good.with_name("qadesk-2020-01-04.db"))
    garbage(path)
    with closing(open_database(path.parent)) as store:
        assert count(store) == 20
        assert "2020-01-02" in store.notices[0]
    assert len(set_aside(path)) == 1


def test_only_damaged_backups(path):
    garbage(backups.newest_first(path)[0])
    garbage(path)
    with closing(open_database(path.parent)) as store:
        assert count(store) == 0
        assert "no backup" in store.notices[0]


def test_damage_twice_keeps_both_files(path):
    for _ in range(2):
        garbage(path)
        open_database(path.parent).close()
    assert len(set_aside(path)) == 2


def test_what_lay_beside_a_damaged_file_does_not_get_into_the_backup(path):
    wal, shm = path.with_name("qadesk.db-wal"), path.with_name("qadesk.db-shm")
    with closing(open_database(path.parent)) as store:
        with store.writing() as connection:
            recent.add_document(connection, Document("late", "late"))
        late = wal.read_bytes()
    garbage(path)
    wal.write_bytes(late)
    shm.write_bytes(b"x" * 32768)
    with closing(open_database(path.parent)) as store:
        assert "late" not in {row.title for row in recent.newest_documents(store.connection, 100)}
        assert count(store) == 40
    (aside,) = set_aside(path)
    assert aside.with_name(aside.name + "-wal").read_bytes() == late


def test_a_log_without_its_database_does_not_get_into_the_backup(path):
    with closing(open_database(path.parent)) as store:
        with store.writing() as connection:
            recent.delete_all_documents(connection)
        late = path.with_name("qadesk.db-wal").read_bytes()
    path.unlink()
    path.with_name("qadesk.db-wal").write_bytes(late)
    with closing(open_database(path.parent)) as store:
        assert count(store) == 40
        assert "missing" in store.notices[0]


@pytest.mark.parametrize("wal", [b"", b"garbage" * 1000, bytes(100_000)])
def test_garbage_in_the_log_beside_a_good_file_is_ignored(path, wal):
    path.with_name("qadesk.db-wal").write_bytes(wal)
    with closing(open_database(path.parent)) as store:
        assert count(store) == 40
        assert store.notices == ()


def test_a_log_cut_anywhere_costs_at_most_what_was_in_it(path, tmp_path):
    with closing(open_database(path.parent)) as store:
        for number in range(3):
            with store.writing() as connection:
                recent.add_document(connection, Document(f"late {number}", "late"))
        main, wal = path.read_bytes(), path.with_name("qadesk.db-wal").read_bytes()
    for share in (0.0, 0.3, 0.7, 0.99):
        folder = tmp_path / f"cut {share}"
        folder.mkdir()
        (folder / "qadesk.db").write_bytes(main)
        (folder / "qadesk.db-wal").write_bytes(wal[: int(len(wal) * share)])
        with closing(open_database(folder)) as store:
            assert 40 <= count(store) <= 43
            assert store.notices == ()


def test_a_database_of_a_newer_version_is_refused_and_left_alone(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("insert into migrations values ('m999_from_the_future', 1)")
        connection.execute("create table holograms (x)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="newer version") as excinfo:
        open_database(path.parent)
    assert "Install the newest version" in excinfo.value.hint
    assert path.read_bytes() == before
    assert set_aside(path) == []
    assert len(backups.newest_first(path)) == 1


def test_a_folder_in_its_place(tmp_path):
    (tmp_path / "qadesk.db").mkdir()
    with pytest.raises(StoreError, match="cannot be opened"):
        open_database(tmp_path)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(StoreError, match="cannot be opened"):
        open_database(tmp_path / "nowhere")


def test_damage_while_it_is_open_is_reported_in_words(path):
    with closing(open_database(path.parent)) as store:
        store.connection.execute("pragma wal_checkpoint(truncate)")
        store.connection.execute("pragma cache_size = 1")
        with path.open("r+b") as file:
            file.seek(4096)
            file.write(bytes(path.stat().st_size - 4096))
        with pytest.raises(StoreError, match="damaged") as excinfo, store.reading() as connection:
            connection.execute("select sum(length(text)) from texts").fetchall()
        assert "start it again" in excinfo.value.hint
    with closing(open_database(path.parent)) as store:
        assert count(store) == 40  # of the backup that the opening before the damage made


def test_a_restore_that_fails_is_made_good_by_the_next_start(path, monkeypatch):
    def fails(*_):
        raise OSError(28, "No space left on device")

    garbage(path)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", fails)
        with pytest.raises(StoreError, match="could not be opened"):
            open_database(path.parent)
    with closing(open_database(path.parent)) as store:
        assert count(store) == 20
        assert "missing" in store.notices[0]
