"""Asks for the password of a document."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from qadesk.errors import PasswordNeeded
from qadesk.ui.kit.widgets import plain_label


class PasswordDialog(QDialog):
    """Asks for the password of a document; says so where the last one was wrong."""

    def __init__(self, error: PasswordNeeded, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Wrong password" if error.wrong else "Password")
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName("Password")
        self.message = plain_label(error.message)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(self.message)
        column.addWidget(self.field)
        column.addWidget(buttons)
        self.setMinimumWidth(400)
