"""The library while nothing is in it: where to drop a folder, and what a library is, in a sentence."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from qadesk.ui.kit import icons
from qadesk.ui.kit.widgets import font, plain_label, push_button, scroll_ground

_WIDTH = 560
_PROMISE = (
    "The folder is linked: nothing is copied or changed, and all stays on this computer. QADesk reads the documents "
    "in it once, and what changes later, so that one question finds its answers in all of them."
)


class LibraryEmptyView(QScrollArea):
    """``folder_requested``, ``files_requested``: the user wants to choose some."""

    folder_requested = Signal()
    files_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._zone = QFrame()
        self._zone.setObjectName("dropZone")
        self._zone.setMaximumWidth(_WIDTH)
        self._picture = QLabel()
        self._title = plain_label("Drop a folder here")
        self._promise = plain_label(_PROMISE, tone="muted")
        self.folder_button = push_button("Add a folder…", self.folder_requested, kind="main")
        self.files_button = push_button("Add files…", self.files_requested)
        self._lay_out()
        self.restyle()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.folder_button)
        buttons.addWidget(self.files_button)
        buttons.addStretch(1)
        zone = QVBoxLayout(self._zone)
        zone.setContentsMargins(32, 32, 32, 32)
        zone.setSpacing(10)
        for label in (self._picture, self._title, self._promise):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            zone.addWidget(label)
        zone.addSpacing(8)
        zone.addLayout(buttons)
        ground = scroll_ground()
        middle = QVBoxLayout()
        middle.addStretch(2)
        middle.addWidget(self._zone)
        middle.addStretch(3)
        row = QHBoxLayout(ground)
        row.setContentsMargins(24, 24, 24, 24)
        row.addStretch(1)
        row.addLayout(middle, 100)
        row.addStretch(1)
        self.setWidget(ground)

    def set_over(self, over: bool) -> None:
        """Show that what is being dragged can be dropped."""
        self._zone.setProperty("over", over)
        self._zone.style().polish(self._zone)

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        self._title.setFont(font(1.3, strong=True))
        self._picture.setPixmap(icons.pixmap("folder", "accent", 48))
