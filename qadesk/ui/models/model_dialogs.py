"""The dialogs of the page of models: rename, download, compare, remove."""

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


class _InputDialog(QDialog):
    """A dialog with the text ``lead``, a ``body`` for fields, and the buttons ``accept_text`` and Cancel."""

    def __init__(self, parent: QWidget | None, title: str, lead: str, accept_text: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.accept_button: QPushButton = buttons.addButton(accept_text, QDialogButtonBox.ButtonRole.AcceptRole)
        self.accept_button.setProperty("kind", "main")
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
        self.accept_button.setDefault(True)  # works only once the button is in the dialog
        self.setMinimumWidth(460)

    def _add_field(self, title: str, text: str = "", placeholder: str = "") -> QLineEdit:
        """A field in the body that must not stay empty."""
        field = QLineEdit(text)
        field.setPlaceholderText(placeholder)
        field.setAccessibleName(title)
        field.selectAll()
        field.textChanged.connect(lambda value: self.accept_button.setEnabled(bool(value.strip())))
        self.accept_button.setEnabled(bool(text.strip()))
        label = QLabel(f"&{title}")
        label.setBuddy(field)
        self.body.addWidget(label)
        self.body.addWidget(field)
        field.setFocus()
        return field


class RenameDialog(_InputDialog):
    """Asks for the new name of a model: ``field``."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, "Rename the model", "", "Rename")
        self.field = self._add_field("Name", name)


class DownloadDialog(_InputDialog):
    """Asks which model to download from the hub at ``url``: ``field``."""

    def __init__(self, url: str, parent: QWidget | None = None) -> None:
        lead = (
            f"QADesk asks {url} for the files of this model, and nothing else leaves your computer. This is the only "
            "time that QADesk uses a network. Choose a model for extractive question answering, and mind its licence."
        )
        super().__init__(parent, "Download a model", lead, "Download")
        self.field = self._add_field("Model on the hub", placeholder="owner/model")


class CompareDialog(_InputDialog):
    """Asks for the model to compare ``name`` with, ``other``, and for the data set, ``data``."""

    def __init__(self, name: str, others: Sequence[str], label_count: int, parent: QWidget | None = None) -> None:
        lead = f"Both answer the same questions, and you see which gets more of them right. The first is '{name}'."
        super().__init__(parent, "Compare two models", lead, "Compare")
        self.other, self.data = QComboBox(), QComboBox()
        self.other.addItems(list(others))
        if label_count:
            self.data.addItem(f"Your labels ({label_count:,})", _OWN)
        self.data.addItem("The general questions that come with QADesk", _GENERAL)
        self.data.addItem("A file in SQuAD's format…", _FILE)
        form = QFormLayout()
        for title, combo in (("Compare &with", self.other), ("&On", self.data)):
            combo.setAccessibleName(title.replace("&", ""))
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(28)
            form.addRow(title, combo)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.body.addLayout(form)
        self.other.setFocus()

    @property
    def on_labels(self) -> bool:
        """Whether the user's labels are the data set."""
        return bool(self.data.currentData() == _OWN)

    @property
    def on_file(self) -> bool:
        """Whether a file is to be chosen as the data set."""
        return bool(self.data.currentData() == _FILE)


class RemoveDialog(QMessageBox):
    """Asks whether to delete a model, which cannot be undone."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Remove the model")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(f"Remove '{name}'?")
        self.setInformativeText("Its files are deleted. This cannot be undone; export it first if in doubt.")
        self.remove_button = self.addButton("Remove", QMessageBox.ButtonRole.AcceptRole)
        self.setDefaultButton(self.addButton(QMessageBox.StandardButton.Cancel))
