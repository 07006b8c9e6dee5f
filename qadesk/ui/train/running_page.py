"""Page 4: progress, curves and log of the run, and the buttons to pause and stop it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy

from qadesk.errors import QadeskError
from qadesk.ui.kit.widgets import text_view
from qadesk.ui.train.curve import Curve
from qadesk.ui.train.training_monitor import PHASE_TEXTS, RunState, TrainingMonitor
from qadesk.ui.train.wizard_page import Headline, WizardPage, button, error_label

if TYPE_CHECKING:
    from qadesk.app.training.run_events import RunEvent

_LEAD = "You can go on asking meanwhile, and close this window: the training goes on in the background."
_MAX_LOG_LINES, _LOG_LINES = 2000, 6  # that are kept, and that are seen at least
TRAINING, EVALUATION = "training", "evaluation"
EXACT, F1 = "exact match", "F1"


class RunningPage(WizardPage):
    """Shows the run. ``cancel_requested``: the user wants to discard it; ``back_requested``: to change the choices."""

    cancel_requested = Signal()
    back_requested = Signal()

    def __init__(self, monitor: TrainingMonitor) -> None:
        super().__init__("Training", _LEAD)
        self._monitor = monitor
        self.status = Headline(1.05)
        self.problem = error_label()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the training")
        self.loss_curve = Curve("Loss (lower is better)", (TRAINING, EVALUATION))
        self.metrics_curve = Curve(
            "On your evaluation part (per cent)", (EXACT, F1), min_range=10.0, max_value=100.0, decimals=1
        )
        self.log = text_view("Log of the training")
        self.log.setMaximumBlockCount(_MAX_LOG_LINES)
        self.log.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # what the curves leave
        self.pause_button = button("&Pause", self._pause_or_resume)
        self.stop_button = button("&Stop and keep the best", monitor.stop)
        self.cancel_button = button("Cance&l the training…", self.cancel_requested.emit)
        self.retry_button = button("&Try again", self._retry)
        self.back_button = button("Change the &choices", self.back_requested.emit)
        self._run_buttons = (self.pause_button, self.stop_button, self.cancel_button)
        self.initial_focus = self.log
        self._lay_out()
        monitor.events_received.connect(self._add_events)
        monitor.state_changed.connect(self._show_state)

    def _lay_out(self) -> None:
        charts, buttons = QHBoxLayout(), QHBoxLayout()
        charts.setSpacing(24)
        for curve in (self.loss_curve, self.metrics_curve):
            charts.addWidget(curve, 1)
        for push_button in (*self._run_buttons, self.retry_button, self.back_button):
            buttons.addWidget(push_button)
        buttons.addStretch(1)
        title = QLabel("L&og")
        title.setBuddy(self.log)
        for widget in (self.status, self.bar, self.problem):
            self.column.addWidget(widget)
        self.column.addLayout(buttons)
        self.column.addLayout(charts, 2)
        self.column.addWidget(title)
        self.column.addWidget(self.log, 1)

    def initializePage(self) -> None:
        """Show the events so far and the state."""
        for curve in (self.loss_curve, self.metrics_curve):
            curve.clear()
        self.log.clear()
        self.log.setMinimumHeight(_LOG_LINES * self.log.fontMetrics().lineSpacing())
        self._add_events(self._monitor.events)
        self._show_state()

    def isComplete(self) -> bool:
        """Whether there is a result."""
        return self._monitor.state == RunState.DONE

    def _pause_or_resume(self) -> None:
        monitor = self._monitor
        (monitor.resume if monitor.state == RunState.PAUSED else monitor.pause)()

    def _retry(self) -> None:
        if self._monitor.folder:
            self._monitor.follow(self._monitor.folder)
        else:
            self.back_requested.emit()

    def _show_state(self) -> None:
        monitor = self._monitor
        has_failed = monitor.state == RunState.FAILED
        can_pause = monitor.state in (RunState.RUNNING, RunState.PAUSED)
        problem = _problem_text(monitor.error)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.pause_button.setText("&Resume" if monitor.state == RunState.PAUSED else "&Pause")
        self.pause_button.setEnabled(can_pause)
        self.stop_button.setEnabled(can_pause)
        self.cancel_button.setEnabled(monitor.is_active)
        for push_button in self._run_buttons:
            push_button.setVisible(not has_failed)
        self.retry_button.setVisible(has_failed and monitor.folder is not None)
        self.back_button.setVisible(has_failed)
        self._show_progress()
        self.completeChanged.emit()

    def _show_progress(self) -> None:
        monitor = self._monitor
        self.status.setText(monitor.status_text)
        self.bar.setRange(0, monitor.total if monitor.is_active else 1)  # 0 to 0: busy
        self.bar.setValue(monitor.done if monitor.is_active else monitor.state == RunState.DONE)

    def _add_events(self, events: Sequence[RunEvent]) -> None:
        for event in events:
            self._add_points(event)
            line = _line(event)
            if line and line != self.log.document().lastBlock().text():  # phases are repeated with their progress
                self.log.appendPlainText(line)
        self._show_progress()

    def _add_points(self, event: RunEvent) -> None:
        from qadesk.train.events import Evaluated, Stepped

        if isinstance(event, Stepped):
            for curve in (self.loss_curve, self.metrics_curve):
                curve.set_steps(event.steps)
            self.loss_curve.add(TRAINING, event.step, event.loss)
        elif isinstance(event, Evaluated):
            self.loss_curve.add(EVALUATION, event.step, event.loss)
            self.metrics_curve.add(EXACT, event.step, event.exact)
            self.metrics_curve.add(F1, event.step, event.f1)


def _problem_text(error: Exception | None) -> str:
    if error is None:
        return ""
    return str(error) if isinstance(error, QadeskError) else "Something went wrong that should not."


def _line(event: RunEvent) -> str:
    """The line of the log for ``event``; '' for a single step."""
    from qadesk.app.training.run_events import Phase
    from qadesk.train.events import Evaluated, Noted, Saved

    match event:
        case Phase(what):
            return PHASE_TEXTS.get(what, what) + "…"
        case Noted(sentence):
            return sentence.text
        case Saved(step):
            return f"Step {step}: checkpoint saved."
        case Evaluated(step, loss, exact, f1):
            return f"Step {step}: evaluation loss {loss:.2f}, exact match {exact:.1f}, F1 {f1:.1f}."
    return ""
