"""The line that shows long work: a sentence, a bar, and a button to stop it."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from qadesk.app import phrases
from qadesk.progress import Progress
from qadesk.ui.kit.widgets import plain_label

_DELAY = 500  # milliseconds: shorter work is not shown
_STEPS = 1000


class WorkLine(QWidget):
    """Shows what is being worked on and how far it is, with a button to stop it; hidden for the first half second."""

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
        self._timer = QTimer(self, singleShot=True, interval=_DELAY)
        self._timer.timeout.connect(self.show)
        self.hide()

    def begin(self, text: str) -> None:
        """Show ``text`` if the work still goes on in half a second."""
        self._set(text, 0, 0)
        if not self.isVisible():
            self._timer.start()

    def report(self, step: Progress) -> None:
        """Show how far the work is."""
        self._set(phrases.progress(step), round(step.fraction * _STEPS), _STEPS)

    def end(self) -> None:
        """Hide again."""
        self._timer.stop()
        self.hide()

    @property
    def text(self) -> str:
        """The text that is shown."""
        return self._text.text()

    def _set(self, text: str, value: int, of: int) -> None:
        self._text.setText(text)
        self._bar.setRange(0, of)
        self._bar.setValue(value)
