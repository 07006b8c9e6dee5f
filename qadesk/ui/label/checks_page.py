"""The checks page: possible mistakes in the labels by kind, with a way to each label."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QProgressBar,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from qadesk.app import phrases
from qadesk.ui.kit.flow_layout import FlowLayout
from qadesk.ui.kit.widgets import clear, font, plain_label

if TYPE_CHECKING:
    from qadesk.errors import QadeskError
    from qadesk.labels.checks import Finding
    from qadesk.progress import Progress

_FACT_KINDS = ("agreement", "size", "balance")  # of findings about all labels
_TITLES = {
    "contradiction": "Contradictions",
    "disagreement": "People disagree",
    "duplicate": "Duplicates",
    "near-duplicate question": "Like questions, unlike answers",
    "border": "Over the end of a paragraph or a cell",
    "punctuation": "Cut words, stray punctuation, single brackets",
    "unlikely": "Unlikely to the model",
}
_LEAD = "Looks for duplicates, contradictions and other slips among the labels."
_MODEL_HELP = "Works out the loss of every label: the highest are listed as unlikely. Questions wait meanwhile."
_PADDING = 12  # pixels, those of the style sheet included
_KEY_ROLE = Qt.ItemDataRole.UserRole


class ChecksPage(QWidget):
    """Lists findings. ``label_requested`` gives the key of the label to go to.

    ``check_requested`` is for a check without the model, ``losses_requested`` for one with the losses of the model,
    whose progress goes to ``show_progress``; ``cancel_requested`` ends the latter.
    """

    label_requested = Signal(str)
    check_requested = Signal()
    losses_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Checks")
        self._facts = QVBoxLayout()
        self._facts_frame = QFrame()
        self._facts_frame.setObjectName("verdict")
        self.check_button = QPushButton("Check the labels")
        self.check_button.clicked.connect(lambda _checked: self.check_requested.emit())
        self.model_button = QPushButton("Ask the model too")
        self.model_button.setAccessibleDescription(_MODEL_HELP)
        self.model_button.setToolTip(_MODEL_HELP)
        self.model_button.clicked.connect(self._on_model_button)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress of asking the model")
        self.message = plain_label(_LEAD, tone="muted")
        self.tree = FindingTree()
        self.tree.key_chosen.connect(self.label_requested)
        self._is_working = False
        self._lay_out()
        self._facts_frame.hide()
        self.progress.hide()
        self.tree.hide()

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self._facts_frame)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.addLayout(self._facts)
        buttons = FlowLayout(8)
        buttons.addWidget(self.check_button)
        buttons.addWidget(self.model_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self._facts_frame)
        column.addLayout(buttons)
        column.addWidget(self.progress)
        column.addWidget(self.message)
        column.addWidget(self.tree, 1)
        column.addStretch()

    def restyle(self) -> None:
        """Apply the theme's colours and text size."""
        self.tree.restyle()

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show ``findings``: those about all labels above, the others by kind."""
        self.check_button.setText("Check again")
        clear(self._facts)
        facts = [finding for kind in _FACT_KINDS for finding in findings if finding.kind == kind]
        for fact in facts:
            self._facts.addWidget(plain_label(fact.what))
        self._facts_frame.setVisible(bool(facts))
        mistakes = [finding for finding in findings if finding.kind not in _FACT_KINDS]
        self.tree.show_groups(_by_kind(mistakes))
        self.tree.setVisible(bool(mistakes))
        self.message.setText(_summary(len(mistakes)) if findings else "There are no labels to check yet.")

    def show_progress(self, step: Progress | None) -> None:
        """Show how far the model is; None for the end."""
        self._is_working = step is not None
        self.progress.setVisible(self._is_working)
        self.model_button.setText("Cancel" if self._is_working else "Ask the model too")
        if step:
            self.progress.setRange(0, step.total)
            self.progress.setValue(step.done)
            self.message.setText(phrases.progress(step))

    def show_problem(self, error: QadeskError) -> None:
        """Show why there are no findings; ends the progress."""
        self.show_progress(None)
        self.message.setText(str(error))

    def _on_model_button(self) -> None:
        if self._is_working:
            self.show_progress(None)
            self.message.setText("Stopped. The findings are those from before.")
            self.cancel_requested.emit()
            return
        self._is_working = True
        self.model_button.setText("Cancel")
        self.progress.setRange(0, 0)
        self.progress.show()
        self.message.setText("Asking the model…")
        self.losses_requested.emit()


class FindingTree(QTreeWidget):
    """Kinds, their findings, and the labels of each. ``key_chosen`` gives the key of the label of a row."""

    key_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Findings")
        self.setHeaderHidden(True)
        self.setWordWrap(True)
        self.setIndentation(16)
        self.setItemDelegate(_WrappingDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(self._activate)
        self._groups: list[QTreeWidgetItem] = []

    def show_groups(self, groups: Sequence[tuple[str, Sequence[Finding]]]) -> None:
        """Show findings by the titles of their kinds, all expanded; the current label stays current."""
        row = self.currentItem()
        key = row.data(0, _KEY_ROLE) if row else None
        self.clear()
        self._groups = [QTreeWidgetItem([f"{title} ({len(findings):,})"]) for title, findings in groups]
        rows: list[QTreeWidgetItem] = []
        for group, (_, findings) in zip(self._groups, groups, strict=True):
            children = [_row(finding) for finding in findings]
            group.addChildren(children)
            rows += children
            self.addTopLevelItem(group)
            group.setExpanded(True)
        self.restyle()
        if rows:
            self.setCurrentItem(next((item for item in rows if item.data(0, _KEY_ROLE) == key), rows[0]))

    def restyle(self) -> None:
        """Apply the text size."""
        for group in self._groups:
            group.setFont(0, font(strong=True))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the label."""
        row = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row:
            self._activate(row)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the text again."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def _activate(self, item: QTreeWidgetItem) -> None:
        key = item.data(0, _KEY_ROLE)
        if key:
            self.key_chosen.emit(key)
        else:
            item.setExpanded(not item.isExpanded())


