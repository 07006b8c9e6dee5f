"""Answers as a table (CSV): a row an answer, and one for a question without any.

Spreadsheet programs take a cell that begins with = + - or @ for a formula, and run it. A document may hold such words
on purpose: an apostrophe is put before them, which those programs take as "this is text".
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from qadesk.app.export import entry_words
from qadesk.app.export.entry_words import EntryWords, safe_text
from qadesk.records import HistoryAnswer, HistoryEntry

COLUMNS = (
    "question", "asked", "library", "document", "model", "options", "answered", "no_answer", "seconds", "starred",
    "rank", "answer", "confidence", "likelihood", "title", "file", "page", "start", "end", "sentence",
)  # fmt: skip

_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\n")
"""What begins a formula: the signs, the same in full width, and what some programs skip before them."""

_Cell = str | int | float


def write(entries: Sequence[HistoryEntry], words: EntryWords) -> Iterator[str]:
    """The table in pieces: the names of the columns, then a piece an entry."""
    yield _lines([COLUMNS])
    for entry in entries:
        about = _about(entry)
        answers = words.answers(entry)
        rows = [(*about, index + 1, *_about_answer(answer, words.rank(entry, index))) for index, answer in answers]
        yield _lines(rows or [(*about, *[""] * (len(COLUMNS) - len(about)))])


def _about(entry: HistoryEntry) -> tuple[_Cell, ...]:
    return (
        entry.question,
        entry_words.iso_time(entry.asked),
        entry.library,
        "" if entry.library else entry_words.title_in_words(entry),
        entry.model,
        "; ".join(f"{key}={value}" for key, value in entry.options),
        "yes" if entry.is_answered else "no",
        "" if entry.no_answer is None else round(entry.no_answer, 4),
        round(entry.seconds, 3),
        "yes" if entry.is_starred else "no",
    )


def _about_answer(answer: HistoryAnswer, likelihood: str) -> tuple[_Cell, ...]:
    about = (answer.text, round(answer.confidence, 4), likelihood, entry_words.title_in_words(answer))
    return (*about, entry_words.file_of(answer), answer.page, answer.start, answer.end, answer.sentence)


def _lines(rows: Sequence[Sequence[_Cell]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([[_harmless(cell) for cell in row] for row in rows])
    return buffer.getvalue()


def _harmless(cell: _Cell) -> _Cell:
    """``cell`` with an apostrophe before what a spreadsheet program would take for a formula."""
    if not isinstance(cell, str):
        return cell
    text = safe_text(cell)
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text
