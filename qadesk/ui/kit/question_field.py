"""The field in which a question is typed, with its history, and the frame that it stands in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from qadesk.ui.kit import icons, theme
from qadesk.ui.kit.widgets import Field, font


class QuestionField(Field):
    """A line in which Up and Down go through the earlier questions; a typed draft comes after them."""

    focused = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Question")
        self.setMaxLength(2000)
        self.setAcceptDrops(False)
        self.setFrame(False)
        self._history: list[str] = []  # the newest first
        self._index = -1
        self._draft = ""

    def set_history(self, questions: Sequence[str]) -> None:
        """Go through ``questions``, the newest first."""
        self._history = list(questions)
        self._index = -1

    def reset(self) -> None:
        """Clear the text and the draft; Up begins at the newest question again."""
        self.clear()
        self._index = -1
        self._draft = ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down go through the history."""
        if event.key() == Qt.Key.Key_Up and self._index + 1 < len(self._history):
            self._draft = self.text() if self._index < 0 else self._draft
            self._index += 1
            self.setText(self._history[self._index])
        elif event.key() == Qt.Key.Key_Down and self._index >= 0:
            self._index -= 1
            self.setText(self._history[self._index] if self._index >= 0 else self._draft)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Emit ``focused``."""
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Emit ``focused``."""
        super().focusOutEvent(event)
        self.focused.emit(False)


class QuestionFrame(QFrame):
    """The ``field`` behind a magnifying glass, and the ``button`` Ask.

    ``entered`` gives the question at Enter or Ask, while the button is enabled; also one without a word in it.
    """

    entered = Signal(str)

    def __init__(self, *choices: QWidget, parent: QWidget | None = None) -> None:
        """``choices`` stand between the field and the button."""
        super().__init__(parent)
        self.setObjectName("askField")
        self._glass = QLabel()
        self.field = QuestionField()
        self.button = QPushButton("Ask")
        self.button.setProperty("kind", "main")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 6, 4)
        row.setSpacing(8)
        row.addWidget(self._glass)
        row.addWidget(self.field, 1)
        for widget in (*choices, self.button):
            row.addWidget(widget)
        self.field.returnPressed.connect(self._enter)
        self.button.clicked.connect(self._enter)
        self.field.focused.connect(self._show_focus)

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        self.field.setFont(font(1.15))
        self._glass.setPixmap(icons.pixmap("search", "muted", round(20 * theme.scale())))

    def _enter(self) -> None:
        if self.button.isEnabled():
            self.entered.emit(self.field.text().strip())

    def _show_focus(self, focused: bool) -> None:
        self.setProperty("focused", focused)
        self.style().polish(self)
