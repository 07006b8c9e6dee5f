"""Exporting answers: the dialog, what is written, and what is said of it."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from driving import MakeWindow, ScriptedReader, ask, ask_place, ask_session, question_field
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from qadesk.documents import read
from qadesk.records import Document
from qadesk.ui.services.export_dialog import ExportDialog
from qadesk.ui.shell.main_window import MainWindow

sys.path.append(str(Path(__file__).parents[1] / "unit" / "documents"))

from pdf_files import make_pdf

PAGES = [["The lamp was lit by Isaac Penhale."], ["Thomas Reeve built the tower in 1862."]]


@pytest.fixture(scope="module")
def tower(tmp_path_factory: pytest.TempPathFactory) -> Document:
    """The document, which is read once."""
    path = tmp_path_factory.mktemp("read") / "tower.pdf"
    path.write_bytes(make_pdf(PAGES))
    return read(path)


@pytest.fixture
def pdf(tmp_path: Path, tower: Document) -> Document:
    """The document with a file of its own."""
    assert tower.path is not None
    path = tmp_path / "tower.pdf"
    path.write_bytes(tower.path.read_bytes())
    return replace(tower, path=path)


@pytest.fixture
def chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that the user chooses, one after the other; what is suggested where there is none left."""
    names: list[str] = []

    def choose(_window: object, _title: str, path: str, _filter: str) -> tuple[str, str]:
        names.append(path)
        return names.pop(0), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    return names


def open_export(qtbot: QtBot, window: MainWindow) -> ExportDialog:
    window.commands["export_answers"].trigger()
    qtbot.waitUntil(lambda: isinstance(window.services.dialogs.current, ExportDialog))
    dialog = window.services.dialogs.current
    assert isinstance(dialog, ExportDialog)
    return dialog


def save(qtbot: QtBot, dialog: ExportDialog) -> None:
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)


def test_the_questions_of_a_document_are_written(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, chosen: list[str]
) -> None:
    window = make_window(ScriptedReader([("Isaac Penhale", 0.9), ("lamp", 0.01)]))
    assert not window.commands["export_answers"].isEnabled()
    window.services.documents.paste("The lamp was lit by Isaac Penhale.")
    assert not window.commands["export_answers"].isEnabled()
    for question in ("Who lit it?", "Who was there?", "Who lit it?"):
        ask(qtbot, window, question)
    dialog = open_export(qtbot, window)
    assert [button.text() for button in dialog.what] == ["&This question", "&All 2 questions that were asked of it"]
    assert dialog.formats.findData("pdf") < 0
    dialog.what[1].setChecked(True)
    dialog.choose_format("json")
    assert not dialog.unlikely.isEnabled()
    chosen.append(str(tmp_path / "out"))
    save(qtbot, dialog)
    qtbot.waitUntil(lambda: "2 questions written to out.json." in window.services.messages.text)
    data = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert {row["question"] for row in data["questions"]} == {"Who lit it?", "Who was there?"}
    assert [answer["text"] for answer in data["questions"][0]["answers"]] == ["Isaac Penhale", "lamp"]
    assert data["questions"][0]["model"] == "opinions"


def test_questions_of_other_days_are_there_and_the_format_is_remembered(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, chosen: list[str]
) -> None:
    window = make_window(ScriptedReader([("lamp", 0.9)]), text="The lamp was lit.")
    ask(qtbot, window, "What was lit?")
    window.services.documents.paste("Another text, with a lamp.")
    ask(qtbot, window, "What is there?")
    dialog = open_export(qtbot, window)
    assert len(dialog.what) == 1
    dialog.reject()
    window.services.documents.paste("The lamp was lit.")
    ask(qtbot, window, "What?")
    dialog = open_export(qtbot, window)
    assert dialog.what[1].text() == "&All 2 questions that were asked of it"
    dialog.choose_format("csv")
    dialog.unlikely.setChecked(True)
    chosen.append(str(tmp_path / "a.csv"))
    save(qtbot, dialog)
    qtbot.waitUntil(lambda: "1 question written to a.csv." in window.services.messages.text)
    assert open_export(qtbot, window).format_name == "csv"


