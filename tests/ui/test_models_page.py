"""The page of models in the real window: the list, the actions, and that long work goes on when it is closed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TypeVar

import pytest
from driving import MakeWindow, ScriptedReader, message_button
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QHeaderView,
    QLineEdit,
    QListWidget,
    QProgressBar,
    QTreeWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from qadesk import paths
from qadesk.app.models import compare as app_compare
from qadesk.app.models import download as app_download
from qadesk.app.models import import_export
from qadesk.app.models.compare import ComparedQuestion, ModelComparison
from qadesk.app.models.manage import ListedModel
from qadesk.errors import DownloadError, ModelError
from qadesk.progress import Progress
from qadesk.settings import Settings
from qadesk.train.metrics import Report
from qadesk.ui.models.comparison_dialog import ComparisonDialog
from qadesk.ui.models.model_dialogs import CompareDialog, DownloadDialog, RemoveDialog, RenameDialog
from qadesk.ui.models.models_page import ModelsPage
from qadesk.ui.shell.main_window import MainWindow

BUNDLED = "QADesk reader 7"


def add_model(home: Path, name: str, /, **description: object) -> Path:
    """Add a model of the user's: the weights of the bundled one, without its graph. Returns its folder."""
    folder = home / "data" / "models" / name
    folder.mkdir(parents=True)
    for file in ("config.json", "tokenizer.json", "model.safetensors"):
        shutil.copy(paths.bundled_model_dir() / file, folder)
    if description:
        (folder / "qadesk.json").write_text(json.dumps(description), encoding="utf-8")
    return folder


Open = Callable[..., tuple[MainWindow, ModelsPage]]
D = TypeVar("D", bound=QDialog)


@pytest.fixture
def open_page(qtbot: QtBot, make_window: MakeWindow) -> Open:
    """Opens a window, unless there is one, and the page by its key."""

    def open_(window: MainWindow | None = None, **settings: object) -> tuple[MainWindow, ModelsPage]:
        window = window or make_window(ScriptedReader(), **settings)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        qtbot.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        page = window.models.page
        assert page is not None
        qtbot.waitUntil(lambda: page.list.count() > 0)
        return window, page

    return open_


def names(page: ModelsPage) -> list[str]:
    return [page.list.item(row).text().splitlines()[0] for row in range(page.list.count())]


def choose(page: ModelsPage, name: str) -> None:
    page.list.setCurrentRow(names(page).index(name))


def enabled_buttons(page: ModelsPage) -> set[str]:
    return {name for name, button in page.buttons.items() if button.isEnabled()}


def open_dialog(kind: type[D]) -> D:
    """The open dialog of ``kind``."""
    (dialog,) = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, kind) and widget.isVisible()]
    return dialog


def test_the_models_are_listed_with_state_origin_size_and_marks(home: Path, open_page: Open) -> None:
    marks = {"own": {"before": {"f1": 54.0}, "after": {"f1": 81.2}}}
    add_model(home, "mine", name="Mine", base={"name": BUNDLED}, date="2026-11-24", metrics=marks)
    (home / "data" / "models" / "broken").mkdir()
    _, page = open_page()
    bundled_row, broken_row, user_model = [page.list.item(row).text() for row in range(3)]
    assert bundled_row.startswith(f"{BUNDLED}\nIn use · Comes with QADesk · ")
    assert "Cannot be used: The folder 'broken' holds no model" in broken_row
    assert user_model.splitlines() == [
        "Mine",
        f"Fine-tuned from {BUNDLED} on 24 November 2026 · 45.7 MB",
        "F1 on your questions 54.0 → 81.2",
    ]
    choose(page, "Mine")
    assert page.detail.text().startswith("Slower at first: a faster form is made when it is used\n")
    for place in (page.detail.toolTip(), page.detail.accessibleDescription()):
        assert "BertForQuestionAnswering, safetensors" in place
    assert "Bert" not in page.detail.text()
    assert str(home / "data" / "models" / "mine") in page.detail.text()


def test_only_what_can_be_done_can_be_pressed(home: Path, open_page: Open) -> None:
    add_model(home, "mine")
    (home / "data" / "models" / "broken").mkdir()
    _, page = open_page()
    always = {"folder", "zip", "download"}
    assert enabled_buttons(page) == {"compare", "export", *always}  # the bundled one is in use, and cannot be changed
    choose(page, "mine")
    assert enabled_buttons(page) == {"use", "compare", "rename", "export", "remove", *always}
    choose(page, "broken")
    assert enabled_buttons(page) == {"remove", *always}


