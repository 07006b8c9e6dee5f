"""The line with the question, how likely the document holds the answer, and the line of work below it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QVBoxLayout, QWidget

from qadesk.records import Document
from qadesk.settings import row
from qadesk.ui.kit.question_field import QuestionFrame
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
        self.expectation = ExpectationBox()
        self._frame = QuestionFrame(self.expectation)
        self.field, self.button = self._frame.field, self._frame.button
        self.work = WorkLine()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self._frame)
        column.addWidget(self.work)
        self.setFocusProxy(self.field)
        self._frame.entered.connect(self.question_entered)
        self.work.cancel.clicked.connect(self.stop_requested)
        self.restyle()

    def set_ready(self, document: Document | None) -> None:
        """Whether there is a document to ask, and with text."""
        has_text = document is not None and bool(document.text)
        self.button.setEnabled(has_text)
        self.field.setPlaceholderText(_ASK if has_text else _NO_TEXT if document else _NO_DOCUMENT)

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        self._frame.restyle()
