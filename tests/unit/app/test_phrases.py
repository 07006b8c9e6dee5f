"""Numbers, places, dates and times as text."""

from __future__ import annotations

import time
from datetime import date

import pytest

from qadesk.app import phrases
from qadesk.progress import Progress
from qadesk.records import Answer, Answers, Document, Page


@pytest.mark.parametrize(
    ("probability", "phrase"),
    [
        (0, "under 1 %"),
        (0.009, "under 1 %"),
        (0.01, "1 %"),
        (0.824, "82 %"),
        (0.99, "99 %"),
        (0.996, "over 99 %"),
        (1, "over 99 %"),
    ],
)
def test_per_cent_never_claims_certainty(probability: float, phrase: str) -> None:
    assert phrases.per_cent(probability).replace("\u00a0", " ") == phrase


@pytest.mark.parametrize(
    ("text", "word", "place"),
    [
        ("One.\n\nTwo.", "Two", "paragraph 2"),
        ("\n\nOne.\r\n \t\r\n\r\nTwo.\r\n\r\nThree.", "Three", "paragraph 3"),
        ("One.\n\nTwo.", "One", "paragraph 1"),
        ("a\nb\nc", "c", "line 3"),
        ("a\r\nb\r\nc", "b", "line 2"),
        ("word", "word", "line 1"),
    ],
)
def test_places_without_pages(text: str, word: str, place: str) -> None:
    assert phrases.location(Document(text, "t"), text.index(word)) == place


@pytest.mark.parametrize(
    ("text", "word", "place"),
    [
        ("One.\n\nTwo.", "Two", "paragraph 2, characters 6–9"),
        ("a\nb\nc", "c", "line 3, characters 4–5"),
        ("word", "word", "line 1, characters 0–4"),
    ],
)
def test_places_without_pages_in_a_citation(text: str, word: str, place: str) -> None:
    start = text.index(word)
    document = Document(text, "A page of notes")
    assert phrases.citation(document, start, start + len(word)) == f"“{word}” (A page of notes, {place})"


@pytest.mark.parametrize(
    ("no_answer", "sentence"),
    [
        (None, "A doubtful answer: read the passage before you rely on it."),
        (0.3, "A doubtful answer: read the passage before you rely on it."),
        (
            0.41,
            "Doubtful: that there is no answer is likelier (41 %) than this one. "
            "Read the passage before you rely on it.",
        ),
    ],
)
def test_a_doubt_names_no_answer_where_it_is_likelier(no_answer: float | None, sentence: str) -> None:
    answers = Answers("Who?", (Answer(0, 3, "Ada", 0.39, 0.5, 0.5, 1.0, 1.0, 0.0),), no_answer, 1, 1)
    assert phrases.doubt(answers).replace("\u00a0", " ") == sentence


def test_pages_are_named_as_printed() -> None:
    document = Document("one two", "Book", "pdf", pages=(Page(1, "iv", 0, 4), Page(2, "v", 4, 7)))
    assert phrases.location(document, 5) == "page v"
    assert phrases.citation(document, 4, 7) == "“two” (Book, page v, characters 4–7)"
    assert phrases.description(document) == "PDF · 2 pages"


def test_what_takes_the_place_of_pages_is_named() -> None:
    document = Document("one two", "Talk", "pdf", pages=(Page(1, "1", 0, 4, "slide"), Page(2, "2", 4, 7, "slide")))
    assert phrases.location(document, 5) == "slide 2"
    assert phrases.citation(document, 4, 7) == "“two” (Talk, slide 2, characters 4–7)"
    assert phrases.description(document) == "PDF · 2 slides"
    assert phrases.capitalized("sheet Prices EU") == "Sheet Prices EU"


def test_a_place_in_a_sheet_is_said_with_its_row() -> None:
    text = "Prices\n\nItem\tPrice\nBolt\t3\n\nStaff\n\nIda"
    pages = (Page(1, "Prices", 0, text.index("\n\nStaff"), "sheet"), Page(2, "Staff", text.index("Staff"), 38, "sheet"))
    rows = ((text.index("Item"), 4), (text.index("Bolt"), 12), (text.index("Staff"), 0), (text.index("Ida"), 1))
    document = Document(text, "Shop.xlsx", "xlsx", pages=pages, rows=rows)
    assert phrases.location(document, text.index("3")) == "sheet Prices, row 12"
    assert phrases.location(document, text.index("Price\n")) == "sheet Prices, row 4"
    assert phrases.location(document, 0) == "sheet Prices"
    assert phrases.location(document, text.index("Staff")) == "sheet Staff"
    assert phrases.location(document, text.index("Ida")) == "sheet Staff, row 1"
    start = text.index("3")
    assert phrases.citation(document, start, start + 1) == "“3” (Shop.xlsx, sheet Prices, row 12, characters 24–25)"
    assert phrases.description(document) == "Excel · 2 sheets"


def test_a_place_in_a_table_without_sheets_is_its_row() -> None:
    document = Document("Item\tPrice\nBolt\t3\nlong", "t.csv", "csv", rows=((0, 1), (11, 3), (18, 0)))
    assert phrases.location(document, 16) == "row 3"
    assert phrases.citation(document, 16, 17) == "“3” (t.csv, row 3, characters 16–17)"
    assert phrases.location(document, 18) == "line 3"


def test_long_documents_have_characters_with_commas() -> None:
    document = Document("x" * 2000, "Long", "pdf", pages=(Page(1, "1", 0, 2000),))
    assert phrases.citation(document, 1204, 1207) == "“xxx” (Long, page 1, characters 1,204–1,207)"


def test_progress_and_times() -> None:
    assert phrases.progress(Progress("Reading", 120, 1800, 12)) == "Reading 120 of 1,800 · 12 s left"
    assert phrases.progress(Progress("Reading", 0, 1800)) == "Reading 0 of 1,800"
    assert [phrases.duration(seconds) for seconds in (0.04, 3.21, 125)] == ["0.04 s", "3.2 s", "2 min"]
    assert phrases.long_date(date(2027, 1, 2)) == "2 January 2027"


def test_places_in_a_long_text_are_quick() -> None:
    document = Document("Some words here.\n\n" * 120_000, "t")
    start = time.perf_counter()
    for offset in range(0, len(document.text), 10_000):
        phrases.location(document, offset)
    assert time.perf_counter() - start < 1
