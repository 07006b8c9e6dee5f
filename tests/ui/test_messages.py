"""The message bar shows one message at a time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from qadesk.errors import QadeskError
from qadesk.ui.kit import messages
from qadesk.ui.kit.messages import Message, MessageBar


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[MessageBar]:
    window = QWidget()
    qtbot.addWidget(window)
    message_bar = MessageBar(window)
    message_bar.move(0, 400)  # away from the pointer
    window.show()
    yield message_bar
    window.close()


def test_an_error_replaces_the_error_before_and_news_does_not_come_back(bar: MessageBar) -> None:
    bar.show_message(Message("News."))
    bar.show_error(QadeskError("First."))
    bar.show_error(QadeskError("Second.", "Do this."))
    assert bar.text == "Second. Do this."
    bar.dismiss()
    assert bar.text == ""
    assert bar.isHidden()


def test_news_covers_an_error_which_is_there_again_afterwards(bar: MessageBar) -> None:
    bar.show_error(QadeskError("First."))
    bar.show_message(Message("News."))
    bar.show_message(Message("Later news."))
    assert bar.text == "Later news."
    bar.dismiss()
    assert bar.text == "First."


def test_news_closes_by_itself_but_no_error_and_nothing_to_decide(
    qtbot: QtBot, bar: MessageBar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "_SHOWN", 1)
    monkeypatch.setattr(messages, "_FOR_CHARACTER", 0)
    bar.show_message(Message("A run was interrupted.", stays=True))
    bar.show_error(QadeskError("First."))
    bar.show_message(Message("News."))
    qtbot.waitUntil(lambda: bar.text == "First.")
    qtbot.wait(20)
    assert bar.text == "First."
    bar.dismiss()
    qtbot.wait(20)
    assert bar.text == "A run was interrupted."


def test_news_stays_as_long_as_the_pointer_is_on_it(
    qtbot: QtBot, bar: MessageBar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "_SHOWN", 1)
    monkeypatch.setattr(messages, "_FOR_CHARACTER", 0)
    bar.show_message(Message("News."))
    QApplication.sendEvent(bar, QEvent(QEvent.Type.Enter))
    qtbot.wait(20)
    assert bar.text == "News."
    QApplication.sendEvent(bar, QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(lambda: bar.text == "")


def test_a_new_try_clears_errors_only(bar: MessageBar) -> None:
    bar.show_error(QadeskError("First."))
    bar.show_message(Message("News."))
    bar.clear_errors()
    assert bar.text == "News."


def test_the_same_message_is_not_stacked(bar: MessageBar) -> None:
    for _ in range(3):
        bar.show_message(Message("News."))
    bar.dismiss()
    assert bar.text == ""


def test_buttons_do_what_they_say_and_details_only_where_there_are_some(bar: MessageBar, qtbot: QtBot) -> None:
    clicks: list[str] = []
    bar.show_message(Message("News.", buttons=(("Do it", lambda: clicks.append("did")),)))
    bar.findChildren(QPushButton)[-1].click()
    assert clicks == ["did"]
    bar.show_error(QadeskError("Bad.", detail="line 1"))
    with qtbot.waitSignal(bar.details_requested) as blocker:
        next(button for button in bar.findChildren(QPushButton) if button.text() == "Details").click()
    assert blocker.args == ["Bad.", "line 1"]
    bar.show_error(QadeskError("Worse."))
    assert not [button for button in bar.findChildren(QPushButton) if not button.isHidden()]
