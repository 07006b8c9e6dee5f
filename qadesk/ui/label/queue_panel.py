"""The left side of the label view: the counts, the filter, the order and the list of questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from qadesk.records import LABELLED, OPEN, Label
from qadesk.ui.kit.flow_layout import FlowLayout
from qadesk.ui.kit.widgets import Field, elided_middle, font, plain_label, plain_tip
from qadesk.ui.label.label_queue import BY_MARGIN, ORDERS, STATES, QueueList, QueueModel, ordered
from qadesk.ui.services.label_service import LabelSummary

if TYPE_CHECKING:
    from qadesk.app.labelling.labels import Counts, LabelledDocument

_SEARCH_DELAY = 200  # milliseconds after a key
_ALL_DOCUMENTS, _OWN = "All documents", "Your labels"


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
        self._keeps_current = False  # the same label becomes current in another row
        self.counts: Counts | None = None  # of all labels
        self.progress = plain_label(wrap=False)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Labelled")
        self.state = _box("Show", STATES)
        self.document = _box("Document", [(None, _ALL_DOCUMENTS)])
        self.author = _box("Labels of", [("", _OWN)])
        self.author.hide()
        self.order = _box("Order", ORDERS)
        for box in (self.document, self.author, self.order):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
        self.document.hide()
        self.search = Field()
        self.search.setAccessibleName("Search in the labels")
        self.search.setPlaceholderText("Search")
        self.list = QueueList()
        self.list.setModel(self.model)
        self._buttons = FlowLayout(8)
        self._timer = QTimer(self, singleShot=True, interval=_SEARCH_DELAY)
        self._lay_out()
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self.state.currentIndexChanged.connect(self.filter_changed)
        for box in (self.document, self.author):
            box.currentIndexChanged.connect(self.filter_changed)
        self.search.textChanged.connect(self._timer.start)
        self._timer.timeout.connect(self.filter_changed)
        self.order.currentIndexChanged.connect(lambda _index: self._reorder())
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
        column.addWidget(self.author)
        column.addWidget(self.document)
        column.addLayout(boxes)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addLayout(self._buttons)

    def _add_button(self, text: str, name: str, pressed: Callable[[], object]) -> None:
        button = QPushButton(text)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.clicked.connect(lambda _checked: pressed())
        self._buttons.addWidget(button)

    # The list

    @property
    def state_filter(self) -> str:
        """The state of the labels to list; '' for all."""
        return str(self.state.currentData())

    @property
    def document_filter(self) -> str | None:
        """The group of the texts whose labels are listed; None for all."""
        group = self.document.currentData()
        return None if group is None else str(group)

    @property
    def author_filter(self) -> str:
        """The name of the other person whose labels are listed; '' for the user's own."""
        return str(self.author.currentData())

    @property
    def is_filtered(self) -> bool:
        """Whether labels may be left out of the list."""
        is_part = self.document_filter is not None or bool(self.author_filter)
        return is_part or bool(self.state_filter or self.search_words)

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

    @property
    def position(self) -> tuple[int, int]:
        """Which of the listed labels the current one is, from 1 (0 for none), and how many there are."""
        return self.list.currentIndex().row() + 1, len(self.model.labels)

    def show_authors(self, authors: Sequence[str]) -> bool:
        """Offer the labels of other ``authors``, if there are any. Gives False if those that are listed have gone."""
        author = self.author_filter
        rows = [("", _OWN), *((name, f"Labels of {elided_middle(name)}") for name in authors)]
        is_there = _fill(self.author, rows, author)
        self.author.setVisible(bool(authors))
        return is_there

    def show_documents(self, documents: Sequence[LabelledDocument]) -> bool:
        """Offer ``documents`` to filter by, if there are several. Gives False if the one filtered by has gone."""
        group = self.document_filter
        rows = [
            (None, _ALL_DOCUMENTS),
            *((row.group, f"{elided_middle(row.title or 'Untitled')} ({row.labels:,})") for row in documents),
        ]
        is_there = _fill(self.document, rows, group)
        for number, row in enumerate(documents, 1):
            self.document.setItemData(number, plain_tip(row.group), Qt.ItemDataRole.ToolTipRole)
        self.document.setVisible(len(documents) > 1 or group is not None)
        return is_there

    def show_labels(self, labels: Sequence[Label], *, keeps_place: bool = False) -> None:
        """List ``labels``, given in document order, in the order of the box; the current label stays current.

        With ``keeps_place`` the rows above it stay above it in an order that changes with what the model thinks.
        """
        current = self.current
        above = self.model.labels[: self.list.currentIndex().row() + 1] if keeps_place and self.is_by_margin else []
        self._labels = labels
        self.list.set_count(len(labels))
        self.model.show(self._ordered(above), self._margins)
        row = self.model.row_of(current.id) if current else -1
        self._keeps_current = row >= 0
        self.go_to(max(0, row))
        self._keeps_current = False
        self.list.show_current()

    def show_summary(self, summary: LabelSummary) -> None:
        """Show how many labels there are in each state."""
        counts = self.counts = summary.counts
        total = counts.open + counts.labelled + counts.skipped + counts.lost
        states = ("open", "labelled", "skipped", "lost")
        parts = [f"{getattr(counts, state):,} {state}" for state in states if getattr(counts, state)]
        self.progress.setText(", ".join(parts) or "No questions yet")
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(counts.labelled)

    def show_margins(self, margins: Mapping[int, float]) -> None:
        """Show the margins of suggestions by label id; the rows below the current one are ordered by them."""
        self._margins = dict(margins)
        if self.is_by_margin:
            self._reorder(self.model.labels[: self.list.currentIndex().row() + 1])
        else:
            self.model.set_margins(self._margins)

    def update_label(self, label: Label) -> None:
        """Show ``label`` as it is now; it stays in its row until the list is read again."""
        self._labels = [label if other.id == label.id else other for other in self._labels]
        self.model.update_label(label)

    def _reorder(self, above: Sequence[Label] = ()) -> None:
        self.model.reorder(self._ordered(above), self._margins)
        self.list.show_current()

    def _ordered(self, above: Sequence[Label]) -> list[Label]:
        """The labels in the order of the box, after those that are in ``above``, which keep their order."""
        places = {label.id: place for place, label in enumerate(above)}
        kept = sorted((label for label in self._labels if label.id in places), key=lambda label: places[label.id])
        first = {label.id: label for label in kept}
        rest = ordered(self._labels, str(self.order.currentData()), self._margins)
        return [*first.values(), *(label for label in rest if label.id not in first)]

    def show_all(self) -> None:
        """Set the filter to all labels, without ``filter_changed``."""
        self._set_filter()

    def show_author(self, author: str) -> None:
        """Set the filter to all labels of ``author``, if they are offered, without ``filter_changed``."""
        self._set_filter(author=author)

    def show_only(self, state: str) -> None:
        """Set the filter to the labels of ``state``, '' for all, of all documents."""
        self._set_filter(state=state)
        self.filter_changed.emit()

    def _set_filter(self, *, state: str = "", author: str = "") -> None:
        widgets = (self.state, self.document, self.author, self.search)
        for widget in widgets:
            widget.blockSignals(True)
        self.state.setCurrentIndex(self.state.findData(state))
        self.document.setCurrentIndex(0)
        self.author.setCurrentIndex(max(0, self.author.findData(author)))
        self.search.clear()
        for widget in widgets:
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
        """Go to the label below; with ``to_open`` to the next open one, wrapping around. Gives whether there is one."""
        current, labels = self.list.currentIndex().row(), self.model.labels
        after, before = range(current + 1, len(labels)), range(current)
        if to_open:
            row = next((row for row in chain(after, before) if labels[row].state == OPEN), None)
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
        if not self._keeps_current:
            self.label_chosen.emit(self.model.labels[index.row()] if index.isValid() else None)

    def restyle(self) -> None:
        """Apply the theme's colours and text size."""
        self.progress.setFont(font(1.1, strong=True))
        self.list.restyle()


def _fill(box: QComboBox, rows: Sequence[tuple[str | None, str]], value: str | None) -> bool:
    """Put ``rows`` into ``box`` and choose the one of ``value``, else the first. Gives whether it is there."""
    box.blockSignals(True)
    box.clear()
    for row_value, title in rows:
        box.addItem(title, row_value)
    index = next((index for index, (row_value, _) in enumerate(rows) if row_value == value), -1)
    box.setCurrentIndex(max(0, index))
    box.blockSignals(False)
    return index >= 0


def _box(name: str, rows: Sequence[tuple[str | None, str]]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setToolTip(name)
    for value, title in rows:
        box.addItem(title, value)
    return box
