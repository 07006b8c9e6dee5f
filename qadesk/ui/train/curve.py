"""A chart of two lines over the steps of a run: losses, or exact match and F1."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from qadesk.ui.kit import theme
from qadesk.ui.kit.widgets import font

_MAX_POINTS = 200  # drawn of one line
_COLOURS = ("accent", "mark_line")
_PATTERNS = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine)
_GAP, _SAMPLE = 6, 24  # pixels; the sample is the piece of a line before its name

Point = tuple[float, float]
"""Step and value."""


@dataclass(slots=True)
class Series:
    """One line. ``points`` are in the order of their steps; ``decimals`` are those of its values in texts."""

    name: str
    decimals: int
    points: list[Point] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The name with the last value: 'evaluation 1.02'."""
        return f"{self.name} {self.points[-1][1]:.{self.decimals}f}" if self.points else ""


class Curve(QWidget):
    """A painted chart of two lines, which differ in colour and dashes and have their names on the right.

    The axis of values is at least ``min_range`` long and ends at ``max_value`` at most.
    """

    def __init__(
        self,
        title: str,
        names: tuple[str, str],
        *,
        min_range: float = 0.0,
        max_value: float = math.inf,
        decimals: int = 2,
    ) -> None:
        super().__init__()
        self._title = title
        self._min_range, self._max_value = min_range, max_value
        self._decimals = decimals
        self._max_step = 1.0
        self.lines = tuple(Series(name, decimals) for name in names)
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # screen readers read the values in its description
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._update_description()

    def add(self, name: str, step: float, value: float) -> None:
        """Add a point to the line ``name``, in place of its points at ``step`` and after."""
        line = next(line for line in self.lines if line.name == name)
        while line.points and line.points[-1][0] >= step:  # a resumed run repeats the steps since its checkpoint
            line.points.pop()
        line.points.append((step, value))
        self._max_step = max(self._max_step, step)
        self._update_description()
        self.update()

    def set_steps(self, steps: float) -> None:
        """Set the length of the axis of steps."""
        self._max_step = max(1.0, steps)
        self.update()

    def clear(self) -> None:
        """Remove all points."""
        for line in self.lines:
            line.points.clear()
        self._update_description()
        self.update()

    def _update_description(self) -> None:
        values = [f"{line.text} at step {line.points[-1][0]:.0f}" for line in self.lines if line.points]
        self.setAccessibleDescription("; ".join(values) or "Nothing yet.")

    def sizeHint(self) -> QSize:
        """In proportion to the font."""
        metrics = QFontMetricsF(font(0.9))
        return QSize(round(metrics.averageCharWidth() * 46), round(metrics.height() * 9))

    def minimumSizeHint(self) -> QSize:
        """In proportion to the font: the texts fit, with little more."""
        metrics = QFontMetricsF(font(0.9))
        return QSize(round(metrics.averageCharWidth() * 30), round(metrics.height() * 7))

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the title, the axes and the lines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetricsF(font(0.9))
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.setPen(theme.colour("ink"))
        painter.setFont(font(0.9, strong=True))
        painter.drawText(QPointF(_GAP, metrics.ascent() + _GAP / 2), self._title)
        painter.setFont(font(0.9))
        values = [value for line in self.lines for _, value in line.points]
        if not values:
            painter.setPen(theme.colour("muted"))
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, "Nothing yet")
            return
        ticks = [tick for tick in axis_ticks(min(values), max(values), self._min_range) if tick <= self._max_value]
        plot = self._plot_area(metrics, ticks)
        self._draw_axes(painter, metrics, plot, ticks)
        self._draw_lines(painter, metrics, plot, (ticks[0], ticks[-1]))

    def _plot_area(self, metrics: QFontMetricsF, ticks: Sequence[float]) -> QRectF:
        left = max(metrics.horizontalAdvance(self._number(tick)) for tick in ticks) + 2 * _GAP
        right = max(metrics.horizontalAdvance(line.text) for line in self.lines) + 3 * _GAP + _SAMPLE
        top, bottom = metrics.height() * 1.8, metrics.height() * 1.3
        return QRectF(self.rect()).adjusted(left, top, -right, -bottom)

    def _number(self, value: float) -> str:
        return f"{value:.{self._decimals}f}"

    def _draw_axes(self, painter: QPainter, metrics: QFontMetricsF, plot: QRectF, ticks: Sequence[float]) -> None:
        for tick in ticks:
            y = _y_of(plot, tick, (ticks[0], ticks[-1]))
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(theme.colour("muted"))
            text = self._number(tick)
            painter.drawText(
                QPointF(plot.left() - _GAP - metrics.horizontalAdvance(text), y + metrics.ascent() / 2 - 1), text
            )
        end = f"step {self._max_step:.0f}"
        baseline = plot.bottom() + metrics.height()
        painter.drawText(QPointF(plot.left(), baseline), "0")
        painter.drawText(QPointF(plot.right() - metrics.horizontalAdvance(end), baseline), end)

    def _draw_lines(self, painter: QPainter, metrics: QFontMetricsF, plot: QRectF, bounds: tuple[float, float]) -> None:
        name_ys: list[float] = []
        for line, colour, pattern in zip(self.lines, _COLOURS, _PATTERNS, strict=True):
            if not line.points:
                continue
            points = [
                QPointF(plot.left() + plot.width() * step / self._max_step, _y_of(plot, value, bounds))
                for step, value in downsampled(line.points)
            ]
            y = _free_y(points[-1].y(), name_ys, metrics.height(), plot)
            name_ys.append(y)
            sample = QPointF(plot.right() + _GAP, y)
            painter.setPen(QPen(theme.colour(colour), 2, pattern))
            painter.drawPolyline(QPolygonF(points))
            painter.drawLine(sample, sample + QPointF(_SAMPLE, 0))
            painter.setPen(QPen(theme.colour(colour), 2))
            painter.drawEllipse(points[-1], 2.5, 2.5)
            painter.setPen(theme.colour("ink"))
            painter.drawText(QPointF(sample.x() + _SAMPLE + _GAP, y + metrics.ascent() / 2 - 1), line.text)


