"""The left side of the history: the search, the filter and the list of questions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from qadesk.records import HistoryEntry
from qadesk.ui.history.entry_list import EntryList, EntryModel
from qadesk.ui.kit.widgets import Field, plain_label, push_button

_SEARCH_DELAY = 200  # milliseconds after a key
_NOTHING = "No question is like this."


class EntriesPanel(QWidget):
    """``entry_chosen`` gives the current entry, or None; ``filter_changed``: other entries are to be listed."""

    entry_chosen = Signal(object)
    filter_changed = Signal()
    export_requested = Signal()
    forget_all_requested = Signal()
    _all_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queuePane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = EntryModel(self)
        self.search = Field()
        self.search.setAccessibleName("Search in the history")
        self.search.setPlaceholderText("Search questions, answers and titles")
        self.search.setClearButtonEnabled(True)
        self.starred = QCheckBox("Only starred")
        self.list = EntryList()
        self.list.setModel(self.model)
        self.note = plain_label(tone="muted")
        self.show_all = push_button("Show all questions", self._all_requested)
        self.export_all = push_button("Export all…", self.export_requested)
        self.export_all.setToolTip("Write the questions that are listed, with their answers, to a file")
        self.forget_all = push_button("Forget all…", self.forget_all_requested)
        self._timer = QTimer(self, singleShot=True, interval=_SEARCH_DELAY)
        self._lay_out()
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self.search.textChanged.connect(self._timer.start)
        self.search.returnPressed.connect(self._go_into_list)
        self._timer.timeout.connect(self.filter_changed)
        self.starred.toggled.connect(self.filter_changed)
        self._all_requested.connect(self._clear_filters)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.export_all, 1)
        buttons.addWidget(self.forget_all, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        for widget in (self.search, self.starred, self.note, self.show_all):
            column.addWidget(widget)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)

    @property
    def criteria(self) -> dict[str, object]:
        """What is to be listed, as ``app.history.history_entries`` takes it."""
        return {"search": self.search.text().strip(), "starred": self.starred.isChecked()}

    @property
    def is_filtered(self) -> bool:
        """Whether some entries may not be listed."""
        return any(self.criteria.values())

    @property
    def current(self) -> HistoryEntry | None:
        """The current entry."""
        row = self.list.currentIndex().row()
        return self.model.entries[row] if 0 <= row < len(self.model.entries) else None

    def show_entries(self, entries: Sequence[HistoryEntry], *, has_more: bool) -> None:
        """List ``entries``; the current one stays current, or else the one in its row."""
        current, row_before = self.current, max(0, self.list.currentIndex().row())
        selection = self.list.selectionModel()
        selection.blockSignals(True)
        self.model.show(entries, has_more=has_more)
        row = self.model.row_of(current.id) if current else -1
        row = row if row >= 0 else min(row_before, len(entries) - 1)
        if row >= 0:
            self.list.setCurrentIndex(self.model.index(row))
        selection.blockSignals(False)
        self.list.viewport().update()
        self.note.setText(_NOTHING if not entries and self.is_filtered else "")
        self.note.setVisible(bool(self.note.text()))
        self.show_all.setVisible(bool(self.note.text()))
        self.export_all.setEnabled(bool(entries))
        self.entry_chosen.emit(self.current)

    def step(self, by: int) -> None:
        """Go ``by`` rows down, up where that is negative."""
        row = self.list.currentIndex().row() + by
        if 0 <= row < len(self.model.entries):
            self.list.setCurrentIndex(self.model.index(row))

    def focus_search(self) -> None:
        """Put the keyboard into the search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        self.list.scheduleDelayedItemsLayout()

    def _clear_filters(self) -> None:
        self.starred.setChecked(False)
        self.search.clear()
        self._timer.stop()
        self.filter_changed.emit()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_into_list(self) -> None:
        self._timer.stop()
        self.filter_changed.emit()
        self.list.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_current_changed(self, _index: QModelIndex) -> None:
        self.entry_chosen.emit(self.current)
