"""The probability of each token to be the start and the end of the answer, as bars above and below the words."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QScrollArea, QToolTip, QWidget

from qadesk.ui.kit import theme
from qadesk.ui.kit.widgets import font, plain_tip

if TYPE_CHECKING:
    from qadesk.app.labelling.inspection import Inspection

_NO_ANSWER = "[CLS] no answer"
_SMALL = 0.8  # times the window's font
_SPACE = "\N{NO-BREAK SPACE}"
_GAP = 10.0  # pixels between two words
_RIM = 5.0  # pixels above and below everything
_PAGE = 10  # tokens
_MIN_NUMBERED = 0.02  # smaller probabilities get no number
_KEYS = "Left and Right go from word to word, Home is no answer, L is the label, M the model's own span."


def in_per_cent(probability: float) -> str:
    """A probability (0 to 1) in per cent, small ones with a digit more: '44 %', '3.1 %', 'under 0.1 %'."""
    if probability < 0.001:
        return f"under 0.1{_SPACE}%"
    if probability > 0.99:
        return f"over 99{_SPACE}%"
    return f"{probability * 100:.{0 if probability >= 0.1 else 1}f}{_SPACE}%"


class ProbabilityStrip(QWidget):
    """Two bars for each position of an inspection; one position is the current one.

    ``position_described`` gives a description of the new current position, ``position_changed`` comes after it. An L in
    a square marks the label's start and end, an M in a circle those of the model's maximum scoring span.
    """

    position_described = Signal(str)
    position_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Start and end probability, word by word")
        self.current = 0
        self._inspection: Inspection | None = None
        self._edges: list[float] = [0.0]  # the left edge of each cell, and the right one of the last

    def show_inspection(self, inspection: Inspection) -> None:
        """Show the positions of ``inspection``; the current one is the start of the label."""
        self.current = 0
        self._inspection = inspection
        self._measure()
        self.go_to(inspection.gold.first)

    def go_to(self, index: int) -> None:
        """Make the position at ``index`` the current one."""
        assert self._inspection is not None
        self.current = max(0, min(index, len(self._inspection.positions) - 1))
        description = self.description(self.current)
        self.setAccessibleDescription(f"{description}. {_KEYS}")
        self.position_described.emit(description)
        self.position_changed.emit()
        if self.hasFocus():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, description))
        self.update()

    def description(self, index: int) -> str:
        """The position at ``index`` in words: '“nineteen”: start 44 %, end 0.3 %, the label's start'."""
        assert self._inspection is not None
        position = self._inspection.positions[index]
        name = f"“{_one_line(position.text)}”" if index else "[CLS], which is no answer"
        probabilities = f"start {in_per_cent(position.start_probability)}, end {in_per_cent(position.end_probability)}"
        return ", ".join([f"{name}: {probabilities}", *self._roles(index)])

    def cell(self, index: int) -> QRectF:
        """The rectangle of the position at ``index``; empty where there is no inspection."""
        if self._inspection is None:
            return QRectF()
        left, right = self._edges[index], self._edges[index + 1]
        return QRectF(left, 0, right - left, self.height())

    def _roles(self, index: int) -> list[str]:
        assert self._inspection is not None
        gold, predicted = self._inspection.gold, self._inspection.best[0]
        roles = (
            ("the label's start", gold.first),
            ("the label's end", gold.last),
            ("the model's start", predicted.first),
            ("the model's end", predicted.last),
        )
        return [role for role, position in roles if position == index]

    # Sizes

    def _measure(self) -> None:
        """Lay the cells side by side, each as wide as its word, its numbers and its marks."""
        assert self._inspection is not None
        metrics = QFontMetricsF(self.font())
        marks = 2 * self._mark + 4
        number = QFontMetricsF(font(_SMALL)).horizontalAdvance(f"00{_SPACE}%")
        edges, marked = [_GAP / 2], {0}
        for span in (self._inspection.gold, self._inspection.best[0]):
            marked |= {span.first, span.last}
        for index, position in enumerate(self._inspection.positions):
            probability = max(position.start_probability, position.end_probability)
            width = metrics.horizontalAdvance(self._word(index))
            width = max(width, number if probability >= _MIN_NUMBERED else 0.0, marks if index in marked else 0.0)
            edges.append(edges[-1] + width + _GAP)
        self._edges = edges
        self.resize(self.sizeHint())
        self.updateGeometry()

    def _word(self, index: int) -> str:
        assert self._inspection is not None
        return _one_line(self._inspection.positions[index].text) if index else _NO_ANSWER

    @property
    def _mark(self) -> float:
        return round(QFontMetricsF(font(_SMALL)).height()) + 3.0

    @property
    def _bar(self) -> float:
        return round(QFontMetricsF(self.font()).height() * 2.2)

    @property
    def _half(self) -> float:
        """The height above the words, which is that below them too."""
        return _RIM + self._mark + 4 + QFontMetricsF(font(_SMALL)).height() + self._bar

    @property
    def _line(self) -> float:
        return round(QFontMetricsF(self.font()).height()) + 8.0

    def sizeHint(self) -> QSize:
        """The size of all positions."""
        return QSize(round(self._edges[-1] + _GAP / 2), round(2 * self._half + self._line))

    # Keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from word to word."""
        key = Qt.Key(event.key())
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -_PAGE, Qt.Key.Key_PageDown: _PAGE}
        if self._inspection is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in steps:
            self.go_to(self.current + steps[key])
        elif key in (targets := self._targets()):
            self.go_to(targets[key])
        else:
            super().keyPressEvent(event)

    def _targets(self) -> dict[Qt.Key, int]:
        assert self._inspection is not None
        return {
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._inspection.positions) - 1,
            Qt.Key.Key_L: self._inspection.gold.first,
            Qt.Key.Key_M: self._inspection.best[0].first,
        }

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Make the clicked position the current one."""
        index = self._index_at(event.position().x())
        if index is not None:
            self.go_to(index)

    def event(self, event: QEvent) -> bool:
        """Show the description of a position as its tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self._index_at(event.pos().x())
            QToolTip.showText(event.globalPos(), plain_tip(self.description(index)) if index is not None else "", self)
            return True
        if event.type() == QEvent.Type.FontChange and self._inspection:
            self._measure()
        return super().event(event)

    def _index_at(self, x: float) -> int | None:
        index = bisect_right(self._edges, x) - 1
        return index if 0 <= index < len(self._edges) - 1 else None

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the positions that are on the screen."""
        if self._inspection is None:
            return
        visible = QRectF(event.rect())
        first = max(0, bisect_right(self._edges, visible.left()) - 2)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_spans(painter)
            for index in range(first, len(self._edges) - 1):
                if self._edges[index] > visible.right():
                    break
                self._paint_cell(painter, index)
            self._paint_current(painter)

    def _paint_spans(self, painter: QPainter) -> None:
        """A background for the words of the label, a line under those of the model's span."""
        assert self._inspection is not None
        gold, predicted = self._inspection.gold, self._inspection.best[0]
        top = self._half
        band = QRectF(self._edges[gold.first], top + 1, self._edges[gold.last + 1] - self._edges[gold.first], 0)
        band.setHeight(self._line - 2)
        painter.fillRect(band, theme.colour("mark"))
        painter.setPen(QPen(theme.colour("accent"), 2))
        y = top + self._line - 3
        painter.drawLine(QPointF(self._edges[predicted.first] + 2, y), QPointF(self._edges[predicted.last + 1] - 2, y))

    def _paint_cell(self, painter: QPainter, index: int) -> None:
        assert self._inspection is not None
        position, cell = self._inspection.positions[index], self.cell(index)
        top, bottom = self._half, self._half + self._line
        painter.setPen(theme.colour("ink"))
        painter.setFont(self.font())
        words = QRectF(cell.left(), top, cell.width(), self._line)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self._word(index))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(QPointF(cell.left(), top), QPointF(cell.right(), top))
        painter.drawLine(QPointF(cell.left(), bottom), QPointF(cell.right(), bottom))
        if index == 0:  # [CLS] does not stand beside the first word
            painter.drawLine(cell.topRight(), cell.bottomRight())
        self._paint_bar(painter, cell, position.start_probability, -1)
        self._paint_bar(painter, cell, position.end_probability, 1)
        gold, predicted = self._inspection.gold, self._inspection.best[0]
        self._paint_marks(painter, cell, _RIM, is_gold=gold.first == index, is_predicted=predicted.first == index)
        end = self.height() - self._mark - _RIM
        self._paint_marks(painter, cell, end, is_gold=gold.last == index, is_predicted=predicted.last == index)

    def _paint_bar(self, painter: QPainter, cell: QRectF, probability: float, direction: int) -> None:
        """A bar from the words upwards (``direction`` -1) or downwards (1), with its number at its end."""
        base = self._half if direction < 0 else self._half + self._line
        tip = base + direction * probability * self._bar
        width = min(22.0, cell.width() - _GAP / 2)
        bar = QRectF(QPointF(cell.center().x() - width / 2, base), QPointF(cell.center().x() + width / 2, tip))
        painter.fillRect(bar.normalized(), theme.colour("accent" if direction < 0 else "mark_line"))
        if probability < _MIN_NUMBERED:
            return
        small = font(_SMALL)
        height = QFontMetricsF(small).height()
        painter.setFont(small)
        painter.setPen(theme.colour("muted"))
        number = QRectF(cell.left(), tip - height - 1 if direction < 0 else tip + 1, cell.width(), height)
        painter.drawText(number, Qt.AlignmentFlag.AlignCenter, f"{min(99, round(probability * 100))}{_SPACE}%")

    def _paint_marks(self, painter: QPainter, cell: QRectF, top: float, *, is_gold: bool, is_predicted: bool) -> None:
        size, count = self._mark, is_gold + is_predicted
        left = cell.center().x() - (count * size + (count - 1) * 3) / 2
        for letter in ["L"] * is_gold + ["M"] * is_predicted:
            rect = QRectF(left, top, size, size)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("mark_line" if letter == "L" else "accent"))
            if letter == "L":
                painter.drawRoundedRect(rect, 2, 2)
            else:
                painter.drawEllipse(rect)
            painter.setPen(theme.colour("surface" if letter == "L" else "accent_ink"))
            painter.setFont(font(_SMALL, strong=True))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, letter)
            left += size + 3

    def _paint_current(self, painter: QPainter) -> None:
        focused = self.hasFocus()
        painter.setPen(QPen(theme.colour("accent" if focused else "edge"), 2.0 if focused else 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self.cell(self.current).adjusted(1, 1, -1, -1), 4, 4)


class StripArea(QScrollArea):
    """Scrolls the strip sideways and keeps its current position visible."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.strip = ProbabilityStrip()
        self.setWidget(self.strip)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.strip.position_changed.connect(self.reveal)
        self.strip.installEventFilter(self)

    def reveal(self) -> None:
        """Scroll to the current position and some of its neighbours."""
        middle = self.strip.cell(self.strip.current).center().toPoint()
        self.ensureVisible(middle.x(), middle.y(), self.viewport().width() // 3, 0)

    def centre(self) -> None:
        """Scroll the current position into the middle."""
        middle = round(self.strip.cell(self.strip.current).center().x())
        self.horizontalScrollBar().setValue(middle - self.viewport().width() // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the current position in the middle."""
        super().resizeEvent(event)
        self.centre()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Set the height to that of the strip."""
        if watched is self.strip and event.type() == QEvent.Type.Resize:
            self.setFixedHeight(self.strip.height() + self.horizontalScrollBar().sizeHint().height())
        return super().eventFilter(watched, event)


def _one_line(text: str) -> str:
    return " ".join(text.split()) or "␣"
