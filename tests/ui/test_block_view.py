"""The document view over blocks: where cells, list items and headings are, what the mouse hits, and exact offsets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qadesk.documents.writer import Writer
from qadesk.records import Page
from qadesk.structure import Block, Cell
from qadesk.ui.document.document_view import DocumentView
from qadesk.ui.document.find_bar import find_matches
from qadesk.ui.kit import theme
from qadesk.ui.label.span_view import SpanView

LONG = "The meter is in the cellar behind the door on the left and is read by the council twice a year. "
ROWS = [
    ["Charge", "Paid by", "Amount", "Remarks"],
    ["Council tax", "Tenants", "148.00", ""],
    ["Water", "Landlord", "1,020.50", LONG * 3],
    ["Light 😀", "", "64.20", "Estimated"],
]


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication) -> DocumentView:
    theme.apply(qapp, "light", 100)
    return shown(qtbot, DocumentView())


def shown(qtbot: QtBot, widget: DocumentView) -> DocumentView:
    qtbot.addWidget(widget)
    widget.resize(700, 500)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def table_text(rows: Sequence[Sequence[str]], before: str = "Charges of the house.") -> tuple[str, tuple[Block, ...]]:
    """A paragraph, and a table of ``rows`` whose first is a header."""
    writer = Writer("house.html")
    writer.write(before)
    writer.start_table()
    for number, row in enumerate(rows):
        writer.row()
        for text in row:
            writer.cell(is_header=number == 0)
            writer.write(text)
    writer.end_table()
    writer.write("After the table.")
    blocks = writer.blocks
    return writer.text, blocks


def cells_of(blocks: Sequence[Block]) -> list[list[Cell]]:
    table = next(block for block in blocks if block.rows)
    return [list(row) for row in table.rows]


def show(view: DocumentView, text: str, blocks: Sequence[Block], pages: Sequence[Page] = ()) -> None:
    view.show_text(text, blocks, pages)
    QApplication.processEvents()


def rects(view: DocumentView, start: int, end: int) -> list[QRectF]:
    """Where ``start:end`` is shown."""
    view.mark_answers([[(start, end)]], 0, doubtful=False)
    return view.answer_rects(0)


def point_at(view: DocumentView, offset: int) -> QPoint:
    """A point on the left half of the character at ``offset``."""
    rect = rects(view, offset, offset + 1)[0]
    return QPointF(rect.left() + 1, rect.center().y()).toPoint()


def press(qtbot: QtBot, view: DocumentView, point: QPoint, **keys: Qt.KeyboardModifier) -> None:
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=point, **keys)


def drag(qtbot: QtBot, view: DocumentView, start: int, end: int) -> None:
    first, last = point_at(view, start), point_at(view, end)
    press(qtbot, view, first)
    qtbot.mouseMove(view.viewport(), last - QPoint(1, 0))
    qtbot.mouseMove(view.viewport(), last)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=last)


def caret(view: DocumentView) -> int:
    return view._map.offset(view.textCursor().position())


# Tables


def test_cells_of_a_column_are_below_one_another_and_rows_do_not_overlap(view: DocumentView) -> None:
    text, blocks = table_text(ROWS)
    show(view, text, blocks)
    boxes = [[rects(view, cell.start, cell.end) for cell in row] for row in cells_of(blocks)]
    for column in (0, 1, 3):
        lefts = {round(row[column][0].left()) for row in boxes if row[column]}
        assert max(lefts) - min(lefts) <= 2, column
    rights = {round(row[2][0].right()) for row in boxes}
    assert max(rights) - min(rights) <= 2  # numbers are set to the right, and their heading
    for above, below in pairwise(boxes):
        bottom = max(rect.bottom() for cell in above for rect in cell)
        assert bottom <= min(rect.top() for cell in below for rect in cell)


def test_a_long_cell_wraps_inside_its_column_and_its_mark_with_it(view: DocumentView) -> None:
    text, blocks = table_text(ROWS)
    show(view, text, blocks)
    cells = cells_of(blocks)
    long, amount = cells[2][3], cells[2][2]
    pieces = rects(view, long.start, long.end)
    assert len(pieces) > 3
    assert min(rect.left() for rect in pieces) > rects(view, amount.start, amount.end)[0].right()
    assert max(rect.right() for rect in pieces) <= view.viewport().width()
    assert all(above.bottom() <= below.top() + 1 for above, below in pairwise(pieces))


def test_a_click_in_a_cell_puts_the_caret_there(qtbot: QtBot, view: DocumentView) -> None:
    text, blocks = table_text(ROWS)
    show(view, text, blocks)
    for row in cells_of(blocks):
        for cell in row:
            for offset in {cell.start, (cell.start + cell.end) // 2, max(cell.start, cell.end - 1)}:
                if cell.start < cell.end and not text[offset].isspace():
                    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point_at(view, offset))
                    assert caret(view) == offset, text[cell.start : cell.end]


def test_a_click_in_the_room_of_a_cell_is_on_its_nearest_line(qtbot: QtBot, view: DocumentView) -> None:
    text, blocks = table_text(ROWS)
    show(view, text, blocks)
    cells = cells_of(blocks)
    low = rects(view, cells[2][3].start, cells[2][3].end)[-1].center().y()
    beside = rects(view, cells[2][1].start, cells[2][1].end)[0]
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPointF(beside.left() + 2, low).toPoint())
    assert cells[2][1].start <= caret(view) <= cells[2][1].end
    remark = rects(view, cells[0][3].start, cells[0][3].end)[0]
    level = rects(view, cells[1][0].start, cells[1][0].end)[0].center().y()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPointF(remark.left() + 5, level).toPoint())
    assert caret(view) == cells[1][3].start  # an empty cell


def test_a_selection_over_cells_and_rows_has_exact_offsets_and_is_copied_with_tabs(
    qtbot: QtBot, view: DocumentView
) -> None:
    text, blocks = table_text(ROWS)
    show(view, text, blocks)
    cells = cells_of(blocks)
    start, end = cells[1][1].start + 2, cells[3][0].start + 3
    drag(qtbot, view, start, end)
    assert view.selected() == (start, end)
    view.copy()
    assert QGuiApplication.clipboard().text() == text[start:end]
    assert "\t148.00\t\nWater\t" in QGuiApplication.clipboard().text()
    drag(qtbot, view, cells[3][3].start, cells[2][3].start + 4)  # backwards, up
    assert view.selected() == (cells[2][3].start + 4, cells[3][3].start)


def test_two_clicks_select_the_word_and_three_the_cell(qtbot: QtBot, view: DocumentView) -> None:
    text, blocks = table_text(ROWS)
    show(view, text, blocks)
    cells = cells_of(blocks)
    for cell, word in ((cells[2][1], "Landlord"), (cells[3][3], "Estimated"), (cells[2][3], "The")):
        point = point_at(view, cell.start) + QPoint(3, 0)
        press(qtbot, view, point)
        qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
        qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
        assert view.text_of(*(view.selected() or (0, 0))) == word
        press(qtbot, view, point)
        qtbot.mouseMove(view.viewport(), point + QPoint(1, 0))
        assert view.selected() == (cell.start, cell.end)
        qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
        assert view.selected() == (cell.start, cell.end)
        qtbot.wait(QApplication.doubleClickInterval() + 10)  # else the next click is the fourth


def test_find_goes_over_cells_and_joined_lines(view: DocumentView) -> None:
    text, blocks = table_text(ROWS)
    show(view, text, blocks)
    [match] = find_matches(text, "tenants 148.00", case=False, whole=True)
    first, second = rects(view, *match)
    assert first.right() < second.left()
    assert abs(first.center().y() - second.center().y()) <= 1


def test_a_right_to_left_cell_is_marked_and_hit(qtbot: QtBot, view: DocumentView) -> None:
    text, blocks = table_text([["Name", "Office"], ["שלום עולם", "חדר 12"], ["Zoë", "Room"]])
    show(view, text, blocks)
    name, office = cells_of(blocks)[1]
    name_rect, office_rects = rects(view, name.start, name.end)[0], rects(view, office.start, office.end)
    assert name_rect.right() < min(rect.left() for rect in office_rects)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=office_rects[0].center().toPoint())
    assert office.start <= caret(view) <= office.end


def test_merged_cells_have_the_room_of_their_columns(view: DocumentView) -> None:
    text = "Day\tNight\n1\t2\t3\t4\n5\t6"
    rows = (
        (Cell(0, 3, 0, 2, is_header=True), Cell(4, 9, 2, 2, is_header=True)),
        (Cell(10, 11, 0), Cell(12, 13, 1), Cell(14, 15, 2), Cell(16, 17, 3)),
        (Cell(18, 19, 1), Cell(20, 21, 3)),
    )
    show(view, text, (Block("table", 0, len(text), rows=rows),))
    assert rects(view, 4, 9)[0].left() > rects(view, 12, 13)[0].right()
    assert abs(rects(view, 18, 19)[0].right() - rects(view, 12, 13)[0].right()) <= 2
    assert abs(rects(view, 20, 21)[0].right() - rects(view, 16, 17)[0].right()) <= 2


@pytest.mark.parametrize("columns", [12, 20, 21, 400])
def test_a_table_of_many_columns_stays_in_the_window(view: DocumentView, columns: int) -> None:
    text, blocks = table_text([[f"c{row}.{column}" for column in range(columns)] for row in range(3)])
    show(view, text, blocks)
    last = cells_of(blocks)[2][-1]
    view.reveal(last.start, last.end)
    QApplication.processEvents()
    pieces = rects(view, last.start, last.end)
    assert pieces
    assert max(rect.right() for rect in pieces) <= view.viewport().width()


def test_a_row_too_long_to_lay_out_at_once_is_shown_as_lines(view: DocumentView) -> None:
    text, blocks = table_text([["A", "B", "C"], ["word " * 10_000, "Isaac Penhale", "x" * 20_000]])
    show(view, text, blocks)
    start = text.index("Isaac")
    view.reveal(start, start + 13)
    QApplication.processEvents()
    assert len(rects(view, start, start + 13)) == 1


def test_header_cells_have_a_ground_and_code_has(view: DocumentView) -> None:
    text, blocks = table_text([["Name", "Office"], ["Zoë", "Room 42"]])
    code = Block("code", len(text) + 2, len(text) + 18)
    show(view, text + "\n\ndef f():\n    pas", (*blocks, code))
    header, cell = (rects(view, row[0].start, row[0].end)[0] for row in cells_of(blocks))
    code_rect = rects(view, code.start, code.start + 3)[0]
    view.mark_answers([], 0, doubtful=False)
    picture = view.viewport().grab().toImage()
    at = [QPoint(round(rect.left()) - 3, round(rect.center().y())) for rect in (header, cell, code_rect)]
    assert [picture.pixelColor(point).name() for point in at] == [
        theme.LIGHT.tint,
        theme.LIGHT.surface,
        theme.LIGHT.tint,
    ]


def test_a_part_that_is_painted_alone_looks_the_same(view: DocumentView) -> None:
    """Qt paints no line behind the first that is below the part; cells beside it are behind it."""
    text, blocks = table_text([["A", "B", "C"], *([LONG * 2, "short", LONG] for _ in range(4))])
    show(view, text, blocks)
    whole = view.viewport().grab().toImage()
    for strip in (QRect(0, 100, 600, 30), QRect(0, 130, 600, 30), QRect(0, 200, 600, 60)):
        part = view.viewport().grab(strip).toImage()
        assert part == whole.copy(strip)


# Scrolling


def turn(view: DocumentView, steps: int, pixels: int = 0) -> None:
    point = QPointF(50, 50)
    event = QWheelEvent(
        point,
        view.mapToGlobal(point),
        QPoint(0, -pixels),
        QPoint(0, -120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)
    QApplication.processEvents()


def test_the_wheel_moves_as_far_in_a_table_as_in_paragraphs(view: DocumentView) -> None:
    rows = [[f"r{row} c{column}" for column in range(6)] for row in range(300)]
    text, blocks = table_text(rows, before="A line of words.\n" * 300)
    blocks = (Block("paragraph", 0, blocks[0].end), *blocks[1:])
    show(view, text, blocks)

    def step_height(offset: int) -> float:
        view.show_at_top(offset)
        QApplication.processEvents()
        mark_start = text.index("\n", offset + 100) + 1
        before = rects(view, mark_start, mark_start + 2)[0].top()
        turn(view, 1)
        return before - view.answer_rects(0)[0].top()

    in_lines, in_table = step_height(1700), step_height(cells_of(blocks)[40][0].start)
    assert in_lines > 30
    assert abs(in_table - in_lines) <= 24


def test_small_steps_of_a_touchpad_add_up(view: DocumentView) -> None:
    text = "\n\n".join(f"Paragraph {number}." for number in range(300))
    starts = [match.start() for match in re.finditer("Paragraph", text)]
    show(view, text, [Block("paragraph", start, text.index(".", start) + 1) for start in starts])
    for _ in range(100):
        turn(view, 0, pixels=4)
    middle = view.top_offset()
    assert middle > starts[5]
    for _ in range(100):
        turn(view, 0, pixels=-4)
    assert view.top_offset() < starts[5]


def test_every_line_of_a_row_taller_than_the_window_can_be_scrolled_to(view: DocumentView) -> None:
    words = " ".join(f"w{number}" for number in range(900))
    side = "\n".join(f"side{number}" for number in range(60))
    text, blocks = table_text([["A", "B", "C"], [side, words, "c"]])
    show(view, text, blocks)
    missing = {f"w{number}" for number in range(900)} | {f"side{number}" for number in range(60)}
    for _ in range(200):
        height = view.viewport().height()
        lines = [line for line in view._visible_lines() if line.rect.top() >= 0 and line.rect.bottom() <= height]
        for line in lines:
            missing -= set(text[view._map.offset(line.start) : view._map.offset(line.end)].split())
        top = view.verticalScrollBar().value()
        turn(view, 1)
        if view.verticalScrollBar().value() == top:
            break
    assert not missing
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()


def test_pages_and_the_ends_are_reached_by_keys(qtbot: QtBot, view: DocumentView) -> None:
    rows = [[f"r{row} c{column}" for column in range(6)] for row in range(300)]
    text, blocks = table_text(rows)
    show(view, text, blocks)
    tops = [view.top_offset()]
    for _ in range(5):
        qtbot.keyClick(view, Qt.Key.Key_Space)
        tops.append(view.top_offset())
    rows_by_page = [text.count("\n", first, last) for first, last in pairwise(tops[1:])]
    assert min(rows_by_page) > 8
    assert max(rows_by_page) - min(rows_by_page) <= 2
    qtbot.keyClick(view, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert view.top_offset() == tops[-2]
    qtbot.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert rects(view, len(text) - 5, len(text))


def test_the_position_in_a_table_is_kept_when_the_window_is_resized(view: DocumentView) -> None:
    rows = [[f"r{row}", LONG, f"{row}.50"] for row in range(200)]
    text, blocks = table_text(rows)
    show(view, text, blocks)
    start = cells_of(blocks)[120][0].start
    view.show_at_top(start)
    for width in (500, 900, 600):
        view.resize(width, 500)
        QApplication.processEvents()
        assert view.top_offset() == start
    view.set_line_length(45)
    QApplication.processEvents()
    assert view.top_offset() == start


# Other blocks


def test_wrapped_lines_are_joined_and_offsets_stay(qtbot: QtBot, view: DocumentView) -> None:
    text = "The keeper 😀\r\nlit the\nlamp.\n\nRoom 1\nBasel"
    end = text.index("\n\n")
    show(view, text, (Block("paragraph", 0, end, is_wrapped=True), Block("paragraph", end + 2, len(text))))
    levels = {round(rects(view, text.index(word), text.index(word) + 3)[0].top()) for word in ("keeper", "lit", "lamp")}
    assert len(levels) == 1
    assert rects(view, end + 2, end + 4)[0].bottom() < rects(view, text.index("Basel"), len(text))[0].top() + 1
    drag(qtbot, view, text.index("lit"), text.index("lamp"))
    assert view.selected() == (text.index("lit"), text.index("lamp"))
    view.selectAll()
    view.copy()
    assert QGuiApplication.clipboard().text() == text


def test_headings_are_larger_by_level(view: DocumentView) -> None:
    text = "One\n\nTwo\n\nThree\n\nFour\n\nplain"
    starts = [text.index(word) for word in ("One", "Two", "Three", "Four", "plain")]
    blocks = [Block("heading", start, start + 3, level) for level, start in enumerate(starts[:4], 1)]
    show(view, text, (*blocks, Block("paragraph", starts[4], len(text))))
    heights = [rects(view, start, start + 3)[0].height() for start in starts]
    assert heights[0] > heights[1] > heights[2] > heights[4]
    assert rects(view, starts[3], starts[3] + 3)[0].height() >= heights[4]


@pytest.mark.parametrize(("marker", "level"), [("2.1 ", 1), ("• ", 2), ("(iv)\t", 1), ("12.", 3)])
def test_the_text_of_an_item_is_aligned_after_its_number(view: DocumentView, marker: str, level: int) -> None:
    words = "several words of an item that goes on for a while " * 4
    text = f"Before.\n{marker}{words.strip()}"
    show(view, text, (Block("paragraph", 0, 7), Block("item", 8, len(text), level, 8 + len(marker))))
    lines = rects(view, 8 + len(marker), len(text))
    assert len(lines) > 1
    assert max(rect.left() for rect in lines) - min(rect.left() for rect in lines) <= 1.5
    number = rects(view, 8, 8 + len(marker.strip()))[0]
    assert number.right() <= lines[0].left() + 1
    assert number.left() >= rects(view, 0, 7)[0].left() - 1


def test_numbers_of_different_length_in_a_list_have_one_column(view: DocumentView) -> None:
    text = "9. nine\n10. ten\n100. hundred"
    blocks = tuple(
        Block("item", text.index(f"{number}."), text.index(word) + len(word), 1, text.index(word))
        for number, word in ((9, "nine"), (10, "ten"), (100, "hundred"))
    )
    show(view, text, blocks)
    lefts = [rects(view, block.body, block.end)[0].left() for block in blocks]
    assert max(lefts) - min(lefts) <= 1


def test_an_empty_line_between_blocks_is_only_some_space(view: DocumentView) -> None:
    text = "first\n\nsecond\n\n\n\nthird"
    blocks = (Block("paragraph", 0, 5), Block("paragraph", 7, 13), Block("paragraph", 17, 22))
    show(view, text, blocks)
    first, second, third = (rects(view, block.start, block.end)[0].top() for block in blocks)
    pitch = view._layout.fonts.pitch
    assert pitch < second - first < 2 * pitch
    assert abs((third - second) - (second - first)) <= 3  # more empty lines are no more space


def test_lines_drawn_of_dashes_are_only_space(view: DocumentView) -> None:
    text = "Title\n=====\n\nItem\tPrice\n----\t-----\nHob\t90\n\n-----"
    header, row = (Cell(13, 17), Cell(18, 23, 1)), (Cell(35, 38), Cell(39, 41, 1))
    show(view, text, (Block("heading", 0, 5, 1), Block("table", 13, 41, rows=(header, row))))
    heights = [item.bottom - item.origin.y() for item in view.shown_paragraphs()]
    assert heights[1] < heights[0] / 2
    assert heights[2] == 1
    assert heights[4] == 1
    assert heights[-1] > 10  # no heading is above these
    assert rects(view, 35, 38)[0].top() - rects(view, 13, 17)[0].top() < 40
    show(view, text, (Block("heading", 0, 5, 1), Block("paragraph", 6, 11), Block("paragraph", 13, len(text))))
    assert view.shown_paragraphs()[1].laid.is_gap


def test_small_text_keys_and_code_have_their_looks(view: DocumentView) -> None:
    text = "Ref: HW/06\n\nplain iiii WWWW\n\niiii WWWW\n\nFigure 1"
    pair = Block("pair", 0, 10, body=5)
    plain, code = Block("paragraph", 12, 27), Block("code", 29, 38)
    caption = Block("caption", 40, 48)
    show(view, text, (pair, plain, code, caption))
    narrow, wide = rects(view, 29, 33)[0].width(), rects(view, 34, 38)[0].width()
    assert abs(narrow - wide) <= 1  # a fixed font
    assert rects(view, 40, 46)[0].height() < rects(view, 12, 17)[0].height()
    in_bold = rects(view, 0, 3)[0].width()
    view.show_text("Ref: HW/06")
    assert in_bold > rects(view, 0, 3)[0].width()


def test_page_rules_are_above_what_begins_a_page(view: DocumentView) -> None:
    text = "One.\n\nTwo.\n\nThree goes\non and on.\n\nFour."
    blocks = (
        Block("paragraph", 0, 4),
        Block("paragraph", 6, 10),
        Block("paragraph", 12, 33, is_wrapped=True),
        Block("paragraph", 35, 40),
    )
    pages = (Page(1, "i", 0, 6), Page(2, "ii", 6, 12), Page(3, "iii", 12, 23), Page(4, "iv", 23, 40))
    show(view, text, blocks, pages)
    laid = [item.laid for item in view.shown_paragraphs()]
    assert [[page.label for page in item.pages] for item in laid if item.pages] == [["ii"], ["iii"]]
    assert [[page.label for _, page in item.inner_pages] for item in laid if item.inner_pages] == [["iv"]]
    assert all(0 < item.rule < item.top for item in laid if item.pages)
    assert view.viewport().grab().toImage() != _grab_without_pages(view, text, blocks)


def _grab_without_pages(view: DocumentView, text: str, blocks: Sequence[Block]) -> QImage:
    show(view, text, blocks)
    return view.viewport().grab().toImage()


def test_blocks_that_cut_line_ends_or_overlap_do_no_harm(view: DocumentView) -> None:
    text = "a\r\nb\r\nc\td"
    odd = (
        Block("paragraph", 0, 2, is_wrapped=True),
        Block("item", 2, 5, 99, 3, is_wrapped=True),
        Block("table", 6, 9, rows=((Cell(6, 7, 3, 10**9), Cell(8, 9, 10**9)), ())),
    )
    show(view, text, odd)
    view.selectAll()
    assert view.selected() == (0, len(text))
    show(view, text, (Block("table", 6, 9, rows=((Cell(6, 7), Cell(7, 7), Cell(8, 9)),)),))
    view.selectAll()
    assert view.selected() == (0, len(text))


def test_a_span_is_selected_in_a_cell_of_the_label_view(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "light", 100)
    view = SpanView()
    shown(qtbot, view)
    text, blocks = table_text(ROWS)
    show(view, text, blocks)
    cell = cells_of(blocks)[2][1]
    with qtbot.waitSignal(view.span_selected) as selected:
        drag(qtbot, view, cell.start + 1, cell.start + 4)
    assert selected.args == [cell.start, cell.end]


def test_a_theme_change_is_seen_in_headings(qapp: QApplication, view: DocumentView) -> None:
    show(view, "Title\n\nplain", (Block("heading", 0, 5, 1), Block("paragraph", 7, 12)))
    theme.apply(qapp, "dark", 100)
    view.restyle()
    QApplication.processEvents()
    rect = rects(view, 0, 5)[0]
    view.mark_answers([], 0, doubtful=False)
    picture = view.viewport().grab(rect.toRect()).toImage()
    colours = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
    assert theme.DARK.ink in colours
    theme.apply(qapp, "light", 100)
