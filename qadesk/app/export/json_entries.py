"""Answers as data (JSON), in the shape that docs/export.md describes; all answers, also unlikely ones."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from typing import Any

from qadesk.app.export.entry_words import EntryWords, file_of, iso_time
from qadesk.documents.open_file import without_surrogates
from qadesk.records import HistoryAnswer, HistoryEntry
from qadesk.version import __version__


def write(entries: Sequence[HistoryEntry], words: EntryWords) -> Iterator[str]:
    """The file in pieces: one object with the key ``questions``."""
    head = {"program": "QADesk", "version": __version__, "exported": iso_time(time.time())}
    yield f'{json.dumps(head)[:-1]}, "questions": ['
    for number, entry in enumerate(entries):
        row = json.dumps(_question(entry, words), ensure_ascii=False, indent=1)
        yield f"{',' if number else ''}\n{without_surrogates(row)}"
    yield "\n]}\n"


def _question(entry: HistoryEntry, words: EntryWords) -> dict[str, Any]:
    return {
        "question": entry.question,
        "asked": iso_time(entry.asked),
        "library": entry.library or None,
        "file": file_of(entry) or None,
        "title": entry.title,
        "model": entry.model,
        "options": dict(entry.options),
        "answered": entry.is_answered,
        "no_answer": entry.no_answer,
        "seconds": round(entry.seconds, 4),
        "starred": entry.is_starred,
        "answers": [_answer(answer, words.rank(entry, index)) for index, answer in enumerate(entry.answers)],
    }


def _answer(answer: HistoryAnswer, likelihood: str) -> dict[str, Any]:
    return {
        **_place(answer),
        "text": answer.text,
        "confidence": answer.confidence,
        "likelihood": likelihood,
        "others": [_place(other) for other in answer.others],
    }


def _place(answer: HistoryAnswer) -> dict[str, Any]:
    return {
        "file": file_of(answer) or None,
        "title": answer.title,
        "page": answer.page or None,
        "start": answer.start,
        "end": answer.end,
        "spans": answer.marked,
        "sentence": answer.sentence,
    }
