"""Below the chosen answer: say whether it is right. Each button is a label, and has its key."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from qadesk.ui.kit.widgets import plain_label


class LabelButtons(QWidget):
    """``right`` says that the chosen answer is, ``corrected`` that the selected words are, ``absent`` that none is."""

    right = Signal()
    corrected = Signal()
    absent = Signal()
    undo_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.accept = _button("✓ Right", "Right: keep the chosen answer as a label (Ctrl+Enter)")
        self.correct = _button(
            "Wrong: these are the right words",
            "Keep the words that are selected in the document as the right answer (Ctrl+Shift+Enter)",
        )
        self.refuse = _button("∅ Not in this document", "Keep as a label that there is no answer (Ctrl+Shift+N)")
        self.told = plain_label()
        self.undo = QPushButton("Undo")
        self.undo.setProperty("kind", "quiet")
        self.undo.setToolTip("Undo (Ctrl+Z)")
        self.undo.setAccessibleName("Undo the label")
        upper = QHBoxLayout()
        upper.setSpacing(8)
        upper.addWidget(self.accept)
        upper.addWidget(self.refuse, 1)
        lower = QHBoxLayout()
        lower.setSpacing(8)
        lower.addWidget(self.told, 1)
        lower.addWidget(self.undo)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(8)
        column.addLayout(upper)
        column.addWidget(self.correct)
        column.addLayout(lower)
        self.accept.clicked.connect(self.right)
        self.correct.clicked.connect(self.corrected)
        self.refuse.clicked.connect(self.absent)
        self.undo.clicked.connect(self.undo_wanted)
        self.say("")

    def say(self, sentence: str, *, saved: bool = False) -> None:
        """Say ``sentence``, with a way back where a label was ``saved``."""
        self.told.setProperty("tone", "good" if saved else "muted")
        self.told.style().polish(self.told)
        self.told.setText(sentence)
        self.told.setVisible(bool(sentence))
        self.undo.setVisible(saved)
        if sentence:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button
