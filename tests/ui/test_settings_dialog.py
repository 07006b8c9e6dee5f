"""The dialog of settings, built from the table."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from qadesk import settings
from qadesk.errors import SettingError
from qadesk.settings import Settings, SettingsPage, pages
from qadesk.ui.kit.jobs import Jobs
from qadesk.ui.settings.custom_page import CustomPage
from qadesk.ui.settings.settings_dialog import SettingsDialog


@pytest.fixture
def dialog(qtbot: QtBot) -> Iterator[SettingsDialog]:
    jobs = Jobs()
    settings_dialog = SettingsDialog(Settings(), jobs)
    qtbot.addWidget(settings_dialog)
    yield settings_dialog
    settings_dialog.reject()
    jobs.close()


def test_every_row_that_is_shown_has_a_field_with_its_words(dialog: SettingsDialog) -> None:
    rows = [row for page_rows in pages().values() for row in page_rows]
    assert list(dialog.editors) == [row.key for row in rows]
    assert [dialog.tabs.tabText(index) for index in range(dialog.tabs.count())] == [page.title for page in pages()]
    for row in rows:
        editor = dialog.editors[row.key]
        assert editor.title.text() == row.title
        assert editor.help.text() == row.help
        assert editor.field.accessibleName() == row.title
        assert not editor.reset.isEnabled()


def test_a_change_is_kept_at_once_and_can_be_taken_back(qtbot: QtBot, dialog: SettingsDialog) -> None:
    changed: list[str] = []
    dialog.changed.connect(changed.append)
    top_k, overlap, theme, folder = (
        dialog.editors[key] for key in ("qa.top_k", "qa.overlap", "view.theme", "model.folder")
    )
    assert isinstance(top_k.field, QSpinBox)
    assert (top_k.field.minimum(), top_k.field.maximum()) == (1, 20)
    top_k.field.setValue(9)
    assert isinstance(overlap.field, QCheckBox)
    overlap.field.setChecked(True)
    assert isinstance(theme.field, QComboBox)
    theme.field.setCurrentIndex(2)
    assert isinstance(folder.field, QLineEdit)
    folder.field.setText("/models/mine")
    folder.field.editingFinished.emit()
    values = Settings()
    assert (values["qa.top_k"], values["qa.overlap"], values["view.theme"], values["model.folder"]) == (
        9,
        True,
        "dark",
        "/models/mine",
    )
    assert changed == ["qa.top_k", "qa.overlap", "view.theme", "model.folder"]
    assert top_k.reset.isEnabled()
    top_k.reset.click()
    assert top_k.field.value() == Settings()["qa.top_k"] == 5
    assert not top_k.reset.isEnabled()


def test_what_cannot_be_kept_is_reported_and_the_field_goes_back(
    qtbot: QtBot, dialog: SettingsDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Settings, key: str, value: object) -> None:
        raise SettingError("The settings could not be saved.")

    monkeypatch.setattr(Settings, "set", full)
    field = dialog.editors["qa.top_k"].field
    assert isinstance(field, QSpinBox)
    with qtbot.waitSignal(dialog.failed) as failed:
        field.setValue(9)
    assert "saved" in str(failed.args[0])
    assert field.value() == 5


class Clock(CustomPage):
    """A custom page that records its calls."""

    def start(self) -> None:
        self.calls = ["start"]
        self.choices_changed.emit("view.theme", {"system": "By day", "dark": "By night"})

    def on_setting_changed(self, key: str) -> None:
        self.calls.append(key)
        self.setting_changed.emit("view.zoom")

    def stop(self) -> None:
        self.calls.append("stop")


def test_a_page_with_a_widget_of_its_own_is_a_row_of_the_table(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("clock_page")
    module.Clock = Clock  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(settings, "PAGES", (*settings.PAGES, SettingsPage("Clock", "clock_page:Clock")))
    jobs = Jobs()
    dialog = SettingsDialog(Settings(), jobs)
    qtbot.addWidget(dialog)
    clock, theme = dialog.custom_pages["Clock"], dialog.editors["view.theme"].field
    assert isinstance(clock, Clock)
    assert isinstance(theme, QComboBox)
    assert dialog.tabs.tabText(dialog.tabs.count() - 1) == "Clock"
    assert dialog.tabs.widget(dialog.tabs.count() - 1).isAncestorOf(clock)
    assert [theme.itemText(index) for index in range(theme.count())] == ["By day", "By night"]
    changed: list[str] = []
    errors: list[object] = []
    dialog.changed.connect(changed.append)
    dialog.failed.connect(errors.append)
    theme.setCurrentIndex(1)
    clock.failed.emit("an error")
    dialog.reject()
    assert clock.calls == ["start", "view.theme", "stop"]
    assert (changed, errors) == (["view.theme", "view.zoom"], ["an error"])
    jobs.close()


def test_choices_have_titles_and_a_folder_has_a_button(dialog: SettingsDialog) -> None:
    theme = dialog.editors["view.theme"].field
    assert isinstance(theme, QComboBox)
    assert [theme.itemText(index) for index in range(theme.count())] == ["As the system", "Light", "Dark"]
    with_button = [key for key, editor in dialog.editors.items() if editor.findChildren(QPushButton)]
    assert with_button == ["model.folder"]
