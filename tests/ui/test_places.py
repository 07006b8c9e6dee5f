"""Places: the window shows those of the table, through the protocol alone; another one is one more row."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from driving import MakeWindow, ScriptedReader, ask, current_place
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from qadesk.settings import Settings
from qadesk.ui.kit.messages import Message
from qadesk.ui.services.place import Commands
from qadesk.ui.services.services import Services
from qadesk.ui.shell import actions
from qadesk.ui.shell.main_window import MainWindow
from qadesk.ui.shell.places import PLACES, PlaceRow

CTRL = Qt.KeyboardModifier.ControlModifier


class NotesPlace(QObject):
    """A place of its own: it counts what is done to it."""

    name = "notes"

    def __init__(self, services: Services) -> None:
        super().__init__(services.window)
        self.calls: list[str] = []
        self.is_working = False
        self.page = QLabel("Notes")

    @property
    def widget(self) -> QWidget:
        return self.page

    def start(self) -> None:
        self.calls.append("start")

    def enter(self) -> None:
        self.calls.append("enter")

    def leave(self) -> None:
        self.calls.append("leave")

    def stop(self) -> bool:
        was_working, self.is_working = self.is_working, False
        return was_working

    def clear(self) -> None:
        self.calls.append("clear")

    def local_commands(self) -> Commands:
        return {"copy": lambda: self.calls.append("copy")}

    def global_commands(self) -> Commands:
        return {}

    def available(self) -> frozenset[str]:
        return frozenset({"pages", "copyable"})

    def restyle(self) -> None:
        self.calls.append("restyle")


@pytest.fixture
def window(qtbot: QtBot, home: object) -> Iterator[MainWindow]:
    """The window with one more row in its table of places."""
    settings = Settings()
    settings.set("state.started", True)
    places = (*PLACES, PlaceRow("&Notes", NotesPlace))
    window = MainWindow(settings, load=lambda _settings: ScriptedReader(), places=places)  # type: ignore[arg-type,return-value]
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.begin()
    qtbot.waitUntil(lambda: window.services.reader.is_ready)
    yield window
    window.close()


def notes(window: MainWindow) -> NotesPlace:
    place = window.place("notes")
    assert isinstance(place, NotesPlace)
    return place


def test_one_more_place_has_a_tab_a_key_and_a_menu_row(qtbot: QtBot, window: MainWindow) -> None:
    assert [window.tabs.tabs.tabText(index) for index in range(5)] == [
        "Ask",
        "Label",
        "Library",
        "History",
        "Notes",
    ]
    assert window.tabs.tabs.tabToolTip(4) == "Notes (Ctrl+5)"
    assert window.commands["show_notes"].text() == "&Notes"
    qtbot.keyClick(window, Qt.Key.Key_5, CTRL)
    assert current_place(window) is notes(window)
    assert notes(window).page.isVisible()
    assert notes(window).calls == ["restyle", "start", "enter"]
    qtbot.keyClick(window, Qt.Key.Key_1, CTRL)
    assert notes(window).calls[-1] == "leave"


def test_commands_go_to_the_place_that_is_shown(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_5, CTRL)
    window.commands["copy"].trigger()
    assert notes(window).calls[-1] == "copy"
    enabled = {row.name for row in actions.ROWS if row.needs and window.commands[row.name].isEnabled()}
    assert enabled == {"go_to_page", "copy"}  # it says that it has pages and something to copy, and nothing else


def test_esc_stops_then_closes_the_message_then_clears(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_5, CTRL)
    place = notes(window)
    place.is_working = True
    window.services.messages.show_message(Message("Done."))
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not place.is_working
    assert window.services.messages.text
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.services.messages.text
    assert place.calls[-1] == "enter"
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert place.calls[-1] == "clear"


def test_the_place_that_is_shown_is_left_when_the_window_closes(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_5, CTRL)
    window.close()
    assert notes(window).calls[-1] == "leave"


def test_every_named_row_has_a_command_or_a_verb(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader([("words", 0.9)]), text="Some words.")
    ask(qtbot, window, "Which?")
    offered_commands = set(window._all_commands())
    for place in window.places:
        window.show_place(place.name)
        offered_commands |= set(place.local_commands())
    names = {row.name for row in actions.ROWS} - {"", actions.RECENT, actions.PLACES}
    assert names <= offered_commands
    assert {row.needs for row in actions.ROWS if row.needs} <= {
        "document", "text", "file", "encoding", "pages", "paged", "shown_pages", "outline", "question", "answers",
        "undo", "redo", "scans", "span", "collection", "library", "library_answers", "exportable",
        "more_passages", "library_question", "entry", "copyable", "matches",
    }  # fmt: skip


def test_no_two_parts_offer_the_same_command_from_everywhere(make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader())
    parts = [window._own_commands(), *(place.global_commands() for place in window.places)]
    parts += [window.models.global_commands(), window.training.global_commands()]
    names = [name for commands in parts for name in commands]
    assert len(set(names)) == len(names)
