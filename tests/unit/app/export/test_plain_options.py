"""What a question was asked with, in plain words."""

from __future__ import annotations

from qadesk.app.entries import asked_options, library_entry_of
from qadesk.app.export.entry_words import asked_with
from qadesk.records import LibraryAnswers, Scope
from qadesk.settings import Settings


def test_only_what_was_changed_is_named_beside_the_expectation(home: object) -> None:
    settings = Settings()
    answers = LibraryAnswers("Who?", (), 1.0, 0, 0, 0, 0)
    entry = library_entry_of(answers, "Papers", "reader", asked_options(settings))
    assert asked_with(entry) == "the documents usually hold the answer"
    settings.set("qa.top_k", 9)
    settings.set("qa.overlap", True)
    settings.set("qa.expected", "surely")
    options = (*asked_options(settings, Scope(name="lease")), ("of.another.version", "x"))
    entry = library_entry_of(answers, "Papers", "reader", options)
    assert asked_with(entry) == (
        "the documents surely hold the answer, up to 9 answers, answers may overlap, in files with: lease"
    )
