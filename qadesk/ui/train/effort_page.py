"""Page 3: one of three efforts, and every option behind 'Advanced'."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QPushButton, QRadioButton

from qadesk.ui.train.estimate_box import EstimateBox
from qadesk.ui.train.options import OptionFields
from qadesk.ui.train.plan_draft import PlanDraft
from qadesk.ui.train.wizard_page import WizardPage, error_label, radio_button, show_error

_EFFORTS = (
    ("quick", "&Quick", "Goes over your labels {times}, or more if they are few. Good for a first look."),
    ("balanced", "Ba&lanced", "Goes over your labels {times}, or more if they are few. Right for most."),
    ("thorough", "&Thorough", "Goes over your labels up to {times}, or more if few; ends when it gets no better."),
)


class EffortPage(WizardPage):
    """A commit page: its Next button is Start, and one cannot go back from the page after it."""

    def __init__(self, draft: PlanDraft) -> None:
        super().__init__("How thorough?")
        from qadesk.train.config import PRESETS

        self._draft = draft
        self._presets = PRESETS
        self.efforts: dict[str, QRadioButton] = {}
        group = QButtonGroup(self)
        for name, title, help_ in _EFFORTS:
            epochs = PRESETS[name].epochs
            times = "once" if epochs == 1 else f"{epochs} times"
            self.efforts[name] = radio_button(self.column, title, help_.format(times=times))
            group.addButton(self.efforts[name])
        self.efforts[draft.choices.effort].setChecked(True)
        self.advanced = QPushButton()
        self.advanced.setCheckable(True)
        self.advanced.setAutoDefault(False)
        self.advanced.setProperty("kind", "quiet")
        self.options = OptionFields()
        self.estimate_box = EstimateBox(draft)
        self.problem = error_label()
        self.column.addWidget(self.estimate_box)
        self.column.addWidget(self.problem)
        self.column.addWidget(self.advanced, alignment=Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.options)
        self.column.addStretch(1)
        self._show_options(False)
        self.options.show_defaults(dataclasses.asdict(PRESETS[draft.choices.effort]))
        self.advanced.toggled.connect(self._show_options)
        group.buttonToggled.connect(lambda _button, checked: self._choose() if checked else None)
        self.options.edited.connect(self._choose)
        draft.plan_changed.connect(self._show_problem)
        self.setCommitPage(True)
        self._show_problem()

    def initializePage(self) -> None:
        """Give the focus to the chosen effort."""
        self.initial_focus = self.efforts[self.effort]

    @property
    def effort(self) -> str:
        """The name of the chosen effort."""
        return next(name for name, radio in self.efforts.items() if radio.isChecked())

    def isComplete(self) -> bool:
        """Whether there is a plan."""
        return self._draft.plan is not None

    def _show_options(self, visible: bool) -> None:
        self.advanced.setText("Ad&vanced ▾" if visible else "Ad&vanced ▸")
        self.advanced.setAccessibleName("Advanced, shown" if visible else "Advanced, hidden")
        self.options.setVisible(visible)

    def _choose(self) -> None:
        self.options.show_defaults(dataclasses.asdict(self._presets[self.effort]))
        choices = self._draft.choices
        device = [(key, value) for key, value in choices.overrides if key == "device"]
        overrides = (*device, *self.options.overrides().items())
        self._draft.choose(dataclasses.replace(choices, effort=self.effort, overrides=overrides))

    def _show_problem(self) -> None:
        show_error(self.problem, self._draft.problem)
        self.completeChanged.emit()
