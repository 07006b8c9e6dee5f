"""Page 6: what becomes of the new model."""

from __future__ import annotations

from enum import Enum

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QRadioButton

from qadesk.ui.kit.widgets import Field, plain_label
from qadesk.ui.train.training_monitor import TrainingMonitor
from qadesk.ui.train.wizard_page import WizardPage, choice, problem_label


class Fate(Enum):
    """What can become of it."""

    USE = "&Use it now"
    KEEP = "&Keep it without using it"
    DISCARD = "&Discard it"


_WORDS = {
    Fate.USE: "It answers from now on. The model before stays in the list of models, to go back to.",
    Fate.KEEP: "It is put into the list of models, where you can compare it and use it later.",
    Fate.DISCARD: "It is deleted. Your labels stay as they are.",
}


class NamePage(WizardPage):
    """A name and a choice. Using it is offered first only where it is better."""

    def __init__(self, run: TrainingMonitor) -> None:
        super().__init__("Keep it?")
        self._run = run
        self.advice = plain_label()
        self.name = Field()
        self.name.setMaxLength(60)
        self.name.setAccessibleName("Name of the new model")
        self.name.textChanged.connect(lambda _text: self.completeChanged.emit())
        self.problem = problem_label()
        title = QLabel("&Name")
        title.setBuddy(self.name)
        line = QHBoxLayout()
        line.addWidget(title)
        line.addWidget(self.name, 1)
        self.column.addWidget(self.advice)
        self.column.addLayout(line)
        self.column.addWidget(self.problem)
        self.fates: dict[Fate, QRadioButton] = {}
        group = QButtonGroup(self)
        for fate, words in _WORDS.items():
            self.fates[fate] = choice(self.column, fate.value, words)
            group.addButton(self.fates[fate])
        self.column.addStretch(1)
        group.buttonToggled.connect(lambda _button, _on: self._show_fate())
        self.setFinalPage(True)
        self.first = self.name

    @property
    def fate(self) -> Fate:
        """What is chosen."""
        return next(fate for fate, radio in self.fates.items() if radio.isChecked())

    def initializePage(self) -> None:
        """Propose a name and what to do."""
        from qadesk.app.models import manage, naming

        outcome = self._run.outcome
        assert outcome
        self.name.setText(naming.free(f"{outcome.base} tuned", [each.name for each in manage.own_folders()]))
        self.fates[Fate.USE if outcome.is_better else Fate.KEEP].setChecked(True)
        self.advice.setText(outcome.verdict.text)
        self.show_problem("")

    def isComplete(self) -> bool:
        """Whether there is a name, where one is needed."""
        return not self.name.isEnabled() or bool(self.name.text().strip())

    def show_problem(self, words: str) -> None:
        """Say what is wrong with the name, or why it could not be kept."""
        self.problem.setText(words)
        self.problem.setVisible(bool(words))
        if words:
            self.name.setFocus()

    def _show_fate(self) -> None:
        self.name.setEnabled(not self.fates[Fate.DISCARD].isChecked())
        self.completeChanged.emit()
