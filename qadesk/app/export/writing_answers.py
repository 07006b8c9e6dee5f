"""Writes entries to a file in one of the formats, all or nothing."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from pathlib import Path

from qadesk.app.export.answer_formats import answer_format
from qadesk.app.export.entry_words import EntryWords
from qadesk.app.phrases import counted
from qadesk.documents.open_file import title_of
from qadesk.errors import DataError
from qadesk.labels.text_files import writing
from qadesk.progress import Clock, Progress
from qadesk.records import HistoryEntry
from qadesk.settings import Settings

_EVERY = 50  # pieces between two reports of progress


def export_entries(
    path: Path,
    entries: Sequence[HistoryEntry],
    settings: Settings,
    format_name: str = "",
    *,
    with_unlikely: bool = False,
) -> Generator[Progress, None, int]:
    """Write ``entries`` to ``path``; returns how many. Closing the generator leaves ``path`` as it was.

    Without ``format_name`` the suffix of ``path`` tells it. Raises ``DataError`` if there is no such
    format, no entry, or ``path`` cannot be written or is one of the documents that were asked.
    """
    target = answer_format(path, format_name)
    check_target(path, (entry.path for entry in entries))
    if not entries:
        raise DataError("There are no answers to export.", "Ask a question first.")
    words = EntryWords(settings["qa.doubtful_below"], with_unlikely)
    clock = Clock("Writing", len(entries))
    yield clock.at(0)
    with writing(path, target.encoding) as file:
        for number, piece in enumerate(target.write(entries, words)):
            file.write(piece)
            if number % _EVERY == 0:
                yield clock.at(min(number, len(entries)))
    return len(entries)


def written_in_words(count: int, path: Path) -> str:
    """What was written to ``path``, a sentence: '3 questions written to answers.md.'"""
    return f"{counted(count, 'question')} written to {title_of(path)}."


def check_target(path: Path, documents: Iterable[Path | None]) -> None:
    """Raise ``DataError`` if ``path`` is one of ``documents``, which an export must never replace."""
    for document in documents:
        if document is not None and _is_same(path, document):
            raise DataError(f"'{path.name}' is the document itself.", "Choose another name for the export.")


def _is_same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except (OSError, ValueError):  # one of them does not exist
        return False
