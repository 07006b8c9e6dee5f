"""Scans in the real window, with Tesseract in its real child processes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from driving import (
    MakeWindow,
    ScriptedReader,
    answers_panel,
    ask,
    ask_bar,
    ask_place,
    ask_session,
    document,
    document_pane,
    question_field,
)
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from qadesk.ui.shell.main_window import MainWindow

sys.path.append(str(Path(__file__).parents[1] / "unit" / "documents"))
from pdf_objects import drawn_pages, text_at
from scan_files import LINES, TEXT, image_bytes, picture_of, write_scan

pytest.importorskip("tesserocr")

CTRL = Qt.KeyboardModifier.ControlModifier
LONG = 60_000  # milliseconds, on a machine that has other work
NAME = "Thomas Reeve"


def reader() -> ScriptedReader:
    return ScriptedReader([(NAME, 0.9)])


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    return write_scan(tmp_path / "scan.pdf", *[[line] for line in LINES])


def open_scan(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    window.services.documents.open(path)
    qtbot.waitUntil(lambda: ask_session(window).document is not None, timeout=LONG)


def wait_for_end(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until all pages are read and shown."""
    qtbot.waitUntil(lambda: not document(window).scans and not ask_place(window).scans.is_working, timeout=LONG)
    qtbot.waitUntil(lambda: not window.services.documents.is_working, timeout=LONG)


def test_a_scan_is_shown_as_pages_with_a_bar_that_offers_recognition(
    qtbot: QtBot, make_window: MakeWindow, scan: Path
) -> None:
    window = make_window(reader())
    open_scan(qtbot, window, scan)
    pane = document_pane(window)
    assert pane.shows_pages
    assert pane.scan_bar.isVisible()
    assert pane.scan_bar.label.text() == "All pages are pictures without text."
    assert pane.scan_bar.button.text() == "Recognise the text"
    assert not ask_bar(window).button.isEnabled()
    assert "Recognise the text" in question_field(window).placeholderText()
    assert window.commands["recognize"].isEnabled()
    assert not window.commands["open_find"].isEnabled()
    assert window.services.status.position.text() in ("", "Page 1 of 3")
    question_field(window).setText("Who?")
    question_field(window).returnPressed.emit()
    assert ask_session(window).question == ""
    window.services.documents.paste("Words.")
    assert not pane.scan_bar.isVisible()
    assert not window.commands["recognize"].isEnabled()


def test_the_button_recognises_and_answers_say_where_they_are_from(
    qtbot: QtBot, make_window: MakeWindow, scan: Path
) -> None:
    window = make_window(reader())
    open_scan(qtbot, window, scan)
    pane = document_pane(window)
    qtbot.mouseClick(pane.scan_bar.button, Qt.MouseButton.LeftButton)
    wait_for_end(qtbot, window)
    assert document(window).text.split() == TEXT.split()
    assert document(window).recognized_pages == (1, 2, 3)
    assert not pane.scan_bar.isVisible()
    assert pane.shows_pages
    assert window.services.messages._title.text() == "The text of 3 pages was recognised."
    assert not window.commands["recognize"].isEnabled()
    ask(qtbot, window, "Who built the tower?")
    card = answers_panel(window).cards[0]
    assert f"{NAME}. " in card.accessibleName()
    assert "Page 2, read by text recognition. " in card.accessibleName()
    assert card._origin.isVisible()
    assert card._origin.text() == "Read by text recognition"
    qtbot.waitUntil(lambda: bool(pane.pages.answer_rects(0)), timeout=LONG)
    (rect,) = pane.pages.answer_rects(0)
    assert rect.width() > rect.height()