class _WrappingDelegate(QStyledItemDelegate):
    """Gives rows the height of their text wrapped at the width of the tree, which Qt does not."""

    def __init__(self, tree: QTreeWidget) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The size of the row at ``index``."""
        style = QStyleOptionViewItem(option)
        self.initStyleOption(style, index)
        depth = 1
        parent = index.parent()
        while parent.isValid():
            depth, parent = depth + 1, parent.parent()
        width = self._tree.viewport().width() - depth * self._tree.indentation() - _PADDING
        wrap = Qt.TextFlag.TextWordWrap
        box = QFontMetrics(style.font).boundingRect(0, 0, max(1, width), 1 << 20, wrap, style.text)
        return QSize(width, box.height() + _PADDING)


def _row(finding: Finding) -> QTreeWidgetItem:
    """The row of a finding, which leads to its first label; where there are more, each has a row below."""
    row = QTreeWidgetItem([finding.what])
    count = len(finding.label_keys)
    row.setData(0, _KEY_ROLE, finding.label_keys[0] if count else None)
    if count > 1:
        for number, key in enumerate(finding.label_keys, 1):
            child = QTreeWidgetItem([f"Go to label {number} of {count}"])
            child.setData(0, _KEY_ROLE, key)
            row.addChild(child)
    return row


def _by_kind(findings: Sequence[Finding]) -> list[tuple[str, list[Finding]]]:
    """Findings with the titles of their kinds, the worst kind first."""
    kinds = dict.fromkeys([*_TITLES, *(finding.kind for finding in findings)])
    groups = [(kind, [finding for finding in findings if finding.kind == kind]) for kind in kinds]
    return [(_TITLES.get(kind, kind.capitalize()), group) for kind, group in groups if group]


def _summary(count: int) -> str:
    if not count:
        return "Nothing was found that needs another look."
    return f"{count:,} {'thing needs' if count == 1 else 'things need'} another look. Enter goes to the label."
