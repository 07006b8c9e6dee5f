"""Entries of the history, made of fresh answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from qadesk.app.entries import asked_depth, asked_options, asked_scope, entry_of, library_entry_of
from qadesk.app.export.entry_words import asked_with, options_in_words
from qadesk.records import Answer, Answers, Document, Page
from qadesk.records.library import AnswerItem, AnswerPlace, LibraryAnswer, LibraryAnswers, Scope
from qadesk.settings import Settings

TEXT = "The rent is 900 pounds. The deposit is 1,200 pounds.\n\nIt is kept by Ann and Bob."


def _answer(words: str, confidence: float, **more: tuple[tuple[int, int], ...]) -> Answer:
    start = TEXT.index(words)
    return Answer(start, start + len(words), words, confidence, confidence, confidence, 1.0, 1.0, 0.0, **more)


def _answers(*answers: Answer) -> Answers:
    return Answers("How much?", answers, 0.25, 1, 1, seconds=0.5)


def _document() -> Document:
    pages = (Page(1, "i", 0, 24), Page(2, "ii", 24, len(TEXT)))
    return Document(TEXT, "lease.pdf", "pdf", Path("/papers/lease.pdf"), pages)


def test_an_entry_says_all_that_was_asked_and_answered():
    entry = entry_of(_document(), _answers(_answer("1,200 pounds", 0.9)), "reader", (("qa.top_k", "5"),), asked=7.0)
    assert (entry.question, entry.asked, entry.model, entry.options) == (
        "How much?",
        7.0,
        "reader",
        (("qa.top_k", "5"),),
    )
    assert (entry.title, entry.path, entry.library) == ("lease.pdf", Path("/papers/lease.pdf"), "")
    assert (entry.no_answer, entry.seconds, entry.is_answered) == (0.25, 0.5, True)
    (answer,) = entry.answers
    assert (answer.text, answer.page, answer.sentence) == ("1,200 pounds", "page ii", "The deposit is 1,200 pounds.")
    assert TEXT[answer.start : answer.end] == "1,200 pounds"
    assert answer.marked == ((answer.start, answer.end),)


def test_unlikely_answers_are_left_out_but_the_best_one_never():
    unlikely = _answer("900 pounds", 0.01)
    assert len(entry_of(_document(), _answers(_answer("1,200 pounds", 0.9), unlikely), "", ()).answers) == 1
    assert len(entry_of(_document(), _answers(unlikely), "", ()).answers) == 1
    assert entry_of(_document(), _answers(), "", ()).answers == ()


def test_a_list_has_a_line_an_item_and_all_its_characters():
    items = tuple((TEXT.index(name), TEXT.index(name) + 3) for name in ("Ann", "Bob"))
    (answer,) = entry_of(_document(), _answers(_answer("Ann", 0.9, items=items)), "", ()).answers
    assert (answer.text, answer.marked) == ("Ann\nBob", items)


def test_an_entry_of_a_library_has_each_answer_at_its_best_place():
    places = (
        AnswerPlace(Path("/a.pdf"), "a.pdf", "pdf", "page 3", "3", 5, 9, "It is done."),
        AnswerPlace(Path("/b.pdf"), "b.pdf", "pdf", "page 1", "1", 0, 4),
    )
    answers = LibraryAnswers(
        "Is it?", (LibraryAnswer("done", 0.8, 0.9, 0.9, 1.0, 1.0, 0.0, places),), None, 20, 40, 2, 0, 0.1
    )
    entry = library_entry_of(answers, "Papers", "reader", ())
    assert (entry.library, entry.path, entry.title, entry.no_answer) == ("Papers", None, "", None)
    (answer,) = entry.answers
    assert (answer.path, answer.page, answer.start, answer.sentence) == (Path("/a.pdf"), "page 3", 5, "It is done.")


def test_the_options_are_those_of_the_settings():
    settings = Settings()
    settings.override("qa.top_k", 9)
    options = dict(asked_options(settings))
    assert (options["qa.top_k"], options["qa.expected"], options["qa.overlap"]) == ("9", "usually", "False")


def test_a_list_of_a_library_has_all_its_items():
    place = AnswerPlace(Path("/a.pdf"), "a.pdf", "pdf", "page 3", "3", 5, 8, "Ann and Bob.")
    items = (AnswerItem(5, 8, "Ann"), AnswerItem(13, 16, "Bob\nLee"))
    answers = LibraryAnswers(
        "Who?", (LibraryAnswer("Ann", 0.8, 0.9, 0.9, 1.0, 1.0, 0.0, (place,), items),), None, 20, 40, 2, 0, 0.1
    )
    (answer,) = library_entry_of(answers, "Papers", "reader", ()).answers
    assert (answer.text, answer.marked) == ("Ann\nBob Lee", ((5, 8), (13, 16)))


def test_the_filters_of_a_question_are_kept_with_it():
    scope = Scope((Path("/papers"),), name="lease", kind="pdf")
    answers = LibraryAnswers("Who?", (), 1.0, 0, 0, 0, 0)
    entry = library_entry_of(answers, "Papers", "reader", asked_options(Settings(), scope))
    assert asked_scope(entry, scope.sources) == scope
    assert options_in_words(entry).endswith(", In files with: lease, Type of the files: pdf")


def test_how_many_passages_were_read_is_kept_where_it_is_not_the_usual_number():
    answers = LibraryAnswers("Who?", (), 1.0, 0, 0, 0, 0)
    usual, deeper = (
        library_entry_of(answers, "Papers", "reader", asked_options(Settings(), depth=depth)) for depth in (None, 60)
    )
    assert (asked_depth(usual), asked_depth(deeper)) == (None, 60)
    assert options_in_words(deeper).endswith(", Passages to read: 60")
    assert asked_with(deeper).endswith(", the best 60 passages read")


@pytest.mark.parametrize(("value", "depth"), [("", None), ("-3", None), ("many", None), ("0", 1), ("9" * 9, 1000)])
def test_a_number_of_passages_that_makes_no_sense_is_bounded(value, depth):
    entry = library_entry_of(LibraryAnswers("Who?", (), 1.0, 0, 0, 0, 0), "all", "", (("library.depth", value),))
    assert asked_depth(entry) == depth
