"""The pages of a PDF in the real window, drawn by the real child process."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from driving import MakeWindow, ScriptedReader, ask, ask_place, ask_session
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from qadesk.records import Document, Page
from qadesk.ui.document.pages.page_view import PageView
from qadesk.ui.shell.main_window import MainWindow

sys.path.append(str(Path(__file__).parents[1] / "unit" / "documents"))

from pdf_files import make_pdf

PAGES = [["The lamp was lit by Isaac Penhale."], ["Thomas Reeve built the tower in 1862."], ["The end."]]


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "tower.pdf"
    path.write_bytes(make_pdf(PAGES))
    return path


def pages_of(window: MainWindow) -> PageView:
    return ask_place(window).view.pane.pages


def open_pdf(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    window.services.documents.open(path)
    qtbot.waitUntil(lambda: ask_session(window).document is not None, timeout=20_000)


def show_pages(qtbot: QtBot, window: MainWindow) -> PageView:
    """The pages, with the boxes and pixels of the first one."""
    qtbot.keyClick(window, Qt.Key.Key_F8)
    pages = pages_of(window)
    qtbot.waitUntil(lambda: pages.store.boxes(0) is not None, timeout=20_000)
    return pages


def test_f8_shows_the_pages_with_the_answers_marked_on_the_words(
    qtbot: QtBot, make_window: MakeWindow, pdf: Path
) -> None:
    window = make_window(ScriptedReader([("1862", 0.8), ("Isaac Penhale", 0.2)]))
    open_pdf(qtbot, window, pdf)
    ask(qtbot, window, "When was it built?")
    pages = show_pages(qtbot, window)
    assert pages.isVisible()
    assert not ask_place(window).view.pane.text.isVisible()
    qtbot.waitUntil(lambda: bool(pages.answer_rects(0)), timeout=20_000)
    (rect,) = pages.answer_rects(0)
    assert pages.viewport().rect().contains(rect.toRect())
    image = pages.viewport().grab(rect.toRect()).toImage()
    assert any(image.pixelColor(x, 1).blue() < 200 for x in range(image.width()))  # yellow, not the white of paper
    qtbot.keyClick(window, Qt.Key.Key_F4)
    qtbot.waitUntil(lambda: bool(pages.answer_rects(1)), timeout=20_000)
    (other,) = pages.answer_rects(1)
    clicked = []
    pages.answer_clicked.connect(clicked.append)
    qtbot.mouseClick(pages.viewport(), Qt.MouseButton.LeftButton, pos=other.center().toPoint())
    assert clicked == [1]
    qtbot.keyClick(window, Qt.Key.Key_F8)
    assert ask_place(window).view.pane.text.isVisible()


def test_the_choice_is_kept_for_the_document(qtbot: QtBot, make_window: MakeWindow, pdf: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pdf"
    other.write_bytes(make_pdf([["Other words."]]))
    window = make_window(ScriptedReader())
    pane = ask_place(window).view.pane
    open_pdf(qtbot, window, pdf)
    show_pages(qtbot, window)
    window.services.documents.open(other)
    qtbot.waitUntil(lambda: pane.title.text() == "other.pdf", timeout=20_000)
    assert not pane.shows_pages
    window.services.documents.open(pdf)
    qtbot.waitUntil(lambda: pane.title.text() == "tower.pdf", timeout=20_000)
    assert pane.shows_pages
    assert pane.pages_button.isChecked()


def test_only_a_pdf_has_pages_to_show(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader(), text="Some words.")
    pane = ask_place(window).view.pane
    assert not pane.pages_button.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_F8)
    assert not pane.shows_pages


def test_words_are_selected_by_mouse_and_keys_and_copied(qtbot: QtBot, make_window: MakeWindow, pdf: Path) -> None:
    window = make_window(ScriptedReader())
    open_pdf(qtbot, window, pdf)
    pages = show_pages(qtbot, window)
    text = pages.document.text
    first, last = text.index("lamp"), text.index("Isaac")
    pages.mark_answers([[(first, first + 4)], [(last, last + 5)]], 0, doubtful=False)
    start, end = pages.answer_rects(0)[0], pages.answer_rects(1)[0]
    left = QPoint(round(start.left()) + 1, round(start.center().y()))
    right = QPoint(round(end.right()) - 1, round(end.center().y()))
    qtbot.mousePress(pages.viewport(), Qt.MouseButton.LeftButton, pos=left)
    qtbot.mouseMove(pages.viewport(), right)
    qtbot.mouseRelease(pages.viewport(), Qt.MouseButton.LeftButton, pos=right)
    assert pages.selected() == (first, last + 5)
    qtbot.keyClick(window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "lamp was lit by Isaac"
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(pages, Qt.Key.Key_Right, shift | Qt.KeyboardModifier.ControlModifier)
    assert pages.selected() == (first, text.index("Penhale") + 7)
    qtbot.keyClick(pages, Qt.Key.Key_Left, shift)
    assert pages.selected() == (first, text.index("Penhale") + 6)
    qtbot.mouseDClick(pages.viewport(), Qt.MouseButton.LeftButton, pos=start.center().toPoint())
    assert pages.selected() == (first, first + 4)


def test_find_marks_and_walks_the_pages(qtbot: QtBot, make_window: MakeWindow, pdf: Path) -> None:
    window = make_window(ScriptedReader())
    open_pdf(qtbot, window, pdf)
    pages = show_pages(qtbot, window)
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    bar = ask_place(window).view.pane.find_bar
    qtbot.keyClicks(bar.field, "tower")
    qtbot.waitUntil(lambda: bar.count.text() == "1 of 1")
    qtbot.waitUntil(lambda: 1 in pages._visible_pages() and pages.store.boxes(1) is not None, timeout=20_000)
    assert pages._to_reveal is None


def test_zoom_fit_turn_and_the_way_back(qtbot: QtBot, make_window: MakeWindow, pdf: Path) -> None:
    window = make_window(ScriptedReader())
    open_pdf(qtbot, window, pdf)
    pages = show_pages(qtbot, window)
    wide = pages.zoom.factor
    assert pages.column.size.width() == pytest.approx(pages.viewport().width(), abs=1)
    window.commands["fit_page"].trigger()
    assert pages.column.rect(0).height() <= pages.viewport().height()
    window.commands["zoom_in"].trigger()
    assert pages.zoom.fit == "none"
    window.commands["zoom_reset"].trigger()
    assert pages.zoom.factor == pytest.approx(wide)
    window.commands["turn_pages"].trigger()
    assert pages.column.rect(0).width() > pages.column.rect(0).height()
    for _ in range(3):
        window.commands["turn_pages"].trigger()
    pages.go_to(pages.document.pages[2].start)
    assert pages.verticalScrollBar().value() > 0
    window.commands["go_back"].trigger()
    assert pages.verticalScrollBar().value() == 0
    window.commands["go_forward"].trigger()
    assert pages.verticalScrollBar().value() > 0


def test_a_process_that_ends_is_replaced_and_nothing_is_lost(qtbot: QtBot, make_window: MakeWindow, pdf: Path) -> None:
    window = make_window(ScriptedReader())
    open_pdf(qtbot, window, pdf)
    pages = show_pages(qtbot, window)
    assert pages.process._process is not None
    pages.process._process.kill()
    qtbot.waitUntil(lambda: not pages.process.has_room, timeout=20_000)
    qtbot.waitUntil(lambda: pages.process.has_room, timeout=20_000)
    pages.go_to(pages.document.pages[2].start)
    qtbot.waitUntil(lambda: pages.store.boxes(2) is not None, timeout=20_000)
    assert ask_place(window).view.pane.shows_pages


@pytest.mark.parametrize(
    ("contents", "words"),
    [(make_pdf([["Other."]]), "The file has changed since it was read"), (None, "There is no file 'tower.pdf'")],
)
def test_a_file_that_changed_or_went_away_is_said_and_the_text_stays(
    qtbot: QtBot, make_window: MakeWindow, pdf: Path, contents: bytes | None, words: str
) -> None:
    window = make_window(ScriptedReader())
    pane = ask_place(window).view.pane
    open_pdf(qtbot, window, pdf)
    if contents:
        pdf.write_bytes(contents)
    else:
        pdf.unlink()
    qtbot.keyClick(window, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: not pane.shows_pages, timeout=20_000)
    assert words in window.services.messages._title.text()


def test_small_pages_lead_to_their_pages(qtbot: QtBot, make_window: MakeWindow, pdf: Path) -> None:
    window = make_window(ScriptedReader())
    open_pdf(qtbot, window, pdf)
    pages = show_pages(qtbot, window)
    strip = ask_place(window).view.pane.page_strip
    assert not strip.isVisible()
    window.commands["toggle_page_strip"].trigger()
    assert strip.isVisible()
    assert strip.hasFocus()
    small = strip.store.small(0, 0, "paper")
    qtbot.waitUntil(lambda: strip.store.image(small) is not None, timeout=20_000)
    qtbot.keyClick(strip, Qt.Key.Key_Down)
    assert pages.column.page_at(pages._area().top()) == 1
    assert strip.current == 1
    place = strip.column.rect(0).center() + strip._origin()
    qtbot.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert pages.verticalScrollBar().value() == 0
    window.commands["toggle_page_strip"].trigger()
    assert pages.hasFocus()


def test_words_without_a_place_on_the_page_are_said_and_not_marked(
    qtbot: QtBot, make_window: MakeWindow, pdf: Path
) -> None:
    window = make_window(ScriptedReader([("typed", 0.9)]))
    text = "What was typed into a form."
    pages = tuple(Page(number, str(number), 0 if number == 1 else len(text), len(text)) for number in (1, 2, 3))
    window.services.documents.show_document(Document(text, "tower.pdf", "pdf", pdf, pages))
    view = show_pages(qtbot, window)
    ask(qtbot, window, "What was it?")
    qtbot.waitUntil(lambda: "cannot be marked on the page" in window.services.messages._title.text(), timeout=20_000)
    assert view.answer_rects(0) == []


def test_pages_are_dark_in_a_dark_window_as_the_settings_say(qtbot: QtBot, make_window: MakeWindow, pdf: Path) -> None:
    window = make_window(ScriptedReader(), view__theme="dark")
    open_pdf(qtbot, window, pdf)
    pages, strip = show_pages(qtbot, window), ask_place(window).view.pane.page_strip
    for look, key, value in (
        ("invert", "view.dark_pages", "invert"),
        ("dim", "view.dark_pages", "dim"),
        ("paper", "view.theme", "light"),
        ("dim", "view.theme", "dark"),
    ):
        window.settings.set(key, value)
        window._apply_setting(key)
        assert (pages.look, strip.look) == (look, look)


def test_small_pages_go_with_the_document(qtbot: QtBot, make_window: MakeWindow, pdf: Path) -> None:
    window = make_window(ScriptedReader())
    open_pdf(qtbot, window, pdf)
    show_pages(qtbot, window)
    strip = ask_place(window).view.pane.page_strip
    assert len(strip.column.sizes) == len(PAGES)
    window.services.documents.close()
    assert len(strip.column.sizes) == 0


def test_a_screen_reader_gets_the_page_in_view_with_its_text(qtbot: QtBot, make_window: MakeWindow, pdf: Path) -> None:
    window = make_window(ScriptedReader())
    open_pdf(qtbot, window, pdf)
    pages, document = show_pages(qtbot, window), ask_session(window).document
    assert document is not None
    for number in (1, 2):
        ask_place(window).view.pane.go_to_page(number)
        page = document.pages[number - 1]
        qtbot.waitUntil(lambda page=page: pages.accessibleName() == f"Pages, {page.name}", timeout=5000)
        assert pages.accessibleDescription() == document.text[page.start : page.end]
