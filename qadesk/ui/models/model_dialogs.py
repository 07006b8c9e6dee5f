"""The small questions that the page of models asks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qadesk.ui.kit.widgets import plain_label

_OWN, _GENERAL, _FILE = range(3)


class _Question(QDialog):
    """A dialog with words, what to fill in, and a button to go on beside Cancel."""

    def __init__(self, parent: QWidget | None, title: str, lead: str, go: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go: QPushButton = buttons.addButton(go, QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setProperty("kind", "main")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.body = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        if lead:
            column.addWidget(plain_label(lead))
        column.addLayout(self.body)
        column.addWidget(buttons)
        self.go.setDefault(True)  # here: the dialog must have it already
        self.setMinimumWidth(460)

    def _ask(self, title: str, text: str = "", placeholder: str = "") -> QLineEdit:
        field = QLineEdit(text)
        field.setPlaceholderText(placeholder)
        field.setAccessibleName(title)
        field.selectAll()
        field.textChanged.connect(lambda now: self.go.setEnabled(bool(now.strip())))
        self.go.setEnabled(bool(text.strip()))
        label = QLabel(f"&{title}")
        label.setBuddy(field)
        self.body.addWidget(label)
        self.body.addWidget(field)
        field.setFocus()
        return field


class RenameDialog(_Question):
    """Asks for the new name of a model: ``field``."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, "Rename the model", "", "Rename")
        self.field = self._ask("Name", name)


class DownloadDialog(_Question):
    """Asks which model to fetch from the hub at ``url``: ``field``."""

    def __init__(self, url: str, parent: QWidget | None = None) -> None:
        lead = (
            f"QADesk asks {url} for the files of this model, and nothing else leaves your computer. This is the only "
            "time that QADesk uses a network. Choose a model for extractive question answering, and mind its licence."
        )
        super().__init__(parent, "Download a model", lead, "Download")
        self.field = self._ask("Model on the hub", placeholder="owner/model")


class CompareDialog(_Question):
    """Asks for the model to compare with, and on what: ``other`` and ``data`` hold what was chosen."""

    def __init__(self, name: str, others: Sequence[str], labels: int, parent: QWidget | None = None) -> None:
        lead = f"Both answer the same questions, and you see which gets more of them right. The first is '{name}'."
        super().__init__(parent, "Compare two models", lead, "Compare")
        self.other, self.data = QComboBox(), QComboBox()
        self.other.addItems(list(others))
        if labels:
            self.data.addItem(f"Your labels ({labels:,})", _OWN)
        self.data.addItem("The general questions that come with QADesk", _GENERAL)
        self.data.addItem("A file in SQuAD's format…", _FILE)
        form = QFormLayout()
        for title, box in (("Compare &with", self.other), ("&On", self.data)):
            box.setAccessibleName(title.replace("&", ""))
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(28)
            form.addRow(title, box)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.body.addLayout(form)
        self.other.setFocus()

    @property
    def on_labels(self) -> bool:
        """Whether the user's own labels are the questions."""
        return bool(self.data.currentData() == _OWN)

    @property
    def on_file(self) -> bool:
        """Whether a file holds the questions."""
        return bool(self.data.currentData() == _FILE)


class RemoveDialog(QMessageBox):
    """Asks whether to delete a model: the one thing here that cannot be undone."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Remove the model")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(f"Remove '{name}'?")
        self.setInformativeText("Its files are deleted. This cannot be undone; export it first if in doubt.")
        self.remove = self.addButton("Remove", QMessageBox.ButtonRole.AcceptRole)
        self.setDefaultButton(self.addButton(QMessageBox.StandardButton.Cancel))
