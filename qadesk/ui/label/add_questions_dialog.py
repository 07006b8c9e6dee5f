"""Questions for the open document: typed, one a line, or those that were asked of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from qadesk.ui.kit.widgets import plain_label, shortened

MOST = 2000  # characters of a question


def questions_in(text: str) -> list[str]:
    """The questions of ``text``: a line each, without blank ones and without those that are there twice."""
    lines = (" ".join(line.split())[:MOST] for line in text.splitlines())
    return [*dict.fromkeys(line for line in lines if line)]


class AddQuestionsDialog(QDialog):
    """``added`` gives the questions. ``asked`` are those that were asked of the document, to take in by a button."""

    added = Signal(list)

    def __init__(self, title: str, asked: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Add questions")
        self._asked = asked
        self.field = QPlainTextEdit()
        self.field.setAccessibleName("Questions, one a line")
        self.field.setPlaceholderText("One question a line")
        self.field.setTabChangesFocus(True)
        self.take = QPushButton(
            f"Take the questions asked here ({len(asked):,})" if asked else "None were asked here yet"
        )
        self.take.setEnabled(bool(asked))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.add = buttons.addButton("Add", QDialogButtonBox.ButtonRole.AcceptRole)
        self.add.setProperty("kind", "main")
        buttons.accepted.connect(self._add)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        lead = f"Questions to '{shortened(title)}', one a line. You give their answers afterwards."
        column.addWidget(plain_label(lead))
        column.addWidget(self.field, 1)
        column.addWidget(self.take)
        column.addWidget(buttons)
        self.take.clicked.connect(self._take)
        self.field.textChanged.connect(self._count)
        self.resize(560, 400)
        self._count()

    def _take(self) -> None:
        typed = self.field.toPlainText()
        new = [question for question in self._asked if question not in questions_in(typed)]
        self.field.setPlainText("\n".join([*filter(None, [typed.rstrip()]), *new]))

    def _count(self) -> None:
        count = len(questions_in(self.field.toPlainText()))
        self.add.setText(f"Add {count:,}" if count else "Add")
        self.add.setEnabled(bool(count))

    def _add(self) -> None:
        self.added.emit(questions_in(self.field.toPlainText()))
        self.accept()
