"""The window goes on where it was closed: place, document, question."""

from __future__ import annotations

from pathlib import Path

import pytest
from driving import (
    MakeWindow,
    ScriptedReader,
    answers_panel,
    ask,
    ask_session,
    current_place,
    document,
    document_view,
    question_field,
)
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from qadesk import paths
from qadesk.app.history import history_entries
from qadesk.settings import Settings
from qadesk.store.database import open_database

TEXT = "\n\n".join(f"Paragraph {number}: the lamp was lit by Isaac Penhale." for number in range(80))
READER = ScriptedReader([("Isaac Penhale", 0.9)])


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter.txt"
    path.write_text(TEXT)
    return path


def test_the_file_and_the_question_are_there_again_and_no_second_entry(
    qtbot: QtBot, make_window: MakeWindow, letter: Path
) -> None:
    first = make_window(READER)
    with qtbot.waitSignal(first.services.documents.document_changed):
        first.services.documents.open(letter)
    ask(qtbot, first, "Who lit the lamp?")
    qtbot.waitUntil(lambda: entry_count() == 1)
    first.close()
    second = make_window(READER)
    qtbot.waitUntil(lambda: ask_session(second).answers is not None and not ask_session(second).is_working)
    assert document(second).path == letter
    assert question_field(second).text() == "Who lit the lamp?"
    assert answers_panel(second).cards[0].isVisible()
    qtbot.wait(50)
    assert entry_count() == 1
    ask(qtbot, second, "Who lit the lamp?")
    qtbot.waitUntil(lambda: entry_count() == 2)


def test_the_place_and_where_the_text_was_read(qtbot: QtBot, make_window: MakeWindow, letter: Path) -> None:
    first = make_window(READER)
    with qtbot.waitSignal(first.services.documents.document_changed):
        first.services.documents.open(letter)
    document_view(first).show_at_top(2000)
    offset = document_view(first).top_offset()
    first.show_place("history")
    first.close()
    second = make_window(READER)
    qtbot.waitUntil(lambda: ask_session(second).document is not None)
    assert current_place(second) is second.place("history")
    second.show_place("ask")
    qtbot.waitUntil(lambda: abs(document_view(second).top_offset() - offset) < 60)


def test_a_pasted_text_and_a_closed_document(qtbot: QtBot, make_window: MakeWindow) -> None:
    first = make_window(READER, text="Some words that were pasted.")
    first.close()
    second = make_window(READER)
    qtbot.waitUntil(lambda: ask_session(second).document is not None)
    assert document(second).text == "Some words that were pasted."
    assert Settings()["state.last"] == "{}"  # if the program ended now, it would not be opened again
    second.commands["close_document"].trigger()
    second.close()
    third = make_window(READER)
    qtbot.wait(50)
    assert ask_session(third).document is None


def test_a_file_that_is_gone_is_told_with_a_way_on(qtbot: QtBot, make_window: MakeWindow, letter: Path) -> None:
    first = make_window(READER)
    with qtbot.waitSignal(first.services.documents.document_changed):
        first.services.documents.open(letter)
    first.close()
    letter.unlink()
    second = make_window(READER)
    assert second.services.messages.text == "'letter.txt', which was open last, is not there any more."
    assert "Open…" in [button.text() for button in second.services.messages.findChildren(QPushButton)]


def test_the_user_may_want_to_begin_anew(qtbot: QtBot, make_window: MakeWindow) -> None:
    first = make_window(READER, text="Some words.")
    first.close()
    second = make_window(READER, start__restore=False)
    qtbot.wait(50)
    assert ask_session(second).document is None
    second.close()
    assert Settings()["state.last"] == "{}"


def entry_count() -> int:
    """How many entries the history has."""
    store = open_database(paths.data_dir())
    try:
        return len(history_entries(store))
    finally:
        store.close()
