"""The numbers of answers are in the space between the lines: they touch no words but those of their own mark."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF
from pytestqt.qtbot import QtBot

from qadesk.ui.document.document_view import DocumentView
from qadesk.ui.document.highlights import Mark
from qadesk.ui.document.mark_numbers import number_places
from qadesk.ui.kit import theme

TEXT = "The monthly rent is paid by the tenants on the first day of each month, and gladly. " * 6


def places_of(rects: list[QRectF], *, strong: int = -1) -> list[tuple[Mark, QRectF]]:
    font = QFont()
    marks = [Mark(0, 1, index + 1, index == strong) for index in range(len(rects))]
    return number_places(list(zip(marks, rects, strict=True)), font, QFontMetricsF(font))


@pytest.mark.parametrize("text_zoom", [100, 150, 300])
def test_a_number_is_between_the_line_before_and_the_capitals_of_its_own(qtbot: QtBot, text_zoom: int) -> None:
    theme.set_text_zoom(text_zoom)
    try:
        view = DocumentView()
    finally:
        theme.set_text_zoom(100)
    qtbot.addWidget(view)
    view.resize(700, 600)
    view.show()
    view.show_text(TEXT)
    before, line = view._visible_lines()[1:3]
    metrics = QFontMetricsF(view.font())
    ((_, place),) = number_places([(Mark(0, 1, 1), line.rect)], view.font(), metrics)
    assert place.top() >= before.rect.bottom() - 1  # the line before with what hangs below it
    assert place.bottom() <= line.rect.top() + metrics.ascent() - metrics.capHeight() + 1
    assert place.left() >= line.rect.left() - 2  # where its mark begins


def test_numbers_that_begin_in_one_place_stand_side_by_side(qapp: object) -> None:
    rects = [QRectF(40, 100, 80, 18), QRectF(40, 100, 30, 18), QRectF(44, 100, 30, 18), QRectF(200, 100, 30, 18)]
    places = places_of(rects)
    assert [mark.number for mark, _ in places] == [1, 2, 3, 4]
    alone = places_of(rects[:1])[0][1]
    assert places[0][1] == alone, "the first one stays where it is"
    for index, (_, place) in enumerate(places):
        assert not any(place.intersects(other) for _, other in places[index + 1 :])
    assert places[3][1].left() == 198, "and one further on, too"


def test_the_number_of_the_chosen_answer_is_painted_last(qapp: object) -> None:
    rects = [QRectF(40 * index, 100, 30, 18) for index in range(3)]
    assert [mark.number for mark, _ in places_of(rects, strong=1)] == [1, 3, 2]


def test_a_number_of_two_digits_is_wider_but_no_higher(qapp: object) -> None:
    font = QFont()
    metrics = QFontMetricsF(font)
    rect = QRectF(40, 100, 80, 18)
    (_, short), (_, long) = (number_places([(Mark(0, 1, number), rect)], font, metrics)[0] for number in (9, 19))
    assert long.width() > short.width()
    assert long.height() == short.height()
