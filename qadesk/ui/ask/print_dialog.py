"""What is printed of the open document, and where to: asked before the dialog of the system, which asks the rest."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from qadesk.ui.kit.widgets import elided_middle, plain_label


class PrintDialog(QDialog):
    """``printer_chosen`` and ``file_chosen``: print on a printer, or into a PDF file."""

    printer_chosen = Signal()
    file_chosen = Signal()

    def __init__(self, title: str, what: str, *, has_answers: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Print")
        self.marks = QCheckBox("With the &marks of the answers")
        self.marks.setChecked(has_answers)
        self.marks.setVisible(has_answers)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.to_printer = buttons.addButton("&Printer…", QDialogButtonBox.ButtonRole.AcceptRole)
        self.to_file = buttons.addButton("PDF &file…", QDialogButtonBox.ButtonRole.ActionRole)
        self.to_printer.setDefault(True)
        self.to_printer.clicked.connect(lambda _checked: self.printer_chosen.emit())
        self.to_file.clicked.connect(lambda _checked: self.file_chosen.emit())
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(plain_label(f"{elided_middle(title)}: {what}"))
        column.addWidget(self.marks)
        column.addWidget(buttons)
        self.setMinimumWidth(400)

    @property
    def are_marks_wanted(self) -> bool:
        """Whether to print the marks of the answers."""
        return self.marks.isChecked()
