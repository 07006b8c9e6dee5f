import sqlite3
from contextlib import closing
from datetime import date

import pytest

from qadesk.store import backups

TODAY = f"qadesk-{date.today().isoformat()}.db"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "qadesk.db"


@pytest.fixture
def connection(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("create table t (x)")
        connection.execute("insert into t values (1)")
        yield connection


def values(database):
    with closing(sqlite3.connect(database)) as connection:
        return [x for (x,) in connection.execute("select x from t")]


def test_a_backup_is_a_whole_database(connection, path):
    backups.write_backup(connection, path)
    (backup,) = backups.newest_first(path)
    assert backup.name == TODAY
    assert values(backup) == [1]
    assert [entry.name for entry in backup.parent.iterdir() if entry.suffix == ".part"] == []


def test_one_a_day_unless_configured_otherwise(connection, path):
    backups.write_backup(connection, path)
    connection.execute("insert into t values (2)")
    backups.write_backup(connection, path)
    assert values(backups.newest_first(path)[0]) == [1]
    backups.write_backup(connection, path, force=True)
    assert values(backups.newest_first(path)[0]) == [1, 2]


def test_the_five_newest_are_kept(connection, path):
    folder = path.parent / "backups"
    folder.mkdir()
    for day in range(10, 18):
        (folder / f"qadesk-2020-01-{day}.db").write_bytes(b"")
    (folder / "mine.db").write_bytes(b"")
    backups.write_backup(connection, path)
    assert [backup.name for backup in backups.newest_first(path)] == [
        TODAY, *(f"qadesk-2020-01-{day}.db" for day in (17, 16, 15, 14)),
    ]  # fmt: skip
    assert (folder / "mine.db").exists()


def test_what_an_interrupted_backup_left_is_replaced(connection, path):
    folder = path.parent / "backups"
    folder.mkdir()
    (folder / TODAY).with_suffix(".part").write_bytes(b"half a database" * 1000)
    backups.write_backup(connection, path)
    assert values(folder / TODAY) == [1]


def test_a_backup_that_fails_leaves_the_older_ones(connection, path):
    backups.write_backup(connection, path)
    (path.parent / "backups" / TODAY).with_suffix(".part").mkdir()
    with pytest.raises(OSError, match="part"):
        backups.write_backup(connection, path, force=True)
    assert values(backups.newest_first(path)[0]) == [1]


def test_restore(connection, path, tmp_path):
    backups.write_backup(connection, path)
    (backup,) = backups.newest_first(path)
    backups.restore_backup(backup, tmp_path / "other.db")
    assert values(tmp_path / "other.db") == values(backup) == [1]
    assert backups.day_of(backup) == date.today().isoformat()


def test_remove_others(connection, path):
    backup = backups.write_backup(connection, path)
    assert backup == backups.write_backup(connection, path)
    for name in ("qadesk-2020-01-01.part", "qadesk-2020-01-01.db", "qadesk-2999-01-01.db"):
        backup.with_name(name).write_bytes(b"half")
    backups.remove_all_but(backup)
    assert list(backup.parent.iterdir()) == [backup]
    assert values(backup) == values(path) == [1]
