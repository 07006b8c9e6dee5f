"""Words can be read in both themes."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from qadesk.ui.kit import theme
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
