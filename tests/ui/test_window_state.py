"""The first size of the window."""

from __future__ import annotations

from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from qadesk.settings import Settings
from qadesk.ui.shell import window_state


def test_a_new_window_fits_on_the_screen_with_its_frame(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    window_state.restore_geometry(window, Settings())
    room = window.screen().availableSize()
    assert window.width() <= min(1180, room.width() - 16)
    assert window.height() <= min(780, room.height() - 48)
