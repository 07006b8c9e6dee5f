"""The buttons below the chosen answer that make a label of it. Each has its key."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from qadesk.ui.kit.widgets import plain_label


class LabelButtons(QWidget):
    """``accepted``: the chosen answer is right; ``corrected``: the selected words are; ``refused``: none is."""

    accepted = Signal()
    corrected = Signal()
    refused = Signal()
    undo_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.accept = _button("✓ Right", "Right: keep the chosen answer as a label (Ctrl+Enter)")
        self.correct = _button(
            "", "Keep the words that are selected in the document as the right answer (Ctrl+Shift+Enter)"
        )
        self.refuse = _button("∅ Not in this document", "Keep as a label that there is no answer (Ctrl+Shift+N)")
        self.sentence = plain_label()
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
        lower.addWidget(self.sentence, 1)
        lower.addWidget(self.undo)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(8)
        column.addLayout(upper)
        column.addWidget(self.correct)
        column.addLayout(lower)
        self.accept.clicked.connect(self.accepted)
        self.correct.clicked.connect(self.corrected)
        self.refuse.clicked.connect(self.refused)
        self.undo.clicked.connect(self.undo_requested)
        self.show_selection(has_selection=False)
        self.show_sentence("")

    @property
    def in_order(self) -> tuple[QPushButton, ...]:
        """The buttons, as Tab goes through them."""
        return self.accept, self.refuse, self.correct, self.undo

    def show_selection(self, *, has_selection: bool) -> None:
        """Say what the button for other words does: whether words are selected in the document."""
        self.correct.setText(
            "Wrong: the selected words are right" if has_selection else "Wrong: select the right words"
        )

    def show_sentence(self, sentence: str, *, saved: bool = False) -> None:
        """Show ``sentence``, with a button to undo where a label was ``saved``; '' hides the line."""
        self.sentence.setProperty("tone", "good" if saved else "muted")
        self.sentence.style().polish(self.sentence)
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self.undo.setVisible(saved)
        if sentence:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button
