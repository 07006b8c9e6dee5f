"""The view while no document is open: where to drop one, three buttons to begin, and recent documents."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from qadesk.records import RecentDocument
from qadesk.ui.kit import icons
from qadesk.ui.kit.widgets import clear, elided_middle, font, plain_label, plain_tip, push_button, scroll_ground

_RECENT = 6
_WIDTH = 560


class EmptyView(QScrollArea):
    """``recent_chosen`` gives the document to open again."""

    open_requested = Signal()
    paste_requested = Signal()
    sample_requested = Signal()
    recent_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._zone = QFrame()
        self._zone.setObjectName("dropZone")
        self._picture = QLabel()
        self._title = plain_label("Drop a document here")
        self._formats = plain_label("PDF, Word, HTML, Markdown or plain text", tone="muted")
        self._heading = plain_label("Opened before", tone="muted")
        self._recent = QVBoxLayout()
        self.open_button = push_button("Open…", self.open_requested, kind="main")
        self.paste_button = push_button("Paste text", self.paste_requested)
        self.sample_button = push_button("Try the sample", self.sample_requested)
        self._lay_out()
        self.set_recent(())
        self.restyle()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for button in (self.open_button, self.paste_button, self.sample_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        zone = QVBoxLayout(self._zone)
        zone.setContentsMargins(32, 32, 32, 32)
        zone.setSpacing(8)
        for label in (self._picture, self._title, self._formats):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            zone.addWidget(label)
        zone.addSpacing(8)
        zone.addLayout(buttons)
        self._recent.setSpacing(6)
        promise = plain_label("Everything stays on this computer.", tone="muted")
        promise.setAlignment(Qt.AlignmentFlag.AlignCenter)
        ground = scroll_ground()
        middle = QVBoxLayout()
        middle.setSpacing(12)
        middle.addStretch(2)
        middle.addWidget(self._zone)
        middle.addWidget(promise)
        middle.addSpacing(8)
        middle.addWidget(self._heading)
        middle.addLayout(self._recent)
        middle.addStretch(3)
        row = QHBoxLayout(ground)
        row.setContentsMargins(24, 24, 24, 24)
        row.addStretch(1)
        row.addLayout(middle, 100)
        row.addStretch(1)
        self._zone.setMaximumWidth(_WIDTH)
        self.setWidget(ground)

    def set_recent(self, documents: Sequence[RecentDocument]) -> None:
        """Offer ``documents``, the newest first."""
        clear(self._recent)
        for document in documents[:_RECENT]:
            button = QPushButton(elided_middle(document.title).replace("&", "&&"))
            button.setProperty("kind", "row")
            button.setMaximumWidth(_WIDTH)
            button.setAccessibleName(f"Open {document.title}")
            button.setToolTip(plain_tip(str(document.path) if document.path else "Pasted text"))
            button.clicked.connect(lambda _=False, document=document: self.recent_chosen.emit(document))
            self._recent.addWidget(button)
        self._heading.setVisible(bool(documents))

    def set_over(self, over: bool) -> None:
        """Show that what is being dragged can be dropped."""
        self._zone.setProperty("over", over)
        self._zone.style().polish(self._zone)

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        self._title.setFont(font(1.3, strong=True))
        self._picture.setPixmap(icons.pixmap("page", "accent", 48))
