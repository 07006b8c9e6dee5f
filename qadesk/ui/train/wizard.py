"""The wizard for fine-tuning: labels, model, effort, the run, its result, and the name of the new model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
from qadesk.ui.train.name_page import Decision, NamePage
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
    """It can be hidden while the run goes on, and shown again.

    ``label_requested`` gives the key of a label to show, ``failed`` an error that is a bug. ``model_kept`` gives the
    folder of the new model, and whether to use it. ``run_closed``: a run was closed that can be gone on with later.
    """

    label_requested = Signal(str)
    model_kept = Signal(Path, bool)
    failed = Signal(object)
    hidden = Signal()
    run_closed = Signal()

    def __init__(self, draft: PlanDraft, monitor: TrainingMonitor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from qadesk.ui.train.running_page import RunningPage

        self._draft = draft
        self._monitor = monitor
        self._is_decided = False
        self.question_box: QMessageBox | None = None
        self.setWindowTitle("Fine-tune")
        self.setWizardStyle(QWizard.WizardStyle.ClassicStyle)
        self.setTitleFormat(Qt.TextFormat.PlainText)
        self.setOption(QWizard.WizardOption.NoBackButtonOnStartPage)
        self.setOption(QWizard.WizardOption.NoCancelButtonOnLastPage, False)
        self.data = DataPage(draft)
        self.model = ModelPage(draft)
        self.effort = EffortPage(draft)
        self.running = RunningPage(monitor)
        self.result_page = ResultPage(monitor)
        self.name = NamePage(monitor)
        self.steps: Mapping[Step, WizardPage] = {
            Step.DATA: self.data, Step.MODEL: self.model, Step.EFFORT: self.effort,
            Step.RUNNING: self.running, Step.RESULT: self.result_page, Step.NAME: self.name,
        }  # fmt: skip
        for step, page in self.steps.items():
            self.setPage(step, page)
        self._set_button_texts()
        self._connect()
        self.resize(self.sizeHint())

    def _set_button_texts(self) -> None:
        for which, text in (
            (QWizard.WizardButton.BackButton, "&Back"),
            (QWizard.WizardButton.NextButton, "&Next"),
            (QWizard.WizardButton.CommitButton, "&Start"),
            (QWizard.WizardButton.FinishButton, "&Finish"),
            (QWizard.WizardButton.CancelButton, "Close"),
        ):
            self.setButtonText(which, text)
            if text in ("&Next", "&Start", "&Finish"):
                button = self.button(which)
                button.setProperty("kind", "main")
                button.style().polish(button)

    def _connect(self) -> None:
        self._draft.failed.connect(self.failed)
        self.finished.connect(self._draft.stop)
        self._monitor.state_changed.connect(self._on_state_changed)
        self.currentIdChanged.connect(self._on_page_changed)
        self.running.cancel_requested.connect(self.ask_cancel)
        self.running.back_requested.connect(self._change_choices)
        self.result_page.label_requested.connect(self.label_requested)

    def sizeHint(self) -> QSize:
        """130 letters by 42 lines, or 94 % of the screen where that is smaller."""
        metrics = QFontMetrics(QApplication.font())
        size = QSize(metrics.horizontalAdvance("x" * 130), metrics.height() * 42)
        return size.boundedTo(self.screen().availableSize() * 0.94)

    def begin(self, jobs: Jobs, settings: Settings) -> None:
        """Start at the first page and read the labels."""
        self.restart()
        self._draft.begin()
        self.model.begin(jobs, settings)

    def show_run(self) -> None:
        """Start at the page of the run that the monitor follows."""
        self.setStartId(Step.RUNNING)
        self.restart()
        self._on_state_changed()

    def nextId(self) -> int:
        """The page after the current one; none after a result without a model to keep."""
        page, outcome = self.currentId(), self._monitor.outcome
        if page == Step.NAME or (page == Step.RESULT and outcome is not None and not outcome.has_model):
            return -1
        return page + 1 if page >= 0 else page

    @property
    def step(self) -> Step:
        """The current page."""
        return Step(self.currentId())

    def hideEvent(self, event: QHideEvent) -> None:
        """Emit ``hidden``."""
        super().hideEvent(event)
        self.hidden.emit()

    # The run

    def _on_page_changed(self, page: int) -> None:
        if page == Step.RUNNING and self._monitor.state == RunState.IDLE:
            assert self._draft.plan
            self._draft.stop()
            self._monitor.begin(self._draft.plan)
        if page >= 0:
            self.steps[Step(page)].initial_focus.setFocus()

    def _on_state_changed(self) -> None:
        if self._monitor.state == RunState.DONE and self.currentId() == Step.RUNNING:
            self.next()
            self._announce(self.result_page.verdict.text())
        elif self._monitor.state == RunState.FAILED:
            self._announce(self.running.problem.text())

    def _announce(self, text: str) -> None:
        if self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def _change_choices(self) -> None:
        self._close_run()
        self.back()

    # Closing

    def reject(self) -> None:
        """Close. Asks what to do with an active run; only hides the wizard while a result waits for the decision."""
        if self._monitor.is_active:
            self._ask_about_run()
        elif self._monitor.state == RunState.DONE and not self._is_decided:
            self.hide()
        else:
            if self._monitor.state == RunState.FAILED:
                self._close_run()
            super().reject()

    def _ask_about_run(self) -> None:
        self._ask(
            "Go on in the background?",
            _LEAVE,
            {"Go on in the &background": self.hide, "Stop for &now": self._stop_for_now, "S&tay here": None},
        )

    def ask_cancel(self) -> None:
        """Ask whether to discard the run."""
        self._ask("Cancel the training?", _CANCEL, {"&Go on": None, "&Cancel the training": self._discard_run})

    def _ask(self, question: str, explanation: str, answers: Mapping[str, Callable[[], object] | None]) -> None:
        """Ask with a button for each of ``answers``; the first is the default, the one without a function is Escape."""
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("Fine-tune")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(question)
        box.setInformativeText(explanation)
        for text, act in answers.items():
            button = box.addButton(text, QMessageBox.ButtonRole.ActionRole)
            if act is None:
                box.setEscapeButton(button)
            else:
                button.clicked.connect(act)
            if text == next(iter(answers)):
                box.setDefaultButton(button)
        self.question_box = box
        box.finished.connect(self._forget_question)
        box.open()

    def _forget_question(self) -> None:
        self.question_box = None

    def _stop_for_now(self) -> None:
        self._close_run()
        super().reject()

    def _close_run(self) -> None:
        self._monitor.close()
        self.run_closed.emit()

    def _discard_run(self) -> None:
        self._monitor.discard()
        super().reject()

    # The end

    def accept(self) -> None:
        """Carry out the decision of the last page, then close."""
        outcome = self._monitor.outcome
        decision = self.name.decision if outcome is None or outcome.has_model else Decision.DISCARD
        if decision == Decision.DISCARD:
            self._is_decided = True
            self._monitor.discard()
            super().accept()
            return
        self.button(QWizard.WizardButton.FinishButton).setEnabled(False)
        self._monitor.keep(
            self.name.name_field.text(),
            done=lambda folder: self._on_model_kept(folder, decision == Decision.USE),
            failed=self._on_keep_failed,
        )

    def _on_model_kept(self, folder: Path, use: bool) -> None:
        self._is_decided = True
        super().accept()
        self.model_kept.emit(folder, use)

    def _on_keep_failed(self, error: Exception) -> None:
        self.button(QWizard.WizardButton.FinishButton).setEnabled(True)
        if isinstance(error, QadeskError):
            self.name.show_problem(str(error))
        else:
            self.failed.emit(error)
