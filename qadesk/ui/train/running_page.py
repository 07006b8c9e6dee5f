"""Page 4: how far it is, how it goes, and how to let it wait or end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar

from qadesk.errors import QadeskError
from qadesk.ui.kit.widgets import text_view
from qadesk.ui.train.curve import Curve
from qadesk.ui.train.training_monitor import PHASE_TEXTS, RunState, TrainingMonitor
from qadesk.ui.train.wizard_page import Headline, WizardPage, button, problem_label

if TYPE_CHECKING:
    from qadesk.app.training.runs import RunEvent

_LEAD = "You can go on asking meanwhile, and close this window: the training goes on in the background."
_MOST_LINES = 2000
TRAINING, EVALUATION = "training", "evaluation"
EXACT, F1 = "exact match", "F1"


class RunningPage(WizardPage):
    """Shows the run. ``cancel_wanted`` asks whether it should go; ``back_wanted`` goes back to the choices."""

    cancel_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, run: TrainingMonitor) -> None:
        super().__init__("Training", _LEAD)
        self._run = run
        self.said = Headline(1.05)
        self.problem = problem_label()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the training")
        self.loss = Curve("Loss (lower is better)", (TRAINING, EVALUATION))
        self.marks = Curve("On your evaluation part (per cent)", (EXACT, F1), least=10.0, most=100.0, decimals=1)
        self.log = text_view("Log of the training")
        self.log.setMaximumBlockCount(_MOST_LINES)
        self.wait = button("&Pause", self._pause_or_resume)
        self.stop = button("&Stop and keep the best", run.stop)
        self.cancel = button("Cance&l the training…", self.cancel_wanted.emit)
        self.again = button("&Try again", self._try_again)
        self.change = button("Change the &choices", self.back_wanted.emit)
        self.first = self.log
        self._lay_out()
        run.events_received.connect(self._take)
        run.state_changed.connect(self._show)

    def _lay_out(self) -> None:
        charts, buttons = QHBoxLayout(), QHBoxLayout()
        charts.setSpacing(24)
        for chart in (self.loss, self.marks):
            charts.addWidget(chart, 1)
        for each in (self.wait, self.stop, self.cancel, self.again, self.change):
            buttons.addWidget(each)
        buttons.addStretch(1)
        title = QLabel("L&og")
        title.setBuddy(self.log)
        for widget in (self.said, self.bar, self.problem):
            self.column.addWidget(widget)
        self.column.addLayout(buttons)
        self.column.addLayout(charts, 3)
        self.column.addWidget(title)
        self.column.addWidget(self.log, 1)

    def initializePage(self) -> None:
        """Show the run as it stands."""
        for chart in (self.loss, self.marks):
            chart.clear()
        self.log.clear()
        self._take(self._run.events)
        self._show()

    def isComplete(self) -> bool:
        """Whether there is a result to look at."""
        return self._run.state == RunState.DONE

    def _pause_or_resume(self) -> None:
        (self._run.resume if self._run.state == RunState.PAUSED else self._run.pause)()

    def _try_again(self) -> None:
        if self._run.folder:
            self._run.follow(self._run.folder)
        else:
            self.back_wanted.emit()

    def _show(self) -> None:
        run = self._run
        error = run.error
        said = (
            str(error) if isinstance(error, QadeskError) else "Something went wrong that should not." if error else ""
        )
        self.problem.setText(said)
        self.problem.setVisible(bool(said))
        self.wait.setText("&Resume" if run.state == RunState.PAUSED else "&Pause")
        can_wait = run.state in (RunState.RUNNING, RunState.PAUSED)
        self.wait.setEnabled(can_wait)
        self.stop.setEnabled(can_wait)
        self.cancel.setEnabled(run.is_active)
        for each in (self.wait, self.stop, self.cancel):
            each.setVisible(run.state != RunState.FAILED)
        self.again.setVisible(run.state == RunState.FAILED and run.folder is not None)
        self.change.setVisible(run.state == RunState.FAILED)
        self._show_progress()
        self.completeChanged.emit()

    def _show_progress(self) -> None:
        run = self._run
        self.said.setText(run.status_text)
        self.bar.setRange(0, run.total if run.is_active else 1)  # 0 to 0: busy
        self.bar.setValue(run.done if run.is_active else run.state == RunState.DONE)

    def _take(self, events: Sequence[RunEvent]) -> None:
        for event in events:
            self._draw(event)
            line = _line(event)
            if line and line != self.log.document().lastBlock().text():  # a phase tells of itself again and again
                self.log.appendPlainText(line)
        self._show_progress()

    def _draw(self, event: RunEvent) -> None:
        from qadesk.train.events import Evaluated, Stepped

        if isinstance(event, Stepped):
            for chart in (self.loss, self.marks):
                chart.set_steps(event.steps)
            self.loss.add(TRAINING, event.step, event.loss)
        elif isinstance(event, Evaluated):
            self.loss.add(EVALUATION, event.step, event.loss)
            self.marks.add(EXACT, event.step, event.exact)
            self.marks.add(F1, event.step, event.f1)


def _line(event: RunEvent) -> str:
    """What the log says of ``event``; nothing for a single step."""
    from qadesk.app.training.runs import Phase
    from qadesk.train.events import Evaluated, Noted, Saved

    match event:
        case Phase(what):
            return PHASE_TEXTS.get(what, what) + "…"
        case Noted(text):
            return text
        case Saved(step):
            return f"Step {step}: checkpoint saved."
        case Evaluated(step, loss, exact, f1):
            return f"Step {step}: evaluation loss {loss:.2f}, exact match {exact:.1f}, F1 {f1:.1f}."
    return ""
