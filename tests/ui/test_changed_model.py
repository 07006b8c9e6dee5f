"""What is shown of answers after another model was chosen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from driving import (
    MakeWindow,
    ScriptedReader,
    answer_marks,
    answers_panel,
    ask,
    ask_session,
    current_place,
    document_view,
)
from library_driving import ask_library, fill, library_place
from pytestqt.qtbot import QtBot

from qadesk.ui.shell.main_window import MainWindow

TEXT = "The lamp was lit by Isaac Penhale. Thomas Reeve built the tower."


def other_reader() -> ScriptedReader:
    reader = ScriptedReader([("Thomas Reeve", 0.9)])
    reader.model = SimpleNamespace(name="other", folder=Path("other"), onnx=Path("model_int8.onnx"), safetensors=())
    return reader


def change_model(window: MainWindow, reader: ScriptedReader) -> None:
    window.services.reader._load = lambda _settings: reader  # type: ignore[assignment,return-value]
    window.settings.set("model.folder", str(reader.model.folder))
    window.services.reader.load()


def test_answers_of_another_model_are_marked_and_asked_again(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader([("Isaac Penhale", 0.9)]), text=TEXT)
    ask(qtbot, window, "Who?")
    stale = answers_panel(window).stale
    assert not stale.isVisible()
    change_model(window, other_reader())
    assert stale.isVisible()
    assert "'opinions'" in stale.label.text()
    assert not stale.button.isVisible()
    assert all(mark.doubtful for mark in answer_marks(document_view(window)))
    session = ask_session(window)
    with qtbot.waitSignal(session.finished):
        pass
    assert session.answer is not None
    assert session.answer.text == "Thomas Reeve"
    assert not stale.isVisible()


def test_the_same_model_on_another_device_gives_no_reason_to_ask_again(qtbot: QtBot, make_window: MakeWindow) -> None:
    reader = ScriptedReader([("Isaac Penhale", 0.9)])
    window = make_window(reader, text=TEXT)
    ask(qtbot, window, "Who?")
    with qtbot.waitSignal(window.services.reader.loaded):
        window.services.reader.load()
    assert not answers_panel(window).stale.isVisible()
    assert reader.asked == ["Who?"]


def test_answers_that_come_from_elsewhere_stay_with_a_button(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader([("Isaac Penhale", 0.9)]), text=TEXT)
    ask(qtbot, window, "Who?")
    session = ask_session(window)
    assert session.answers is not None
    session.show_answers("Who?", session.answers, "history")
    with qtbot.waitSignal(window.services.reader.loaded):
        change_model(window, other_reader())
    stale = answers_panel(window).stale
    assert stale.isVisible()
    with qtbot.waitSignal(session.finished):
        stale.button.click()
    assert session.answer is not None
    assert session.answer.text == "Thomas Reeve"


@pytest.fixture
def leases(tmp_path: Path, home: Path) -> Path:
    """A folder in the library."""
    folder = tmp_path / "leases"
    folder.mkdir()
    (folder / "lease.txt").write_text("The rent is 800 pounds a month. The deposit is 900 pounds.")
    fill("Leases", folder)
    return folder


@pytest.mark.usefixtures("leases")
def test_answers_of_the_library_are_marked_and_asked_again(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    qtbot.waitUntil(lambda: bool(window.services.library.collections))
    window.show_place("library")
    ask_library(qtbot, window, "How much is the rent?")
    parts, reader = library_place(window).parts, window.services.reader
    stale = parts.view.answers.stale
    assert not stale.isVisible()
    assert reader._info is not None
    before = reader.model_name
    reader._info = replace(reader._info, name="other")
    parts.asking.show_again()
    assert stale.isVisible()
    assert f"'{before}'" in stale.label.text()
    with qtbot.waitSignal(parts.asking.session.finished, timeout=20_000):
        reader.loaded.emit(reader._info)
    assert not stale.isVisible()


@pytest.mark.usefixtures("leases")
def test_a_question_that_a_document_does_not_answer_is_put_to_the_library(
    qtbot: QtBot, make_window: MakeWindow
) -> None:
    window = make_window(text="The lamp was lit by Isaac Penhale.")
    qtbot.waitUntil(lambda: bool(window.services.library.collections))
    ask(qtbot, window, "How much is the rent?")
    elsewhere = answers_panel(window).elsewhere
    assert elsewhere.text() == "Ask all documents of the library"
    elsewhere.click()
    place = library_place(window)
    assert current_place(window) is place
    session = place.parts.asking.session
    qtbot.waitUntil(lambda: session.answer is not None and not session.is_working, timeout=20_000)
    assert "800" in session.visible_answers[0].text