def test_use_loads_the_model_and_go_back_the_one_before(home: Path, qtbot: QtBot, open_page: Open) -> None:
    add_model(home, "mine")
    window, page = open_page()
    choose(page, "mine")
    with qtbot.waitSignal(window.services.reader.loaded, timeout=10_000):
        qtbot.keyClick(page.list, Qt.Key.Key_Return)
    assert Settings()["model.folder"] == "mine"
    assert page.message.text() == "'mine' answers from now on."
    qtbot.waitUntil(lambda: "In use" in page.list.item(1).text())
    qtbot.waitUntil(page.buttons["back"].isEnabled)
    assert not page.buttons["remove"].isEnabled()
    with qtbot.waitSignal(window.services.reader.loaded, timeout=10_000):
        page.buttons["back"].click()
    assert (Settings()["model.folder"], Settings()["model.previous"]) == ("", "mine")


def test_a_model_that_cannot_be_loaded_is_given_up(
    home: Path, qtbot: QtBot, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_model(home, "mine")
    window, page = open_page(model__previous="older")
    choose(page, "mine")

    def refuse(_settings: Settings) -> None:
        raise ModelError("Its weights are odd.", "Choose another.")

    monkeypatch.setattr(window.services.reader, "_load", refuse)
    with qtbot.waitSignal(window.services.reader.load_failed, timeout=10_000):
        page.buttons["use"].click()
    assert (Settings()["model.folder"], Settings()["model.previous"]) == ("", "older")
    assert page.message.text() == "The model stays as it was. Its weights are odd. Choose another."
    qtbot.waitUntil(lambda: "In use" in page.list.item(0).text())
    window.services.reader.load()  # refused for another reason later: nothing is undone
    window.settings.set("model.folder", "mine")
    with qtbot.waitSignal(window.services.reader.load_failed, timeout=10_000):
        window.services.reader.load()
    assert Settings()["model.folder"] == "mine"


def test_a_model_is_renamed_by_its_key(home: Path, qtbot: QtBot, open_page: Open) -> None:
    folder = add_model(home, "mine")
    _, page = open_page()
    choose(page, "mine")
    qtbot.keyClick(page.list, Qt.Key.Key_F2)
    dialog = open_dialog(RenameDialog)
    assert dialog.field.text() == "mine"
    dialog.field.setText("  ")
    assert not dialog.accept_button.isEnabled()
    dialog.field.setText("Contracts")
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Contracts" in names(page))
    assert json.loads((folder / "qadesk.json").read_text(encoding="utf-8")) == {"name": "Contracts"}
    page.buttons["rename"].click()
    dialog = open_dialog(RenameDialog)
    dialog.field.setText(BUNDLED.upper())
    dialog.accept()
    qtbot.waitUntil(lambda: "already a model called" in page.message.text())


def test_remove_asks_first(home: Path, qtbot: QtBot, open_page: Open) -> None:
    folder = add_model(home, "mine")
    _, page = open_page()
    choose(page, "mine")
    qtbot.keyClick(page.list, Qt.Key.Key_Delete)
    open_dialog(RemoveDialog).reject()
    assert folder.is_dir()
    qtbot.keyClick(page.list, Qt.Key.Key_Delete)
    dialog = open_dialog(RemoveDialog)
    dialog.remove_button.click()
    qtbot.waitUntil(lambda: names(page) == [BUNDLED])
    assert not folder.exists()


@pytest.mark.usefixtures("untried_models")
def test_out_as_a_zip_and_in_again(
    home: Path, tmp_path: Path, qtbot: QtBot, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_model(home, "mine")
    _, page = open_page()
    choose(page, "mine")
    archive = tmp_path / "mine.zip"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(archive), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(archive), ""))
    page.buttons["export"].click()
    qtbot.waitUntil(lambda: page.message.text() == f"'mine' is in {archive}.", timeout=10_000)
    page.buttons["zip"].click()
    qtbot.waitUntil(lambda: page.list.count() == 3, timeout=10_000)
    assert page.message.text() == "'mine (2)' is among the models now."
    assert page.selected is not None
    assert page.selected.name == "mine (2)"


