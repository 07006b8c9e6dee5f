"""The line with the question, how likely the document holds the answer, and the line of work below it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qadesk.records import Document
from qadesk.settings import row
from qadesk.ui.kit import icons
from qadesk.ui.kit.question_field import QuestionField
from qadesk.ui.kit.widgets import font
from qadesk.ui.kit.work_line import WorkLine

_ASK = "Ask a question about the document"
_EXPECTATIONS = {"usually": "Usually in here", "maybe": "May not be in here", "surely": "Surely in here"}
_NO_TEXT = "Recognise the text of the pictures, then ask a question"
_NO_DOCUMENT = "Open a document, then ask it a question"


class ExpectationBox(QComboBox):
    """How likely the document holds the answer. ``chosen`` gives what the user chose: a choice of "qa.expected"."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        setting = row("qa.expected")
        for choice in setting.choices:
            self.addItem(_EXPECTATIONS[choice], choice)
            self.setItemData(self.count() - 1, setting.title_of(choice), Qt.ItemDataRole.ToolTipRole)
        self.setAccessibleName("How likely the document holds the answer")
        self.setToolTip(setting.help)
        self.activated.connect(lambda index: self.chosen.emit(self.itemData(index)))

    def show_choice(self, choice: str) -> None:
        """Show ``choice``."""
        self.setCurrentIndex(self.findData(choice))


class AskBar(QFrame):
    """``question_entered`` gives the question at Enter or Ask; ``stop_requested`` comes from the button Stop."""

    question_entered = Signal(str)
    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("askBar")
        self._frame = QFrame()
        self._frame.setObjectName("askField")
        self._glass = QLabel()
        self.field = QuestionField()
        self.expectation = ExpectationBox()
        self.button = QPushButton("Ask")
        self.button.setProperty("kind", "main")
        self.work = WorkLine()
        inside = QHBoxLayout(self._frame)
        inside.setContentsMargins(12, 4, 6, 4)
        inside.setSpacing(8)
        inside.addWidget(self._glass)
        inside.addWidget(self.field, 1)
        inside.addWidget(self.expectation)
        inside.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self._frame)
        column.addWidget(self.work)
        self.setFocusProxy(self.field)
        self.field.returnPressed.connect(self._ask)
        self.button.clicked.connect(self._ask)
        self.field.focused.connect(self._show_focus)
        self.work.cancel.clicked.connect(self.stop_requested)
        self.restyle()

    def set_ready(self, document: Document | None) -> None:
        """Whether there is a document to ask, and with text."""
        has_text = document is not None and bool(document.text)
        self.button.setEnabled(has_text)
        self.field.setPlaceholderText(_ASK if has_text else _NO_TEXT if document else _NO_DOCUMENT)

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        self.field.setFont(font(1.15))
        self._glass.setPixmap(icons.pixmap("search", "muted", 20))

    def _ask(self) -> None:
        if self.button.isEnabled():
            self.question_entered.emit(self.field.text().strip())

    def _show_focus(self, focused: bool) -> None:
        self._frame.setProperty("focused", focused)
        self._frame.style().polish(self._frame)
