"""Where the dialogs for files begin."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from qadesk import paths
from qadesk.settings import Settings
from qadesk.ui.kit.file_chooser import FileChooser, documents_folder


@pytest.fixture
def chooser(qtbot: QtBot, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileChooser:
    """One for a user with a folder of documents."""
    (tmp_path / "Documents").mkdir()
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _kind: str(tmp_path / "Documents"))
    window = QWidget()
    qtbot.addWidget(window)
    return FileChooser(window, Settings())


@pytest.fixture
def starts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where the dialogs began; the user chooses what is in it last."""
    names: list[str] = []

    def choose(_parent: object, _title: str, start: str, _filters: str) -> tuple[str, str]:
        chosen = names.pop()
        names.append(start)
        return chosen, ""

    for function in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, function, choose)
    return names


def test_a_dialog_begins_in_the_documents_and_then_in_the_last_folder_of_its_purpose(
    tmp_path: Path, chooser: FileChooser, starts: list[str]
) -> None:
    leases = tmp_path / "leases"
    leases.mkdir()
    starts.append(str(leases / "a.pdf"))
    assert chooser.existing_file("document", "Open", "") == leases / "a.pdf"
    assert starts.pop() == str(tmp_path / "Documents")
    starts.append("")
    assert chooser.existing_file("document", "Open", "") is None
    assert starts == [str(leases)]
    assert chooser.folder("labels") == tmp_path / "Documents"
    leases.rmdir()
    assert chooser.folder("document") == tmp_path / "Documents"


def test_a_new_file_is_suggested_beside_its_document_but_not_among_the_files_of_the_program(
    tmp_path: Path, chooser: FileChooser, starts: list[str]
) -> None:
    starts.append(str(tmp_path / "out.md"))
    suggested = tmp_path / "lease-answers.md"
    suggested.parent.mkdir(exist_ok=True)
    assert chooser.new_file("answers", "Export", suggested, "")[0] == tmp_path / "out.md"
    assert starts.pop() == str(suggested)
    starts.append("")
    chooser.new_file("print", "Print", paths.sample_path().with_name("lighthouse-printed.pdf"), "")
    assert starts == [str(tmp_path / "Documents" / "lighthouse-printed.pdf")]


def test_what_makes_no_sense_in_the_settings_is_no_folder(chooser: FileChooser) -> None:
    settings = Settings()
    for value in ("", "[]", '{"document": 3}'):
        settings.set("state.folders", value)
        assert FileChooser(QWidget(), settings).folder("document") == documents_folder()
