"""The wizard: data, model, effort, running, result, name. Next, Next, Start is right for most."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFontMetrics, QHideEvent
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget, QWizard

from qadesk.errors import QadeskError
from qadesk.settings import Settings
from qadesk.ui.kit.jobs import Jobs
from qadesk.ui.train.data_page import DataPage
from qadesk.ui.train.effort_page import EffortPage
from qadesk.ui.train.model_page import ModelPage
from qadesk.ui.train.name_page import Fate, NamePage
from qadesk.ui.train.plan_draft import PlanDraft
from qadesk.ui.train.result_page import ResultPage
from qadesk.ui.train.training_monitor import RunState, TrainingMonitor
from qadesk.ui.train.wizard_page import WizardPage


class Step(IntEnum):
    """The pages, in order."""

    DATA = 0
    MODEL = 1
    EFFORT = 2
    RUNNING = 3
    RESULT = 4
    NAME = 5


_LEAVE = (
    "The training can go on in the background: the line at the bottom of the window shows how far it is then, and a "
    "click there brings this window back."
)
_CANCEL = "Nothing of this training is kept. Your labels and your models stay as they are."


class Wizard(QWizard):
    """It can be closed while the run goes on, and shown again.

    ``label_wanted`` gives the key of a label to look at. ``kept`` gives the folder of the new model, and whether to
    use it. ``failed`` gives an error that is our fault, ``hidden`` says that the wizard is out of sight,
    ``left`` that a run was left for another time.
    """

    label_wanted = Signal(str)
    kept = Signal(Path, bool)
    failed = Signal(object)
    hidden = Signal()
    left = Signal()

    def __init__(self, draft: PlanDraft, run: TrainingMonitor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from qadesk.ui.train.running_page import RunningPage

        self._draft = draft
        self._run = run
        self._is_settled = False
        self.asked: QMessageBox | None = None
        self.setWindowTitle("Fine-tune")
        self.setWizardStyle(QWizard.WizardStyle.ClassicStyle)
        self.setTitleFormat(Qt.TextFormat.PlainText)
        self.setOption(QWizard.WizardOption.NoBackButtonOnStartPage)
        self.setOption(QWizard.WizardOption.NoCancelButtonOnLastPage, False)
        self.data = DataPage(draft)
        self.model = ModelPage(draft)
        self.effort = EffortPage(draft)
        self.running = RunningPage(run)
        self.result_page = ResultPage(run)
        self.name = NamePage(run)
        self.steps: Mapping[Step, WizardPage] = {
            Step.DATA: self.data, Step.MODEL: self.model, Step.EFFORT: self.effort,
            Step.RUNNING: self.running, Step.RESULT: self.result_page, Step.NAME: self.name,
        }  # fmt: skip
        for step, page in self.steps.items():
            self.setPage(step, page)
        self._name_buttons()
        self._connect()
        self.resize(self.sizeHint())

    def _name_buttons(self) -> None:
        for which, words in (
            (QWizard.WizardButton.BackButton, "&Back"),
            (QWizard.WizardButton.NextButton, "&Next"),
            (QWizard.WizardButton.CommitButton, "&Start"),
            (QWizard.WizardButton.FinishButton, "&Finish"),
            (QWizard.WizardButton.CancelButton, "Close"),
        ):
            self.setButtonText(which, words)
            if words in ("&Next", "&Start", "&Finish"):
                button = self.button(which)
                button.setProperty("kind", "main")
                button.style().polish(button)

    def _connect(self) -> None:
        self._draft.failed.connect(self.failed)
        self.finished.connect(self._draft.stop)
        self._run.state_changed.connect(self._follow)
        self.currentIdChanged.connect(self._enter)
        self.running.cancel_wanted.connect(self.ask_cancel)
        self.running.back_wanted.connect(self._change_choices)
        self.result_page.label_wanted.connect(self.label_wanted)

    def sizeHint(self) -> QSize:
        """Room for a table of sentences in the window's text size, but no more than the screen has."""
        metrics = QFontMetrics(QApplication.font())
        room = self.screen().availableSize() * 0.94
        wanted = QSize(metrics.horizontalAdvance("x" * 130), metrics.height() * 38)
        return wanted.boundedTo(room)

    def begin(self, jobs: Jobs, settings: Settings) -> None:
        """Begin with the labels."""
        self.restart()
        self._draft.begin()
        self.model.begin(jobs, settings)

    def begin_running(self) -> None:
        """Begin with a run that goes on already."""
        self.setStartId(Step.RUNNING)
        self.restart()
        self._follow()

    @property
    def step(self) -> Step:
        """The page that is shown."""
        return Step(self.currentId())

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell of it."""
        super().hideEvent(event)
        self.hidden.emit()

    # The run

    def _enter(self, page: int) -> None:
        if page == Step.RUNNING and self._run.state == RunState.IDLE:
            assert self._draft.plan
            self._draft.stop()
            self._run.begin(self._draft.plan)
        if page >= 0:
            self.steps[Step(page)].first.setFocus()

    def _follow(self) -> None:
        if self._run.state == RunState.DONE and self.currentId() == Step.RUNNING:
            self.next()
            self._announce(self.result_page.verdict.text())
        elif self._run.state == RunState.FAILED:
            self._announce(self.running.problem.text())

    def _announce(self, words: str) -> None:
        if self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def _change_choices(self) -> None:
        self._leave()
        self.back()

    # Leaving

    def reject(self) -> None:
        """Close. A run that goes on is asked about; a result waits."""
        if self._run.is_active:
            self._ask_to_leave()
        elif self._run.state == RunState.DONE and not self._is_settled:
            self.hide()
        else:
            if self._run.state == RunState.FAILED:
                self._leave()
            super().reject()

    def _ask_to_leave(self) -> None:
        self._ask(
            "Go on in the background?",
            _LEAVE,
            {"Go on in the &background": self.hide, "Stop for &now": self._stop_for_now, "S&tay here": None},
        )

    def ask_cancel(self) -> None:
        """Ask whether the run should go."""
        self._ask("Cancel the training?", _CANCEL, {"&Go on": None, "&Cancel the training": self._cancel})

    def _ask(self, question: str, words: str, answers: Mapping[str, object]) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("Fine-tune")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(question)
        box.setInformativeText(words)
        for text, act in answers.items():
            made = box.addButton(text, QMessageBox.ButtonRole.ActionRole)
            if act is None:
                box.setEscapeButton(made)
            else:
                made.clicked.connect(act)
            if text == next(iter(answers)):
                box.setDefaultButton(made)
        self.asked = box
        box.finished.connect(self._forget_question)
        box.open()

    def _forget_question(self) -> None:
        self.asked = None

    def _stop_for_now(self) -> None:
        self._leave()
        super().reject()

    def _leave(self) -> None:
        self._run.close()
        self.left.emit()

    def _cancel(self) -> None:
        self._run.discard()
        super().reject()

    # The end

    def accept(self) -> None:
        """Do what the last page says; close when it is done."""
        fate = self.name.fate
        if fate == Fate.DISCARD:
            self._is_settled = True
            self._run.discard()
            super().accept()
            return
        self.button(QWizard.WizardButton.FinishButton).setEnabled(False)
        self._run.keep(
            self.name.name.text(),
            done=lambda folder: self._close_kept(folder, fate == Fate.USE),
            failed=self._show_not_kept,
        )

    def _close_kept(self, folder: Path, use: bool) -> None:
        self._is_settled = True
        super().accept()
        self.kept.emit(folder, use)

    def _show_not_kept(self, error: Exception) -> None:
        self.button(QWizard.WizardButton.FinishButton).setEnabled(True)
        if isinstance(error, QadeskError):
            self.name.show_problem(str(error))
        else:
            self.failed.emit(error)