def slowly(closed: list[bool], result: object) -> Callable[..., Generator[Progress, None, object]]:
    """Long work that adds to ``closed`` when it is closed. It ends as soon as ``closed`` is not empty."""

    def work(*_: object) -> Generator[Progress, None, object]:
        try:
            while not closed:
                yield Progress("MB downloaded:", 3, 12, 9.0)
        except GeneratorExit:
            closed.append(True)
            raise
        return result

    return work


def start_download(page: ModelsPage) -> None:
    page.buttons["download"].click()
    dialog = open_dialog(DownloadDialog)
    assert not dialog.accept_button.isEnabled()
    dialog.field.setText("anna/reader")
    dialog.accept()


def test_a_download_shows_its_progress_and_can_be_cancelled(
    qtbot: QtBot, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[bool] = []
    monkeypatch.setattr(app_download, "download", slowly(closed, None))
    window, page = open_page()
    assert not page.strip.isVisible()
    start_download(page)
    assert window.services.status.offline.text() == "○ Downloading"
    assert not enabled_buttons(page) & {"folder", "zip", "download", "export"}
    qtbot.waitUntil(lambda: "MB downloaded: 3 of 12 · 9 s left" in page.strip.label.text())
    assert (page.strip.bar.value(), page.strip.bar.maximum()) == (3, 12)
    qtbot.keyClick(page.strip.cancel_button, Qt.Key.Key_Space)
    assert not page.strip.isVisible()
    assert page.message.text() == "Stopped."
    assert window.services.status.offline.text() == "● Offline"
    assert "download" in enabled_buttons(page)
    qtbot.waitUntil(lambda: closed == [True])


def test_work_goes_on_while_the_page_is_closed_and_reports_when_it_is_done(
    home: Path, qtbot: QtBot, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    release: list[bool] = []
    monkeypatch.setattr(app_download, "download", slowly(release, add_model(home, "reader")))
    window, page = open_page()
    start_download(page)
    page.reject()
    window, page = open_page(window)
    assert page.strip.isVisible()  # the page shows it again
    page.reject()
    release.append(True)
    qtbot.waitUntil(lambda: window.services.messages.text == "'reader' is among the models now.")
    use = message_button(window, "Use it")
    with qtbot.waitSignal(window.services.reader.loaded, timeout=10_000):
        qtbot.mouseClick(use, Qt.MouseButton.LeftButton)
    assert Settings()["model.folder"] == "reader"


@pytest.mark.parametrize("is_open", [True, False])
def test_an_error_is_shown_where_the_user_looks(
    is_open: bool, qtbot: QtBot, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    release: list[bool] = []

    def fail(*_: object) -> Generator[Progress, None, Path]:
        while not release:
            yield Progress("Asking the hub", 0, 0)
        raise DownloadError("The hub cannot be reached.", "Try again.")

    monkeypatch.setattr(app_download, "download", fail)
    window, page = open_page()
    start_download(page)
    if not is_open:
        page.reject()
    release.append(True)
    if is_open:
        qtbot.waitUntil(lambda: page.message.text() == "The hub cannot be reached. Try again.")
        assert window.services.messages.text == ""
    else:
        qtbot.waitUntil(lambda: window.services.messages.text == "The hub cannot be reached. Try again.")
    assert not window.models.actions.is_working


def test_an_import_that_is_refused_is_reported(
    tmp_path: Path, qtbot: QtBot, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    _, page = open_page()
    page.buttons["folder"].click()
    qtbot.waitUntil(lambda: "holds no model" in page.message.text())
    assert page.list.count() == 1


def compared(first: Path, second: Path, dataset: object, _settings: Settings) -> Generator[Progress, None, object]:
    report = Report(50.0, 60.0, 2, None, None)
    rows = (
        ComparedQuestion("1", "Who <b>built</b> it?", ("Reeve",), "Reeve", "", 1.0, 0.0),
        ComparedQuestion("2", "When?", ("in 1862",), "1862", "in 1862 or so", 2 / 3, 0.8),
        ComparedQuestion("3", "Why?", (), "", "", 1.0, 1.0),
    )
    assert len(dataset.examples) > 50  # type: ignore[attr-defined]
    yield Progress("Asking:", 1, 2)
    return ModelComparison((first.name, second.name), (report, report), (1.0, 2.0), 20.0, 5.0, rows)


@pytest.mark.parametrize("is_open", [True, False])
def test_two_models_are_compared(
    is_open: bool, home: Path, qtbot: QtBot, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_model(home, "mine")
    monkeypatch.setattr(app_compare, "compare", compared)
    window, page = open_page()
    choose(page, "mine")
    page.buttons["compare"].click()
    qtbot.waitUntil(lambda: any(isinstance(widget, CompareDialog) for widget in QApplication.topLevelWidgets()))
    dialog = open_dialog(CompareDialog)
    assert [dialog.other.itemText(row) for row in range(dialog.other.count())] == [BUNDLED]
    assert not dialog.on_labels  # there are none
    dialog.accept()
    if not is_open:
        page.reject()
        qtbot.waitUntil(lambda: "is better than" in window.services.messages.text)
        show = message_button(window, "Show")
        qtbot.mouseClick(show, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(isinstance(widget, ComparisonDialog) for widget in QApplication.topLevelWidgets()))
    comparison = open_dialog(ComparisonDialog)
    assert comparison.summary.text().startswith("'reader' is better than 'mine' by 20.0 ± 5.0")
    rows = [[comparison.rows.topLevelItem(row).text(column) for column in range(4)] for row in range(2)]
    assert rows == [
        ["Who <b>built</b> it?", "Reeve", "✓ Reeve", "✗ (no answer)"],
        ["When?", "in 1862", "67 % 1862", "80 % in 1862 or so"],
    ]
    assert comparison.rows.topLevelItemCount() == 2
    comparison.close()


def test_comparing_with_a_file_reads_it(
    home: Path, tmp_path: Path, qtbot: QtBot, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_model(home, "mine")
    (tmp_path / "set.json").write_text("[]")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "set.json"), ""))
    _, page = open_page()
    page.buttons["compare"].click()
    qtbot.waitUntil(lambda: any(isinstance(widget, CompareDialog) for widget in QApplication.topLevelWidgets()))
    dialog = open_dialog(CompareDialog)
    dialog.data.setCurrentIndex(dialog.data.count() - 1)
    assert dialog.on_file
    dialog.accept()
    qtbot.waitUntil(lambda: "'set.json' holds no labels" in page.message.text())


def test_names_are_shown_as_text_and_not_too_long(home: Path, open_page: Open) -> None:
    add_model(home, "mine", name="<b>A & B</b> " * 20)
    _, page = open_page()
    name = names(page)[1]
    assert name.startswith("<b>A & B</b>")
    assert len(name) <= 60


def test_a_bug_opens_the_crash_window(qtbot: QtBot, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Generator[Progress, None, Path]:
        raise ZeroDivisionError
        yield

    monkeypatch.setattr(import_export, "import_model", fail)
    window, _ = open_page()
    errors: list[Exception] = []
    monkeypatch.setattr(window.crash, "show", errors.append)
    window.models.actions.import_from(Path("somewhere"))
    qtbot.waitUntil(lambda: len(errors) == 1)
    assert isinstance(errors[0], ZeroDivisionError)
    assert not window.models.actions.is_working


def nameless(root: QWidget) -> list[QWidget]:
    usable = (QAbstractButton, QLineEdit, QComboBox, QListWidget, QTreeWidget, QProgressBar)
    widgets = [widget for widget in root.findChildren(QWidget) if isinstance(widget, usable)]
    widgets = [widget for widget in widgets if not isinstance(widget.parentWidget(), QComboBox | QHeaderView)]
    return [widget for widget in widgets if not _accessible_name(widget)]


def _accessible_name(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name).strip()


def test_all_that_can_be_used_has_a_name(open_page: Open) -> None:
    _, page = open_page()
    report = Report(50.0, 60.0, 0, None, None)
    comparison = ModelComparison(("A", "B"), (report, report), (1.0, 2.0), 20.0, 5.0, ())
    compare = CompareDialog("mine", ["other"], 3, page)
    assert compare.on_labels
    dialogs = (page, RenameDialog("x", page), DownloadDialog("u", page), compare, ComparisonDialog(comparison, page))
    for dialog in dialogs:
        assert nameless(dialog) == []


def test_the_page_names_everything_and_its_letters_differ(home: Path, open_page: Open) -> None:
    add_model(home, "mine")
    _, page = open_page()
    letters = [button.text().partition("&")[2][:1].lower() for button in page.buttons.values()]
    assert "" not in letters
    assert len({*letters, "m"}) == len(letters) + 1
    for button in page.buttons.values():
        assert button.accessibleDescription()
    assert isinstance(page.selected, ListedModel)
