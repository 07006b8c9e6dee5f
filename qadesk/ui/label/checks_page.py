"""The checks page: what may be wrong with the labels, by kind, each a click or Enter away from its label."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
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
from qadesk.ui.kit.widgets import clear, font, plain_label

if TYPE_CHECKING:
    from qadesk.errors import QadeskError
    from qadesk.labels.checks import Finding
    from qadesk.progress import Progress

_FACTS = ("size", "balance")  # kinds that are about all labels, not about one
_TITLES = {
    "contradiction": "Contradictions",
    "duplicate": "Duplicates",
    "near-duplicate question": "Like questions, unlike answers",
    "punctuation": "Stray punctuation or spaces",
    "unlikely": "Unlikely to the model",
}
_LEAD = "Looks for duplicates, contradictions and other slips among the labels."
_MODEL_HELP = "Works out the loss of every label: the highest are listed as unlikely. Questions wait meanwhile."
_PADDING = 12  # pixels, those of the style sheet included
_KEY = Qt.ItemDataRole.UserRole


class ChecksPage(QWidget):
    """Lists findings. ``label_wanted`` gives the key of the label to go to.

    ``wanted`` asks for another check without the model; ``losses_wanted`` for one with the losses of the model, whose
    progress goes to ``show_progress``; ``cancel_wanted`` says that the user does not want to wait for it.
    """

    label_wanted = Signal(str)
    wanted = Signal()
    losses_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Checks")
        self._facts = QVBoxLayout()
        self._facts_frame = QFrame()
        self._facts_frame.setObjectName("verdict")
        self.check_button = QPushButton("Check the labels")
        self.check_button.clicked.connect(lambda _checked: self.wanted.emit())
        self.model_button = QPushButton("Ask the model too")
        self.model_button.setAccessibleDescription(_MODEL_HELP)
        self.model_button.setToolTip(_MODEL_HELP)
        self.model_button.clicked.connect(self._press_model)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress of asking the model")
        self.said = plain_label(_LEAD, tone="muted")
        self.tree = FindingTree()
        self.tree.chosen.connect(self.label_wanted)
        self._is_working = False
        self._lay_out()
        self._facts_frame.hide()
        self.progress.hide()
        self.tree.hide()

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self._facts_frame)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.addLayout(self._facts)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.check_button)
        buttons.addWidget(self.model_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self._facts_frame)
        column.addLayout(buttons)
        column.addWidget(self.progress)
        column.addWidget(self.said)
        column.addWidget(self.tree, 1)
        column.addStretch()

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        self.tree.restyle()

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show ``findings``: those about all labels on top, the others by kind."""
        self.check_button.setText("Check again")
        clear(self._facts)
        facts = [each for kind in _FACTS for each in findings if each.kind == kind]
        for each in facts:
            self._facts.addWidget(plain_label(each.what))
        self._facts_frame.setVisible(bool(facts))
        slips = [each for each in findings if each.kind not in _FACTS]
        self.tree.show_groups(_by_kind(slips))
        self.tree.setVisible(bool(slips))
        self.said.setText(_summary(len(slips)) if findings else "There are no labels to check yet.")

    def show_progress(self, step: Progress | None) -> None:
        """Say how far the model is; None for the end."""
        self._is_working = step is not None
        self.progress.setVisible(self._is_working)
        self.model_button.setText("Cancel" if self._is_working else "Ask the model too")
        if step:
            self.progress.setRange(0, step.total)
            self.progress.setValue(step.done)
            self.said.setText(phrases.progress(step))

    def show_problem(self, error: QadeskError) -> None:
        """Say why there is nothing to show; ends the progress."""
        self.show_progress(None)
        self.said.setText(str(error))

    def _press_model(self) -> None:
        if self._is_working:
            self.show_progress(None)
            self.said.setText("Stopped. The findings are those from before.")
            self.cancel_wanted.emit()
            return
        self._is_working = True
        self.model_button.setText("Cancel")
        self.progress.setRange(0, 0)
        self.progress.show()
        self.said.setText("Asking the model…")
        self.losses_wanted.emit()


class FindingTree(QTreeWidget):
    """Kinds, their findings, and the labels of each. ``chosen`` gives the key of the label of a row."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Findings")
        self.setHeaderHidden(True)
        self.setWordWrap(True)
        self.setIndentation(16)
        self.setItemDelegate(_Wrapped(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(self._choose)
        self._groups: list[QTreeWidgetItem] = []

    def show_groups(self, groups: Sequence[tuple[str, Sequence[Finding]]]) -> None:
        """Show findings by the titles of their kinds, all opened; the row that was current is current again."""
        row = self.currentItem()
        key = row.data(0, _KEY) if row else None
        self.clear()
        self._groups = [QTreeWidgetItem([f"{title} ({len(findings):,})"]) for title, findings in groups]
        rows: list[QTreeWidgetItem] = []
        for group, (_, findings) in zip(self._groups, groups, strict=True):
            group.addChildren(some := [_row(each) for each in findings])
            rows += some
            self.addTopLevelItem(group)
            group.setExpanded(True)
        self.restyle()
        if rows:
            self.setCurrentItem(next((each for each in rows if each.data(0, _KEY) == key), rows[0]))

    def restyle(self) -> None:
        """Take the text size."""
        for group in self._groups:
            group.setFont(0, font(strong=True))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the label."""
        row = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row:
            self._choose(row)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the words again."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def _choose(self, item: QTreeWidgetItem) -> None:
        key = item.data(0, _KEY)
        if key:
            self.chosen.emit(key)
        else:
            item.setExpanded(not item.isExpanded())


class _Wrapped(QStyledItemDelegate):
    """Makes each row as high as its words need at the width of the tree, which Qt leaves out."""

    def __init__(self, tree: QTreeWidget) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The size of the row at ``index``."""
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        depth = 1
        above = index.parent()
        while above.isValid():
            depth, above = depth + 1, above.parent()
        width = self._tree.viewport().width() - depth * self._tree.indentation() - _PADDING
        wrap = Qt.TextFlag.TextWordWrap
        box = QFontMetrics(shown.font).boundingRect(0, 0, max(1, width), 1 << 20, wrap, shown.text)
        return QSize(width, box.height() + _PADDING)


def _row(finding: Finding) -> QTreeWidgetItem:
    """A finding; of several labels each has a row below it, and the finding itself goes to the first."""
    row = QTreeWidgetItem([finding.what])
    count = len(finding.label_keys)
    row.setData(0, _KEY, finding.label_keys[0] if count else None)
    if count > 1:
        for number, key in enumerate(finding.label_keys, 1):
            child = QTreeWidgetItem([f"Go to label {number} of {count}"])
            child.setData(0, _KEY, key)
            row.addChild(child)
    return row


def _by_kind(findings: Sequence[Finding]) -> list[tuple[str, list[Finding]]]:
    """Findings under the titles of their kinds, the worst kind first."""
    kinds = [*_TITLES, *(each.kind for each in findings if each.kind not in _TITLES)]
    groups = [(kind, [each for each in findings if each.kind == kind]) for kind in dict.fromkeys(kinds)]
    return [(_TITLES.get(kind, kind.capitalize()), some) for kind, some in groups if some]


def _summary(count: int) -> str:
    if not count:
        return "Nothing was found that needs another look."
    return f"{count:,} {'thing needs' if count == 1 else 'things need'} another look. Enter goes to the label."
