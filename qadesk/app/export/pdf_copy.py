"""Writes a copy of a PDF with its answers highlighted; each highlight says what was asked and how sure it is."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from qadesk.app.documents import scan_store
from qadesk.app.export.entry_words import EntryWords, on_line, safe_text
from qadesk.app.export.writing_answers import check_target
from qadesk.app.phrases import counted
from qadesk.documents.marked_copy import MarkedSpan, copy_with_highlights
from qadesk.documents.open_file import title_of
from qadesk.errors import DataError
from qadesk.labels.text_files import writing_bytes
from qadesk.progress import Progress
from qadesk.records import Document, HistoryAnswer, HistoryEntry
from qadesk.settings import Settings


class PdfCopy(NamedTuple):
    """How many places were highlighted, and how many answers could not be: their words are on no page any more."""

    highlights: int
    left_out: int


def can_be_copied(document: Document | None) -> bool:
    """Whether ``document`` is a PDF file, of which there can be a copy with highlights."""
    return document is not None and document.kind == "pdf" and document.path is not None


def export_pdf_copy(
    path: Path,
    document: Document,
    entries: Sequence[HistoryEntry],
    settings: Settings,
    *,
    password: str | None = None,
) -> Generator[Progress, None, PdfCopy]:
    """Write a copy of the file of ``document`` with the likely answers of ``entries`` to it, all or nothing.

    ``password`` opens the file, and then the copy too. Answers to other documents, and to questions that have none, are
    passed over. Raises ``DataError`` if nothing is to be highlighted or ``path`` cannot be written, ``DocumentError``
    if the file cannot be copied.
    """
    if not can_be_copied(document):
        raise DataError(f"'{document.title}' is no PDF file.", "Choose another format.")
    check_target(path, [document.path])
    spans, left_out = _spans(document, entries, EntryWords(settings["qa.doubtful_below"]))
    if not spans:
        raise DataError(
            "There is no answer in this document to highlight.",
            "Its text has changed since it was asked: ask again." if left_out else "Ask a question that it answers.",
        )
    limit = settings["documents.max_megabytes"] * 1_000_000
    store = scan_store(settings)
    copy = yield from copy_with_highlights(document, spans, password=password, max_bytes=limit, scans=store)
    if len(copy.unplaced) == len(spans):
        raise DataError("The answers have no place on the pages of this file.", "Choose another format.")
    with writing_bytes(path) as file:
        file.write(copy.data)
    return PdfCopy(len(spans) - len(copy.unplaced), left_out + len(copy.unplaced))


def copied_in_words(copy: PdfCopy, path: Path) -> tuple[str, str]:
    """What was written to ``path``, a sentence, and one on what was left out, or ''."""
    left_out = f"{counted(copy.left_out, 'answer')} {'was' if copy.left_out == 1 else 'were'}"
    problem = f"{left_out} left out: the words are on no page, or not where they were when they were asked."
    return f"{counted(copy.highlights, 'highlight')} written to {title_of(path)}.", problem if copy.left_out else ""


def _spans(document: Document, entries: Sequence[HistoryEntry], words: EntryWords) -> tuple[list[MarkedSpan], int]:
    """What is highlighted, and how many answers are not since the text is another one now."""
    spans, left_out = [], 0
    for entry in entries:
        for index, answer in words.answers(entry) if entry.is_answered else ():
            if answer.path != document.path:
                continue
            if not _stands_there(document, answer):
                left_out += 1
                continue
            note = _note(entry, index, words)
            spans += [MarkedSpan(start, end, note, index == 0) for start, end in answer.marked]
    return spans, left_out


def _stands_there(document: Document, answer: HistoryAnswer) -> bool:
    """Whether the words of ``answer`` still stand where they were: at its places, or of a list one after the other."""
    expected = answer.text.split()
    parts = [document.text[start:end].split() for start, end in answer.marked]
    return parts[0] == expected or [word for part in parts for word in part] == expected


def _note(entry: HistoryEntry, index: int, words: EntryWords) -> str:
    """What a viewer shows beside a highlight."""
    return "\n".join(_note_lines(entry, index, words))


def _note_lines(entry: HistoryEntry, index: int, words: EntryWords) -> Iterator[str]:
    yield on_line(entry.question)
    yield safe_text(entry.answers[index].text)
    yield words.confidence(entry, index)
    if entry.model:
        yield on_line(entry.model)
