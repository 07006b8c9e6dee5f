"""Two lines that grow while a run goes on: loss, or exact match and F1."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from qadesk.ui.kit import theme
from qadesk.ui.kit.widgets import font

_MOST_POINTS = 200  # that are drawn of one line; of more the means of neighbours
_COLOURS = ("accent", "mark_line")
_PATTERNS = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine)
_GAP, _SAMPLE = 6, 24  # pixels

Point = tuple[float, float]


@dataclass(slots=True)
class Line:
    """One line: its name, its points from left to right, and how many ``decimals`` its values are written with."""

    name: str
    decimals: int
    points: list[Point] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The name with the last value: 'evaluation 1.02'."""
        return f"{self.name} {self.points[-1][1]:.{self.decimals}f}" if self.points else ""


class Curve(QWidget):
    """A painted chart of two lines over steps, told apart by colour, by dashes, and by their names beside it.

    The range of values is at least ``least`` wide, and does not go beyond ``most``.
    """

    def __init__(
        self, title: str, names: tuple[str, str], *, least: float = 0.0, most: float = math.inf, decimals: int = 2
    ) -> None:
        super().__init__()
        self._title = title
        self._least, self._most = least, most
        self._decimals = decimals
        self._last_x = 1.0
        self.lines = tuple(Line(name, decimals) for name in names)
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # for those who cannot see it: its description has the values
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._describe()

    def add(self, name: str, step: float, value: float) -> None:
        """Let the line ``name`` go on to ``value`` at ``step``. A step that was there before takes its place."""
        line = next(line for line in self.lines if line.name == name)
        while line.points and line.points[-1][0] >= step:  # a run that was resumed goes back to its checkpoint
            line.points.pop()
        line.points.append((step, value))
        self._last_x = max(self._last_x, step)
        self._describe()
        self.update()

    def set_steps(self, steps: float) -> None:
        """Let the chart be ``steps`` wide."""
        self._last_x = max(1.0, steps)
        self.update()

    def clear(self) -> None:
        """Take all points away."""
        for line in self.lines:
            line.points.clear()
        self._describe()
        self.update()

    def _describe(self) -> None:
        said = [f"{line.words} at step {line.points[-1][0]:.0f}" for line in self.lines if line.points]
        self.setAccessibleDescription("; ".join(said) or "Nothing yet.")

    def sizeHint(self) -> QSize:
        """Room for the words in their size, and for a line that can be read."""
        metrics = QFontMetricsF(font(0.9))
        return QSize(round(metrics.averageCharWidth() * 46), round(metrics.height() * 11))

    def minimumSizeHint(self) -> QSize:
        """Room for the words and little more."""
        metrics = QFontMetricsF(font(0.9))
        return QSize(round(metrics.averageCharWidth() * 30), round(metrics.height() * 7))

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the title, the scales and the lines."""
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
        ticks = [tick for tick in scale(min(values), max(values), self._least) if tick <= self._most]
        plot = self._plot(metrics, ticks)
        self._draw_scales(painter, metrics, plot, ticks)
        self._draw_lines(painter, metrics, plot, (ticks[0], ticks[-1]))

    def _plot(self, metrics: QFontMetricsF, ticks: Sequence[float]) -> QRectF:
        left = max(metrics.horizontalAdvance(self._figures(tick)) for tick in ticks) + 2 * _GAP
        right = max(metrics.horizontalAdvance(line.words) for line in self.lines) + 3 * _GAP + _SAMPLE
        top, bottom = metrics.height() * 1.8, metrics.height() * 1.3
        return QRectF(self.rect()).adjusted(left, top, -right, -bottom)

    def _figures(self, value: float) -> str:
        return f"{value:.{self._decimals}f}"

    def _draw_scales(self, painter: QPainter, metrics: QFontMetricsF, plot: QRectF, ticks: Sequence[float]) -> None:
        for tick in ticks:
            y = _height(plot, tick, (ticks[0], ticks[-1]))
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(theme.colour("muted"))
            words = self._figures(tick)
            painter.drawText(
                QPointF(plot.left() - _GAP - metrics.horizontalAdvance(words), y + metrics.ascent() / 2 - 1), words
            )
        end = f"step {self._last_x:.0f}"
        base = plot.bottom() + metrics.height()
        painter.drawText(QPointF(plot.left(), base), "0")
        painter.drawText(QPointF(plot.right() - metrics.horizontalAdvance(end), base), end)

    def _draw_lines(self, painter: QPainter, metrics: QFontMetricsF, plot: QRectF, bounds: Point) -> None:
        taken: list[float] = []
        for line, colour, pattern in zip(self.lines, _COLOURS, _PATTERNS, strict=True):
            if not line.points:
                continue
            places = [
                QPointF(plot.left() + plot.width() * x / self._last_x, _height(plot, y, bounds))
                for x, y in thinned(line.points)
            ]
            y = _free(places[-1].y(), taken, metrics.height(), plot)
            taken.append(y)
            sample = QPointF(plot.right() + _GAP, y)
            painter.setPen(QPen(theme.colour(colour), 2, pattern))
            painter.drawPolyline(QPolygonF(places))
            painter.drawLine(sample, sample + QPointF(_SAMPLE, 0))
            painter.setPen(QPen(theme.colour(colour), 2))
            painter.drawEllipse(places[-1], 2.5, 2.5)
            painter.setPen(theme.colour("ink"))
            painter.drawText(QPointF(sample.x() + _SAMPLE + _GAP, y + metrics.ascent() / 2 - 1), line.words)


def _height(plot: QRectF, value: float, bounds: Point) -> float:
    low, high = bounds
    return plot.bottom() - plot.height() * (value - low) / (high - low)


def _free(y: float, taken: Sequence[float], height: float, plot: QRectF) -> float:
    """The nearest place to ``y`` for words that are ``height`` high and must not lie on those at ``taken``."""
    for other in taken:
        if abs(other - y) < height:
            above, below = other - height, other + height
            y = above if (y <= other and above > plot.top() - height / 2) or below > plot.bottom() else below
    return y


def scale(low: float, high: float, least: float) -> list[float]:
    """Round values, evenly apart, from below ``low`` to above ``high`` and at least ``least`` apart."""
    if high - low < least:
        middle = (low + high) / 2
        low, high = max(0.0, middle - least / 2), middle + least / 2
    wanted = max(high - low, abs(high) * 0.1, 1e-3) / 3
    power = 10 ** math.floor(math.log10(wanted))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= wanted * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [step * number for number in range(first, max(last, first + 1) + 1)]


def thinned(points: Sequence[Point], most: int = _MOST_POINTS) -> list[Point]:
    """``points``, or the means of neighbours where there are more than ``most``; the last one stays as it is."""
    if len(points) <= most:
        return list(points)
    size = math.ceil((len(points) - 1) / (most - 1))
    parts = [points[at : min(at + size, len(points) - 1)] for at in range(0, len(points) - 1, size)]
    means = [(sum(x for x, _ in part) / len(part), sum(y for _, y in part) / len(part)) for part in parts]
    return [*means, points[-1]]
