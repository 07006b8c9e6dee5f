"""The page of devices in the settings: what is there, what is taken and why, and measuring."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

import pytest
from driving import MakeWindow, ScriptedReader
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from qadesk.app.reading import device_listing as app
from qadesk.app.reading.device_timings import load_timings
from qadesk.qa.devices import CPU_PROVIDER, Computer, Device
from qadesk.settings import Settings, pages
from qadesk.ui.kit import theme
from qadesk.ui.kit.jobs import Jobs
from qadesk.ui.settings.devices_page import DevicesPage
from qadesk.ui.settings.settings_dialog import SettingsDialog

CARD = Device("cuda", "Card A", "torch", "bfloat16", 16.0)
WITH_CARD = Computer(lambda: (CARD,), lambda: (CPU_PROVIDER,), lambda: True, lambda: 4)

MakeDialog = Callable[[], SettingsDialog]


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def make_dialog(qtbot: QtBot, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeDialog]:
    """Makes the dialog with its page of devices in front, listed. Measuring is short."""
    jobs = Jobs()
    failed: list[object] = []
    dialogs: list[SettingsDialog] = []
    monkeypatch.setattr(app, "time_devices", functools.partial(app.time_devices, seconds=0.2))

    def show() -> SettingsDialog:
        dialog = SettingsDialog(settings, jobs)
        dialog.failed.connect(failed.append)
        qtbot.addWidget(dialog)
        dialog.show()
        dialog.tabs.setCurrentIndex([page.title for page in pages()].index("Model"))
        dialogs.append(dialog)
        qtbot.waitUntil(lambda: "Looking" not in devices_of(dialog).status.text())
        return dialog

    yield show
    for dialog in dialogs:
        dialog.reject()
    jobs.close()
    assert failed == []


def devices_of(dialog: SettingsDialog) -> DevicesPage:
    page = dialog.custom_pages["Model"]
    assert isinstance(page, DevicesPage)
    return page


def rows(dialog: SettingsDialog) -> list[str]:
    devices = devices_of(dialog).list
    return [devices.item(index).text() for index in range(devices.count())]


def choices(dialog: SettingsDialog) -> list[tuple[str, str]]:
    field = dialog.editors["model.device"].field
    assert isinstance(field, QComboBox)
    return [(field.itemData(index), field.itemText(index)) for index in range(field.count())]


def with_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "list_devices", functools.partial(app.list_devices, computer=WITH_CARD))


def test_the_processor_is_listed_with_the_reason(make_dialog: MakeDialog) -> None:
    dialog = make_dialog()
    first = rows(dialog)[0]
    assert first.startswith("Processor\n")
    assert "cores" in first or "core" in first
    assert devices_of(dialog).status.text() == "Not measured yet."


def test_only_what_is_there_can_be_chosen(make_dialog: MakeDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    with_card(monkeypatch)
    dialog = make_dialog()
    assert choices(dialog) == [("auto", "Automatic"), ("cpu", "Processor (cpu)"), ("cuda", "Card A (cuda)")]
    current = devices_of(dialog).list.currentItem()
    assert current.text() == "Card A\n16 GB\nIn use: Card A, 16 GB; a graphics card goes before the processor."
    assert "bfloat16" in current.toolTip()


def test_a_device_that_is_gone_stays_chosen_and_is_reported(make_dialog: MakeDialog, settings: Settings) -> None:
    settings.set("model.device", "openvino")
    dialog = make_dialog()
    field = dialog.editors["model.device"].field
    assert isinstance(field, QComboBox)
    assert field.currentText() == "openvino (not on this computer)"
    assert "'openvino' is not available on this computer" in devices_of(dialog).status.text()
    assert not any("Taken" in row for row in rows(dialog))


def test_another_choice_is_shown_at_once(qtbot: QtBot, make_dialog: MakeDialog, settings: Settings) -> None:
    dialog = make_dialog()
    field = dialog.editors["model.device"].field
    assert isinstance(field, QComboBox)
    field.setCurrentIndex(field.findData("cpu"))
    assert settings["model.device"] == "cpu"
    qtbot.waitUntil(lambda: "chosen in the settings" in rows(dialog)[0])


@pytest.mark.parametrize("zoom", [100, 150, 200])
def test_no_line_of_a_device_is_cut_off(qtbot: QtBot, make_dialog: MakeDialog, qapp: QApplication, zoom: int) -> None:
    theme.apply(qapp, "light", zoom)
    try:
        devices = devices_of(make_dialog()).list
        qtbot.waitUntil(lambda: devices.viewport().height() >= devices.visualItemRect(devices.item(0)).height())
        assert devices.verticalScrollBar().maximum() == 0
    finally:
        theme.apply(qapp, "light", 100)


@pytest.mark.slow
def test_measuring_shows_and_keeps_the_speed(qtbot: QtBot, make_dialog: MakeDialog, settings: Settings) -> None:
    dialog = make_dialog()
    changed: list[str] = []
    dialog.changed.connect(changed.append)
    page = devices_of(dialog)
    page.button.setFocus()
    qtbot.keyClick(page.button, Qt.Key.Key_Space)
    assert page.button.text() == "&Cancel"
    assert page.progress.isVisible()
    qtbot.waitUntil(lambda: "parts of a long text a second" in rows(dialog)[0], timeout=20_000)
    assert page.button.text() == "&Measure"
    assert not page.progress.isVisible()
    assert page.status.text().startswith("Measured on ")
    assert load_timings(Settings()) is not None
    assert changed == ["model.device"]  # the window loads the reader again


@pytest.mark.slow
def test_measuring_changes_nothing_where_the_device_is_chosen(
    qtbot: QtBot, make_dialog: MakeDialog, settings: Settings
) -> None:
    settings.set("model.device", "cpu")
    dialog = make_dialog()
    changed: list[str] = []
    dialog.changed.connect(changed.append)
    page = devices_of(dialog)
    page.button.click()
    qtbot.waitUntil(lambda: page.status.text().startswith("Measured on "), timeout=20_000)
    assert changed == []


@pytest.mark.slow
@pytest.mark.parametrize("how", ["cancel", "close"])
def test_measuring_can_be_stopped(
    how: str, qtbot: QtBot, make_dialog: MakeDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "time_devices", functools.partial(app.time_devices.func, seconds=60))  # type: ignore[attr-defined]
    dialog = make_dialog()
    page = devices_of(dialog)
    page.button.click()
    job = page._measuring
    assert job is not None
    qtbot.waitUntil(lambda: "2 of" in page.status.text(), timeout=20_000)
    if how == "cancel":
        page.button.click()
        assert page.status.text() == "Stopped. What was measured before is kept."
        assert page.button.text() == "&Measure"
    else:
        dialog.reject()
    assert job.is_cancelled()
    assert load_timings(Settings()) is None


def test_a_folder_without_a_model_is_reported(qtbot: QtBot, make_dialog: MakeDialog, settings: Settings) -> None:
    settings.set("model.folder", "/nowhere")
    dialog = make_dialog()
    page = devices_of(dialog)
    assert "no folder '/nowhere'" in page.status.text()
    assert rows(dialog) == []
    page.button.click()
    qtbot.waitUntil(lambda: page._measuring is None)
    assert "no folder '/nowhere'" in page.status.text()


def test_the_window_loads_the_reader_again(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader())
    window.show_settings()
    dialog = window.services.dialogs.current
    assert isinstance(dialog, SettingsDialog)
    with qtbot.waitSignal(window.services.reader.load_started):
        devices_of(dialog).setting_changed.emit("model.device")
    qtbot.waitUntil(lambda: window.services.reader.is_ready)
