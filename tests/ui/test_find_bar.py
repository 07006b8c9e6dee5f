"""The find bar: its matches, its keys, and how it opens and closes."""

from __future__ import annotations

import time

import pytest
from driving import MakeWindow, ScriptedReader, document_pane, document_view, find_bar, question_field
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qadesk.ui.document.find_bar import find_matches

TEXT = (
    "The lamp 😀 was lit.\r\nThe LAMP went out. Lamps (two) go.\r\n" + "\r\nMore words.\r\n" * 100 + "\r\nA last lamp."
)


@pytest.mark.parametrize(
    ("query", "case", "whole", "count"),
    [
        ("lamp", False, False, 4),
        ("lamp", True, False, 2),
        ("lamp", False, True, 3),
        ("(two)", False, True, 1),
        ("lit. the", False, False, 1),
        ("lamp.*", False, False, 0),
        ("", False, False, 0),
        ("zebra", False, False, 0),
    ],
)
def test_matches(query: str, case: bool, whole: bool, count: int) -> None:
    matches = find_matches(TEXT, query, case=case, whole=whole)
    assert len(matches) == count
    assert all(TEXT[start:end].casefold().split() == query.casefold().split() for start, end in matches)


def test_many_matches_in_a_long_text_are_quick() -> None:
    start_time = time.perf_counter()
    assert len(find_matches("a lamp " * 300_000, "lamp", case=False, whole=True)) == 10_000
    assert find_matches("a lamp " * 300_000, "zebra", case=False, whole=False) == []
    assert time.perf_counter() - start_time < 1


def test_the_bar_finds_goes_on_and_closes(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(), text=TEXT)
    pane = document_pane(window)
    bar, view = pane.find_bar, pane.view
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert bar.isVisible()
    assert QApplication.focusWidget() is bar.field
    qtbot.keyClicks(bar.field, "lamp")
    qtbot.waitUntil(lambda: bar.count.text() == "1 of 4")
    assert [mark.strong for mark in view._matches] == [True, False, False, False]
    qtbot.keyClick(bar.field, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert bar.count.text() == "4 of 4"
    QApplication.processEvents()
    assert view.top_offset() > 100  # it scrolled
    qtbot.keyClick(bar.field, Qt.Key.Key_F3)
    assert bar.count.text() == "1 of 4"
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.count.text() == "2 of 4"
    bar.case.click()
    assert bar.count.text() == "2 of 2"
    bar.whole.click()
    qtbot.keyClicks(bar.field, "zzz")
    qtbot.waitUntil(lambda: bar.count.text() == "Not found")
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert not view._matches
    assert QApplication.focusWidget() is view


def test_a_slash_in_the_document_finds_and_in_the_question_is_a_slash(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(), text=TEXT)
    field, bar = question_field(window), find_bar(window)
    qtbot.keyClick(field, Qt.Key.Key_Slash)
    assert field.text() == "/"
    assert not bar.isVisible()
    document_view(window).setFocus()
    qtbot.keyClick(document_view(window), Qt.Key.Key_Slash)
    assert bar.isVisible()


def test_the_selection_is_the_query(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(), text=TEXT)
    view = document_view(window)
    cursor = view.textCursor()
    cursor.setPosition(4)
    cursor.setPosition(8, cursor.MoveMode.KeepAnchor)
    view.setTextCursor(cursor)
    document_pane(window).open_find()
    assert find_bar(window).field.text() == "lamp"
    window.run_command("close_document")
    assert not find_bar(window).isVisible()


def test_ctrl_k_in_the_find_bar_goes_to_the_question(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(), text=TEXT)
    document_pane(window).open_find()
    bar = find_bar(window)
    qtbot.keyClicks(bar.field, "lamp")
    bar.field.home(False)
    qtbot.keyClick(bar.field, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert bar.field.text() == "lamp"
    assert QApplication.focusWidget() is question_field(window)
