"""The dialog that adds questions to the open document: typed, one a line, or those of the history."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from qadesk.ui.kit.widgets import elided_middle, plain_label

MAX_CHARACTERS = 2000  # of a question


def questions_in(text: str) -> list[str]:
    """The questions of ``text``, one a line, without blank lines and repetitions."""
    lines = (" ".join(line.split())[:MAX_CHARACTERS] for line in text.splitlines())
    return [*dict.fromkeys(line for line in lines if line)]


class AddQuestionsDialog(QDialog):
    """``added`` gives the questions. A button copies ``history``, the questions asked of the document, to the field."""

    added = Signal(list)

    def __init__(self, title: str, history: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Add questions")
        self._history = history
        self.field = QPlainTextEdit()
        self.field.setAccessibleName("Questions, one a line")
        self.field.setPlaceholderText("One question a line")
        self.field.setTabChangesFocus(True)
        self.copy_history = QPushButton(
            f"Take the questions asked here ({len(history):,})" if history else "None were asked here yet"
        )
        self.copy_history.setEnabled(bool(history))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.add = buttons.addButton("Add", QDialogButtonBox.ButtonRole.AcceptRole)
        self.add.setProperty("kind", "main")
        buttons.accepted.connect(self._add)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        lead = f"Questions to '{elided_middle(title)}', one a line. You give their answers afterwards."
        column.addWidget(plain_label(lead))
        column.addWidget(self.field, 1)
        column.addWidget(self.copy_history)
        column.addWidget(buttons)
        self.copy_history.clicked.connect(self._copy_history)
        self.field.textChanged.connect(self._update_button)
        self.resize(560, 400)
        self._update_button()

    def _copy_history(self) -> None:
        typed = self.field.toPlainText()
        new = [question for question in self._history if question not in questions_in(typed)]
        self.field.setPlainText("\n".join([*filter(None, [typed.rstrip()]), *new]))

    def _update_button(self) -> None:
        count = len(questions_in(self.field.toPlainText()))
        self.add.setText(f"Add {count:,}" if count else "Add")
        self.add.setEnabled(bool(count))

    def _add(self) -> None:
        self.added.emit(questions_in(self.field.toPlainText()))
        self.accept()
