"""Opening the database, and what happens when it cannot be read.

A damaged file is never deleted: it gets a dated name, and the newest backup that can be read takes its place, with the
newer labels that can still be read from the damaged file. A notice says so to the user.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from qadesk.errors import StoreError
from qadesk.records import Changes
from qadesk.store import backups, migrations, rescue

FILE_NAME = "qadesk.db"
_NO_CHANGES = Changes()
_SIDECARS = ("", "-wal", "-shm")  # SQLite keeps what is not yet in the file itself beside it
_RESTART = "Close QADesk and start it again: it will open the newest backup."
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_MESSAGES = {
    sqlite3.SQLITE_BUSY: ("Another program is using the database.", "Close other windows of QADesk and try again."),
    sqlite3.SQLITE_LOCKED: ("Another program is using the database.", "Close other windows of QADesk and try again."),
    sqlite3.SQLITE_FULL: ("The disk is full.", "Make some room and try again."),
    sqlite3.SQLITE_READONLY: ("The database cannot be written to.", "Check the permissions of {path}."),
    sqlite3.SQLITE_PERM: ("The database cannot be opened.", "Check the permissions of {path}."),
    sqlite3.SQLITE_CANTOPEN: ("The database cannot be opened.", "Check that {path} is a file and may be written to."),
    sqlite3.SQLITE_IOERR: ("The disk cannot be read or written.", "Check the disk that holds {path}."),
    sqlite3.SQLITE_TOOBIG: ("This text is too long to be kept.", ""),
    sqlite3.SQLITE_CORRUPT: ("The database is damaged.", _RESTART),
    sqlite3.SQLITE_NOTADB: ("The database is damaged.", _RESTART),
}


@dataclass(slots=True)
class Store:
    """The open database. It belongs to the thread that opened it.

    ``notices`` are sentences that the user should see about how it was opened. ``changes`` is what was written since
    the last ``take_changes``.
    """

    connection: sqlite3.Connection
    path: Path
    notices: tuple[str, ...] = ()
    changes: Changes = field(default=_NO_CHANGES, init=False)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection for reading. Raises ``StoreError``."""
        with translated_errors(self.path):
            yield self.connection

    @contextmanager
    def writing(self, changes: Changes = _NO_CHANGES) -> Iterator[sqlite3.Connection]:
        """The connection in a transaction: all is on the disk afterwards, or nothing. Raises ``StoreError``.

        After the commit ``changes`` are merged into those of the store, unless no row was written.
        """
        with translated_errors(self.path):
            self.connection.execute("begin immediate")
            rows_before = self.connection.total_changes
            with self.connection:  # commits, or rolls back
                yield self.connection
            if self.connection.total_changes != rows_before:
                self.changes |= changes

    def take_changes(self) -> Changes:
        """What was written since the last call, and forget it."""
        changes, self.changes = self.changes, _NO_CHANGES
        return changes

    def scrub(self) -> None:
        """Remove deleted content from the log on the disk, unless another window reads it. Raises ``StoreError``."""
        with translated_errors(self.path):
            self.connection.execute("pragma wal_checkpoint(truncate)")

    def close(self) -> None:
        """Close the database. It can be called again."""
        self.connection.close()


@contextmanager
def translated_errors(path: Path) -> Iterator[None]:
    """Raise errors of the file at ``path`` as ``StoreError``; others, which are bugs, pass through."""
    try:
        yield
    except sqlite3.Error as error:
        message, hint = _MESSAGES.get(_code(error), ("", ""))
        if not message:
            raise
        raise StoreError(message, hint.format(path=path), str(error)) from error


def open_database(folder: Path) -> Store:
    """Open the database in ``folder``; create, migrate, back up and repair it as needed.

    Raises ``StoreError`` if it is from a newer version, in use or out of reach.
    """
    path = folder / FILE_NAME
    try:
        with translated_errors(path):
            if _is_lost(path):
                return _recover(path)
            try:
                return _open(path)
            except _DamagedError:
                return _recover(path)
    except OSError as error:
        raise StoreError(
            "The database could not be opened.", f"Check that {folder} can be written to.", str(error)
        ) from error


