"""Labels in the Ask place: one key each, reported only when they are on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from driving import MakeWindow, ScriptedReader, answers_panel, ask, ask_session, document, document_view, question_field
from labels_driving import kept, settle
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qadesk.app.labelling import labels
from qadesk.errors import StoreError
from qadesk.records import LABELLED, LOST, GoldSpan, Label
from qadesk.ui.shell.main_window import MainWindow

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
TEXT = "The lamp was lit by Isaac Penhale in 1862. Thomas Reeve built the tower in 1862."
FOUND = (("Isaac Penhale", 0.8), ("Thomas Reeve", 0.1))


def select(window: MainWindow, start: int, end: int) -> None:
    cursor = document_view(window).textCursor()
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    document_view(window).setTextCursor(cursor)


def window_with_answers(qtbot: QtBot, make_window: MakeWindow, text: str = TEXT) -> MainWindow:
    window = make_window(ScriptedReader(FOUND), text=text)
    ask(qtbot, window, "Who lit the lamp?")
    return window


def message(window: MainWindow) -> str:
    return answers_panel(window).label_buttons.sentence.text()


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    """Press a key in the widget with the focus, and wait until its changes are on the disk."""
    qtbot.keyClick(QApplication.focusWidget(), key, modifiers)
    settle(qtbot, window.services.labels)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_ctrl_enter_keeps_the_chosen_answer(qtbot: QtBot, make_window: MakeWindow, key: Qt.Key) -> None:
    window = window_with_answers(qtbot, make_window)
    ask_session(window).next_answer()
    press(qtbot, window, key, CTRL)
    assert message(window) == "Saved as a label: “Thomas Reeve”"
    assert answers_panel(window).label_buttons.undo.isVisible()
    (label,) = kept()
    assert label.question == "Who lit the lamp?"
    assert label.state == LABELLED
    assert label.answers == (GoldSpan(43, 55, "Thomas Reeve"),)
    assert window.tabs.note.text() == "1 of 1 labelled"
    assert window.tabs.note.isVisible()
    window.show_place("label")
    assert not window.tabs.note.isVisible()  # the queue says it there


def test_the_selected_words_are_kept_as_whole_words(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = window_with_answers(qtbot, make_window)
    window.commands["label_correct"].trigger()
    assert message(window).startswith("Select the right words")
    start = TEXT.rindex("1862")
    select(window, start - 1, start + 3)  # ' 186'
    press(qtbot, window, Qt.Key.Key_Return, CTRL | SHIFT)
    assert message(window) == "Saved as a label: “1862”"
    assert kept()[0].answers == (GoldSpan(start, start + 4, "1862"),)  # the second one, not the first


def test_alt_keeps_exactly_what_was_selected(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = window_with_answers(qtbot, make_window)
    view = document_view(window)
    select(window, 20, 23)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.RightButton, Qt.KeyboardModifier.AltModifier)
    press(qtbot, window, Qt.Key.Key_Return, CTRL | SHIFT)
    assert kept()[0].answers == (GoldSpan(20, 23, "Isa"),)


def test_not_in_this_document_and_back(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = window_with_answers(qtbot, make_window)
    press(qtbot, window, Qt.Key.Key_N, CTRL | SHIFT)
    assert message(window) == "Saved as a label: not in this document"
    assert kept()[0].is_impossible
    press(qtbot, window, Qt.Key.Key_Z, CTRL)  # in the question field, whose text stays
    assert message(window).startswith("Undone: the answer to")
    assert question_field(window).text() == "Who lit the lamp?"
    assert kept() == []
    assert not window.commands["undo"].isEnabled()
    press(qtbot, window, Qt.Key.Key_Z, CTRL | SHIFT)
    assert kept()[0].is_impossible


def test_words_that_were_typed_since_are_undone_first(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = window_with_answers(qtbot, make_window)
    press(qtbot, window, Qt.Key.Key_Return, CTRL)
    field = question_field(window)
    field.setFocus()
    field.end(False)
    qtbot.keyClicks(field, "x")
    qtbot.keyClick(field, Qt.Key.Key_Z, CTRL)
    assert field.text() == "Who lit the lamp?"
    assert len(kept()) == 1


def test_the_newest_label_of_a_question_counts(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = window_with_answers(qtbot, make_window)
    press(qtbot, window, Qt.Key.Key_N, CTRL | SHIFT)
    press(qtbot, window, Qt.Key.Key_Return, CTRL)
    (label,) = kept()
    assert [answer.text for answer in label.answers] == ["Isaac Penhale"]
    assert not label.is_impossible


def test_a_failed_write_is_not_reported_as_saved(
    qtbot: QtBot, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = window_with_answers(qtbot, make_window)

    def refuse(*_args: object, **_options: object) -> Label:
        raise StoreError("The disk is full.", "Make some room and try again.")

    monkeypatch.setattr(labels, "answer", refuse)
    window.commands["label_right"].trigger()
    qtbot.waitUntil(lambda: "The disk is full." in window.services.messages.text)
    assert message(window) == ""
    assert kept() == []


def test_the_buttons_are_below_the_chosen_card_with_their_keys(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = window_with_answers(qtbot, make_window)
    panel = answers_panel(window)
    for selected_row in (0, 1, 0):
        ask_session(window).select(selected_row)
        QApplication.processEvents()
        assert panel.cards[selected_row].geometry().bottom() < panel.label_buttons.geometry().top()
        other_cards = [card for card in panel.cards if card is not panel.cards[selected_row]]
        assert all(not card.geometry().intersects(panel.label_buttons.geometry()) for card in other_cards)
    assert panel.label_buttons.geometry().bottom() < panel.cards[1].geometry().top()
    assert "Ctrl+Enter" in panel.label_buttons.accept.toolTip()
    window.services.documents.paste("Another text.")
    assert not panel.label_buttons.isVisible()
    assert not window.commands["label_absent"].isEnabled()


def test_without_a_span_only_right_is_off(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader([], 0.99), text=TEXT)
    ask(qtbot, window, "Who lit the lamp?")
    assert not window.commands["label_right"].isEnabled()
    assert not answers_panel(window).label_buttons.accept.isEnabled()
    press(qtbot, window, Qt.Key.Key_N, CTRL | SHIFT)
    assert kept()[0].is_impossible


def test_labels_are_relocated_in_a_changed_file(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    path = tmp_path / "lamp.txt"
    path.write_text(TEXT, encoding="utf-8")
    window = make_window(ScriptedReader(FOUND))
    with qtbot.waitSignal(window.services.documents.document_changed, timeout=10_000):
        window.services.documents.open_files([path])
    ask(qtbot, window, "Who lit the lamp?")
    press(qtbot, window, Qt.Key.Key_Return, CTRL)
    path.write_text(f"A new first line.\n{TEXT}", encoding="utf-8")
    window.run_command("reload")
    qtbot.waitUntil(lambda: "1 label moved" in window.services.messages.text)
    (label,) = kept()
    assert label.answers[0].stands_in(document(window).text)
    path.write_text("Nothing of it is left.", encoding="utf-8")
    window.run_command("reload")
    qtbot.waitUntil(lambda: "could not be found" in window.services.messages.text)
    assert kept()[0].state == LOST