def test_ctrl_r_recognises_pauses_and_goes_on(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    path = write_scan(tmp_path / "scan.pdf", *[[f"{line} {number}"] for number, line in enumerate(LINES * 16)])
    window = make_window(reader())
    open_scan(qtbot, window, path)
    bar = document_pane(window).scan_bar
    qtbot.keyClick(window, Qt.Key.Key_R, CTRL)
    assert ask_place(window).scans.is_working
    qtbot.waitUntil(lambda: bar.is_running, timeout=LONG)
    assert bar.button.text() == "Pause"
    qtbot.waitUntil(lambda: " 0 of " not in bar.label.text(), timeout=LONG)
    qtbot.keyClick(window, Qt.Key.Key_R, CTRL)
    assert not ask_place(window).scans.is_working
    qtbot.waitUntil(lambda: bar.button.text() == "Go on recognising", timeout=LONG)
    qtbot.waitUntil(lambda: not window.services.documents.is_working, timeout=LONG)
    assert document(window).scans
    assert document(window).recognized_pages
    assert len(document(window).scans) + len(document(window).recognized_pages) == 48
    assert window.commands["recognize"].isEnabled()
    qtbot.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    wait_for_end(qtbot, window)
    assert not bar.isVisible()
    assert len(document(window).recognized_pages) == 48


def test_the_setting_always_recognises_at_once(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    path = tmp_path / "scan.png"
    path.write_bytes(image_bytes(picture_of()))
    window = make_window(reader(), documents__recognize="always")
    open_scan(qtbot, window, path)
    wait_for_end(qtbot, window)
    assert document(window).text.split() == TEXT.split()
    window.services.documents.reload()  # it is known now
    qtbot.waitUntil(lambda: not window.services.documents.is_working, timeout=LONG)
    assert not ask_place(window).scans.is_working


def test_question_draft_and_page_are_kept(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    path = tmp_path / "mixed.pdf"
    path.write_bytes(
        drawn_pages(*[text_at(50, 700, f"Printed words {n}. {NAME}.") for n in (1, 2, 3)], b"0 g 9 9 300 300 re f")
    )
    opinions = reader()
    window = make_window(opinions)
    open_scan(qtbot, window, path)
    pane = document_pane(window)
    assert document(window).scans == (4,)
    assert pane.shows_pages
    qtbot.waitUntil(lambda: pane.pages.store.boxes(0) is not None, timeout=LONG)
    ask(qtbot, window, "Who built the tower?")
    assert "read by text recognition" not in answers_panel(window).cards[0].accessibleName()
    pane.go_to_page(2)
    assert pane.page_in_view() == 2
    question_field(window).setText("Who else")
    window.commands["recognize"].trigger()
    wait_for_end(qtbot, window)
    qtbot.waitUntil(lambda: len(opinions.asked) == 2 and ask_session(window).answers is not None, timeout=LONG)
    assert ask_session(window).question == "Who built the tower?"
    assert question_field(window).text() == "Who else"
    qtbot.waitUntil(lambda: pane.pages.store.boxes(1) is not None, timeout=LONG)
    assert pane.shows_pages
    assert pane.page_in_view() == 2


def test_a_picture_without_text_is_said_and_offered_again(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    path = tmp_path / "blank.png"
    path.write_bytes(image_bytes(picture_of([])))
    window = make_window(reader())
    open_scan(qtbot, window, path)
    bar = document_pane(window).scan_bar
    window.commands["recognize"].trigger()
    title = window.services.messages._title
    qtbot.waitUntil(lambda: title.text() == "'blank.png' holds no text.", timeout=LONG)
    assert not bar.is_running
    assert bar.button.text() == "Recognise the text"


def test_a_damaged_picture_is_said(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    path = tmp_path / "half.png"
    data = image_bytes(picture_of())
    path.write_bytes(data[: len(data) // 2])
    window = make_window(reader())
    open_scan(qtbot, window, path)
    window.commands["recognize"].trigger()
    messages = window.services.messages
    qtbot.waitUntil(lambda: messages._title.text() == "Page 1 could not be read.", timeout=LONG)
    qtbot.waitUntil(lambda: not window.services.documents.is_working, timeout=LONG)
    assert document(window).scans == (1,)


def test_closing_the_document_ends_recognition(qtbot: QtBot, make_window: MakeWindow, scan: Path) -> None:
    window = make_window(reader())
    open_scan(qtbot, window, scan)
    window.commands["recognize"].trigger()
    window.services.documents.close()
    assert not ask_place(window).scans.is_working
    assert not document_pane(window).scan_bar.isVisible()


def test_the_label_place_takes_a_document_without_text(qtbot: QtBot, make_window: MakeWindow, scan: Path) -> None:
    window = make_window(reader())
    window.show_place("label")
    open_scan(qtbot, window, scan)
    window.show_place("label")
    window.commands["add_questions"].trigger()
    assert window.services.messages._title.text() == "The pages are pictures."
    window.show_place("ask")
    assert document(window).scans == (1, 2, 3)


def test_the_first_page_stays_in_view_where_a_later_one_is_read_before_it(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    path = write_scan(tmp_path / "scan.pdf", LINES * 20, LINES[:1])
    window = make_window(reader())
    window.resize(1000, 500)
    open_scan(qtbot, window, path)
    pane = document_pane(window)
    qtbot.waitUntil(lambda: bool(pane.pages.column.sizes), timeout=LONG)
    window.commands["recognize"].trigger()
    wait_for_end(qtbot, window)
    qtbot.waitUntil(lambda: pane.pages.store.boxes(0) is not None, timeout=LONG)
    assert pane.page_in_view() == 1


def test_without_tesseract_the_bar_says_so_and_the_pages_are_shown(
    qtbot: QtBot, make_window: MakeWindow, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tesserocr", None)
    window = make_window(reader(), documents__recognize="always")
    open_scan(qtbot, window, scan)
    pane = document_pane(window)
    assert pane.shows_pages
    assert pane.scan_bar.label.text().endswith("Text recognition is not available on this system.")
    assert not pane.scan_bar.button.isVisible()
    window.commands["recognize"].trigger()
    qtbot.waitUntil(lambda: "no package of it for this platform" in window.services.messages.text, timeout=LONG)
