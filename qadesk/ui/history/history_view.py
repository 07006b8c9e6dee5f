"""The view of the History place: the list on the left, the chosen question on the right, or an empty state."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from qadesk.ui.history.entries_panel import EntriesPanel
from qadesk.ui.history.entry_panel import EntryPanel
from qadesk.ui.kit.saved_state import state_from, state_text
from qadesk.ui.kit.widgets import font, plain_label, push_button
from qadesk.ui.kit.work_line import WorkLine

_EMPTY = "Nothing was asked yet"
_EMPTY_HINT = "Ask a document or the library a question: it is kept here with all its answers, on this computer only."
_OFF_HINT = "The history is off: what you ask is not kept."


class HistoryView(QWidget):
    """Lays out the parts; the controller fills them.

    ``ask_requested`` and ``library_requested`` lead to where questions are asked; ``keep_requested``: they shall be
    kept from now on.
    """

    ask_requested = Signal()
    library_requested = Signal()
    keep_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries = EntriesPanel()
        self.entry = EntryPanel()
        self.work = WorkLine()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.empty = QWidget()
        self.empty.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.keep_button = push_button("Keep them from now on", self.keep_requested, kind="main")
        self.ask_button = push_button("Ask a document", self.ask_requested, kind="main")
        self.library_button = push_button("Ask the library", self.library_requested)
        self.empty_title = plain_label(_EMPTY)
        self.empty_hint = plain_label(_EMPTY_HINT, tone="muted")
        self._stack = QStackedWidget()
        self._lay_out()
        self.restyle()

    def _lay_out(self) -> None:
        nothing = QVBoxLayout(self.empty)
        nothing.setContentsMargins(48, 24, 48, 24)
        nothing.setSpacing(10)
        nothing.addStretch(2)
        for label in (self.empty_title, self.empty_hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            nothing.addWidget(label)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for button in (self.keep_button, self.ask_button, self.library_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        nothing.addSpacing(6)
        nothing.addLayout(buttons)
        nothing.addStretch(3)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.entries)
        self.splitter.addWidget(self.entry)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([400, 860])
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.splitter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addWidget(self.work)

    def show_history(self, *, has_entries: bool, is_kept: bool) -> None:
        """Show the history, or that there is nothing in it; ``is_kept`` is the setting."""
        self.empty_hint.setText(_EMPTY_HINT if is_kept else _OFF_HINT)
        self.keep_button.setVisible(not is_kept)
        self.ask_button.setVisible(is_kept)
        self.library_button.setVisible(is_kept)
        self.empty.setAccessibleName(f"{self.empty_title.text()}. {self.empty_hint.text()}")
        self._stack.setCurrentWidget(self.splitter if has_entries else self.empty)

    def focus(self) -> None:
        """Put the keyboard into the list."""
        if self._stack.currentWidget() is self.empty:
            self.empty.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.entries.list.setFocus(Qt.FocusReason.TabFocusReason)

    def restore_layout(self, layout: str) -> None:
        """Divide the view as ``saved_layout`` gave it; Qt ignores what makes no sense."""
        if layout:
            self.splitter.restoreState(state_from(layout))

    def saved_layout(self) -> str:
        """How the view is divided, as text."""
        return state_text(self.splitter.saveState())

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        self.empty_title.setFont(font(1.3, strong=True))
        self.entries.restyle()
        self.entry.restyle()
