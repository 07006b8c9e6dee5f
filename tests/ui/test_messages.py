"""The message bar shows one message at a time."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from qadesk.errors import QadeskError
from qadesk.ui.kit.messages import Message, MessageBar


@pytest.fixture
def bar(qtbot: QtBot) -> MessageBar:
    message_bar = MessageBar()
    qtbot.addWidget(message_bar)
    return message_bar


def test_an_error_replaces_the_error_before_and_covers_news(bar: MessageBar) -> None:
    bar.show_message(Message("News."))
    bar.show_error(QadeskError("First."))
    bar.show_error(QadeskError("Second.", "Do this."))
    assert bar.text == "Second. Do this."
    bar.dismiss()
    assert bar.text == "News."
    bar.dismiss()
    assert bar.text == ""
    assert bar.isHidden()


def test_a_new_try_clears_errors_only(bar: MessageBar) -> None:
    bar.show_message(Message("News."))
    bar.show_error(QadeskError("First."))
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
