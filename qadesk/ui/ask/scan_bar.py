"""The line above a document with pages that are pictures: which they are, and how far text recognition is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QWidget

from qadesk.app import phrases
from qadesk.progress import Progress
from qadesk.records import Document
from qadesk.ui.kit.widgets import plain_label

_STEPS = 1000


class ScanBar(QFrame):
    """``start_requested`` and ``pause_requested`` come from its button."""

    start_requested = Signal()
    pause_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("noteLine")
        self.is_running = False
        self.label = plain_label()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress of text recognition")
        self.button = QPushButton()
        self.button.clicked.connect(self._press)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 6, 12, 6)
        row.setSpacing(12)
        row.addWidget(self.label, 1)
        row.addWidget(self._bar, 1)
        row.addWidget(self.button)
        self.hide()

    def show_scans(self, document: Document | None, problem: str = "") -> None:
        """Show which pages of ``document`` are pictures, with a button that starts, or a ``problem`` in its place."""
        self.is_running = False
        about = phrases.about_scans(document) if document else ""
        is_begun = document is not None and bool(document.recognized_pages)
        self.label.setText(f"{about} {problem}".strip())
        self._bar.hide()
        self.button.setText("Go on recognising" if is_begun else "Recognise the text")
        self.button.setVisible(not problem)
        self.setVisible(bool(about))

    def show_progress(self, step: Progress) -> None:
        """Show how far it is, with a button that pauses."""
        self.is_running = True
        self.label.setText(phrases.progress(step))
        self._bar.setRange(0, _STEPS)
        self._bar.setValue(round(step.fraction * _STEPS))
        self._bar.show()
        self.button.setText("Pause")
        self.button.show()
        self.show()

    def _press(self) -> None:
        (self.pause_requested if self.is_running else self.start_requested).emit()
