"""Page 3: how much work to put in, and, for those who want to know, every option."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QPushButton, QRadioButton

from qadesk.ui.train.estimate_box import EstimateBox
from qadesk.ui.train.options import OptionFields
from qadesk.ui.train.plan_draft import Choices, PlanDraft
from qadesk.ui.train.wizard_page import WizardPage, choice, problem_label

_EFFORTS = (
    ("quick", "&Quick", "Goes over your labels {times}. Good for a first look."),
    ("balanced", "Ba&lanced", "Goes over your labels {times}. Right for most."),
    ("thorough", "&Thorough", "Goes over your labels up to {times}, and ends when it gets no better."),
)


class EffortPage(WizardPage):
    """Three efforts. Its Next button is Start: there is no way back from there."""

    def __init__(self, draft: PlanDraft) -> None:
        super().__init__("How thorough?")
        from qadesk.train.config import PRESETS

        self._draft = draft
        self._presets = PRESETS
        self.efforts: dict[str, QRadioButton] = {}
        group = QButtonGroup(self)
        for name, title, words in _EFFORTS:
            epochs = PRESETS[name].epochs
            times = "once" if epochs == 1 else f"{epochs} times"
            self.efforts[name] = choice(self.column, title, words.format(times=times))
            group.addButton(self.efforts[name])
        self.efforts[draft.choices.effort].setChecked(True)
        self.advanced = QPushButton()
        self.advanced.setCheckable(True)
        self.advanced.setAutoDefault(False)
        self.advanced.setProperty("kind", "quiet")
        self.options = OptionFields()
        self.box = EstimateBox(draft)
        self.problem = problem_label()
        self.column.addWidget(self.box)
        self.column.addWidget(self.problem)
        self.column.addWidget(self.advanced, alignment=Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.options)
        self.column.addStretch(1)
        self._open(False)
        self.options.show_defaults(dataclasses.asdict(PRESETS[draft.choices.effort]))
        self.advanced.toggled.connect(self._open)
        group.buttonToggled.connect(lambda _button, on: self._choose() if on else None)
        self.options.changed.connect(self._choose)
        draft.planned.connect(self._show)
        self.setCommitPage(True)
        self._show()

    def initializePage(self) -> None:
        """Stand at the effort that is chosen."""
        self.first = self.efforts[self.effort]

    @property
    def effort(self) -> str:
        """The name of the effort that is chosen."""
        return next(name for name, radio in self.efforts.items() if radio.isChecked())

    def isComplete(self) -> bool:
        """Whether the plan is made."""
        return self._draft.plan is not None

    def _open(self, on: bool) -> None:
        self.advanced.setText("Ad&vanced ▾" if on else "Ad&vanced ▸")
        self.advanced.setAccessibleName("Advanced, shown" if on else "Advanced, hidden")
        self.options.setVisible(on)

    def _choose(self) -> None:
        self.options.show_defaults(dataclasses.asdict(self._presets[self.effort]))
        before = self._draft.choices
        kept = [(key, value) for key, value in before.overrides if key == "device"]
        overrides = (*kept, *self.options.edited().items())
        self._draft.choose(Choices(before.left_out, before.base, self.effort, overrides))

    def _show(self) -> None:
        problem = self._draft.problem
        self.problem.setText(str(problem) if problem else "")
        self.problem.setVisible(problem is not None)
        self.completeChanged.emit()
