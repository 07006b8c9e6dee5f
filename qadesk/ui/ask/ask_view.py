"""The view of the Ask place: the question above, the document below it, its answers on the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from qadesk.ui.ask.answers_panel import AnswersPanel
from qadesk.ui.ask.ask_bar import AskBar
from qadesk.ui.ask.document_pane import DocumentPane
from qadesk.ui.kit.saved_state import state_from, state_text


class AskView(QWidget):
    """Lays out the parts; the controller fills them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ask_bar = AskBar()
        self.pane = DocumentPane()
        self.answers = AnswersPanel()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.pane)
        self.splitter.addWidget(self.answers)
        self.splitter.setStretchFactor(0, 1)
        self.pane.setMinimumWidth(320)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.ask_bar)
        column.addWidget(self.splitter, 1)

    def focus_question(self) -> None:
        """Put the keyboard into the question."""
        self.ask_bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.ask_bar.field.selectAll()

    def restore_layout(self, layout: str) -> None:
        """Divide the view as ``saved_layout`` gave it; Qt ignores what makes no sense."""
        self.splitter.setSizes([780, 400])
        self.splitter.restoreState(state_from(layout))

    def saved_layout(self) -> str:
        """How the view is divided, as text."""
        return state_text(self.splitter.saveState())

    def restyle(self, line_length: int) -> None:
        """Take the theme's colours and text size, and lines of ``line_length`` characters."""
        self.ask_bar.restyle()
        self.pane.restyle()
        self.pane.text.set_line_length(line_length)
        self.answers.restyle()
