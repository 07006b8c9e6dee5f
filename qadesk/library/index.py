"""The index of the library: what is known of files, their texts, and the search in them. The window and the commands
read it while one process writes it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from qadesk.errors import LibraryError
from qadesk.library import file_rows, text_rows
from qadesk.library.file_rows import FileStamp, KnownFile
from qadesk.library.fts_words import FtsWords
from qadesk.library.index_schema import (
    FILE_NAME,
    WORDS_NAME,
    IndexDamagedError,
    OldIndexError,
    index_errors,
    mark_damaged,
    open_to_read,
    open_to_write,
)
from qadesk.library.index_writing import IndexWriter, is_moved
from qadesk.library.passage_search import PassageSearch
from qadesk.library.query import parse_query
from qadesk.library.tantivy_words import TantivyWords
from qadesk.library.text_chunks import unpack_pages
from qadesk.library.word_search import MOST_FTS_PASSAGES, WordSearch
from qadesk.library.writer_lock import WriterLock
from qadesk.progress import Progress
from qadesk.records import Document, FileState, LibraryCounts, LibraryFile, Page, Passage, Scope

__all__ = ["FileStamp", "KnownFile", "LibraryIndex", "SearchResult", "open_index"]

_ALL = Scope()
_MOST_COUNTED_SCOPES = 100


class SearchResult(NamedTuple):
    """Passages, best first. ``matches`` share words with the question, counted up to ``passage_search.MOST_COUNTED``.

    ``question`` is what the reader is asked: without minus words and quotation marks.
    """

    passages: tuple[Passage, ...]
    matches: int
    question: str


def open_index(folder: Path, *, writes: bool = False, most_fts_passages: int = MOST_FTS_PASSAGES) -> LibraryIndex:
    """The index in ``folder``. A missing one is empty for readers, and made for a writer; one that is damaged
    or of an older version is made anew.

    ``most_fts_passages``: with more of them tantivy takes over. Raises ``LibraryError`` if another process writes it,
    if it was made by a newer version, or if the folder is out of reach.
    """
    if not writes:
        return LibraryIndex(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(
            "The folder of the library cannot be made.", f"Check the permissions of {folder.parent}.", str(error)
        ) from error
    lock = WriterLock(folder)
    try:
        connection, notices = open_to_write(folder)
        try:
            with index_errors(folder / FILE_NAME):
                writer = IndexWriter(connection, folder, most_fts_passages)
        except BaseException:
            connection.close()
            raise
    except BaseException:
        lock.release()
        raise
    return LibraryIndex(folder, connection, writer, lock, (*notices, *writer.notices))


class LibraryIndex:
    """The open index. It belongs to the thread that opened it. All paths that it is given are absolute.

    ``notices`` are sentences that the user should see about how it was opened. All methods raise ``LibraryError``; one
    that fails while writing has undone all since the last commit.
    """

    def __init__(
        self, folder: Path, connection: sqlite3.Connection | None = None, writer: IndexWriter | None = None,
        lock: WriterLock | None = None, notices: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self.notices = notices
        self._folder = folder
        self._path = folder / FILE_NAME
        self._connection = connection
        self._writer = writer
        self._lock = lock
        self._fts: FtsWords | None = None
        self._tantivy: TantivyWords | None = None
        self._identity: tuple[int, int] | None = None
        self._counted: dict[Scope, tuple[int, LibraryCounts]] = {}  # by the version of the database that this reads
        self._pages = lru_cache(maxsize=16)(self._load_pages)
        if connection:
            file_rows.add_functions(connection)
        else:
            self._connect()

    # writing

    def known_files(self, source: Path) -> dict[Path, KnownFile]:
        """The files at or under ``source`` that the index has a row of, by path."""
        with self._reading() as connection:
            return file_rows.known_files(connection, source) if connection else {}

    def add_waiting(self, stamps: Iterable[FileStamp]) -> None:
        """Files that are to be read. One that is known with the same stamp stays as it is; one that was missing and is
        back unchanged is what it was before. A changed one is searched as it was until it is read again.
        """
        with self._writing() as (connection, _):
            file_rows.add_waiting(connection, stamps)

    def add_document(self, stamp: FileStamp, hash_: bytes, document: Document) -> int:
        """What was read of a file whose content has ``hash_``; gives the number of passages.

        Its state is 'indexed', or 'pictures' where pages are pictures without recognised text.
        """
        with self._writing() as (connection, writer):
            text_id = writer.add(document)
            state, reason, hint = _state_of(document)
            file_rows.write_file(
                connection, stamp, state, hash_=hash_, reason=reason, hint=hint, kind=document.kind,
                title=document.title, text_id=text_id,
            )  # fmt: skip
            return text_rows.passages_of_text(connection, text_id)

    def add_copy(self, stamp: FileStamp, hash_: bytes, title: str) -> bool:
        """Take over what is known of a file with the same content and suffix; False if there is none."""
        with self._writing() as (connection, _):
            twin = file_rows.twin_of(connection, hash_, stamp.path.suffix.lower())
            if twin is None:
                return False
            text_id, kind, reason, hint = twin
            file_rows.write_file(
                connection, stamp, "pictures" if reason else "indexed", hash_=hash_, reason=reason, hint=hint,
                kind=kind, title=title, text_id=text_id,
            )  # fmt: skip
            return True

    def set_state(self, stamp: FileStamp, state: FileState, reason: str, hint: str = "", kind: str = "") -> None:
        """A file that was not read: its text goes, unless its state is 'waiting' or 'missing'."""
        with self._writing() as (connection, _):
            if state in ("waiting", "missing"):
                file_rows.wait_again(connection, stamp, state, reason, hint)
            else:
                file_rows.write_file(connection, stamp, state, reason=reason, hint=hint, kind=kind)

    def remove(self, paths: Iterable[Path]) -> None:
        """Files that are gone, or left the library. Their words leave the search little by little at commits."""
        with self._writing() as (connection, _):
            file_rows.remove_files(connection, paths)

    def mark_missing(self, source: Path) -> None:
        """A drive is gone: all at or under ``source`` is kept, and not searched."""
        with self._writing() as (connection, _):
            file_rows.mark_missing(connection, source)

    def set_hidden_folders(self, source: Path, count: int) -> None:
        """How many folders below ``source`` were not entered, as their names begin with a point."""
        with self._writing() as (connection, _):
            file_rows.set_hidden_folders(connection, source, count)

    def commit(self) -> None:
        """All so far is on the disk afterwards and is searched by those who read the index.

        Where tantivy lacks passages (``is_behind``) it also adds some of them, for about a second.
        """
        writer = self._required_writer()
        with self._guarded():
            writer.commit()

    def shrink(self, *, writes_anew: bool = False) -> None:
        """After a commit of much that is new: take less room on the disk, and search faster. Some hundred ms.

        ``writes_anew`` is for after ``recompress``, and takes some ms for each MB.
        """
        writer = self._required_writer()
        with self._guarded():
            writer.shrink(writes_anew=writes_anew)

    def recompress(self) -> bool:
        """While there is nothing else to do, after a commit: make a part of the index smaller, which takes a tenth of a
        second. False where all is done; ``shrink(writes_anew=True)`` gives the room back.
        """
        writer = self._required_writer()
        try:
            with self._guarded():
                return writer.recompress()
        except ValueError as error:  # a stored text that cannot be read
            mark_damaged(self._path)
            raise IndexDamagedError(str(error)) from error

    @property
    def is_behind(self) -> bool:
        """Whether tantivy lacks stored passages: it was killed, damaged, or is to take over from FTS5, which answers
        until then.
        """
        return self._writer is not None and self._writer.is_behind

    def catch_up(self) -> Generator[Progress, None, None]:
        """Add to tantivy what it lacks, after a commit of all so far. It can be stopped, and goes on later."""
        writer = self._required_writer()
        with self._guarded():
            if self._connection and self._connection.in_transaction:
                writer.commit()
            if writer.is_behind:
                yield from writer.catch_up()

    # reading

    def files(
        self, scope: Scope, state: FileState | None = None, limit: int = 1000, offset: int = 0
    ) -> list[LibraryFile]:
        """Files of ``scope`` in the order of their paths."""
        with self._reading() as connection:
            return file_rows.files(connection, scope, state, limit, offset) if connection else []

    def counts(self, scope: Scope = _ALL) -> LibraryCounts:
        """How much of ``scope`` is in the index. It goes through all its rows where it was written since the last time:
        a few times a second at most.
        """
        with self._reading() as connection:
            if connection is None:
                return LibraryCounts()
            if self._writer:
                return file_rows.count_files(connection, scope)
            (version,) = connection.execute("pragma data_version").fetchone()
            if (known := self._counted.get(scope)) and known[0] == version:
                return known[1]
            counts = file_rows.count_files(connection, scope)
            if len(self._counted) >= _MOST_COUNTED_SCOPES:
                self._counted.clear()
            self._counted[scope] = version, counts
            return counts

    def next_passage(self) -> int:
        """The number of the next passage that comes into the index: all that are in it have lower ones."""
        with self._reading() as connection:
            return text_rows.next_passage(connection) if connection else 0

    def count_newer(self, scope: Scope, passage: int) -> int:
        """How many files of ``scope`` are searched by passages that came when ``next_passage`` gave ``passage``, or
        later.
        """
        with self._reading() as connection:
            return file_rows.count_newer(connection, scope, passage) if connection else 0

    def search(self, question: str, limit: int, scope: Scope = _ALL) -> SearchResult:
        """The best ``limit`` passages for ``question``, which can be any string."""
        query = parse_query(question)
        with self._reading() as connection:
            if connection is None or query.is_empty:
                return SearchResult((), 0, query.question)
            words = self._words(connection)
            passages, count = PassageSearch(connection, query, scope).run(words, limit)
            return SearchResult(tuple(passages), count, query.question)

    def document(self, path: Path) -> Document | None:
        """The whole document of the file ``path`` as it was read; None if the index has no text of it."""
        with self._reading() as connection:
            if connection is None:
                return None
            row = connection.execute(
                "select text_id, title from files where path = ?", (file_rows.column_of(path),)
            ).fetchone()
            return text_rows.whole_document(connection, row[0], row[1], path) if row and row[0] is not None else None

    def page_at(self, passage: Passage, offset: int) -> Page | None:
        """The page of the whole text that holds ``offset`` of it; None where there are no pages."""
        with self._reading():
            pages = self._pages(passage.text_id)
        return pages.page_at(offset) if pages else None

    def close(self) -> None:
        """Close the index; what was not committed is lost. It can be called again."""
        for part in (self._writer, self._fts, self._tantivy):
            if part:
                part.close()
        self._writer = self._fts = self._tantivy = None
        if self._connection:
            self._connection.close()
            self._connection = None
        if self._lock:
            self._lock.release()
            self._lock = None

    def _required_writer(self) -> IndexWriter:
        assert self._writer, "the index was opened for reading"
        return self._writer

    @contextmanager
    def _writing(self) -> Iterator[tuple[sqlite3.Connection, IndexWriter]]:
        writer = self._required_writer()
        assert self._connection
        with self._guarded():
            writer.begin()
            yield self._connection, writer

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Errors and Ctrl+C undo all since the last commit, so that both searches and the database agree."""
        try:
            with index_errors(self._path):
                yield
        except (Exception, KeyboardInterrupt):
            if self._writer:
                with index_errors(self._path):
                    self._writer.rollback()
            raise

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """The database, None while there is none. A reader sees one that was made, or made anew, meanwhile."""
        if not self._writer:
            self._connect()
        try:
            with index_errors(self._path), _snapshot(None if self._writer else self._connection):
                yield self._connection
        except (ValueError, KeyError, IndexError) as error:  # a stored text that cannot be read
            mark_damaged(self._path)
            raise IndexDamagedError(str(error)) from error

    def _connect(self) -> None:
        """Open the database for reading, unless the one that is open is the one on the disk."""
        try:
            status = self._path.stat()
            identity = (status.st_dev, status.st_ino)
        except OSError:
            identity = None
        if self._connection and identity == self._identity:
            return
        self.close()
        self._identity = identity
        self.notices = ()
        self._pages.cache_clear()
        self._counted.clear()
        try:
            self._connection = open_to_read(self._folder)
        except (IndexDamagedError, OldIndexError) as error:
            self.notices = (str(error),)
        if self._connection:
            file_rows.add_functions(self._connection)

    def _words(self, connection: sqlite3.Connection) -> WordSearch:
        if not is_moved(connection):
            self._fts = self._fts or FtsWords(connection)
            return self._fts
        if self._tantivy is None or self._tantivy.is_missing:
            self._tantivy = TantivyWords(self._folder / WORDS_NAME)
        if self._tantivy.is_missing:
            self.notices = ("The search of the library is missing or damaged. Scan the library again to make it anew.",)
        return self._tantivy

    def _load_pages(self, text_id: int) -> Document | None:
        rest = text_rows.rest_of(self._connection, text_id) if self._connection else None
        return unpack_pages(rest) if rest else None


@contextmanager
def _snapshot(connection: sqlite3.Connection | None) -> Iterator[None]:
    """All that is read meanwhile is of one state of the database, whatever the writer commits."""
    if connection is None:
        yield
        return
    connection.execute("begin")
    try:
        yield
    finally:
        connection.execute("rollback")


def _state_of(document: Document) -> tuple[FileState, str, str]:
    """State, reason and hint of a file that was read."""
    if not document.scans:
        return "indexed", "", ""
    count, pages = len(document.scans), len(document.pages)
    if pages == 1:
        which = "The page is a picture"
    elif count == pages:
        which = f"All {pages} pages are pictures"
    else:
        which = f"{count} of {pages} pages {'is a picture' if count == 1 else 'are pictures'}"
    reason = f"{which} without text."
    return "pictures", reason, "Recognise their text to search in it."
