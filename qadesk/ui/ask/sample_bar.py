"""The frame above the sample: what it is, and how to open a document of one's own."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from qadesk.ui.kit.widgets import font, plain_label, push_button

_TITLE = "This is a sample to try"
_TEXT = "Open a document of your own, or drop one here. Everything stays on this computer."


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
        row = QHBoxLayout(self._frame)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(8)
        row.addLayout(words, 1)
        for button in (self.open_button, self.paste_button):
            row.addWidget(button, alignment=Qt.AlignmentFlag.AlignVCenter)
        around = QVBoxLayout(self)
        around.setContentsMargins(16, 10, 16, 6)
        around.addWidget(self._frame)
        self.restyle()

    def set_over(self, over: bool) -> None:
        """Show that what is being dragged can be dropped."""
        self._frame.setProperty("over", over)
        self._frame.style().polish(self._frame)

    def restyle(self) -> None:
        """Take the theme's text size."""
        self._title.setFont(font(strong=True))
        self.open_button.setFont(font(1.1))
