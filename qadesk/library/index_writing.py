"""Writing texts and their words: what is in which of the two searches, and what is done at a commit.

SQLite is the truth. tantivy is committed after it, so what a kill takes from tantivy is added again from the stored
texts; and it forgets a text before SQLite does, so that no text is left in it for good.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

from qadesk.library import text_rows
from qadesk.library.fts_words import FtsWords
from qadesk.library.index_schema import PAGE_SIZE, WORDS_NAME
from qadesk.library.tantivy_words import TantivyWords
from qadesk.library.word_search import MOST_FTS_PASSAGES, WordSearch
from qadesk.progress import Progress
from qadesk.records import Document

_GROUPS = 8  # of chunks that are read at once when tantivy catches up
_CATCH_UP = 50_000  # passages after which it is committed meanwhile
_MOST_REMOVED = 5_000  # passages that are removed from the search at one commit
_MOST_VACUUMED = 200_000_000  # bytes: a larger database takes too long to be written anew
_MOST_FREED = 50_000_000  # bytes that are given back at once without that
MOST_RECOMPRESSED = 150_000
"""Passages, some 100 MB of text, above which texts are not compressed thoroughly: it would take the processor minutes,
searches take 3 ms longer, and the words take less room in a large index anyway."""
_SLICE = 1.0  # seconds that a commit helps tantivy to catch up


class IndexWriter:
    """The writing side of an index whose database is open and locked. ``notices`` as those of the index.

    Errors of SQLite pass through; after one the caller calls ``rollback``.
    """

    def __init__(
        self, connection: sqlite3.Connection, folder: Path, most_fts_passages: int = MOST_FTS_PASSAGES
    ) -> None:
        self._connection = connection
        self._folder = folder / WORDS_NAME
        self._most = most_fts_passages
        self._fts = FtsWords(connection)
        self._tantivy: TantivyWords | None = None
        self._is_moved = is_moved(connection)
        self._is_behind = False
        self._caught_up = -1  # the last passage that was added to tantivy while it was behind, committed or not
        self.notices: tuple[str, ...] = ()
        if self._is_moved:
            self._open_tantivy()

    @property
    def is_behind(self) -> bool:
        """Whether passages are stored that tantivy does not have yet: ``catch_up`` adds them, and commits do in parts.

        When tantivy takes over, FTS5 answers until it has all.
        """
        return self._is_behind

    def begin(self) -> None:
        """Begin a transaction, unless there is one."""
        if not self._connection.in_transaction:
            self._connection.execute("begin immediate")

    def add(self, document: Document) -> int:
        """Store and index a document's text; gives the text's number."""
        words: WordSearch | None = self._fts
        if self._is_moved:
            words = None if self._is_behind else self._tantivy
        return text_rows.add_document_text(self._connection, document, words)

    def commit(self) -> None:
        """All is on the disk afterwards, and in the search."""
        if self._connection.in_transaction:
            text_rows.forget_orphans(self._connection)
            self._connection.execute("commit")
            if self._tantivy and not self._is_behind:
                self._tantivy.commit()
        if self._tantivy and self._tantivy.is_marked:
            self._tantivy.clear()
            self._compare_with(self._tantivy)
        if not self._tantivy and self._is_too_large():
            self._open_tantivy()
        if self._is_behind:
            self._catch_up_for(_SLICE)
        self._remove_orphans()

    def shrink(self, *, writes_anew: bool = False) -> None:
        """Take less room on the disk, after a commit. ``writes_anew``: many rows became smaller, so that pages are not
        full, and the database is written anew unless it is large.
        """
        if not self._is_moved:
            self.begin()
            self._fts.shrink()
            self._connection.execute("commit")
        pages, free = (
            self._connection.execute(f"pragma {name}").fetchone()[0] for name in ("page_count", "freelist_count")
        )
        if pages < _MOST_VACUUMED // PAGE_SIZE and (writes_anew or free > pages // 5):
            self._connection.execute("vacuum")
        else:
            # as a script: ``execute`` would take its first step alone, which frees one page
            self._connection.executescript(f"pragma incremental_vacuum({_MOST_FREED // PAGE_SIZE})")
        self._connection.execute("pragma wal_checkpoint(truncate)")

    def recompress(self) -> bool:
        """Compress some 100 kB of text thoroughly, after a commit; False where there is nothing more to do."""
        if text_rows.next_passage(self._connection) > MOST_RECOMPRESSED:
            return False
        self.begin()
        is_done = text_rows.recompress_group(self._connection)
        self._connection.execute("commit")
        return is_done

    def rollback(self) -> None:
        """Forget all since the last commit."""
        if self._connection.in_transaction:
            self._connection.execute("rollback")
        if self._tantivy:
            self._tantivy.rollback()
            self._compare_with(self._tantivy)

    def catch_up(self) -> Generator[Progress, None, None]:
        """Add what tantivy lacks; it takes over from FTS5 if it has not yet. Closing the generator stops it early.

        There is no open transaction. While one is suspended another one may go on with the same work.
        """
        tantivy = self._tantivy
        assert tantivy
        last = text_rows.last_passage(self._connection)
        committed = self._caught_up
        try:
            while self._is_behind and (groups := text_rows.groups_after(self._connection, self._caught_up, _GROUPS)):
                for place, group in groups:
                    tantivy.add(place.text_id, place.first_passage, map(group.body, range(len(group))))
                    self._caught_up = place.first_passage + max(1, place.passages) - 1
                if self._caught_up - committed >= _CATCH_UP:
                    tantivy.commit()
                    committed = self._caught_up
                yield Progress("Preparing the search", self._caught_up, max(1, last))
        except GeneratorExit:
            tantivy.commit()
            raise
        tantivy.commit()
        self._is_behind = False
        if not self._is_moved:
            self._move()

    def close(self) -> None:
        """Release tantivy and FTS5. What was not committed is lost."""
        if self._connection.in_transaction:
            self._connection.execute("rollback")
        if self._tantivy:
            self._tantivy.close()
        self._fts.close()

    def _open_tantivy(self) -> None:
        self._tantivy = TantivyWords(self._folder, writes=True)
        if self._tantivy.last_passage >= text_rows.next_passage(self._connection):
            self._tantivy.clear()  # a power cut took from the database what tantivy had: the numbers are given again
        self._compare_with(self._tantivy)
        is_empty = self._is_behind and self._caught_up < 0
        if self._is_moved and (self._tantivy.was_damaged or is_empty):
            self.notices = ("The search of the library was damaged or missing and is made anew from the stored texts.",)

    def _compare_with(self, tantivy: TantivyWords) -> None:
        """Note how far tantivy is, without what it has not committed."""
        self._caught_up = tantivy.last_passage
        self._is_behind = not self._is_moved or self._caught_up < text_rows.last_passage(self._connection)

    def _catch_up_for(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        with closing(self.catch_up()) as steps:
            for _ in steps:
                if time.monotonic() > end:
                    break

    def _is_too_large(self) -> bool:
        if text_rows.next_passage(self._connection) <= self._most:  # the numbers of removed ones are not given again
            return False
        (passages,) = self._connection.execute("select coalesce(sum(passages), 0) from texts").fetchone()
        return bool(passages > self._most)

    def _move(self) -> None:
        self.begin()
        self._connection.execute("update meta set value = 1 where name = 'moved'")
        self._fts.clear()
        self._connection.execute("commit")
        self._is_moved = True

    def _remove_orphans(self) -> None:
        texts = text_rows.orphan_texts(self._connection, _MOST_REMOVED)
        if not texts:
            return
        if self._tantivy:
            for text_id in texts:
                self._tantivy.remove(text_id, 0, ())
            self._tantivy.commit()
        self.begin()
        for text_id in texts:
            if not self._is_moved:
                text_rows.remove_from(self._fts, self._connection, text_id)
            text_rows.delete_text(self._connection, text_id)
        self._connection.execute("commit")


def is_moved(connection: sqlite3.Connection) -> bool:
    """Whether tantivy has taken over the search."""
    row = connection.execute("select value from meta where name = 'moved'").fetchone()
    return bool(row and row[0])
