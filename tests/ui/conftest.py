"""The real window, offscreen. Answers come from the bundled model, or, where a test needs exact scores, from a
reader with opinions. Lets the tests beside it import ``driving``, ``pdf_files`` and ``training_data``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path += [str(Path(__file__).parent)]
sys.path += [str(Path(__file__).parents[1] / "unit" / package) for package in ("documents", "app")]

import pytest
from driving import MakeWindow
from pytestqt.qtbot import QtBot

from qadesk import paths
from qadesk.qa.engine import Reader, open_reader
from qadesk.settings import Settings
from qadesk.ui.shell.main_window import MainWindow


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:  # said by Qt for every window on a screen that is none
        item.add_marker(pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True))


@pytest.fixture(scope="session")
def bundled_reader() -> Reader:
    """The model that comes with the program."""
    return open_reader(paths.bundled_model_dir(), device="cpu")


@pytest.fixture
def make_window(qtbot: QtBot, bundled_reader: Reader) -> Iterator[MakeWindow]:
    """Makes windows: with ``reader`` or the bundled one, ``text`` pasted into it, and settings by their keys."""
    windows: list[MainWindow] = []

    def make(reader: Any = None, *, text: str = "", first: bool = False, **settings: object) -> MainWindow:
        user_settings = Settings()
        user_settings.set("state.started", not first)
        for key, value in settings.items():
            user_settings.set(key.replace("__", "."), value)
        window = MainWindow(user_settings, load=lambda _settings: reader or bundled_reader)
        windows.append(window)
        qtbot.addWidget(window)
        window.resize(1100, 700)
        window.show()
        qtbot.waitExposed(window)
        window.begin()
        qtbot.waitUntil(lambda: window.services.reader.is_ready)
        if text:
            window.services.documents.paste(text)
        return window

    yield make
    for window in windows:
        window.close()
