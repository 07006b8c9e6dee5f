"""Words can be read in both themes."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qadesk.ui.kit import theme
from qadesk.ui.kit.cards import Card
from qadesk.ui.kit.theme import DARK, LIGHT, PAIRS, Theme


def luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    shade = QColor(colour)
    return 0.2126 * linear(shade.redF()) + 0.7152 * linear(shade.greenF()) + 0.0722 * linear(shade.blueF())


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_words_have_contrast(colours: Theme, ink: str, ground: str) -> None:
    assert contrast(getattr(colours, ink), getattr(colours, ground)) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("line", "ground"),
    [
        ("edge", "surface"),
        ("edge", "window"),
        ("accent", "window"),
        ("mark_line", "surface"),
        ("other_line", "surface"),
        ("thumb", "surface"),
        ("thumb", "window"),
        ("thumb", "raised"),
        ("edge", "raised"),
        ("edge", "accent_soft"),
        ("edge", "info_soft"),
        ("accent", "accent_soft"),
        ("accent", "raised"),
    ],
)
def test_edges_and_underlines_can_be_seen(colours: Theme, line: str, ground: str) -> None:
    assert contrast(getattr(colours, line), getattr(colours, ground)) >= 3


def test_themes_and_text_size_are_applied(qapp: QApplication) -> None:
    theme.apply(qapp, "dark", 100)
    size = qapp.font().pointSizeF()
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.window)
    theme.apply(qapp, "light", 150)
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(LIGHT.window)
    assert qapp.font().pointSizeF() == pytest.approx(size * 1.5)
    theme.apply(qapp, "light", 100)


def test_the_fill_of_the_best_answer_stands_out_from_a_dark_page() -> None:
    """As much as light words on it allow; its underline has the full contrast."""
    assert contrast(DARK.mark, DARK.surface) >= 2.4
    assert contrast(DARK.mark, DARK.surface) > contrast(DARK.other, DARK.surface) + 0.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    "control",
    ["QListWidget, QTreeWidget", "QTableWidget", "QTableView#files", "QListView#queue", "QPlainTextEdit, QTextBrowser",
     "QMenu", 'QPushButton[kind="row"]', "QPushButton", "QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox"],
)  # fmt: skip
def test_the_border_of_a_control_is_one_that_can_be_seen(colours: Theme, control: str) -> None:
    rule = re.search(rf"^{re.escape(control)} \{{([^}}]*)\}}", theme._sheet(colours), re.MULTILINE)
    assert rule is not None
    assert f"border: 1px solid {colours.edge};" in rule[1]


def test_a_card_that_is_not_chosen_has_a_border_that_can_be_seen(qtbot: QtBot) -> None:
    card = Card()
    qtbot.addWidget(card)
    card.resize(200, 80)
    card.show()
    pixels = card.grab().toImage()
    edge = min((pixels.pixelColor(100, y).name() for y in range(4)), key=luminance)
    assert contrast(edge, theme.active().raised) >= 3
