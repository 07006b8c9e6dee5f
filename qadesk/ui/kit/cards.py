"""Cards: buttons with several labels, of which one is chosen, and the numbers on them."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from qadesk.app.excerpts import Excerpt
from qadesk.ui.kit import theme
from qadesk.ui.kit.widgets import font, plain_label


class Card(QAbstractButton):
    """A card that can be chosen. ``stepped`` asks for the card after (1) or before (-1)."""

    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down go to the neighbours; Enter chooses."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if step:
            self.stepped.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be clicked."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Stop showing it."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The card's background, with a border that shows whether it is chosen or has the focus."""
        strong = self.isChecked() or self.hasFocus()
        edge = "accent" if strong else "edge" if self.underMouse() else "line"
        width = 2.0 if self.hasFocus() else 1.0
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour(edge), width))
            painter.setBrush(theme.colour("raised"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)


class NumberBadge(QWidget):
    """The number of an answer, as it stands in the text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._strong = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_number(self, number: int, *, strong: bool) -> None:
        """Show ``number``; filled where ``strong``."""
        self._number, self._strong = number, strong
        self.update()

    def _font(self) -> QFont:
        bold = font(0.85)
        bold.setBold(True)
        return bold

    def sizeHint(self) -> QSize:
        """Room for two digits."""
        metrics = QFontMetricsF(self._font())
        height = round(metrics.height()) + 2
        return QSize(max(height, round(metrics.horizontalAdvance("20")) + 8), height)

    def minimumSizeHint(self) -> QSize:
        """The same: a number is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The number on its ground."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            rect = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.setPen(QPen(theme.colour("mark_line"), 1))
            painter.setBrush(theme.colour("mark_line" if self._strong else "surface"))
            painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
            painter.setPen(theme.colour("surface" if self._strong else "mark_line"))
            painter.setFont(self._font())
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(self._number))


def emphasised(around: Excerpt) -> str:
    """A sentence with the answer in bold type, as markup."""
    return f"{escape(around.before)}<b>{escape(around.answer)}</b>{escape(around.after)}"


def card_label(tone: str = "", *, wrap: bool = True) -> QLabel:
    """A label on a card, which takes no clicks from it."""
    label = plain_label(tone=tone, wrap=wrap)
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return label


def card_lines(text: str) -> str:
    """An answer, or the items of a list below each other, as markup."""
    lines = text.splitlines()
    return "<br>".join(f"•&nbsp;{escape(line)}" for line in lines) if len(lines) > 1 else escape(text)
