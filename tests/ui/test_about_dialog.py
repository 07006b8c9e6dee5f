"""The About window: the version, what the program is made of, found by typing, and the model's card."""

from __future__ import annotations

import pytest
from driving import MakeWindow, ScriptedReader
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

import qadesk
from qadesk import paths
from qadesk.app.licences import Package
from qadesk.ui.shell.about_dialog import AboutDialog, LicencesPage

PACKAGES = [
    Package("harfbuzz", "14.3", "MIT", "https://harfbuzz.org", "QtGui", ("The text of harfbuzz.",)),
    Package("numpy", "2.4", "BSD-3-Clause", texts=("The text of numpy.",)),
    Package("torch", "2.13", "BSD-3-Clause", texts=("The text of torch.",)),
]


@pytest.fixture
def page(qtbot: QtBot) -> LicencesPage:
    page = LicencesPage()
    qtbot.addWidget(page)
    page.show_packages(PACKAGES)
    return page


def names(page: LicencesPage) -> list[str]:
    return [page.list.item(row).text().split()[0] for row in range(page.list.count())]


def test_the_menu_opens_it_and_it_fills_without_holding_up_the_window(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader())
    window.commands["show_about"].trigger()
    dialog = window.services.dialogs.current
    assert isinstance(dialog, AboutDialog)
    assert dialog.facts.toPlainText() == "Looking…"
    qtbot.waitUntil(lambda: dialog.licences.list.count() > 20, timeout=20_000)
    assert f"qadesk: {qadesk.__version__}" in dialog.shown_text
    assert str(paths.data_dir()) in dialog.shown_text
    assert "Python" in names(dialog.licences)
    assert "SQuAD" in dialog.card.toPlainText()
    dialog.tabs.setCurrentIndex(1)
    dialog.copy_button.click()
    assert QGuiApplication.clipboard().text() == dialog.licences.text.toPlainText() != ""


def test_it_can_be_closed_before_it_is_filled(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader())
    window.show_about()
    assert window.services.dialogs.current is not None
    window.services.dialogs.current.close()
    with qtbot.waitSignal(window.services.history.recent_changed, timeout=10_000):  # the window goes on
        window.services.store.open()


@pytest.mark.parametrize(
    ("search_text", "expected_names"),
    [("", ["harfbuzz", "numpy", "torch"]), ("bsd", ["numpy", "torch"]), ("QtGui mit", ["harfbuzz"]), ("gpl", [])],
)
def test_typing_finds_names_licences_and_what_it_is_part_of(
    page: LicencesPage, search_text: str, expected_names: list[str]
) -> None:
    page.field.setText(search_text)
    assert names(page) == expected_names
    assert page.count.text() == f"{len(expected_names)} of 3 packages"
    assert bool(page.text.toPlainText()) == bool(expected_names)


def test_the_list_is_walked_from_the_field(qtbot: QtBot, page: LicencesPage) -> None:
    assert "The text of harfbuzz." in page.text.toPlainText()
    qtbot.keyClick(page.field, Qt.Key.Key_Down)
    assert page.text.toPlainText().startswith("numpy 2.4\nLicence: BSD-3-Clause")
    qtbot.keyClick(page.field, Qt.Key.Key_Up)
    qtbot.keyClick(page.field, Qt.Key.Key_Up)
    assert "The text of torch." in page.text.toPlainText()
