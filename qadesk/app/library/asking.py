"""Asks a reader questions about all documents of the library: search, read the best passages, weigh them together."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qadesk.app.excerpts import excerpt
from qadesk.app.reading.ask import options
from qadesk.errors import QuestionError
from qadesk.library.query import parse_query
from qadesk.progress import Progress, map_steps
from qadesk.qa.pool import GAP, PassagePlace, PassagePool
from qadesk.records import (
    Answer,
    AnswerItem,
    AnswerPlace,
    Answers,
    LibraryAnswer,
    LibraryAnswers,
    LibraryCounts,
    LibraryReading,
    Reading,
    Scope,
)

if TYPE_CHECKING:
    from qadesk.library.index import LibraryIndex, SearchResult
    from qadesk.qa.engine import Reader
    from qadesk.settings import Settings

DEPTH = 20
"""How many passages are read unless the user wants more."""


def ask_library(
    reader: Reader, question: str, index: LibraryIndex, scope: Scope, settings: Settings, *, depth: int = DEPTH
) -> Generator[LibraryReading, None, LibraryAnswers]:
    """Read the best ``depth`` passages for ``question`` in ``scope``: yields progress in passages with the best answers
    so far, after the first few passages and again after each few more, and returns the final ranking.

    Closing the generator cancels. Raises ``QuestionError`` for a question that cannot be asked, ``LibraryError`` for an
    index that cannot be read.
    """
    began = time.monotonic()
    reader_options = options(settings)
    reader.check(question, question, reader_options)
    yield LibraryReading(Progress("Searching", 0, 0))
    if parse_query(question).is_empty:  # it has words, as the reader has checked
        raise QuestionError("The question has only words that must not be there.", "Add words that are to be there.")
    next_passage = index.next_passage()
    result, read_as = _search(reader, index, question, scope, depth, mends=reader_options.mends)
    seconds = time.monotonic() - began
    search = _Search(index, question, read_as, result, scope, index.counts(scope), began, seconds, next_passage)
    if not result.passages:
        has_null = reader.model.unanswerable and reader_options.expected != 1
        return search.answers(None, Answers(question, (), 1.0 if has_null else None, 0, 0))
    pool = reader.pool(result.passages)
    work = reader.answer_pool(result.question, pool, reader_options)

    def as_library(step: Reading) -> LibraryReading:
        return LibraryReading(step.progress, search.answers(pool, step.answers) if step.answers else None)

    return search.answers(pool, (yield from map_steps(work, as_library)))


def _search(
    reader: Reader, index: LibraryIndex, question: str, scope: Scope, depth: int, *, mends: bool
) -> tuple[SearchResult, str]:
    """The passages for ``question``, and how it is read, '' if as it is.

    A word with a slip in it is in no passage; what the others lead to tells what it was meant to be, and the question
    is then searched again.
    """
    result = index.search(question, depth, scope)
    if mends:
        mended = reader.mend(question, GAP.join(passage.document.text for passage in result.passages))
        if mended != question:
            return index.search(mended, depth, scope), mended
    return result, ""


@dataclass(frozen=True, slots=True)
class _Search:
    """What was searched, and what for. ``began`` is that of ``time.monotonic``."""

    index: LibraryIndex
    question: str
    read_as: str
    result: SearchResult
    scope: Scope
    counts: LibraryCounts
    began: float
    seconds: float
    next_passage: int

    def answers(self, pool: PassagePool | None, answers: Answers) -> LibraryAnswers:
        """``answers`` in ``pool`` as those of the library."""
        return LibraryAnswers(
            self.question,
            tuple(self._answer(pool, answer) for answer in answers) if pool else (),
            answers.no_answer,
            answers.read,
            self.result.matches,
            self.counts.searchable,
            self.counts.waiting,
            time.monotonic() - self.began,
            self.seconds,
            answers.notice,
            self.read_as,
            self.scope.is_filtered,
            self.next_passage,
        )

    def _answer(self, pool: PassagePool, answer: Answer) -> LibraryAnswer:
        places: dict[tuple[Path, int, int], AnswerPlace] = {}
        for span in ((answer.start, answer.end), *answer.places):
            place = self._place(pool.place(*span))
            places.setdefault((place.path, place.start, place.end), place)
        items = [AnswerItem(*pool.place(*span).in_document, pool.text[slice(*span)]) for span in answer.items]
        return LibraryAnswer(
            answer.text,
            answer.confidence,
            answer.start_confidence,
            answer.end_confidence,
            answer.start_score,
            answer.end_score,
            answer.null_score,
            tuple(places.values()),
            tuple(items),
        )

    def _place(self, place: PassagePlace) -> AnswerPlace:
        document = place.passage.document
        start, end = place.in_document
        page = self.index.page_at(place.passage, start)
        sentence = excerpt(document, place.start, place.end)
        first = len(sentence.before)
        return AnswerPlace(
            document.path or Path(),
            document.title,
            document.kind,
            page.name if page else "",
            page.label if page else "",
            start,
            end,
            sentence.text,
            first,
            first + len(sentence.answer),
            place.passage.copies,
        )
