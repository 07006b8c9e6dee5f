"""The page of devices in the settings: what is there, what is taken and why, and measuring."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

import pytest
from driving import MakeWindow, Opinions
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from qadesk.app.reading import device_listing as app
from qadesk.app.reading.device_timings import recall
from qadesk.qa.devices import CPU_PROVIDER, Computer, Device
from qadesk.settings import Settings, pages
from qadesk.ui.kit.jobs import Jobs
from qadesk.ui.settings.settings_dialog import SettingsDialog

CARD = Device("cuda", "Card A", "torch", "bfloat16", 16.0)
WITH_CARD = Computer(lambda: (CARD,), lambda: (CPU_PROVIDER,), lambda: True, lambda: 4)

Make = Callable[[], SettingsDialog]


@pytest.fixture
def kept() -> Settings:
    return Settings()


@pytest.fixture
def make(qtbot: QtBot, kept: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes the dialog with its page of devices in front, listed. Measuring is short."""
    jobs = Jobs()
    failed: list[object] = []
    made: list[SettingsDialog] = []
    monkeypatch.setattr(app, "measure", functools.partial(app.measure, seconds=0.2))

    def show() -> SettingsDialog:
        dialog = SettingsDialog(kept, jobs)
        dialog.failed.connect(failed.append)
        qtbot.addWidget(dialog)
        dialog.show()
        dialog.tabs.setCurrentIndex([*pages()].index("Devices"))
        made.append(dialog)
        qtbot.waitUntil(lambda: "Looking" not in dialog.devices.said.text())
        return dialog

    yield show
    for dialog in made:
        dialog.reject()
    jobs.close()
    assert failed == []


def rows(dialog: SettingsDialog) -> list[str]:
    found = dialog.devices.list
    return [found.item(index).text() for index in range(found.count())]


def choices(dialog: SettingsDialog) -> list[tuple[str, str]]:
    field = dialog.editors["model.device"].field
    assert isinstance(field, QComboBox)
    return [(field.itemData(index), field.itemText(index)) for index in range(field.count())]


def with_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "list_devices", functools.partial(app.list_devices, computer=WITH_CARD))


def test_the_processor_is_listed_with_the_reason(make: Make) -> None:
    dialog = make()
    first = rows(dialog)[0]
    assert first.startswith("Processor\n")
    assert "cores" in first or "core" in first
    assert dialog.devices.said.text() == "Not measured yet."


def test_only_what_is_there_can_be_chosen(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    with_card(monkeypatch)
    dialog = make()
    assert choices(dialog) == [("auto", "Automatic"), ("cpu", "Processor (cpu)"), ("cuda", "Card A (cuda)")]
    current = dialog.devices.list.currentItem()
    assert (
        current.text() == "Card A\n16 GB · bfloat16\nTaken: Card A, 16 GB; a graphics card goes before the processor."
    )


def test_a_device_that_is_gone_stays_chosen_and_is_said(make: Make, kept: Settings) -> None:
    kept.set("model.device", "openvino")
    dialog = make()
    field = dialog.editors["model.device"].field
    assert isinstance(field, QComboBox)
    assert field.currentText() == "openvino (not on this computer)"
    assert "'openvino' is not available on this computer" in dialog.devices.said.text()
    assert not any("Taken" in row for row in rows(dialog))


def test_another_choice_is_shown_at_once(qtbot: QtBot, make: Make, kept: Settings) -> None:
    dialog = make()
    field = dialog.editors["model.device"].field
    assert isinstance(field, QComboBox)
    field.setCurrentIndex(field.findData("cpu"))
    assert kept["model.device"] == "cpu"
    qtbot.waitUntil(lambda: "chosen in the settings" in rows(dialog)[0])


def test_measuring_shows_and_keeps_the_speed(qtbot: QtBot, make: Make, kept: Settings) -> None:
    dialog = make()
    changed: list[str] = []
    dialog.changed.connect(changed.append)
    page = dialog.devices
    page.button.setFocus()
    qtbot.keyClick(page.button, Qt.Key.Key_Space)
    assert page.button.text() == "&Cancel"
    assert page.progress.isVisible()
    qtbot.waitUntil(lambda: "windows a second" in rows(dialog)[0], timeout=20_000)
    assert page.button.text() == "&Measure"
    assert not page.progress.isVisible()
    assert page.said.text().startswith("Measured on ")
    assert recall(Settings()) is not None
    assert changed == ["model.device"]  # the window loads the reader again


def test_measuring_changes_nothing_where_the_device_is_chosen(qtbot: QtBot, make: Make, kept: Settings) -> None:
    kept.set("model.device", "cpu")
    dialog = make()
    changed: list[str] = []
    dialog.changed.connect(changed.append)
    with qtbot.waitSignal(dialog.devices.measured, timeout=20_000):
        dialog.devices.button.click()
    assert changed == []


@pytest.mark.parametrize("how", ["cancel", "close"])
def test_measuring_can_be_stopped(how: str, qtbot: QtBot, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "measure", functools.partial(app.measure.func, seconds=60))  # type: ignore[attr-defined]
    dialog = make()
    page = dialog.devices
    page.button.click()
    job = page._measuring
    assert job is not None
    qtbot.waitUntil(lambda: "2 of" in page.said.text(), timeout=20_000)
    if how == "cancel":
        page.button.click()
        assert page.said.text() == "Stopped. What was measured before is kept."
        assert page.button.text() == "&Measure"
    else:
        dialog.reject()
    assert job.is_cancelled()
    assert recall(Settings()) is None


def test_a_model_that_is_none_is_said(qtbot: QtBot, make: Make, kept: Settings) -> None:
    kept.set("model.folder", "/nowhere")
    dialog = make()
    page = dialog.devices
    assert "no folder '/nowhere'" in page.said.text()
    assert rows(dialog) == []
    page.button.click()
    qtbot.waitUntil(lambda: page._measuring is None)
    assert "no folder '/nowhere'" in page.said.text()


def test_the_window_loads_the_reader_again(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(Opinions())
    window.show_settings()
    dialog = window.services.dialogs.current
    assert isinstance(dialog, SettingsDialog)
    with qtbot.waitSignal(window.services.reader.load_started):
        dialog.devices.measured.emit()
    qtbot.waitUntil(lambda: window.services.reader.is_ready)
