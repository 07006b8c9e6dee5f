"""The frame above the sample: what it is, and how to open a document of one's own."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from qadesk.ui.kit.widgets import font, plain_label, push_button

_TITLE = "This is a sample to try"
_TEXT = "Open a document of your own, or drop one here. It stays on this computer."
_NARROW = 85  # letters


class SampleBar(QWidget):
    """``open_requested`` and ``paste_requested`` come from its buttons."""

    open_requested = Signal()
    paste_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame = QFrame()
        self._frame.setObjectName("dropZone")
        self._title = plain_label(_TITLE)
        self.open_button = push_button("Open…", self.open_requested, kind="main")
        self.open_button.setAccessibleName("Open a document of your own")
        self.open_button.setToolTip("Open a document (Ctrl+O)")
        self.paste_button = push_button("Paste text", self.paste_requested)
        self.paste_button.setToolTip("Take the text on the clipboard as a document (Ctrl+V)")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(plain_label(_TEXT, tone="muted"))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.open_button, self.paste_button):
            buttons.addWidget(button, alignment=Qt.AlignmentFlag.AlignVCenter)
        buttons.addStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._frame)
        self._row.setContentsMargins(16, 10, 16, 10)
        self._row.setSpacing(8)
        self._row.addLayout(words, 1)
        self._row.addLayout(buttons)
        around = QVBoxLayout(self)
        around.setContentsMargins(16, 10, 16, 6)
        around.addWidget(self._frame)
        self.restyle()

    def set_over(self, over: bool) -> None:
        """Show that what is being dragged can be dropped."""
        self._frame.setProperty("over", over)
        self._frame.style().polish(self._frame)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons below the words where there is little room."""
        super().resizeEvent(event)
        is_narrow = event.size().width() < _NARROW * self.fontMetrics().averageCharWidth()
        directions = QBoxLayout.Direction
        self._row.setDirection(directions.TopToBottom if is_narrow else directions.LeftToRight)

    def restyle(self) -> None:
        """Take the theme's text size."""
        self._title.setFont(font(strong=True))
        line = self.fontMetrics().height()
        self.open_button.setMinimumSize(6 * line, round(2.4 * line))
