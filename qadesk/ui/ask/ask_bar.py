"""The question: one field with a history, and the line below it that says what is being worked on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qadesk.app import phrases
from qadesk.progress import Progress
from qadesk.ui.kit import icons
from qadesk.ui.kit.widgets import Field, font, plain_label

_QUIET = 500  # milliseconds before slow work is spoken of
_STEPS = 1000
_ASK = "Ask a question about the document"
_OPEN_FIRST = "Open a document, then ask it a question"


class QuestionField(Field):
    """A line in which Up and Down walk the earlier questions; what was being typed is at the end of them."""

    focused = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Question")
        self.setMaxLength(2000)
        self.setAcceptDrops(False)
        self.setFrame(False)
        self._history: list[str] = []  # the newest first
        self._at = -1
        self._draft = ""

    def set_history(self, questions: Sequence[str]) -> None:
        """Walk ``questions``, the newest first."""
        self._history = list(questions)
        self._at = -1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down walk the history."""
        if event.key() == Qt.Key.Key_Up and self._at + 1 < len(self._history):
            self._draft = self.text() if self._at < 0 else self._draft
            self._at += 1
            self.setText(self._history[self._at])
        elif event.key() == Qt.Key.Key_Down and self._at >= 0:
            self._at -= 1
            self.setText(self._history[self._at] if self._at >= 0 else self._draft)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell the frame."""
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell the frame."""
        super().focusOutEvent(event)
        self.focused.emit(False)


class AskBar(QFrame):
    """``asked`` gives the question when Enter or the button is pressed; ``stopped`` that work is to stop."""

    asked = Signal(str)
    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("askBar")
        self._frame = QFrame()
        self._frame.setObjectName("askField")
        self._glass = QLabel()
        self.field = QuestionField()
        self.button = QPushButton("Ask")
        self.button.setProperty("kind", "main")
        self.work = WorkLine()
        inside = QHBoxLayout(self._frame)
        inside.setContentsMargins(12, 4, 6, 4)
        inside.setSpacing(8)
        inside.addWidget(self._glass)
        inside.addWidget(self.field, 1)
        inside.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self._frame)
        column.addWidget(self.work)
        self.setFocusProxy(self.field)
        self.field.returnPressed.connect(self._ask)
        self.button.clicked.connect(self._ask)
        self.field.focused.connect(self._show_focus)
        self.work.cancel.clicked.connect(self.stopped)
        self.restyle()

    def set_ready(self, ready: bool) -> None:
        """Whether there is a document to ask."""
        self.button.setEnabled(ready)
        self.field.setPlaceholderText(_ASK if ready else _OPEN_FIRST)

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        self.field.setFont(font(1.15))
        self._glass.setPixmap(icons.pixmap("search", "muted", 20))

    def _ask(self) -> None:
        if self.button.isEnabled():
            self.asked.emit(self.field.text().strip())

    def _show_focus(self, focused: bool) -> None:
        self._frame.setProperty("focused", focused)
        self._frame.style().polish(self._frame)


class WorkLine(QWidget):
    """What is being worked on, how far it is, and a way to stop it. Quiet for the first half second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = plain_label(tone="muted", wrap=False)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress")
        self.cancel = QPushButton("Stop")
        self.cancel.setProperty("kind", "quiet")
        self.cancel.setToolTip("Stop (Esc)")
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._text)
        row.addWidget(self._bar, 1)
        row.addWidget(self.cancel)
        self._timer = QTimer(self, singleShot=True, interval=_QUIET)
        self._timer.timeout.connect(self.show)
        self.hide()

    def begin(self, text: str) -> None:
        """Speak of ``text`` if it is still going on in half a second."""
        self._say(text, 0, 0)
        if not self.isVisible():
            self._timer.start()

    def report(self, step: Progress) -> None:
        """Say how far it is."""
        self._say(phrases.progress(step), round(step.fraction * _STEPS), _STEPS)

    def end(self) -> None:
        """Be quiet again."""
        self._timer.stop()
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def _say(self, text: str, value: int, of: int) -> None:
        self._text.setText(text)
        self._bar.setRange(0, of)
        self._bar.setValue(value)
