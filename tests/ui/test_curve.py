"""The painted chart: ticks, downsampling, the description for screen readers, and that its lines look different."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qadesk.settings import Settings
from qadesk.ui.kit import theme
from qadesk.ui.train.curve import Curve, axis_ticks, downsampled


@pytest.fixture
def curve(qtbot: QtBot) -> Curve:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, "light", Settings()["view.zoom"])
    chart = Curve("Loss", ("training", "evaluation"))
    qtbot.addWidget(chart)
    chart.resize(400, 200)
    chart.show()
    return chart


@pytest.mark.parametrize(
    ("low", "high", "min_range", "ticks"),
    [
        (0.0, 3.0, 0.0, [0, 1, 2, 3]),
        (30.0, 42.0, 10.0, [30, 35, 40, 45]),
        (54.0, 54.0, 10.0, [45, 50, 55, 60]),
        (0.0, 0.0, 10.0, [0, 2, 4, 6]),
        (100.0, 100.0, 10.0, [95, 100, 105]),
    ],
)
def test_the_ticks_are_round_and_enclose_all_values(
    low: float, high: float, min_range: float, ticks: list[float]
) -> None:
    result = axis_ticks(low, high, min_range)
    assert result[0] <= low
    assert result[-1] >= high
    assert result == pytest.approx(ticks)


def test_many_points_are_downsampled_and_the_last_one_stays() -> None:
    points = [(float(step), float(step % 2)) for step in range(10_001)]
    means = downsampled(points, 100)
    assert len(means) <= 101
    assert means[-1] == points[-1]
    assert all(0.4 < value < 0.6 for _, value in means[:-1])
    assert downsampled(points[:100], 100) == points[:100]


def test_its_description_has_the_last_values(curve: Curve) -> None:
    assert curve.accessibleDescription() == "Nothing yet."
    curve.add("training", 1, 2.0)
    curve.add("training", 2, 1.234)
    curve.add("evaluation", 0, 3.0)
    assert curve.accessibleDescription() == "training 1.23 at step 2; evaluation 3.00 at step 0"
    curve.clear()
    assert curve.accessibleDescription() == "Nothing yet."


def test_a_run_that_was_resumed_draws_its_steps_once(curve: Curve) -> None:
    for step in (1, 2, 3, 2):
        curve.add("training", step, float(step))
    assert curve.lines[0].points == [(1, 1.0), (2, 2.0)]


def pixel_counts(curve: Curve, name: str) -> list[int]:
    """The number of pixels of the colour ``name`` in each column of the widget."""
    picture = curve.grab().toImage()
    colour = QColor(getattr(theme.active(), name))
    rows = range(picture.height())
    return [sum(picture.pixelColor(x, y) == colour for y in rows) for x in range(picture.width())]


def test_one_line_is_dashed_and_one_is_not(curve: Curve) -> None:
    for step in range(11):
        curve.add("training", step, 1.0)
        curve.add("evaluation", step, 2.0)
    solid, dashed = pixel_counts(curve, "accent")[60:200], pixel_counts(curve, "mark_line")[60:200]
    assert all(solid)
    assert any(dashed)
    assert not all(dashed)


def test_it_grows_with_the_text(curve: Curve) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    before = curve.sizeHint()
    theme.apply(app, "light", 150)
    after = curve.sizeHint()
    theme.apply(app, "light", 100)
    assert after.width() > 1.3 * before.width()
    assert after.height() > 1.3 * before.height()
