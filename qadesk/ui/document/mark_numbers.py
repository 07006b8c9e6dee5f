"""The numbers of answers in the text: small badges in the space between the lines, above the beginning of each mark."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from qadesk.ui.document.highlights import Mark
from qadesk.ui.kit import theme
from qadesk.ui.kit.widgets import resized

_HEIGHT = 1.0  # of a badge, in heights of a capital: what the lines of a paragraph have between them
_DIGIT = 0.8  # of a digit, in heights of the badge
_SIDE = 0.3  # beside the digits, in heights of the badge
_BEFORE = 2.0  # pixels that a mark begins before its text
_APART = 1.0  # pixel between badges
_SMALLEST = 10.0  # pixels


def number_places(
    numbered: Sequence[tuple[Mark, QRectF]], font: QFont, metrics: QFontMetricsF
) -> list[tuple[Mark, QRectF]]:
    """Where the badges of marks are, of which the first rectangles are ``numbered``; the strong ones come last.

    A badge stands on the capitals of its line and over its own mark, so that it hides no other words. Of those that
    begin in one place the later one is moved to the right. ``metrics`` are those of ``font`` on what is painted on.
    """
    height = _height(metrics)
    digits = QFontMetricsF(_digit_font(font, metrics))
    places: list[tuple[Mark, QRectF]] = []
    for mark, rect in sorted(numbered, key=lambda pair: pair[0].number):
        above_capitals = (metrics.ascent() - metrics.capHeight()) / metrics.height() * rect.height()
        top = round(rect.top() + above_capitals - height)
        width = max(height, digits.horizontalAdvance(str(mark.number)) + 2 * _SIDE * height)
        place = QRectF(round(rect.left() - _BEFORE), top, width, height)
        while hit := next((other for _mark, other in places if other.intersects(place)), None):
            place.moveLeft(hit.right() + _APART)
        places.append((mark, place))
    return sorted(places, key=lambda pair: pair[0].strong)


def _height(metrics: QFontMetricsF) -> float:
    return max(_SMALLEST, float(round(_HEIGHT * metrics.capHeight())))


def _digit_font(font: QFont, metrics: QFontMetricsF) -> QFont:
    small = resized(font, _DIGIT * _height(metrics) / metrics.capHeight())
    small.setBold(True)
    return small


def paint_numbers(
    painter: QPainter, numbered: Sequence[tuple[Mark, QRectF]], font: QFont, colours: theme.Theme | None = None
) -> None:
    """Paint the numbers of marks, of which the first rectangles are ``numbered``, in ``font`` made smaller."""
    colours = colours or theme.active()
    line, other, surface = QColor(colours.mark_line), QColor(colours.other), QColor(colours.surface)
    painter.setFont(font)
    metrics = QFontMetricsF(painter.fontMetrics())  # on what is painted on
    painter.setFont(_digit_font(font, metrics))
    digits = QFontMetricsF(painter.fontMetrics())
    for mark, place in number_places(numbered, font, metrics):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(line if mark.strong else other)
        painter.drawRoundedRect(place, 3, 3)
        painter.setPen(surface if mark.strong else line)
        x = place.center().x() - digits.horizontalAdvance(str(mark.number)) / 2
        painter.drawText(QPointF(x, place.center().y() + digits.capHeight() / 2), str(mark.number))
