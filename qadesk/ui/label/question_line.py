"""The question that is labelled, above its text; it is edited in place."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from qadesk.ui.kit.widgets import Field, font, plain_label


class QuestionLine(QFrame):
    """``edited`` gives the new wording; ``closed``: editing was ended by a key, and the focus can go elsewhere."""

    edited = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("documentHead")
        self.label = plain_label()
        self.source = plain_label(tone="muted")
        self.field = Field()
        self.field.setAccessibleName("Question")
        self.field.setMaxLength(2000)
        self.field.hide()
        self.edit_button = QPushButton("Edit (E)")
        self.edit_button.setProperty("kind", "quiet")
        self.edit_button.setAccessibleName("Edit the question")
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.label, 1)
        head.addWidget(self.field, 1)
        head.addWidget(self.edit_button, alignment=Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.source)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 10, 12, 10)
        self._row.setSpacing(8)
        self._row.addLayout(column, 1)
        self.edit_button.clicked.connect(self.edit)
        self.field.editingFinished.connect(self._finish_editing)
        self.field.installEventFilter(self)
        self.restyle()

    def add_button(self, button: QWidget) -> None:
        """Put ``button``, which acts on the text, before the question."""
        self._row.insertWidget(0, button, alignment=Qt.AlignmentFlag.AlignTop)

    def show_question(self, question: str, source: str) -> None:
        """Show ``question`` and the ``source`` of its text; an edit that was not finished is dropped."""
        self.label.setText(question)
        self.source.setText(source)
        self._close_field()

    def edit(self) -> None:
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

    def _finish_editing(self) -> None:
        if self.is_open:
            self._close_field()
            self.edited.emit(self.field.text().strip())

    def _close_field(self) -> None:
        self.field.hide()
        self.label.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter finishes the editing, Esc drops it; neither key reaches the label view or the window."""
        if isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                if event.key() == Qt.Key.Key_Escape:
                    self._close_field()
                self.closed.emit()  # the receiver takes the focus, which finishes the editing
                return True
        return super().eventFilter(watched, event)

    def restyle(self) -> None:
        """Apply the text size."""
        self.label.setFont(font(1.2, strong=True))
        self.field.setFont(font(1.1))
