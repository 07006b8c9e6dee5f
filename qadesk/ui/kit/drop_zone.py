"""Where files can be dropped: a frame with a picture, what to drop, a sentence, and buttons that do the same."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from qadesk.ui.kit import icons
from qadesk.ui.kit.widgets import font, plain_label, scroll_ground

WIDTH = 560


class DropZone(QFrame):
    """``picture`` is the name of an icon; ``title`` says what to drop, ``text`` is below it."""

    def __init__(self, picture: str, title: str, text: str, buttons: Sequence[QPushButton], spacing: int) -> None:
        super().__init__()
        self.setObjectName("dropZone")
        self.setMaximumWidth(WIDTH)
        self._icon = picture
        self._picture = QLabel()
        self._title = plain_label(title)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 32, 32, 32)
        column.setSpacing(spacing)
        for label in (self._picture, self._title, plain_label(text, tone="muted")):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addSpacing(8)
        column.addLayout(row)

    def set_over(self, over: bool) -> None:
        """Show that what is being dragged can be dropped."""
        self.setProperty("over", over)
        self.style().polish(self)

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        self._title.setFont(font(1.3, strong=True))
        self._picture.setPixmap(icons.pixmap(self._icon, "accent", 48))


def show_in_the_middle(area: QScrollArea, parts: Sequence[QWidget | QBoxLayout | int], spacing: int = -1) -> None:
    """Put ``parts`` below each other into the middle of ``area``, a little above it; a number is a space in pixels."""
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    ground = scroll_ground()
    middle = QVBoxLayout()
    middle.setSpacing(spacing)
    middle.addStretch(2)
    for part in parts:
        if isinstance(part, QWidget):
            middle.addWidget(part)
        elif isinstance(part, int):
            middle.addSpacing(part)
        else:
            middle.addLayout(part)
    middle.addStretch(3)
    row = QHBoxLayout(ground)
    row.setContentsMargins(24, 24, 24, 24)
    row.addStretch(1)
    row.addLayout(middle, 100)
    row.addStretch(1)
    area.setWidget(ground)
