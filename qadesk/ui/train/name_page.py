"""Page 6: the name of the new model, and whether to use, keep or discard it."""

from __future__ import annotations

from enum import Enum

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QRadioButton

from qadesk.ui.kit.widgets import Field, plain_label
from qadesk.ui.train.training_monitor import TrainingMonitor
from qadesk.ui.train.wizard_page import WizardPage, error_label, radio_button


class Decision(Enum):
    """What to do with the new model; the values are the texts of the radio buttons."""

    USE = "&Use it now"
    KEEP = "&Keep it without using it"
    DISCARD = "&Discard it"


_HELP = {
    Decision.USE: "It answers from now on. The model before stays in the list of models, to go back to.",
    Decision.KEEP: "It is put into the list of models, where you can compare it and use it later.",
    Decision.DISCARD: "It is deleted. Your labels stay as they are.",
}


class NamePage(WizardPage):
    """A field for the name and three radio buttons. ``USE`` is preset only where the new model is better."""

    def __init__(self, monitor: TrainingMonitor) -> None:
        super().__init__("Keep it?")
        self._monitor = monitor
        self.advice = plain_label()
        self.name_field = Field()
        self.name_field.setMaxLength(60)
        self.name_field.setAccessibleName("Name of the new model")
        self.name_field.textChanged.connect(lambda _text: self.completeChanged.emit())
        self.problem = error_label()
        title = QLabel("&Name")
        title.setBuddy(self.name_field)
        row = QHBoxLayout()
        row.addWidget(title)
        row.addWidget(self.name_field, 1)
        self.column.addWidget(self.advice)
        self.column.addLayout(row)
        self.column.addWidget(self.problem)
        self.decisions: dict[Decision, QRadioButton] = {}
        group = QButtonGroup(self)
        for decision, help_ in _HELP.items():
            self.decisions[decision] = radio_button(self.column, decision.value, help_)
            group.addButton(self.decisions[decision])
        self.column.addStretch(1)
        group.buttonToggled.connect(lambda _button, _checked: self._on_decision_changed())
        self.setFinalPage(True)
        self.initial_focus = self.name_field

    @property
    def decision(self) -> Decision:
        """The checked one."""
        return next(decision for decision, radio in self.decisions.items() if radio.isChecked())

    def initializePage(self) -> None:
        """Propose a name that is free, and a decision."""
        from qadesk.app.models import manage, naming

        outcome = self._monitor.outcome
        assert outcome
        self.name_field.setText(naming.free(f"{outcome.base} tuned", [folder.name for folder in manage.own_folders()]))
        self.decisions[Decision.USE if outcome.is_better else Decision.KEEP].setChecked(True)
        self.advice.setText(outcome.verdict.text)
        self.show_problem("")

    def isComplete(self) -> bool:
        """Whether there is a name; to discard, none is needed."""
        return not self.name_field.isEnabled() or bool(self.name_field.text().strip())

    def show_problem(self, text: str) -> None:
        """Show why the model could not be kept under this name; nothing for ''."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        if text:
            self.name_field.setFocus()

    def _on_decision_changed(self) -> None:
        self.name_field.setEnabled(not self.decisions[Decision.DISCARD].isChecked())
        self.completeChanged.emit()
