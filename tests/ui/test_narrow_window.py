"""The window where there is little room."""

from __future__ import annotations

import pytest
from driving import MakeWindow, ScriptedReader, answers_panel, ask
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from qadesk.app.excerpts import Excerpt
from qadesk.ui.ask.answer_card import AnswerCard, CardText
from qadesk.ui.kit.wrapping_button import WrappingButton


@pytest.mark.parametrize("zoom", [100, 150])
def test_every_place_fits_into_800_pixels_or_can_be_scrolled(qtbot: QtBot, make_window: MakeWindow, zoom: int) -> None:
    window = make_window(ScriptedReader([("words", 0.9)]), text="Some words.", view__zoom=zoom)
    ask(qtbot, window, "Which?")
    window.resize(800, 600)
    for place in window.places:
        window.show_place(place.name)
        QApplication.processEvents()
        assert window.width() == 800, place.name
        page = place.widget
        area = page.parentWidget().parentWidget()
        assert isinstance(area, QScrollArea)
        cut = page.width() > area.viewport().width()
        assert not cut or area.horizontalScrollBar().maximum() > 0, place.name
    window.services.appearance.zoom_reset()


def test_the_ask_place_needs_no_scrolling_at_800_pixels(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader([("words", 0.9)]), first=True)
    qtbot.waitUntil(lambda: bool(answers_panel(window).findChildren(WrappingButton)))
    window.resize(800, 600)
    QApplication.processEvents()
    assert window.place("ask").widget.width() <= 800


def test_a_button_shows_all_its_words_however_narrow_it_is(qtbot: QtBot) -> None:
    button = WrappingButton("How long did Hannah & Mary keep the lamp burning alone?")
    qtbot.addWidget(button)
    wide = button.sizeHint().width()
    assert button.heightForWidth(wide) == button.sizeHint().height()
    assert button.heightForWidth(wide // 3) > 2 * button.heightForWidth(wide) - 20
    assert button.text() == "How long did Hannah && Mary keep the lamp burning alone?"
    button.resize(wide // 3, button.heightForWidth(wide // 3))
    assert not button.grab().isNull()


@pytest.mark.parametrize(("width", "is_beside"), [(420, True), (250, False)])
def test_the_place_of_an_answer_goes_below_its_headline_where_it_has_no_room(
    qtbot: QtBot, width: int, is_beside: bool
) -> None:
    card = AnswerCard()
    qtbot.addWidget(card)
    text = CardText(
        number=2, headline="Alternative · under 1 %", text="the Landlord", around=Excerpt("", "the Landlord", ""),
        location="Paragraph 6, 2 places", origin="", start=0.001, end=0.001,
    )  # fmt: skip
    card.resize(width, 120)
    card.show_answer(text, opened=False)
    card.show()
    assert (card._aside.isVisible(), card._aside_below.isVisible()) == (is_beside, not is_beside)
    if is_beside:
        assert card._headline.fontMetrics().horizontalAdvance(text.headline) <= card._headline.width()
    card.resize(420, 120)
    assert card._aside.isVisible()
    assert not card._aside_below.isVisible()
