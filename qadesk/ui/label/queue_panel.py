"""The left side of the label view: how far one is, what is listed and in which order, and the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from qadesk.records import LABELLED, OPEN, Label
from qadesk.ui.kit.widgets import Field, font, plain_label
from qadesk.ui.label.label_queue import ORDERS, STATES, TEACHES, QueueList, QueueModel, ordered
from qadesk.ui.services.label_service import LabelSummary

_PAUSE = 200  # milliseconds after a key before a search


class QueuePanel(QWidget):
    """``chosen`` gives the label that is gone to, or None. ``sought`` says that other labels are asked for."""

    chosen = Signal(object)
    sought = Signal()
    add_wanted = Signal()
    import_wanted = Signal()
    export_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queuePane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = QueueModel(self)
        self._found: Sequence[Label] = ()  # as in their documents
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
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE)
        self._lay_out()
        self.list.selectionModel().currentChanged.connect(self._choose)
        self.state.currentIndexChanged.connect(self.sought)
        self.search.textChanged.connect(self._timer.start)
        self._timer.timeout.connect(self.sought)
        self.order.currentIndexChanged.connect(self._reorder)
        self.restyle()

    def _lay_out(self) -> None:
        self._add_button("Add…", "Add questions to the open document", self.add_wanted.emit)
        self._add_button("Import…", "Import labels from a file", self.import_wanted.emit)
        self._add_button("Export…", "Export the labels to a file", self.export_wanted.emit)
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

    def _add_button(self, text: str, name: str, act: Callable[[], object]) -> None:
        button = QPushButton(text)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.clicked.connect(lambda _checked: act())
        self._buttons.addWidget(button, 1)

    # What is listed

    @property
    def wanted_state(self) -> str:
        """The state that is to be listed; '' for all."""
        return str(self.state.currentData())

    @property
    def wanted_words(self) -> str:
        """What is searched for."""
        return self.search.text().strip()

    @property
    def teaches(self) -> bool:
        """Whether the order is by what teaches most."""
        return str(self.order.currentData()) == TEACHES

    @property
    def current(self) -> Label | None:
        """The label that one is at."""
        index = self.list.currentIndex()
        return self.model.labels[index.row()] if index.isValid() else None

    def show_labels(self, labels: Sequence[Label]) -> None:
        """List ``labels``, which are as in their documents, in the order that is set; one stays at the same label."""
        current = self.current
        self._found = labels
        selection = self.list.selectionModel()
        selection.blockSignals(True)  # it may be the same label in another row
        self.model.show(self._in_order(), self._margins)
        row = self.model.row_of(current.id) if current else -1
        if row >= 0:
            self.list.setCurrentIndex(self.model.index(row))
        selection.blockSignals(False)
        if row < 0:
            self.go_to(0)

    def show_standing(self, standing: LabelSummary) -> None:
        """Say how far one is."""
        counts = standing.counts
        total = counts.open + counts.labelled + counts.skipped + counts.lost
        self.progress.setText(f"{counts.labelled:,} of {total:,} labelled" if total else "No questions yet")
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(counts.labelled)

    def show_margins(self, margins: Mapping[int, float]) -> None:
        """Take how sure the model is of its suggestions."""
        self._margins = dict(margins)
        if self.teaches:
            self._reorder()
        else:
            self.model.set_margins(self._margins)

    def update_label(self, label: Label) -> None:
        """Show ``label`` as it is now; it stays in its place until the list is asked for anew."""
        self._found = [label if each.id == label.id else each for each in self._found]
        self.model.update_label(label)

    def _reorder(self) -> None:
        self.model.reorder(self._in_order(), self._margins)

    def _in_order(self) -> list[Label]:
        return ordered(self._found, str(self.order.currentData()), self._margins)

    def show_all(self) -> None:
        """Ask for all labels from now on."""
        for part in (self.state, self.search):
            part.blockSignals(True)
        self.state.setCurrentIndex(0)
        self.search.clear()
        for part in (self.state, self.search):
            part.blockSignals(False)

    # Where one is

    def go_to(self, row: int) -> None:
        """Go to ``row``; to no label where the list is empty."""
        if 0 <= row < len(self.model.labels):
            self.list.setCurrentIndex(self.model.index(row))
        elif not self.model.labels:
            self.chosen.emit(None)

    def go_to_label(self, label_id: int) -> bool:
        """Go to a label; gives whether it is in the list."""
        row = self.model.row_of(label_id)
        self.go_to(row)
        return row >= 0

    def step(self, by: int) -> None:
        """Go ``by`` rows on."""
        row = self.list.currentIndex().row() + by
        if 0 <= row < len(self.model.labels):
            self.go_to(row)

    def go_on(self, *, to_open: bool) -> bool:
        """Go to the next label; with ``to_open`` to the next open one, or the one that teaches most in that order.

        Gives whether there is one.
        """
        at, labels = self.list.currentIndex().row(), self.model.labels
        after, before = range(at + 1, len(labels)), range(at)
        rows = [*after] if not to_open else [*before, *after] if self.teaches else [*after, *before]
        found = next((row for row in rows if not to_open or labels[row].state == OPEN), None)
        if found is not None:
            self.go_to(found)
        return found is not None

    def upcoming(self, count: int) -> list[Label]:
        """The label that one is at and the next ``count`` that have no label yet, from the end on to the beginning."""
        at, labels = max(0, self.list.currentIndex().row()), self.model.labels
        rest = [label for label in (*labels[at + 1 :], *labels[:at]) if label.state != LABELLED]
        return [*labels[at : at + 1], *rest[:count]]

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(self.model.labels[index.row()] if index.isValid() else None)

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        self.progress.setFont(font(1.1, strong=True))
        self.list.scheduleDelayedItemsLayout()


def _box(name: str, rows: Sequence[tuple[str, str]]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setToolTip(name)
    for value, title in rows:
        box.addItem(title, value)
    return box
