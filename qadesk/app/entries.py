"""What the history keeps of a question, and what is exported of it: made of fresh answers."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from qadesk.app import phrases
from qadesk.app.excerpts import excerpt
from qadesk.records import (
    Answer,
    AnswerPlace,
    Answers,
    Document,
    HistoryAnswer,
    HistoryEntry,
    LibraryAnswer,
    LibraryAnswers,
    Scope,
)
from qadesk.settings import Settings

_OPTIONS = (
    "qa.expected", "qa.max_seq_length", "qa.split_length", "qa.doc_stride", "qa.max_answer_tokens", "qa.top_k",
    "qa.overlap",
)  # fmt: skip

FILTERS = {"library.folder": "In folders with", "library.name": "In files with", "library.kind": "Type of the files"}
"""The filters of a question to the library, and what they are called."""

DEPTH_KEY = "library.depth"
_MOST_DEPTH = 1000  # what an entry says is not believed beyond it

Options = tuple[tuple[str, str], ...]
_WHOLE = Scope()


def asked_options(settings: Settings, scope: Scope = _WHOLE, depth: int | None = None) -> Options:
    """What a question is asked with, by the keys of the settings: ``HistoryEntry.options``; the filters of ``scope``,
    by the keys in ``FILTERS``; and, by ``DEPTH_KEY``, how many passages were read where that is not the usual number.
    """
    filters = ((key, getattr(scope, key.rpartition(".")[2])) for key in FILTERS)
    return (
        *((key, str(settings[key])) for key in _OPTIONS),
        *((key, value) for key, value in filters if value),
        *([] if depth is None else [(DEPTH_KEY, str(depth))]),
    )


def asked_scope(entry: HistoryEntry, sources: tuple[Path, ...]) -> Scope:
    """What ``entry`` was asked of, in the collection that links to ``sources``: with its filters."""
    return Scope(sources, **{key.rpartition(".")[2]: value for key, value in entry.options if key in FILTERS})


def asked_depth(entry: HistoryEntry) -> int | None:
    """How many passages were read for ``entry``, None for the usual number."""
    value = dict(entry.options).get(DEPTH_KEY, "")
    return min(max(1, int(value)), _MOST_DEPTH) if value.isascii() and value.isdecimal() else None


def entry_of(
    document: Document,
    answers: Answers,
    model: str,
    options: Options,
    asked: float | None = None,
    *,
    with_unlikely: bool = False,
) -> HistoryEntry:
    """The entry, without an id, of a question to one document, with its likely answers, at least the best.

    ``model`` is the name of the reader, ``asked`` the time in seconds since the epoch, now where it is None.
    """
    shown = answers.spans if with_unlikely else answers.likely or answers.spans[:1]
    return HistoryEntry(
        id=0,
        question=answers.question,
        asked=time.time() if asked is None else asked,
        library="",
        path=document.path,
        title=document.title,
        model=model,
        options=options,
        no_answer=answers.no_answer,
        seconds=answers.seconds,
        answers=tuple(_answer_in(document, answer) for answer in shown),
    )


def _answer_in(document: Document, answer: Answer) -> HistoryAnswer:
    page = document.page_at(answer.start)
    around = excerpt(document, answer.start, answer.end)
    return HistoryAnswer(
        text=phrases.answer_text(document, answer),
        confidence=answer.confidence,
        path=document.path,
        title=document.title,
        page=page.name if page else "",
        start=answer.start,
        end=answer.end,
        sentence=around.text,
        spans=answer.spans if len(answer.spans) > 1 else (),
        shown_start=len(around.before),
        shown_end=len(around.before) + len(around.answer),
        start_confidence=answer.start_confidence,
        end_confidence=answer.end_confidence,
    )


def library_entry_of(
    answers: LibraryAnswers, library: str, model: str, options: Options, asked: float | None = None
) -> HistoryEntry:
    """The entry, without an id, of a question to the collection ``library``; else as ``entry_of``."""
    return HistoryEntry(
        id=0,
        question=answers.question,
        asked=time.time() if asked is None else asked,
        library=library,
        path=None,
        title="",
        model=model,
        options=options,
        no_answer=answers.no_answer,
        seconds=answers.seconds,
        answers=tuple(_library_answer(answer) for answer in answers.answers if answer.places),
    )


def _library_answer(answer: LibraryAnswer) -> HistoryAnswer:
    """``answer`` in the best of its documents, with the others; further places in one document are its spans."""
    documents: dict[Path, list[AnswerPlace]] = {}
    for place in answer.places:
        documents.setdefault(place.path, []).append(place)
    first, *others = [_answer_at(answer, places) for places in documents.values()]
    if answer.items:
        text = "\n".join(" ".join(item.text.split()) for item in answer.items)
        first = replace(first, text=text, spans=tuple((item.start, item.end) for item in answer.items))
    return replace(first, others=tuple(others))


def _answer_at(answer: LibraryAnswer, places: Sequence[AnswerPlace]) -> HistoryAnswer:
    place = places[0]
    return HistoryAnswer(
        text=" ".join(answer.text.split()),
        confidence=answer.confidence,
        path=place.path,
        title=place.title,
        page=place.page,
        start=place.start,
        end=place.end,
        sentence=place.sentence,
        spans=tuple((other.start, other.end) for other in places) if len(places) > 1 else (),
        shown_start=place.shown_start,
        shown_end=place.shown_end,
        start_confidence=answer.start_confidence,
        end_confidence=answer.end_confidence,
    )