def replace_backups(store: Store) -> None:
    """Write a backup of the present state, then delete the older ones and the damaged files that were set aside.

    So there is a backup at any moment. Raises ``StoreError``.
    """
    path = store.path
    try:
        backup = backups.write_backup(store.connection, path, force=True)
        backups.remove_all_but(backup)
        for damaged in path.parent.glob("qadesk-damaged-*"):
            damaged.unlink()
    except (OSError, sqlite3.OperationalError) as error:
        raise StoreError("Some backups could not be deleted.", f"Delete them in {path.parent}.", str(error)) from error


class _DamagedError(Exception):
    """The file is not a database, or not one of QADesk, or it is damaged."""


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary code, without what extends it


def _is_lost(path: Path) -> bool:
    """Whether there are backups, but no database: no file, or one that a power cut has emptied.

    SQLite takes a file that is too short for its header of 100 bytes for a new database.
    """
    exists = path.exists() and (not path.is_file() or path.stat().st_size >= 100)
    return not exists and bool(backups.newest_first(path))


def _open(path: Path) -> Store:
    connection = sqlite3.connect(path, isolation_level=None)  # no implicit transactions
    try:
        connection.execute("pragma trusted_schema = off")
        _check(connection)
        pending = migrations.pending(connection)
        _configure(connection)  # this writes, so only after the checks
        notices = _back_up_and_migrate(connection, path, pending)
    except BaseException as error:
        connection.close()
        if isinstance(error, sqlite3.Error) and _code(error) in _DAMAGED:
            raise _DamagedError from error
        raise
    return Store(connection, path, notices)


def _configure(connection: sqlite3.Connection) -> None:
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")  # a committed transaction survives a power cut
    connection.execute("pragma foreign_keys = on")
    connection.execute("pragma secure_delete = on")  # deleted content is overwritten


def _check(connection: sqlite3.Connection) -> None:
    if connection.execute("pragma quick_check(1)").fetchone() != ("ok",):
        raise _DamagedError
    tables = {name for (name,) in connection.execute("select name from sqlite_schema where type = 'table'")}
    if tables and "migrations" not in tables:
        raise _DamagedError  # a database of another program


def _back_up_and_migrate(connection: sqlite3.Connection, path: Path, pending: list[str]) -> tuple[str, ...]:
    notices: tuple[str, ...] = ()
    if len(pending) < len(migrations.MIGRATIONS):  # not a new one
        try:
            backups.write_backup(connection, path, force=bool(pending))
        except (OSError, sqlite3.OperationalError) as error:
            notices = (f"Today's backup of your documents, questions and labels could not be made ({error}).",)
    migrations.migrate(connection)
    return notices


def _recover(path: Path) -> Store:
    existed = path.exists()
    damaged = _set_aside(path)  # in any case: a log without its database would be read into the backup
    problem = "Your saved documents, questions and labels were missing."
    if existed:
        problem = f"Your saved documents, questions and labels could not be read. The file was kept as {damaged}."
    store, outcome = _replace(path)
    label_count = rescue.copy_labels(path.with_name(damaged), store.connection) if existed else 0
    if label_count:
        outcome += f" Labels that it did not have could still be read and were added: {label_count}."
    return Store(store.connection, path, (f"{problem} {outcome}", *store.notices))


def _replace(path: Path) -> tuple[Store, str]:
    """The newest backup that can be read, opened, or else an empty database; with a sentence on which it is."""
    for backup in backups.newest_first(path):
        backups.restore_backup(backup, path)
        try:
            return _open(path), f"The backup of {backups.day_of(backup)} was opened instead."
        except _DamagedError:
            _remove(path)
    return _open(path), "There was no backup to open: the lists are empty now."


def _set_aside(path: Path) -> str:
    """Rename the database and the files beside it; gives the new name of the database."""
    name = f"qadesk-damaged-{datetime.now():%Y-%m-%d-%H%M%S-%f}.db"
    for sidecar in _SIDECARS:
        part = path.with_name(path.name + sidecar)
        if part.exists():
            part.rename(path.with_name(name + sidecar))
    return name


def _remove(path: Path) -> None:
    for sidecar in _SIDECARS:
        path.with_name(path.name + sidecar).unlink(missing_ok=True)
