"""Where pages and characters are, with numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF

from qadesk.documents.text_on_page import PageRuns
from qadesk.structure.character_map import CharacterMap, Run
from qadesk.ui.document.pages.page_boxes import PageBoxes
from qadesk.ui.document.pages.page_geometry import PageGeometry
from qadesk.ui.document.pages.page_selection import PageSelection
from qadesk.ui.document.pages.page_zoom import PageZoom

SIZES = [(100.0, 200.0), (300.0, 100.0)]


def test_pages_stand_below_one_another_around_the_middle() -> None:
    column = PageGeometry(SIZES, zoom=2)
    assert column.rect(0) == QRectF(-100, 12, 200, 400)
    assert column.rect(1) == QRectF(-300, 424, 600, 200)
    assert column.size == QSizeF(624, 636)
    assert [column.pages_between(*heights) for heights in ((0, 12), (0, 13), (411, 425), (413, 423), (424, 999))] == [
        range(0), range(1), range(2), range(1, 1), range(1, 2),
    ]  # fmt: skip
    assert [column.page_at(height) for height in (-5, 100, 418, 430, 9999)] == [0, 0, 1, 1, 1]


@pytest.mark.parametrize(
    ("turns", "place"),
    [
        (0, QRectF(-100 + 20, 12 + 40, 40, 20)),
        (1, QRectF(-200 + 400 - 60, 12 + 20, 20, 40)),  # what was at the left is at the top
        (2, QRectF(-100 + 200 - 60, 12 + 400 - 60, 40, 20)),
        (3, QRectF(-200 + 40, 12 + 200 - 60, 20, 40)),
    ],
)
def test_a_place_on_a_turned_page_and_back(turns: int, place: QRectF) -> None:
    column = PageGeometry(SIZES, zoom=2, turns=turns)
    assert column.to_column(0, QRectF(10, 20, 20, 10)) == place
    corners = {(10.0, 20.0), (30.0, 20.0), (10.0, 30.0), (30.0, 30.0)}
    back = column.to_page(0, place.topLeft())
    assert (back.x(), back.y()) in corners


def test_boxes_of_a_line_are_one_rectangle() -> None:
    boxes = np.array(
        [
            [10, 10, 15, 20], [15, 10, 20, 20], [25, 10, 30, 20],  # "ab", a gap, "c"
            [90, 10, 95, 20],  # the other column
            [10, 22, 15, 32], [15, 22, 20, 32],  # the next line
            [0, 0, 0, 0],  # has no place
        ],
        np.float32,
    )  # fmt: skip
    page = PageBoxes(boxes, [Run(100, 1, 0, 3), Run(110, 1, 4, 3), Run(120, 1, 3, 1)])
    assert len(page) == 7
    assert page.rects(100, 113) == [QRectF(10, 10, 20, 10), QRectF(10, 22, 10, 10)]
    assert page.rects(101, 102) == [QRectF(15, 10, 5, 10)]
    assert page.rects(112, 121) == [QRectF(90, 10, 5, 10)]
    assert page.rects(0, 100) == []
    assert [page.offset_at(QPointF(*at)) for at in ((11, 15), (14, 15), (29, 12), (94, 15), (12, 90))] == [
        100, 101, 103, 121, 110,
    ]  # fmt: skip
    assert PageBoxes(np.zeros((0, 4), np.float32), []).offset_at(QPointF(1, 1)) is None


def test_boxes_of_text_that_runs_downwards_are_one_rectangle() -> None:
    boxes = np.array([[10, 10, 20, 15], [10, 15, 20, 20], [10, 20, 20, 25]], np.float32)
    assert PageBoxes(boxes, [Run(0, 1, 0, 3)]).rects(0, 3) == [QRectF(10, 10, 10, 15)]


def test_lines_that_run_downwards_do_not_join_the_next_line_beside_them() -> None:
    lines = [[left, 10 + 5 * number, left + 12, 15 + 5 * number] for left in (10, 25) for number in range(6)]
    page = PageBoxes(np.array(lines, np.float32), [Run(0, 1, 0, 12)])
    assert page.rects(3, 8) == [QRectF(10, 25, 12, 15), QRectF(25, 10, 12, 10)]
    assert page.rects(5, 7) == [QRectF(10, 35, 12, 5), QRectF(25, 10, 12, 5)]


def test_a_rectangle_covers_no_character_that_is_not_meant() -> None:
    # The text is "35ab", printed "ba 35": the digits of a Hebrew sentence run from left to right.
    boxes = np.array([[40, 10, 45, 20], [45, 10, 50, 20], [30, 10, 35, 20], [25, 10, 30, 20]], np.float32)
    page = PageBoxes(boxes, [Run(0, 1, 0, 4)])
    assert page.rects(0, 4) == [QRectF(25, 10, 25, 10)]
    assert page.rects(1, 4) == [QRectF(45, 10, 5, 10), QRectF(25, 10, 10, 10)]


def test_runs_beyond_the_characters_of_a_page_are_ignored() -> None:
    page = PageBoxes(np.array([[0, 0, 5, 5]], np.float32), [Run(7, 1, 0, 9), Run(40, 1, 30, 4)])
    assert (len(page), page.rects(0, 99)) == (1, [QRectF(0, 0, 5, 5)])


def test_runs_are_found_by_their_pages() -> None:
    runs = [Run(0, 2, 5, 3), Run(3, 1, 0, 2), Run(9, 2, 0, 4)]
    by_page = PageRuns(CharacterMap(runs))
    assert dict(by_page) == {1: [runs[1]], 2: [runs[0], runs[2]]}
    assert len(by_page) == 2
    assert 3 not in by_page
    assert dict(PageRuns(CharacterMap())) == {}


def test_a_selection_grows_by_characters_and_words() -> None:
    selection = PageSelection("The lamp-keeper's oil, 12.50 a tin.")
    assert selection.span is None
    selection.press(4)
    assert selection.span is None
    selection.move(9)
    assert selection.span == (4, 9)
    selection.press_word(6)
    assert selection.span == (4, 17)
    selection.move(25)
    assert selection.span == (4, 28)
    selection.move(1)
    assert selection.span == (0, 17)
    selection.press(18)
    selection.extend(0, 1, words=True)
    assert selection.span == (18, 21)
    selection.extend(0, -1, words=False)
    assert selection.span == (18, 20)
    selection.begin("x")
    assert selection.span is None


def test_zoom_fits_and_steps() -> None:
    zoom = PageZoom()
    assert zoom.fitted(SIZES, 0, QSizeF(624, 300), 1.0) == 2
    zoom.fit = "page"
    assert zoom.fitted(SIZES, 0, QSizeF(624, 224), 1.0) == 1
    zoom.step(1)
    assert (zoom.fit, zoom.factor) == ("none", 1.1)
    for _ in range(30):
        zoom.step(1)
    assert zoom.factor == 16
    for _ in range(30):
        zoom.step(-1)
    assert zoom.factor == 0.25
