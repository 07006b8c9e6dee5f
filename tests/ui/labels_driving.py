"""What drives the label view in the tests beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from driving import MakeWindow, ScriptedReader, label_session, queue_panel
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qadesk.app.labelling import labels
from qadesk.app.open_store import open_store
from qadesk.records import Document, Label
from qadesk.store.database import Store
from qadesk.ui.services.label_service import LabelService
from qadesk.ui.shell.main_window import MainWindow

TEXT = "The lamp was lit by Isaac Penhale in 1862.\r\n\r\n😀 Thomas Reeve built the tower in 1862."
FOUND = (("Isaac Penhale", 0.8), ("Thomas Reeve", 0.1))
QUESTIONS = ("Who lit the lamp?", "Who built the tower?", "When was it lit?")
NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def with_store(verb: Callable[[Store], Any]) -> Any:
    """What ``verb`` gives, with the database opened for it alone."""
    store = open_store()
    try:
        return verb(store)
    finally:
        store.close()


def kept() -> list[Label]:
    """The labels on the disk."""
    found: list[Label] = with_store(labels.labels)
    return found


def seed(questions: Sequence[str] = QUESTIONS, text: str = TEXT, title: str = "lamp.txt") -> list[Label]:
    """Put open labels for ``questions`` to ``text`` on the disk."""
    document = Document(text, title)
    made: list[Label] = with_store(
        lambda store: labels.add_questions(store, labels.keep_text(store, document), questions)
    )
    return made


def opened(
    qtbot: QtBot, make_window: MakeWindow, reader: Any = None, *, order: str = "document", **settings: object
) -> MainWindow:
    """A window in the label view, at the first label, with what the reader suggests."""
    window = make_window(reader or ScriptedReader(FOUND), **settings)
    queue = queue_panel(window)
    queue.order.setCurrentIndex(queue.order.findData(order))
    qtbot.keyClick(window, Qt.Key.Key_2, CTRL)
    qtbot.waitUntil(lambda: label_session(window).suggestion is not None, timeout=20_000)
    return window


def press(window: MainWindow, qtbot: QtBot, *keys: Qt.Key | str, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Press keys where the keyboard is, one after another, faster than what they write is written."""
    for key in keys:
        target = QApplication.focusWidget()
        assert target is not None
        if isinstance(key, str):
            qtbot.keyClicks(target, key, modifiers)
        else:
            qtbot.keyClick(target, key, modifiers)


def settle(qtbot: QtBot, labels: LabelService) -> None:
    """Wait until what was begun on the store's lane is done, and what was read again after that too."""
    for _ in range(2):
        done: list[object] = []
        labels.run(lambda _store: None, done.append)
        qtbot.waitUntil(lambda done=done: bool(done))


def marked(window: MainWindow) -> str:
    """The words that Enter accepts."""
    return label_session(window).marked_text
