"""Opening the database, and what happens when it cannot be read.

A damaged file is never deleted: it is set aside under a dated name, and the newest backup
that can be read takes its place, with the newer labels that can still be read from the damaged
one. The user is told by a notice.
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
_IN_WORDS = {
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
        """The connection, to read from. Raises ``StoreError``."""
        with in_words(self.path):
            yield self.connection

    @contextmanager
    def writing(self, changes: Changes = _NO_CHANGES) -> Iterator[sqlite3.Connection]:
        """The connection in a transaction: all is on the disk afterwards, or nothing. Raises ``StoreError``.

        After the commit ``changes`` are merged into those of the store, unless no row was written.
        """
        with in_words(self.path):
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
        """Take what was deleted off the disk too, where no other window reads it. Raises ``StoreError``."""
        with in_words(self.path):
            self.connection.execute("pragma wal_checkpoint(truncate)")

    def close(self) -> None:
        """Close the database. It can be called again."""
        self.connection.close()


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Raise what can go wrong with the file at ``path`` as ``StoreError``; our own mistakes pass through."""
    try:
        yield
    except sqlite3.Error as error:
        message, hint = _IN_WORDS.get(_code(error), ("", ""))
        if not message:
            raise
        raise StoreError(message, hint.format(path=path), str(error)) from error


def open_database(folder: Path) -> Store:
    """Open the database in ``folder``; make it, bring it up to date, back it up as needed.

    Raises ``StoreError`` if it is from a newer version, in use or out of reach.
    """
    path = folder / FILE_NAME
    try:
        with in_words(path):
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


def renew_copies(store: Store) -> None:
    """Delete the backups and the damaged files that were set aside, and make a backup of what is kept now.

    The new one is written before the old ones go: at no moment is there none. Raises ``StoreError``.
    """
    path = store.path
    try:
        made = backups.make(store.connection, path, even_if_made_today=True)
        backups.remove_others(made)
        for aside in path.parent.glob("qadesk-damaged-*"):
            aside.unlink()
    except (OSError, sqlite3.OperationalError) as error:
        raise StoreError("Some backups could not be deleted.", f"Delete them in {path.parent}.", str(error)) from error


class _DamagedError(Exception):
    """The file is not a database, or one that cannot be trusted."""


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind, the rest a refinement


def _is_lost(path: Path) -> bool:
    """Whether there is no database, or a stump as power cuts leave it, and yet there was one.

    SQLite takes a file that is too short for its header of 100 bytes for a new database.
    """
    is_there = path.exists() and (not path.is_file() or path.stat().st_size >= 100)
    return not is_there and bool(backups.newest_first(path))


def _open(path: Path) -> Store:
    connection = sqlite3.connect(path, isolation_level=None)  # transactions begin and end where we say so
    try:
        connection.execute("pragma trusted_schema = off")
        _check(connection)
        pending = migrations.pending(connection)
        _configure(connection)  # this writes: not before we know that the file is ours
        notices = _bring_up_to_date(connection, path, pending)
    except BaseException as error:
        connection.close()
        if isinstance(error, sqlite3.Error) and _code(error) in _DAMAGED:
            raise _DamagedError from error
        raise
    return Store(connection, path, notices)


def _configure(connection: sqlite3.Connection) -> None:
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")  # what a verb has written survives a power cut
    connection.execute("pragma foreign_keys = on")
    connection.execute("pragma secure_delete = on")  # what the user has us forget is overwritten


def _check(connection: sqlite3.Connection) -> None:
    if connection.execute("pragma quick_check(1)").fetchone() != ("ok",):
        raise _DamagedError
    tables = {name for (name,) in connection.execute("select name from sqlite_schema where type = 'table'")}
    if tables and "migrations" not in tables:
        raise _DamagedError  # a database, but not ours


def _bring_up_to_date(connection: sqlite3.Connection, path: Path, pending: list[str]) -> tuple[str, ...]:
    notices: tuple[str, ...] = ()
    if len(pending) < len(migrations.MIGRATIONS):  # not a new one
        try:
            backups.make(connection, path, even_if_made_today=bool(pending))
        except (OSError, sqlite3.OperationalError) as error:
            notices = (f"Today's backup of your documents, questions and labels could not be made ({error}).",)
    migrations.migrate(connection)
    return notices


def _recover(path: Path) -> Store:
    was_there = path.exists()
    aside = _set_aside(path)  # in any case: a log without its database would be read into the backup
    told = "Your saved documents, questions and labels were missing."
    if was_there:
        told = f"Your saved documents, questions and labels could not be read. The file was kept as {aside}."
    store, instead = _replace(path)
    taken = rescue.take_over(path.with_name(aside), store.connection) if was_there else 0
    if taken:
        instead += f" Labels that it did not have could still be read and were added: {taken}."
    return Store(store.connection, path, (f"{told} {instead}", *store.notices))


def _replace(path: Path) -> tuple[Store, str]:
    """Open the newest backup that can be read, or else an empty database; and what the user should know of it."""
    for backup in backups.newest_first(path):
        backups.restore(backup, path)
        try:
            return _open(path), f"The backup of {backups.day_of(backup)} was opened instead."
        except _DamagedError:
            _remove(path)
    return _open(path), "There was no backup to open: the lists are empty now."


def _set_aside(path: Path) -> str:
    stem = f"qadesk-damaged-{datetime.now():%Y-%m-%d-%H%M%S-%f}.db"
    for sidecar in _SIDECARS:
        part = path.with_name(path.name + sidecar)
        if part.exists():
            part.rename(path.with_name(stem + sidecar))
    return stem


def _remove(path: Path) -> None:
    for sidecar in _SIDECARS:
        path.with_name(path.name + sidecar).unlink(missing_ok=True)
