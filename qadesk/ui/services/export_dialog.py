"""What is exported and in which format: asked before the dialog of the system, which asks where to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from qadesk.app.export.answer_formats import ANSWER_FORMATS, PDF_NAME
from qadesk.records import HistoryEntry
from qadesk.ui.kit.widgets import plain_label

_PDF_TITLE = "PDF copy with highlights"
_PDF_ABOUT = "The document itself with its answers marked. The note of each mark holds the question."


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """Entries that can be exported together, and what they are called: '&This question', with the key of a button."""

    title: str
    entries: Sequence[HistoryEntry]


class ExportDialog(QDialog):
    """``file_wanted``: the user chose among ``choices`` and formats, a PDF copy too where it ``has_pdf``."""

    file_wanted = Signal()

    def __init__(self, choices: Sequence[ExportChoice], *, has_pdf: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export answers")
        self._choices = choices
        self.what = [QRadioButton(choice.title) for choice in choices]
        self.what[0].setChecked(True)
        self.formats = QComboBox()
        for row in ANSWER_FORMATS:
            self.formats.addItem(row.title, row.name)
        if has_pdf:
            self.formats.addItem(_PDF_TITLE, PDF_NAME)
        self.formats.setAccessibleName("Format")
        self.about = plain_label(tone="muted")
        self.unlikely = QCheckBox("&Unlikely answers too (below 5\N{NO-BREAK SPACE}%)")
        self.formats.currentIndexChanged.connect(lambda _index: self._show_format())
        self.save_button = self._lay_out()
        self._show_format()

    def _lay_out(self) -> QWidget:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        save = buttons.addButton("&Save as…", QDialogButtonBox.ButtonRole.ActionRole)
        save.setProperty("kind", "main")
        save.clicked.connect(lambda _checked: self.file_wanted.emit())
        buttons.rejected.connect(self.reject)
        label = QLabel("&Format:")
        label.setBuddy(self.formats)
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.addRow(label, self.formats)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        if len(self.what) == 1:
            column.addWidget(plain_label(_without_key(self._choices[0].title)))
            self.what[0].setParent(self)
            self.what[0].hide()
        else:
            for button in self.what:
                column.addWidget(button)
        column.addLayout(form)
        column.addWidget(self.about)
        column.addWidget(self.unlikely)
        column.addWidget(buttons)
        save.setDefault(True)
        self.setMinimumWidth(460)
        return save

    @property
    def entries(self) -> Sequence[HistoryEntry]:
        """What is exported."""
        return next(
            choice.entries for choice, button in zip(self._choices, self.what, strict=True) if button.isChecked()
        )

    @property
    def format_name(self) -> str:
        """The name of the format."""
        return str(self.formats.currentData())

    @property
    def is_unlikely_wanted(self) -> bool:
        """Whether unlikely answers are written too."""
        return self.unlikely.isChecked() and self.unlikely.isEnabled()

    def choose_format(self, name: str) -> None:
        """Choose a format by its name, as it was chosen before; another one if it is not offered."""
        self.formats.setCurrentIndex(max(0, self.formats.findData(name)))

    def _show_format(self) -> None:
        row = next((row for row in ANSWER_FORMATS if row.name == self.format_name), None)
        self.about.setText(row.about if row else _PDF_ABOUT)
        self.unlikely.setEnabled(row is not None and not row.has_all)  # a copy of a PDF has the likely ones


def _without_key(title: str) -> str:
    """The title of a button as other text: without the sign before its key."""
    return title.replace("&&", "\0").replace("&", "").replace("\0", "&")
