"""Opening the database of the index: its tables, its version, and what happens when it is damaged.

All in it can be made again from the user's files. So a damaged one is not repaired: it gets another name, for those who
want to look at it, and an empty one takes its place. One of an older version is removed for a new one.

    files           what is known of each file; ``text_id`` is its text, null while it has none
    texts           each text once, by a digest of all that was parsed; ``rest`` is all of it but text and blocks
    chunks          groups of chunks of the texts: ``first_passage`` is the number of the first passage, others follow
    words           full-text index of the passages, without their text; empty once tantivy has taken over
    orphans         texts that no file holds any more, until their passages are removed
    hidden_folders  how many folders below a source were not entered
    meta            next_passage: the number of the next passage; moved: 1 once tantivy has taken over
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from qadesk.errors import LibraryError

FILE_NAME = "index.db"
WORDS_NAME = "words"
"""The folder of tantivy, beside the database."""
VERSION = 2
"""1: texts in chunks that were compressed one by one with zlib."""
TOKENIZER = "porter unicode61 remove_diacritics 2"

PAGE_SIZE = 1024
"""Bytes: the last page of a text is half empty, and most texts are short. Pages of 4,096 take 6 % of the text more."""

_APPLICATION = 0x51414C49  # "QALI": the file is an index of QADesk
_SIDECARS = ("", "-wal", "-shm")
_QUICK = 64_000_000  # bytes of a database that is checked as a whole when the writer opens it: some 0.2 s
_LOG = 4_000_000  # bytes of the log after which it is written into the database
_MARK = "index.damaged"
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_MESSAGES = {
    sqlite3.SQLITE_BUSY: ("Another program is using the index of the library.", "Wait a moment and try again."),
    sqlite3.SQLITE_LOCKED: ("Another program is using the index of the library.", "Wait a moment and try again."),
    sqlite3.SQLITE_FULL: ("The disk is full.", "Make some room; the library goes on where it stopped."),
    sqlite3.SQLITE_READONLY: ("The index of the library cannot be written to.", "Check the permissions of {path}."),
    sqlite3.SQLITE_PERM: ("The index of the library cannot be opened.", "Check the permissions of {path}."),
    sqlite3.SQLITE_CANTOPEN: ("The index of the library cannot be opened.", "Check the permissions of {path}."),
    sqlite3.SQLITE_IOERR: ("The disk cannot be read or written.", "Check the disk that holds {path}."),
    sqlite3.SQLITE_TOOBIG: ("A text is too long for the index of the library.", "Split the file."),
}
_SCHEMA = """
    create table meta (name text primary key, value integer not null) without rowid;
    insert into meta values ('next_passage', 0), ('moved', 0);
    create table texts (
        id integer primary key autoincrement, digest blob unique, pages integer not null, passages integer not null,
        characters integer not null, rest blob not null, runs blob not null
    );
    create table chunks (
        first_passage integer primary key, passages integer not null, text_id integer not null, data blob not null
    );
    create index chunks_of_text on chunks (text_id);
    create table files (
        id integer primary key, path blob not null unique, size integer not null, modified_ns integer not null,
        hash blob not null default x'', state text not null, state_before text not null default '',
        reason text not null default '', hint text not null default '', kind text not null default '',
        title text not null default '', text_id integer
    );
    create index files_of_text on files (text_id);
    create index files_of_hash on files (hash);
    create table orphans (text_id integer primary key);
    create table hidden_folders (source blob primary key, count integer not null) without rowid;
    create virtual table words using fts5(body, content='', tokenize='porter unicode61 remove_diacritics 2');
    create virtual table words_vocab using fts5vocab(words, 'row');
"""


class IndexDamagedError(LibraryError):
    """The database of the index is damaged, or not one of QADesk."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            "The index of the library is damaged.", "Scan the library again: the index is made anew.", detail
        )


