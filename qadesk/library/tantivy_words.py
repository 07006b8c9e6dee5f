"""The search with tantivy, in a folder beside the database of the index."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qadesk.errors import LibraryError
from qadesk.library.query import WordQuery
from qadesk.library.word_search import Hit, indexable

if TYPE_CHECKING:
    import tantivy

_HEAP = 20_000_000  # bytes that the writer collects before it makes a segment; it takes no less than 15 MB
_LIMITS = (200, 2_000, 20_000, 200_000)  # hits that are asked for, more each time that all are used up
_TOKENIZER = "qadesk"
_LONGEST_WORD = 60


class TantivyWords:
    """``WordSearch`` with tantivy. ``last_passage`` is the highest number that is in it for good, -1 for none.

    What is added or removed is searched after ``commit``. A damaged folder is made anew by a writer, and is as an empty
    one for readers. Damage that shows only in a search is marked, for the writer: ``is_marked``.
    """

    def __init__(self, folder: Path, *, writes: bool = False) -> None:
        self._folder = folder
        self._mark = folder.with_name(f"{folder.name}.damaged")
        self._writer: tantivy.IndexWriter | None = None
        self._index: tantivy.Index | None = None
        self.was_damaged = False
        self._open(writes=writes)

    @property
    def last_passage(self) -> int:
        """The highest number of a passage that was committed: all before it were, too."""
        import tantivy

        if not self._index:
            return -1
        self._index.reload()
        hits = self._index.searcher().search(tantivy.Query.all_query(), 1, count=False, order_by_field="passage").hits
        return int(hits[0][0]) if hits else -1

    @property
    def is_missing(self) -> bool:
        """Whether there is nothing that could be searched."""
        return self._index is None

    @property
    def is_marked(self) -> bool:
        """Whether a search, in any process, met damage since it was made."""
        return self._mark.exists()

    def add(self, text_id: int, first_passage: int, bodies: Iterable[str]) -> None:
        """Index passages, in the order of their numbers over all calls."""
        import tantivy

        assert self._writer
        for passage, body in enumerate(bodies, first_passage):
            document = tantivy.Document()
            document.add_unsigned("passage", passage)
            document.add_unsigned("text", text_id)
            document.add_text("body", indexable(body))
            with _write_errors():
                self._writer.add_document(document)

    def clear(self) -> None:
        """Take all passages out, for good."""
        assert self._writer
        with _write_errors():
            self._writer.delete_all_documents()
            self._writer.commit()
            self._mark.unlink(missing_ok=True)

    def remove(self, text_id: int, first_passage: int, bodies: Iterable[str]) -> None:  # noqa: ARG002 - WordSearch
        """Take all passages of a text out that were added before."""
        assert self._writer
        with _write_errors():
            self._writer.delete_documents_by_term("text", text_id)

    def commit(self) -> None:
        """Write what was added and removed to the disk. Raises ``LibraryError``."""
        assert self._writer
        with _write_errors():
            self._writer.commit()

    def rollback(self) -> None:
        """Forget what was added and removed since the last commit."""
        if not self._writer:
            return
        try:
            self._writer.rollback()
        except ValueError:  # its thread has ended, as on a full disk
            self._writer = self._index = None
            self._open(writes=True)

    def ranked(self, query: WordQuery) -> Iterator[Hit]:
        """The passages of a query, best first; the more are used the more are looked up. Raises ``LibraryError``."""
        question = self._question(query)
        if not self._index or question is None:
            return
        with self._search_errors(marks=False):  # its files may only be out of reach
            self._index.reload()
        searcher = self._index.searcher()
        before = 0
        for limit in _LIMITS:
            hits = self._hits(searcher, question, limit, before)
            yield from hits
            before += len(hits)
            if before < limit:
                return

    def _hits(self, searcher: tantivy.Searcher, question: tantivy.Query, limit: int, before: int) -> list[Hit]:
        """The best ``limit`` hits without the first ``before``."""
        with self._search_errors(marks=True):
            new = searcher.search(question, limit, count=False).hits[before:]
            passages: list[Any] = searcher.fast_field_values("passage", [address for _, address in new])
        return [Hit(passage, score) for passage, (score, _) in zip(passages, new, strict=True)]

    @contextmanager
    def _search_errors(self, *, marks: bool) -> Iterator[None]:
        """Errors of tantivy while it reads as ``LibraryError``; with ``marks`` its folder is damaged."""
        try:
            yield
        except BaseException as error:
            if not _is_of_tantivy(error):
                raise
            if marks:
                with suppress(OSError):
                    self._mark.touch()
            raise LibraryError(
                "The search of the library is damaged.",
                "Look through the folders again: it is made anew from the stored texts.",
                str(error),
            ) from error

    def close(self) -> None:
        """Wait for the work of the writer and release it. It can be called again."""
        writer, self._writer, self._index = self._writer, None, None
        if writer:
            with suppress(ValueError):  # its thread has ended, as on a full disk: the lock of the index must go too
                writer.wait_merging_threads()

    def _open(self, *, writes: bool) -> None:
        import tantivy

        exists = self._folder.is_dir()
        if not exists and not writes:
            return
        try:
            if writes and self.is_marked:
                raise ValueError("a search met damage")
            self._folder.mkdir(exist_ok=True)
            path = str(self._folder)
            self._take(tantivy.Index(_schema(), path=path) if writes else tantivy.Index.open(path), writes=writes)
        except BaseException as error:
            if not isinstance(error, Exception) and not _is_of_tantivy(error):
                raise
            self._writer = self._index = None
            self.was_damaged = exists
            if writes:
                self._make_anew(error)

    def _make_anew(self, reason: BaseException) -> None:
        import tantivy

        try:
            shutil.rmtree(self._folder)
            self._folder.mkdir()
            self._take(tantivy.Index(_schema(), path=str(self._folder)), writes=True)
            self._mark.unlink(missing_ok=True)
        except (ValueError, OSError) as error:
            raise _cannot_write(error) from reason

    def _take(self, index: tantivy.Index, *, writes: bool) -> None:
        index.register_tokenizer(_TOKENIZER, _analyzer())
        index.config_reader("manual")
        index.reload()
        index.searcher().search(_all(), 1, order_by_field="passage")  # a damaged segment shows here
        self._index = index
        if writes:
            self._writer = index.writer(_HEAP, 1)

    def _question(self, query: WordQuery) -> tantivy.Query | None:
        import tantivy

        occur = tantivy.Occur
        parts = [
            (kind, self._term(term))
            for kind, words in (
                (occur.Should, query.words),
                (occur.Must, query.required),
                (occur.MustNot, query.without),
            )
            for term in dict.fromkeys(term for word in words for term in _analyzer().analyze(word))
        ]
        return tantivy.Query.boolean_query(parts) if not query.is_empty else None

    def _term(self, term: str) -> tantivy.Query:
        import tantivy

        return tantivy.Query.term_query(_schema(), "body", term, "freq")


@contextmanager
def _write_errors() -> Iterator[None]:
    """Errors of the thread that writes, which tantivy raises at the next call, as ``LibraryError``."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise _cannot_write(error) from error


def _is_of_tantivy(error: BaseException) -> bool:
    """Whether tantivy raises ``error``: on damage also one that is no ``Exception``, where it panics."""
    return isinstance(error, (ValueError, OSError)) or type(error).__name__ == "PanicException"


def _all() -> tantivy.Query:
    import tantivy

    return tantivy.Query.all_query()


@cache
def _schema() -> tantivy.Schema:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("body", tokenizer_name=_TOKENIZER, index_option="freq")
    builder.add_unsigned_field("passage", fast=True)
    builder.add_unsigned_field("text", indexed=True)
    return builder.build()


@cache
def _analyzer() -> tantivy.TextAnalyzer:
    """Words as FTS5 has them: small letters, without accents, stemmed."""
    import tantivy

    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for word_filter in (
        tantivy.Filter.remove_long(_LONGEST_WORD),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stemmer("english"),
    ):
        builder = builder.filter(word_filter)
    return builder.build()


def _cannot_write(error: Exception) -> LibraryError:
    return LibraryError(
        "The search index of the library cannot be written.",
        "Check that the disk has room and can be written to; the library goes on where it stopped.",
        str(error),
    )
