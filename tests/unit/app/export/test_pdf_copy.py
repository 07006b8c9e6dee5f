"""Copies of PDF files with the answers highlighted, made of entries."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from entries_of_tests import ENTRY
from pdf_files import PASSWORD, encrypted_pdfs, make_pdf

from qadesk.app.documents import open_document
from qadesk.app.entries import entry_of
from qadesk.app.export.pdf_copy import PdfCopy, can_be_copied, export_pdf_copy
from qadesk.errors import DataError, DocumentError
from qadesk.progress import finish
from qadesk.records import Answer, Answers, Document, HistoryEntry
from qadesk.settings import Settings

LINES = [["The lamp was lit by Isaac Penhale.", "He lit it at six, and Ann too."], ["Isaac kept it."]]


@pytest.fixture
def document(tmp_path: Path) -> Document:
    (tmp_path / "lamp.pdf").write_bytes(make_pdf(LINES))
    return open_document(tmp_path / "lamp.pdf", Settings())


def span(document: Document, words: str, first: int = 0) -> tuple[int, int]:
    start = document.text.index(words, first)
    return start, start + len(words)


def entry(
    document: Document, *words: str, items: tuple[tuple[int, int], ...] = (), no_answer: float = 0.1
) -> HistoryEntry:
    """A question whose answers are ``words``; the first is a list of ``items``."""
    answers = []
    for index, text in enumerate(words):
        start, end = span(document, text)
        scores = (0.8 / (index + 1),) * 3
        answers.append(Answer(start, end, text, *scores, 1, 1, 0, items=() if index else items))
    return entry_of(document, Answers("Who lit it?", tuple(answers), no_answer, 1, 1), "reader 5", ())


def notes(path: Path) -> list[list[str]]:
    """What the highlights say, page after page."""
    pages = pypdf.PdfReader(io.BytesIO(path.read_bytes())).pages
    return [[item.get_object()["/Contents"] for item in page.get("/Annots", [])] for page in pages]


def test_each_highlight_says_question_answer_and_confidence(document: Document, tmp_path: Path) -> None:
    entries = [entry(document, "Isaac Penhale", "Ann"), entry(document, "Isaac kept")]
    result = finish(export_pdf_copy(tmp_path / "copy.pdf", document, entries, Settings()))
    assert result == PdfCopy(3, 0)
    first, second = notes(tmp_path / "copy.pdf")
    assert first[0].replace("\u00a0", " ").splitlines() == ["Who lit it?", "Isaac Penhale", "Likely, 80 %", "reader 5"]
    assert first[1].replace("\u00a0", " ").splitlines()[1:3] == ["Ann", "Alternative, 40 %"]
    assert len(second) == 1
    assert (tmp_path / "lamp.pdf").read_bytes() == make_pdf(LINES)
    assert sorted(path.name for path in tmp_path.glob("*.p*")) == ["copy.pdf", "lamp.pdf"]


def test_all_items_of_a_list_are_highlighted(document: Document, tmp_path: Path) -> None:
    items = (span(document, "Isaac Penhale"), span(document, "Ann"))
    result = finish(export_pdf_copy(tmp_path / "copy.pdf", document, [entry(document, "Ann", items=items)], Settings()))
    assert result == PdfCopy(2, 0)


def test_what_does_not_stand_there_any_more_is_left_out(document: Document, tmp_path: Path) -> None:
    good, moved = entry(document, "Isaac Penhale"), entry(document, "Ann")
    moved = replace(moved, answers=tuple(replace(answer, start=3, end=6) for answer in moved.answers))
    elsewhere = replace(ENTRY, answers=ENTRY.answers[:1])
    result = finish(export_pdf_copy(tmp_path / "copy.pdf", document, [good, moved, elsewhere], Settings()))
    assert result == PdfCopy(1, 1)
    with pytest.raises(DataError, match=r"no answer in this document to highlight. Its text has changed"):
        finish(export_pdf_copy(tmp_path / "other.pdf", document, [moved], Settings()))
    assert not (tmp_path / "other.pdf").exists()


def test_a_question_without_an_answer_is_not_highlighted(document: Document, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no answer in this document to highlight. Ask a question"):
        finish(export_pdf_copy(tmp_path / "copy.pdf", document, [entry(document, "Ann", no_answer=0.9)], Settings()))


def test_the_original_is_never_replaced(document: Document, tmp_path: Path) -> None:
    (tmp_path / "link.pdf").symlink_to(tmp_path / "lamp.pdf")
    for name in ("lamp.pdf", "link.pdf"):
        with pytest.raises(DataError, match="is the document itself"):
            finish(export_pdf_copy(tmp_path / name, document, [entry(document, "Ann")], Settings()))


def test_an_encrypted_file_needs_its_password(tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    path.write_bytes(encrypted_pdfs()["RC4-128"])
    document = open_document(path, Settings(), password=PASSWORD)
    work = export_pdf_copy(tmp_path / "copy.pdf", document, [entry(document, "1854")], Settings(), password=PASSWORD)
    assert finish(work) == PdfCopy(1, 0)
    with pytest.raises(DocumentError, match="protected by a password"):
        finish(export_pdf_copy(tmp_path / "copy2.pdf", document, [entry(document, "1854")], Settings()))


def test_other_files_are_no_pdf(tmp_path: Path) -> None:
    pasted = Document("The lamp.", "Notes")
    assert not can_be_copied(pasted)
    assert not can_be_copied(None)
    with pytest.raises(DataError, match="'Notes' is no PDF file"):
        finish(export_pdf_copy(tmp_path / "copy.pdf", pasted, [], Settings()))
