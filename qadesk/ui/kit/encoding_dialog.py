"""Lets the user choose the encoding that a file is read in."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListWidgetItem, QVBoxLayout, QWidget

from qadesk.documents.encoding.whatwg import ENCODINGS
from qadesk.ui.kit.widgets import plain_label, wrapping_list

_NAME = Qt.ItemDataRole.UserRole


class EncodingDialog(QDialog):
    """A list of encodings by their languages; letters that are typed go to the row that begins with them."""

    def __init__(self, title: str, encoding: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Encoding")
        self.list = wrapping_list("Encodings")
        for text, name in [("Automatic", ""), *((f"{row.use} ({row.name})", row.name) for row in ENCODINGS)]:
            item = QListWidgetItem(text, self.list)
            item.setData(_NAME, name)
            if name == encoding:
                self.list.setCurrentItem(item)
        self.list.itemActivated.connect(lambda _item: self.accept())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Read again")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(plain_label(f"Choose the encoding in which {title} was saved. The text is read again in it."))
        column.addWidget(self.list, 1)
        column.addWidget(buttons)
        self.resize(420, 480)
        self.list.setFocus()

    @property
    def encoding(self) -> str:
        """The name of the encoding that is chosen; '' to find it out."""
        return str(self.list.currentItem().data(_NAME))