class OldIndexError(LibraryError):
    """The database of the index was made by an older version."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            "The index of the library was made by an older version of QADesk.",
            "Scan the library again: the index is made anew.",
            detail,
        )


def mark_damaged(path: Path) -> None:
    """Have the next writer of the index at ``path`` set it aside."""
    with suppress(OSError):
        path.with_name(_MARK).touch()


@contextmanager
def index_errors(path: Path) -> Iterator[None]:
    """Raise errors of SQLite in the index at ``path`` as ``LibraryError``; others, which are bugs, pass through.

    A damaged index is marked, so that the next writer sets it aside.
    """
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary code, without what extends it
        if code in _DAMAGED:
            mark_damaged(path)
            raise IndexDamagedError(str(error)) from error
        message, hint = _MESSAGES.get(code, ("", ""))
        if not message:
            raise
        raise LibraryError(message, hint.format(path=path), str(error)) from error


def open_to_write(folder: Path) -> tuple[sqlite3.Connection, tuple[str, ...]]:
    """The database in ``folder``, made where there is none, and what the user should know of that.

    The caller holds the lock of the writer. Raises ``LibraryError``.
    """
    path = folder / FILE_NAME
    try:
        if not path.with_name(_MARK).exists():
            return _open_checked(path), ()
    except IndexDamagedError:
        pass
    except OldIndexError:
        _remove(path)
        notice = "The index of the library was made by an older version of QADesk, and is made anew from your files."
        return _open_checked(path), (notice,)
    _set_aside(path)
    notice = "The index of the library was damaged and is made anew. Your files and collections were not touched."
    return _open_checked(path), (notice,)


def open_to_read(folder: Path) -> sqlite3.Connection | None:
    """The database in ``folder``, None where there is none yet.

    Raises ``IndexDamagedError``, ``OldIndexError``, ``LibraryError``.
    """
    path = folder / FILE_NAME
    if not path.is_file() or not path.stat().st_size:
        return None
    with index_errors(path):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
        try:
            if not _version(connection, path):  # the writer is about to make it
                connection.close()
                return None
            connection.execute("pragma query_only = on")
            connection.execute("pragma busy_timeout = 5000")
        except BaseException:
            connection.close()
            raise
    return connection


def _open_checked(path: Path) -> sqlite3.Connection:
    with index_errors(path):
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            if _version(connection, path):
                _check(connection, path)
                connection.execute("pragma journal_mode = wal")
            else:
                _remove_words(path.with_name(WORDS_NAME))
                _create(connection)
            connection.execute("pragma synchronous = normal")  # survives a kill; a power cut may take the last commits
            connection.execute(f"pragma wal_autocheckpoint = {_LOG // PAGE_SIZE}")
            connection.execute("pragma secure_delete = fast")
            connection.execute("pragma busy_timeout = 5000")
        except BaseException:
            connection.close()
            raise
    return connection


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """The version of the schema, 0 of an empty database. Raises ``LibraryError`` if it is not ours."""
    connection.execute("pragma trusted_schema = off")
    (application,) = connection.execute("pragma application_id").fetchone()
    (version,) = connection.execute("pragma user_version").fetchone()
    (tables,) = connection.execute("select count(*) from sqlite_schema").fetchone()
    if not tables:
        return 0
    if application != _APPLICATION:
        raise IndexDamagedError(f"{path} is not an index")
    if version > VERSION:
        raise LibraryError(
            "The index of the library was made by a newer version of QADesk.",
            f"Install the newer version, or delete the folder {path.parent}: it is made again from your files.",
            f"index version {version}, this program knows {VERSION}",
        )
    if version < VERSION:
        raise OldIndexError(f"index version {version}, this program makes {VERSION}")
    return int(version)


def _remove_words(folder: Path) -> None:
    """Remove what tantivy has of an earlier database: it numbers passages that are others in a new one."""
    try:
        if folder.exists():
            shutil.rmtree(folder)
    except OSError as error:
        raise _cannot_make_anew(folder.parent, error) from error


def _create(connection: sqlite3.Connection) -> None:
    connection.execute(f"pragma page_size = {PAGE_SIZE}")
    connection.execute("pragma auto_vacuum = incremental")
    connection.execute("pragma journal_mode = wal")
    connection.executescript(
        f"begin immediate; {_SCHEMA} pragma application_id = {_APPLICATION}; pragma user_version = {VERSION}; commit;"
    )


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """Raise ``IndexDamagedError`` if the file is plainly damaged. A large one is looked at in a few places only."""
    size = path.stat().st_size
    (page_size,) = connection.execute("pragma page_size").fetchone()
    (pages,) = connection.execute("pragma page_count").fetchone()
    log = path.with_name(path.name + "-wal")
    if size < pages * page_size and not (log.exists() and log.stat().st_size):
        raise IndexDamagedError(f"{size} bytes, {pages} pages of {page_size}")
    if size < _QUICK and connection.execute("pragma quick_check(1)").fetchone() != ("ok",):
        raise IndexDamagedError("quick_check")
    for query in ("select count(*) from files", "select max(first_passage) from chunks", "select * from meta"):
        connection.execute(query).fetchall()


def _remove(path: Path) -> None:
    try:
        for sidecar in _SIDECARS:
            path.with_name(path.name + sidecar).unlink(missing_ok=True)
    except OSError as error:
        raise _cannot_make_anew(path.parent, error) from error


def _set_aside(path: Path) -> None:
    """Give the damaged database another name, in place of the one that had it before."""
    try:
        for sidecar in _SIDECARS:
            part = path.with_name(path.name + sidecar)
            aside = path.with_name(f"damaged-{path.name}{sidecar}")
            aside.unlink(missing_ok=True)
            if part.exists():
                part.replace(aside)
        path.with_name(_MARK).unlink(missing_ok=True)
    except OSError as error:
        raise _cannot_make_anew(path.parent, error) from error


def _cannot_make_anew(folder: Path, error: OSError) -> LibraryError:
    return LibraryError(
        "The index of the library cannot be made anew.",
        f"Close other windows of QADesk, delete the folder {folder} and try again.",
        str(error),
    )