def _y_of(plot: QRectF, value: float, bounds: tuple[float, float]) -> float:
    low, high = bounds
    return plot.bottom() - plot.height() * (value - low) / (high - low)


def _free_y(y: float, others: Sequence[float], height: float, plot: QRectF) -> float:
    """The y nearest to ``y`` at which a text of ``height`` does not overlap with those at ``others``."""
    for other in others:
        if abs(other - y) < height:
            above, below = other - height, other + height
            y = above if (y <= other and above > plot.top() - height / 2) or below > plot.bottom() else below
    return y


def axis_ticks(low: float, high: float, min_range: float) -> list[float]:
    """Round values at equal distances, from ``low`` or below to ``high`` or above; ``min_range`` in all at least."""
    if high - low < min_range:
        middle = (low + high) / 2
        low, high = max(0.0, middle - min_range / 2), middle + min_range / 2
    min_step = max(high - low, abs(high) * 0.1, 1e-3) / 3
    power = 10 ** math.floor(math.log10(min_step))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= min_step * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [step * number for number in range(first, max(last, first + 1) + 1)]


def downsampled(points: Sequence[Point], limit: int = _MAX_POINTS) -> list[Point]:
    """At most ``limit`` points: means of neighbours where there are more, and the last point as it is."""
    if len(points) <= limit:
        return list(points)
    size = math.ceil((len(points) - 1) / (limit - 1))
    groups = [points[start : min(start + size, len(points) - 1)] for start in range(0, len(points) - 1, size)]
    means = [(sum(x for x, _ in group) / len(group), sum(y for _, y in group) / len(group)) for group in groups]
    return [*means, points[-1]]
