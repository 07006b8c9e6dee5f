"""A button whose words go on in the next line where it is too narrow for them."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from qadesk.ui.kit import theme

_SIDE, _ABOVE = 15, 10  # pixels around the words, with the border
_NARROWEST = 120
_FLAGS = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class WrappingButton(QPushButton):
    """A row that can be pressed; ``text`` is shown whole, however narrow it is."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text.replace("&", "&&"), parent)
        self.setProperty("kind", "row")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def _words(self) -> str:
        return self.text().replace("&&", "&")

    def heightForWidth(self, width: int) -> int:
        """Its height in pixels where it is ``width`` pixels wide."""
        room = QRect(0, 0, max(1, width - 2 * _SIDE), 10_000)
        return self.fontMetrics().boundingRect(room, _FLAGS, self._words).height() + 2 * _ABOVE

    def sizeHint(self) -> QSize:
        """All on one line."""
        width = self.fontMetrics().horizontalAdvance(self._words) + 2 * _SIDE + 1
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Narrow, with all lines."""
        return QSize(_NARROWEST, self.heightForWidth(max(_NARROWEST, self.width())))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The button, and the words on it."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        with QPainter(self) as painter:
            self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
            painter.setPen(theme.colour("ink" if self.isEnabled() else "muted"))
            painter.drawText(self.rect().adjusted(_SIDE, 0, -_SIDE, 0), _FLAGS, self._words)
