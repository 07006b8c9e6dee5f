"""The question that is labelled, above its text; it can be edited where it stands."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from qadesk.ui.kit.widgets import Field, font, plain_label


class QuestionLine(QFrame):
    """``reworded`` gives the new words; ``left`` says that the keyboard is wanted elsewhere."""

    reworded = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("documentHead")
        self.label = plain_label()
        self.source = plain_label(tone="muted")
        self.field = Field()
        self.field.setAccessibleName("Question")
        self.field.setMaxLength(2000)
        self.field.hide()
        self.edit = QPushButton("Edit (E)")
        self.edit.setProperty("kind", "quiet")
        self.edit.setAccessibleName("Edit the question")
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.label, 1)
        head.addWidget(self.field, 1)
        head.addWidget(self.edit, alignment=Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 10, 12, 10)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.source)
        self.edit.clicked.connect(self.begin)
        self.field.editingFinished.connect(self._take)
        self.field.installEventFilter(self)
        self.restyle()

    def show_question(self, question: str, source: str) -> None:
        """Show ``question`` and the ``source`` that it is asked of; what was being edited is given up."""
        self.label.setText(question)
        self.source.setText(source)
        self._close()

    def begin(self) -> None:
        """Edit the question."""
        self.field.setText(self.label.text())
        self.label.hide()
        self.field.show()
        self.field.setFocus()
        self.field.selectAll()

    @property
    def is_open(self) -> bool:
        """Whether the question is being edited."""
        return not self.field.isHidden()

    def _take(self) -> None:
        if self.is_open:
            self._close()
            self.reworded.emit(self.field.text().strip())

    def _close(self) -> None:
        self.field.hide()
        self.label.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter takes the words, Esc gives them up; neither goes on to the label or to the window."""
        if isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                if event.key() == Qt.Key.Key_Escape:
                    self._close()
                self.left.emit()  # what leaves the field takes the words
                return True
        return super().eventFilter(watched, event)

    def restyle(self) -> None:
        """Take the text size."""
        self.label.setFont(font(1.2, strong=True))
        self.field.setFont(font(1.1))
