"""The view while no document is open: where to drop one, three buttons to begin, and recent documents."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QScrollArea, QVBoxLayout, QWidget

from qadesk.app import phrases
from qadesk.records import RecentDocument
from qadesk.ui.kit.drop_zone import WIDTH, DropZone, show_in_the_middle
from qadesk.ui.kit.widgets import clear, elided_middle, plain_label, plain_tip, push_button

_RECENT = 6
_FORMATS = "PDF, Word, HTML, Markdown or plain text"


class EmptyView(QScrollArea):
    """``recent_chosen`` gives the document to open again."""

    open_requested = Signal()
    paste_requested = Signal()
    sample_requested = Signal()
    recent_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading = plain_label("Opened before", tone="muted")
        self._recent = QVBoxLayout()
        self._recent.setSpacing(6)
        self.open_button = push_button("Open…", self.open_requested, kind="main")
        self.paste_button = push_button("Paste text", self.paste_requested)
        self.sample_button = push_button("Try the sample", self.sample_requested)
        buttons = (self.open_button, self.paste_button, self.sample_button)
        self._zone = DropZone("page", "Drop a document here", _FORMATS, buttons, 8)
        self.set_over = self._zone.set_over
        self.restyle = self._zone.restyle
        promise = plain_label("Everything stays on this computer.", tone="muted")
        promise.setAlignment(Qt.AlignmentFlag.AlignCenter)
        show_in_the_middle(self, [self._zone, promise, 8, self._heading, self._recent], spacing=12)
        self.set_recent(())
        self.restyle()

    def set_recent(self, documents: Sequence[RecentDocument]) -> None:
        """Offer ``documents``, the newest first."""
        clear(self._recent)
        for document in documents[:_RECENT]:
            title, place = elided_middle(document.title), phrases.folder_and_day(document)
            button = QPushButton(f"{title}\n{place}".replace("&", "&&"))
            button.setProperty("kind", "row")
            button.setMaximumWidth(WIDTH)
            button.setAccessibleName(f"Open {document.title}, {place}")
            button.setToolTip(plain_tip(str(document.path) if document.path else "Pasted text"))
            button.clicked.connect(lambda _=False, document=document: self.recent_chosen.emit(document))
            self._recent.addWidget(button)
        self._heading.setVisible(bool(documents))