def test_a_pdf_is_copied_with_highlights_and_shown_in_its_folder(
    qtbot: QtBot, make_window: MakeWindow, pdf: Document, monkeypatch: pytest.MonkeyPatch, chosen: list[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    window = make_window(ScriptedReader([("Thomas Reeve", 0.9)]))
    window.services.documents.show_document(pdf)
    ask(qtbot, window, "Who built it?")
    dialog = open_export(qtbot, window)
    dialog.choose_format("pdf")
    assert "marked" in dialog.about.text()
    assert pdf.path is not None
    chosen.append(str(pdf.path))
    save(qtbot, dialog)
    messages = window.services.messages
    qtbot.waitUntil(lambda: "'tower.pdf' is the document itself." in messages.text)
    dialog = open_export(qtbot, window)
    copy = pdf.path.with_name("tower-answers.pdf")
    chosen.append(str(copy))
    save(qtbot, dialog)
    qtbot.waitUntil(lambda: "1 highlight written to tower-answers.pdf." in messages.text, timeout=30_000)
    (annotation,) = pypdf.PdfReader(copy).pages[1]["/Annots"]
    assert annotation.get_object()["/Contents"].startswith("Who built it?\nThomas Reeve\n")
    (button,) = [button for button in messages.findChildren(QPushButton) if button.text() == "Show in folder"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert opened == [str(copy.parent)]


def test_an_export_can_be_stopped(qtbot: QtBot, make_window: MakeWindow, pdf: Document) -> None:
    window = make_window(ScriptedReader([("Thomas Reeve", 0.9)]))
    window.services.documents.show_document(pdf)
    ask(qtbot, window, "Who built it?")
    exports, place = window.services.export, ask_place(window)
    assert pdf.path is not None
    copy = pdf.path.with_name("copy.pdf")
    open_export(qtbot, window).reject()
    entry = place.export._asked["Who built it?"]
    with qtbot.waitSignal(exports.work_ended):
        exports.write(copy, [entry], "pdf", pdf)
        assert exports.is_working
        assert place.stop()
    assert not exports.is_working
    assert not place.export.stop()


def test_the_dialog_is_used_by_keyboard_and_named_for_screen_readers(
    qtbot: QtBot, make_window: MakeWindow, pdf: Document, chosen: list[str]
) -> None:
    window = make_window(ScriptedReader([("Thomas Reeve", 0.9)]))
    window.services.documents.show_document(pdf)
    ask(qtbot, window, "Who built it?")
    ask(qtbot, window, "Who?")
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(question_field(window), Qt.Key.Key_S, keys)  # where the keyboard is: the field must not take it
    qtbot.waitUntil(lambda: isinstance(window.services.dialogs.current, ExportDialog))
    dialog = window.services.dialogs.current
    assert isinstance(dialog, ExportDialog)
    assert dialog.formats.accessibleName() == "Format"
    qtbot.keyClick(dialog.what[0], Qt.Key.Key_Down)
    assert dialog.what[1].isChecked()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert pdf.path is not None
    written = pdf.path.with_name("tower-answers.md")
    qtbot.waitUntil(lambda: "2 questions written to tower-answers.md." in window.services.messages.text)
    assert written.read_text(encoding="utf-8").count("\n## ") == 2


def test_copied_answers_carry_file_page_and_characters(qtbot: QtBot, make_window: MakeWindow, pdf: Document) -> None:
    window = make_window(ScriptedReader([("Thomas Reeve", 0.9)]))
    window.services.documents.show_document(pdf)
    ask(qtbot, window, "Who built it?")
    start, end = ask_session(window).span or (0, 0)
    window.run_command("copy_with_source")
    assert QGuiApplication.clipboard().text() == f"“Thomas Reeve” (tower.pdf, page 2, characters {start}–{end})"
    window.run_command("copy")
    assert QGuiApplication.clipboard().text() == "Thomas Reeve"
