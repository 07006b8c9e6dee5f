"""Page 1: which labels, and how they are parted into those to learn from and those to measure with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem

from qadesk.ui.kit.widgets import plain_label, plain_tip, shortened
from qadesk.ui.train.plan_draft import Choices, PlanDraft
from qadesk.ui.train.wizard_page import Headline, Notes, WizardPage, button, problem_label

if TYPE_CHECKING:
    from qadesk.app.training.planning import Plan

_LEAD = (
    "The model learns from your labels. Some are set aside: it never sees them, and they show whether it got better."
)


class DataPage(WizardPage):
    """A list of documents to choose from; all of them are chosen at first."""

    def __init__(self, draft: PlanDraft) -> None:
        super().__init__("Which labels?", _LEAD)
        self._draft = draft
        self.said = Headline()
        self.parted = plain_label()
        self.warnings = Notes("⚠")
        self.warnings.setAccessibleName("Warnings")
        self.problem = problem_label()
        title = QLabel("&Documents")
        self.documents = QListWidget()
        self.documents.setAccessibleName("Documents with labels")
        self.documents.setAccessibleDescription("Space takes the labels of a document, or leaves them out.")
        self.documents.itemChanged.connect(self._choose)
        title.setBuddy(self.documents)
        self.all = button("Take &all", lambda: self._mark_all(Qt.CheckState.Checked), "quiet")
        self.none = button("Take n&one", lambda: self._mark_all(Qt.CheckState.Unchecked), "quiet")
        line = QHBoxLayout()
        line.addWidget(title, 1, Qt.AlignmentFlag.AlignBottom)
        line.addWidget(self.all)
        line.addWidget(self.none)
        for widget in (self.said, self.parted, self.problem, self.warnings):
            self.column.addWidget(widget)
        self.column.addLayout(line)
        self.column.addWidget(self.documents, 1)
        self.setTabOrder(self.documents, self.all)
        self.setTabOrder(self.all, self.none)
        self.first = self.documents
        draft.read.connect(self._list)
        draft.planned.connect(self._show)
        self._show()

    def isComplete(self) -> bool:
        """Whether there is something to learn from."""
        return self._draft.plan is not None

    def _list(self) -> None:
        self.documents.blockSignals(True)
        self.documents.clear()
        for name, count in self._draft.documents.items():
            item = QListWidgetItem(f"{_title(name)}  ·  {_labels(count)}")
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setToolTip(plain_tip(name))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            left_out = name in self._draft.choices.left_out
            item.setCheckState(Qt.CheckState.Unchecked if left_out else Qt.CheckState.Checked)
            self.documents.addItem(item)
        self.documents.setCurrentRow(0)
        self.documents.blockSignals(False)

    def _items(self) -> list[QListWidgetItem]:
        return [self.documents.item(row) for row in range(self.documents.count())]

    def _mark_all(self, state: Qt.CheckState) -> None:
        self.documents.blockSignals(True)
        for item in self._items():
            item.setCheckState(state)
        self.documents.blockSignals(False)
        self._choose()

    def _choose(self) -> None:
        left_out = frozenset(
            item.data(Qt.ItemDataRole.UserRole) for item in self._items() if item.checkState() != Qt.CheckState.Checked
        )
        before = self._draft.choices
        self._draft.choose(Choices(left_out, before.base, before.effort, before.overrides))

    def _show(self) -> None:
        plan, problem = self._draft.plan, self._draft.problem
        self.problem.setText(str(problem) if problem else "")
        self.problem.setVisible(problem is not None)
        self.warnings.show_texts(self._draft.warnings if plan else ())
        if plan:
            self.said.setText(f"{len(plan.train)} labels to learn from, {len(plan.evaluation)} to measure with.")
            self.parted.setText(_parted(plan))
        else:
            self.said.setText("" if problem else "Looking at your labels…")
            self.parted.setText("")
        self.completeChanged.emit()


def _title(name: str) -> str:
    return shortened(Path(name).name or "Pasted text")


def _labels(count: int) -> str:
    return f"{count:,} {'label' if count == 1 else 'labels'}"


def _parted(plan: Plan) -> str:
    if plan.by != "document":
        return "All are from one document, so they are parted by question."
    aside = len({example.title for example in plan.evaluation})
    total = len({example.title for example in (*plan.train, *plan.evaluation)})
    return f"They are parted by document: {aside} of {total} documents are only measured with."
