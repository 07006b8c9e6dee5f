"""The left side of the label view: the counts, the filter, the order and the list of questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from qadesk.records import LABELLED, OPEN, Label
from qadesk.ui.kit.widgets import Field, font, plain_label
from qadesk.ui.label.label_queue import BY_MARGIN, ORDERS, STATES, QueueList, QueueModel, ordered
from qadesk.ui.services.label_service import LabelSummary

_SEARCH_DELAY = 200  # milliseconds after a key


class QueuePanel(QWidget):
    """``label_chosen`` gives the current label, or None; ``filter_changed``: other labels are to be listed."""

    label_chosen = Signal(object)
    filter_changed = Signal()
    add_requested = Signal()
    import_requested = Signal()
    export_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queuePane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = QueueModel(self)
        self._labels: Sequence[Label] = ()  # in document order
        self._margins: dict[int, float] = {}
        self.progress = plain_label(wrap=False)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Labelled")
        self.state = _box("Show", STATES)
        self.order = _box("Order", ORDERS)
        self.search = Field()
        self.search.setAccessibleName("Search in the labels")
        self.search.setPlaceholderText("Search")
        self.list = QueueList()
        self.list.setModel(self.model)
        self._buttons = QHBoxLayout()
        self._timer = QTimer(self, singleShot=True, interval=_SEARCH_DELAY)
        self._lay_out()
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self.state.currentIndexChanged.connect(self.filter_changed)
        self.search.textChanged.connect(self._timer.start)
        self._timer.timeout.connect(self.filter_changed)
        self.order.currentIndexChanged.connect(self._reorder)
        self.restyle()

    def _lay_out(self) -> None:
        self._add_button("Add…", "Add questions to the open document", self.add_requested.emit)
        self._add_button("Import…", "Import labels from a file", self.import_requested.emit)
        self._add_button("Export…", "Export the labels to a file", self.export_requested.emit)
        boxes = QHBoxLayout()
        boxes.setSpacing(8)
        boxes.addWidget(self.state)
        boxes.addWidget(self.order, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        for widget in (self.progress, self.bar):
            column.addWidget(widget)
        column.addLayout(boxes)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addLayout(self._buttons)

    def _add_button(self, text: str, name: str, pressed: Callable[[], object]) -> None:
        button = QPushButton(text)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.clicked.connect(lambda _checked: pressed())
        self._buttons.addWidget(button, 1)

    # The list

    @property
    def state_filter(self) -> str:
        """The state of the labels to list; '' for all."""
        return str(self.state.currentData())

    @property
    def search_words(self) -> str:
        """The text to search for; '' for all labels."""
        return self.search.text().strip()

    @property
    def is_by_margin(self) -> bool:
        """Whether the labels that teach most come first."""
        return str(self.order.currentData()) == BY_MARGIN

    @property
    def current(self) -> Label | None:
        """The current label."""
        index = self.list.currentIndex()
        return self.model.labels[index.row()] if index.isValid() else None

    def show_labels(self, labels: Sequence[Label]) -> None:
        """List ``labels``, given in document order, in the order of the box; the current label stays current."""
        current = self.current
        self._labels = labels
        selection = self.list.selectionModel()
        selection.blockSignals(True)  # it may be the same label in another row
        self.model.show(self._ordered(), self._margins)
        row = self.model.row_of(current.id) if current else -1
        if row >= 0:
            self.list.setCurrentIndex(self.model.index(row))
        selection.blockSignals(False)
        if row < 0:
            self.go_to(0)

    def show_summary(self, summary: LabelSummary) -> None:
        """Show how many labels there are, and how many of them are labelled."""
        counts = summary.counts
        total = counts.open + counts.labelled + counts.skipped + counts.lost
        self.progress.setText(f"{counts.labelled:,} of {total:,} labelled" if total else "No questions yet")
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(counts.labelled)

    def show_margins(self, margins: Mapping[int, float]) -> None:
        """Show the margins of suggestions by label id, and order by them if that is the order."""
        self._margins = dict(margins)
        if self.is_by_margin:
            self._reorder()
        else:
            self.model.set_margins(self._margins)

    def update_label(self, label: Label) -> None:
        """Show ``label`` as it is now; it stays in its row until the list is read again."""
        self._labels = [label if other.id == label.id else other for other in self._labels]
        self.model.update_label(label)

    def _reorder(self) -> None:
        self.model.reorder(self._ordered(), self._margins)

    def _ordered(self) -> list[Label]:
        return ordered(self._labels, str(self.order.currentData()), self._margins)

    def show_all(self) -> None:
        """Set the filter to all labels, without ``filter_changed``."""
        for widget in (self.state, self.search):
            widget.blockSignals(True)
        self.state.setCurrentIndex(0)
        self.search.clear()
        for widget in (self.state, self.search):
            widget.blockSignals(False)

    # The current label

    def go_to(self, row: int) -> None:
        """Make the label in ``row`` the current one; None where the list is empty."""
        if 0 <= row < len(self.model.labels):
            self.list.setCurrentIndex(self.model.index(row))
        elif not self.model.labels:
            self.label_chosen.emit(None)

    def go_to_label(self, label_id: int) -> bool:
        """Make a label the current one. Gives whether it is in the list."""
        row = self.model.row_of(label_id)
        self.go_to(row)
        return row >= 0

    def step(self, rows: int) -> None:
        """Go ``rows`` down, up where that is negative."""
        row = self.list.currentIndex().row() + rows
        if 0 <= row < len(self.model.labels):
            self.go_to(row)

    def go_to_next(self, *, to_open: bool) -> bool:
        """Go to the label below; with ``to_open`` to the next open one, wrapping around.

        In the order by margin, the next open one is the first. Gives whether there is one.
        """
        current, labels = self.list.currentIndex().row(), self.model.labels
        after, before = range(current + 1, len(labels)), range(current)
        if to_open:
            rows = chain(before, after) if self.is_by_margin else chain(after, before)
            row = next((row for row in rows if labels[row].state == OPEN), None)
        else:
            row = next(iter(after), None)
        if row is not None:
            self.go_to(row)
        return row is not None

    def upcoming(self, count: int) -> list[Label]:
        """The current label and the next ``count`` that are not labelled, wrapping around."""
        current, labels = max(0, self.list.currentIndex().row()), self.model.labels
        rest = [label for label in (*labels[current + 1 :], *labels[:current]) if label.state != LABELLED]
        return [*labels[current : current + 1], *rest[:count]]

    def _on_current_changed(self, index: QModelIndex) -> None:
        self.label_chosen.emit(self.model.labels[index.row()] if index.isValid() else None)

    def restyle(self) -> None:
        """Apply the theme's colours and text size."""
        self.progress.setFont(font(1.1, strong=True))
        self.list.scheduleDelayedItemsLayout()


def _box(name: str, rows: Sequence[tuple[str, str]]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setToolTip(name)
    for value, title in rows:
        box.addItem(title, value)
    return box
