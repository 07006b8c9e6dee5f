"""The question to the library, with the filters of what is searched, and the line of work below them."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from qadesk.documents.formats import FORMATS
from qadesk.ui.kit.question_field import QuestionFrame
from qadesk.ui.kit.widgets import Field
from qadesk.ui.kit.work_line import WorkLine

_ASK = "Ask a question of all documents"
_ASK_ONE = "Ask a question of '{}'"
_NO_FILES = "Add a folder, then ask a question of all that is in it"
_TYPE_DELAY = 400  # milliseconds after a key


class LibraryBar(QFrame):
    """``question_entered`` gives the question at Enter or Ask, ``filters_changed``: another type or name was chosen."""

    question_entered = Signal(str)
    filters_changed = Signal()
    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("askBar")
        self._frame = QuestionFrame()
        self.field, self.button = self._frame.field, self._frame.button
        self.kind = QComboBox()
        self.kind.setAccessibleName("Type of the files")
        self.kind.setMaxVisibleItems(30)
        self.kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.kind.setMinimumContentsLength(13)
        self.kind.addItem("All types", "")
        for row in FORMATS:
            self.kind.addItem(row.short_title, row.kind)
        self.kind.setToolTip("Search files of this type alone")
        self.path = Field()
        self.path.setAccessibleName("Name or folder of the files")
        self.path.setPlaceholderText("Name or folder")
        self.path.setToolTip("Search only files with this in their name, or with a / in the path of their folder")
        self.path.setClearButtonEnabled(True)
        self.work = WorkLine()
        self._timer = QTimer(self, singleShot=True, interval=_TYPE_DELAY)
        self._lay_out()
        self._frame.entered.connect(self._ask)
        self.kind.currentIndexChanged.connect(self.filters_changed)
        self.path.textChanged.connect(lambda _text: self._timer.start())
        self.path.returnPressed.connect(self._timer.start)
        self._timer.timeout.connect(self.filters_changed)
        self.work.cancel.clicked.connect(self.stop_requested)
        self.set_ready(False, "")
        self.restyle()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._frame, 5)
        row.addWidget(self.kind)
        row.addWidget(self.path, 1)
        self.path.setMinimumWidth(120)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.work)
        self.setFocusProxy(self.field)

    def set_ready(self, has_files: bool, collection: str) -> None:
        """Whether there are files to ask, and the name of the collection that is asked, '' for all documents."""
        self.button.setEnabled(has_files)
        ask = _ASK_ONE.format(collection) if collection else _ASK
        self.field.setPlaceholderText(ask if has_files else _NO_FILES)

    def focus_question(self) -> None:
        """Put the keyboard into the question."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        self._frame.restyle()

    def _ask(self, question: str) -> None:
        if question:
            self.question_entered.emit(question)
