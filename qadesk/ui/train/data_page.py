"""Page 1: which labels are used, and how they are split into training and evaluation part."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem

from qadesk.ui.kit.widgets import elided_middle, plain_label, plain_tip
from qadesk.ui.train.plan_draft import PlanDraft
from qadesk.ui.train.wizard_page import Headline, Notes, WizardPage, button, error_label, show_error

if TYPE_CHECKING:
    from qadesk.app.training.headroom import Headroom
    from qadesk.app.training.planning import Plan

_LEAD = (
    "The model learns from your labels. Some are set aside: it never sees them, and they show whether it got better."
)
_INSTEAD = "Label what it gets wrong: questions where you had to correct the suggestion, or that it refused to answer."
_MAX_NAMED = 3  # of the documents that are set aside
_TITLE = Qt.ItemDataRole.UserRole


class DataPage(WizardPage):
    """A list of documents to choose from; all of them are chosen at first."""

    def __init__(self, draft: PlanDraft) -> None:
        super().__init__("Which labels?", _LEAD)
        self._draft = draft
        self.summary = Headline()
        self.split = plain_label()
        self.warnings = Notes("⚠")
        self.warnings.setAccessibleName("Warnings")
        self.gain = plain_label()
        self.gain.setAccessibleName("What there is to gain")
        self.problem = error_label()
        list_title = QLabel("&Documents")
        self.documents = QListWidget()
        self.documents.setAccessibleName("Documents with labels")
        self.documents.setAccessibleDescription("Space takes the labels of a document, or leaves them out.")
        self.documents.itemChanged.connect(self._choose)
        list_title.setBuddy(self.documents)
        self.all_button = button("Take &all", lambda: self._check_all(Qt.CheckState.Checked), "quiet")
        self.none_button = button("Take n&one", lambda: self._check_all(Qt.CheckState.Unchecked), "quiet")
        list_header = QHBoxLayout()
        list_header.addWidget(list_title, 1, Qt.AlignmentFlag.AlignBottom)
        list_header.addWidget(self.all_button)
        list_header.addWidget(self.none_button)
        for widget in (self.summary, self.split, self.gain, self.problem, self.warnings):
            self.column.addWidget(widget)
        self.column.addLayout(list_header)
        self.column.addWidget(self.documents, 1)
        self.setTabOrder(self.documents, self.all_button)
        self.setTabOrder(self.all_button, self.none_button)
        self.initial_focus = self.documents
        draft.labels_read.connect(self._show_documents)
        draft.plan_changed.connect(self._show_plan)
        draft.headroom_changed.connect(self._show_gain)
        self._show_plan()

    def isComplete(self) -> bool:
        """Whether there is a plan."""
        return self._draft.plan is not None

    def _show_documents(self) -> None:
        self.documents.blockSignals(True)
        self.documents.clear()
        for title, count in self._draft.label_counts.items():
            item = QListWidgetItem(f"{_short_title(title)}  ·  {_label_count(count)}")
            item.setData(_TITLE, title)
            item.setToolTip(plain_tip(title))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            is_excluded = title in self._draft.choices.excluded_titles
            item.setCheckState(Qt.CheckState.Unchecked if is_excluded else Qt.CheckState.Checked)
            self.documents.addItem(item)
        self.documents.setCurrentRow(0)
        self.documents.blockSignals(False)

    def _items(self) -> list[QListWidgetItem]:
        return [self.documents.item(row) for row in range(self.documents.count())]

    def _check_all(self, state: Qt.CheckState) -> None:
        self.documents.blockSignals(True)
        for item in self._items():
            item.setCheckState(state)
        self.documents.blockSignals(False)
        self._choose()

    def _choose(self) -> None:
        excluded = frozenset(
            str(item.data(_TITLE)) for item in self._items() if item.checkState() != Qt.CheckState.Checked
        )
        self._draft.choose(dataclasses.replace(self._draft.choices, excluded_titles=excluded))

    def _show_plan(self) -> None:
        plan, problem = self._draft.plan, self._draft.problem
        show_error(self.problem, problem)
        self.warnings.show_texts(self._draft.warnings if plan else ())
        if plan:
            self.summary.setText(f"{len(plan.train)} labels to learn from, {len(plan.evaluation)} to measure with.")
            self.split.setText(_split_text(plan))
        else:
            self.summary.setText("" if problem else "Looking at your labels…")
            self.split.setText("")
        self._show_gain()
        self.completeChanged.emit()

    def _show_gain(self) -> None:
        self.gain.setText(_gain_text(self._draft.headroom) if self._draft.plan and self._draft.headroom else "")
        self.gain.setVisible(bool(self.gain.text()))


def _short_title(title: str) -> str:
    return elided_middle(Path(title).name or "Pasted text")


def _label_count(count: int) -> str:
    return f"{count:,} {'label' if count == 1 else 'labels'}"


def _split_text(plan: Plan) -> str:
    """Which documents or how many questions are set aside, and what else is measured with."""
    count, total = len(plan.evaluation), len(plan.evaluation) + len(plan.train)
    if plan.by == "document":
        titles = [f"'{_short_title(title)}'" for title in dict.fromkeys(example.title for example in plan.evaluation)]
        more = len(titles) - _MAX_NAMED
        names = ", ".join(titles[:_MAX_NAMED]) + (f" and {more:,} more" if more > 0 else "")
        text = f"Set aside with all {_label_count(count)}: {names}."
    else:
        text = f"Set aside: {count:,} of {total:,} questions, as there are too few documents to set whole ones aside."
    if plan.train_extras or plan.evaluation_extras:
        text += (
            " Questions to other texts, which have no answer here, are put to both parts: "
            f"{len(plan.train_extras):,} to learn from, {len(plan.evaluation_extras):,} to measure with."
        )
    return text


def _gain_text(headroom: Headroom) -> str:
    if not headroom.read:
        return ""
    share = f"{headroom.right} of {headroom.read} labels that were tried"
    if headroom.is_little:
        return f"⚠ There is little to gain: {share} are answered right already. {_INSTEAD}"
    return f"{share} are answered right already."
