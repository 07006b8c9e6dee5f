"""The document view: where marks are painted, what is copied, and that long texts are quick."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette, QTextCursor, QTextDocument, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qadesk.records import Document
from qadesk.structure.plain import blocks_of
from qadesk.ui.document.answer_view import AnswerView, show_matches
from qadesk.ui.document.display_text import display_text
from qadesk.ui.document.document_view import DocumentView
from qadesk.ui.document.text_contents import TextContents, contents_ahead, whole_contents
from qadesk.ui.kit import theme


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication) -> DocumentView:
    theme.apply(qapp, "light", 100)
    widget = DocumentView()
    qtbot.addWidget(widget)
    widget.resize(700, 400)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def mark(view: DocumentView, text: str, *answers: str) -> list[tuple[int, int]]:
    view.show_text(text)
    spans = [(text.index(answer), text.index(answer) + len(answer)) for answer in answers]
    view.mark_answers([[span] for span in spans], 0, doubtful=False)
    view.reveal(*spans[0])
    QApplication.processEvents()
    return spans


def test_it_is_an_answer_view(qtbot: QtBot, view: DocumentView) -> None:
    answer_view: AnswerView = view  # checked by mypy
    view.show_text("Isaac Penhale lit it.\n" * 500 + "Thomas Reeve built it.")
    span = (11_000, 11_012)
    assert answer_view.text_of(*span) == "Thomas Reeve"
    with qtbot.waitSignal(answer_view.scrolled):
        show_matches(answer_view, [(0, 5), span], 1)
    QApplication.processEvents()
    top = answer_view.top_offset()
    assert 10_000 < top <= span[0]
    show_matches(answer_view, [(0, 5)], -1)  # none is the current one
    QApplication.processEvents()
    assert answer_view.top_offset() == top


def text_under_marks(view: DocumentView, index: int = 0) -> str:
    """The text of the widget below the rectangles of an answer."""
    text = ""
    for rect in view.answer_rects(index):
        cursor = view.cursorForPosition(rect.center().toPoint())
        first = view.cursorForPosition(QPoint(round(rect.left()) + 1, round(rect.center().y()))).position()
        cursor.setPosition(first)
        last = view.cursorForPosition(QPoint(round(rect.right()) - 1, round(rect.center().y()))).position()
        cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
        text += cursor.selectedText()
    return text


@pytest.mark.parametrize(
    "text",
    [
        "The answer is Isaac Penhale, the keeper.",
        "😀😀 👩‍🚀 emoji before 😀 Isaac Penhale 😀 and after.",
        "Line one\r\nline two\r\n\r\nIsaac Penhale\r\nlast\r\n",
        "Old\rMac\rlines\r\rIsaac Penhale\r.",
        "\ufeffA mark of byte order, Isaac Penhale.",
        "Nul \x00 and form feed \x0c and \u2028 separators \u2029 Isaac Penhale.",
        "x" * 4095 + "\r\n😀 Isaac Penhale",
        "word " * 20_000 + "Isaac Penhale " + "word " * 20_000,
        "שלום עולם Isaac Penhale עולם",
    ],
    ids=["plain", "emoji", "crlf", "cr", "bom", "odd", "step", "one long line", "right to left"],
)
def test_the_mark_is_on_the_answer(view: DocumentView, text: str) -> None:
    mark(view, text, "Isaac Penhale")
    assert text_under_marks(view) == "Isaac Penhale"


def test_an_answer_over_a_line_end_has_two_rectangles(view: DocumentView) -> None:
    mark(view, "The keeper Isaac\r\nPenhale lit it.", "Isaac\r\nPenhale")
    rects = view.answer_rects(0)
    assert len(rects) == 2
    assert rects[0].bottom() <= rects[1].top()


def test_right_to_left_words_are_marked(view: DocumentView) -> None:
    mark(view, "The word שלום here", "שלום")
    rect = view.answer_rects(0)[0]
    before = view.cursorForPosition(QPoint(round(rect.left()) - 3, round(rect.center().y()))).position()
    assert before <= len("The word ")
    assert rect.width() > 10


def test_marks_are_painted_with_colour_line_and_number(view: DocumentView) -> None:
    mark(view, "\n\nSome words before Isaac Penhale and after.", "Isaac Penhale", "words")
    rect = view.answer_rects(0)[0]
    picture = view.viewport().grab().toImage()
    colours = {
        picture.pixelColor(x, round(rect.center().y()) - 6).name()
        for x in range(round(rect.left()), round(rect.right()))
    }
    assert theme.LIGHT.mark in colours
    assert picture.pixelColor(round(rect.center().x()), round(rect.bottom()) + 1).name() == theme.LIGHT.mark_line
    corner = {
        picture.pixelColor(x, y).name()
        for x in range(round(rect.left()) - 10, round(rect.left()))
        for y in range(round(rect.top()) - 8, round(rect.top()))
    }
    assert theme.LIGHT.mark_line in corner  # the background of the number
    other_rect = view.answer_rects(1)[0]
    colours = {
        picture.pixelColor(x, round(other_rect.top()) + 2).name()
        for x in range(round(other_rect.left()), round(other_rect.right()))
    }
    assert theme.LIGHT.other in colours


def test_a_far_answer_is_scrolled_to(view: DocumentView) -> None:
    text = "A line of words.\n" * 3000 + "Isaac Penhale\n" + "A line of words.\n" * 3000
    mark(view, text, "Isaac Penhale")
    rect = view.answer_rects(0)[0]
    assert 0.05 * view.viewport().height() < rect.top() < 0.95 * view.viewport().height()


@pytest.mark.parametrize(
    "text", ["word " * 20_000 + "Isaac Penhale " + "word " * 20_000, "Some words.\n\n" * 900 + "Isaac Penhale"]
)
def test_the_scroll_position_is_kept_when_the_window_is_resized(view: DocumentView, text: str) -> None:
    spans = mark(view, text, "Isaac Penhale")
    view.show_at_top(spans[0][0])
    for width in (500, 900, 450, 700):
        view.resize(width, 400)
        QApplication.processEvents()
        assert text_under_marks(view) == "Isaac Penhale", width


def test_lines_are_spaced_evenly(view: DocumentView) -> None:
    view.show_text("one\ntwo\nعربي\n\nfive\n")
    QApplication.processEvents()
    block = view.document().firstBlock()
    heights = []
    while block.isValid():
        heights.append(view.blockBoundingRect(block).height())
        block = block.next()
    assert len(set(heights)) == 1
    assert heights[0] > view.fontMetrics().height()


def test_lines_are_not_longer_than_the_setting(view: DocumentView) -> None:
    view.resize(1600, 400)
    view.show_text("word " * 500)
    view.set_line_length(50)
    QApplication.processEvents()
    layout = view.document().firstBlock().layout()
    view.blockBoundingRect(view.document().firstBlock())
    assert max(layout.lineAt(index).textLength() for index in range(layout.lineCount())) <= 70


def test_a_click_on_an_answer_chooses_it_and_a_click_elsewhere_does_not(qtbot: QtBot, view: DocumentView) -> None:
    mark(view, "\n\nSome words before Isaac Penhale and after.", "Isaac Penhale", "words")
    with qtbot.waitSignal(view.answer_clicked) as clicked:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.answer_rects(1)[0].center().toPoint())
    assert clicked.args == [1]
    with qtbot.assertNotEmitted(view.answer_clicked):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))


def test_a_click_between_two_lines_is_on_the_nearer_one(qtbot: QtBot, view: DocumentView) -> None:
    view.show_text("first line of words\nsecond line of words")
    QApplication.processEvents()
    line = view._visible_lines()[1].rect
    qtbot.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(round(line.left()) + 60, round(line.top()) - 1)
    )
    assert view.textCursor().blockNumber() == 1
    assert 0 < view.textCursor().positionInBlock() < len("second line of words")


def test_the_text_of_the_document_is_copied_not_that_of_the_widget(view: DocumentView) -> None:
    text = "a\u00a0b\r\nc\x0cd😀\u2028e"
    view.show_text(text)
    view.selectAll()
    assert view.selected() == (0, len(text))
    view.copy()
    assert QGuiApplication.clipboard().text() == text


def test_ctrl_and_the_wheel_change_the_text_size(qtbot: QtBot, view: DocumentView) -> None:
    def turn(modifier: Qt.KeyboardModifier) -> QWheelEvent:
        nothing, none = QPoint(), Qt.MouseButton.NoButton
        point = QPointF(50, 50)
        phase = Qt.ScrollPhase.NoScrollPhase
        return QWheelEvent(point, view.mapToGlobal(point), nothing, QPoint(0, 120), none, modifier, phase, False)

    with qtbot.waitSignal(view.zoomed) as zoomed:
        QApplication.sendEvent(view.viewport(), turn(Qt.KeyboardModifier.ControlModifier))
    assert zoomed.args == [1]
    with qtbot.assertNotEmitted(view.zoomed):
        QApplication.sendEvent(view.viewport(), turn(Qt.KeyboardModifier.NoModifier))


@pytest.mark.parametrize(
    "line", ["The quick brown fox jumps over the lazy dog. " * 12 + "\n", "word😀 "], ids=["lines", "one line"]
)
def test_two_million_characters_open_and_scroll_without_a_freeze(view: DocumentView, line: str) -> None:
    text = line * (2_000_000 // len(line))
    start_time = time.perf_counter()
    view.show_text(text)
    QApplication.processEvents()
    open_seconds = time.perf_counter() - start_time
    start_time = time.perf_counter()
    view.mark_answers([[(len(text) - 3000, len(text) - 2990)]], 0, doubtful=False)
    view.reveal(len(text) - 3000, len(text) - 2990)
    QApplication.processEvents()
    scroll_seconds = time.perf_counter() - start_time
    assert view.answer_rects(0)
    assert open_seconds < 1
    assert scroll_seconds < 0.5


LONG = "".join(f"Paragraph {number} 😀 is about Isaac Penhale.\r\n\r\n" for number in range(3000))
TABLE = "Year\tStaff\n" + "".join(f"{year}\t{year * 7}\n" for year in range(9000))


def show_part(view: DocumentView, text: str, offset: int) -> TextContents:
    """Show the part of ``text`` around ``offset``; gives the contents of the whole text."""
    part = contents_ahead(Document(text, "Long", blocks=tuple(blocks_of(text))), offset)
    assert part is not None
    assert not part.is_whole
    view.show_document(Document(text, "Long"), part)
    whole = whole_contents(part)
    while True:
        try:
            next(whole)
        except StopIteration as end:
            return end.value


@pytest.mark.parametrize("text", [LONG, TABLE], ids=["paragraphs", "table"])
def test_what_is_seen_stays_when_the_whole_text_takes_the_place_of_a_part(view: DocumentView, text: str) -> None:
    start = text.index("8", len(text) // 2)
    whole = show_part(view, text, start)
    view.mark_answers([[(start, start + 1)], [(3, 5)]], 0, doubtful=False)
    view.mark_matches([(start + 3, start + 5)], 0)
    view.reveal(start, start + 1)
    cursor = view.textCursor()
    cursor.movePosition(cursor.MoveOperation.NextCharacter, cursor.MoveMode.KeepAnchor, 30)
    view.setTextCursor(cursor)
    QApplication.processEvents()
    before = view.top_offset(), view.selected(), view.answer_rects(0), view.viewport().grab().toImage()
    assert before[2]
    assert len(view.toPlainText()) < len(text) / 2
    view.show_whole(whole)
    QApplication.processEvents()
    assert (view.top_offset(), view.selected(), view.answer_rects(0), view.viewport().grab().toImage()) == before
    assert view.toPlainText() == display_text(text, blocks_of(text)).replace("\u2028", "\n")
    assert view.text_of(3, 5) == text[3:5]


def test_what_is_not_in_the_part_is_gone_to_when_the_whole_text_is_there(view: DocumentView) -> None:
    span = LONG.index("2900"), LONG.index("2900") + 4
    whole = show_part(view, LONG, 0)
    view.mark_answers([[span]], 0, doubtful=False)
    view.reveal(*span)
    view.resize(650, 400)
    QApplication.processEvents()
    assert view.top_offset() == 0
    assert not view.answer_rects(0)
    view.show_whole(whole)
    QApplication.processEvents()
    assert text_under_marks(view) == "2900"
    whole = show_part(view, LONG, 0)
    view.show_at_top(span[0])
    view.go_to(0)  # the last one counts
    view.show_whole(whole)
    assert view.top_offset() == 0


def test_documents_that_were_shown_do_not_stay_in_memory(qtbot: QtBot, view: DocumentView) -> None:
    for number in range(5):
        view.show_text(f"Text {number}.")
    qtbot.waitUntil(lambda: len(view.findChildren(QTextDocument)) == 1)


def test_colours_follow_the_theme_and_the_scroll_position_is_kept(qapp: QApplication, view: DocumentView) -> None:
    view.show_text("A line of words.\n" * 500)
    view.show_at_top(17 * 200)
    QApplication.processEvents()
    top = view.top_offset()
    assert top == 17 * 200
    theme.apply(qapp, "dark", 130)
    view.restyle()
    QApplication.processEvents()
    assert abs(view.top_offset() - top) <= 17
    assert view.palette().color(QPalette.ColorRole.Highlight) == QColor(theme.DARK.selection)
    theme.apply(qapp, "light", 100)
