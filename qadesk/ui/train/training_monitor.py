"""The training run that the window follows, from Start to the decision about its model, with or without the wizard."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qadesk.errors import QadeskError
from qadesk.progress import rough_duration
from qadesk.ui.kit.jobs import AnyJob, Jobs

if TYPE_CHECKING:
    from qadesk.app.training.outcome import Outcome
    from qadesk.app.training.planning import Plan
    from qadesk.app.training.run_events import RunEvent
    from qadesk.app.training.runs import Control

PHASE_TEXTS: Mapping[str, str] = {
    "Preparing": "Preparing",
    "Baseline": "Measuring the model as it is",
    "Training": "Training",
    "Exporting": "Writing the new model",
    "Quantising": "Making the new model fast",
    "Checking": "Checking what it still knows",
    "Comparing": "Measuring the new model",
}


class RunState(StrEnum):
    """The state of a run, as it is shown. ``IDLE``: there is no run."""

    IDLE = ""
    STARTING = "Starting"
    RUNNING = "Running"
    PAUSED = "Paused"
    STOPPING = "Stopping"
    DONE = "Done"
    FAILED = "Failed"


ACTIVE = (RunState.STARTING, RunState.RUNNING, RunState.PAUSED, RunState.STOPPING)


class TrainingMonitor(QObject):
    """Follows one run on the lane ``train``. ``events_received`` gives the new events, a list of ``RunEvent``.

    ``events`` are all events so far. ``outcome`` is there when the state is ``DONE``, ``error`` when it is ``FAILED``.
    """

    events_received = Signal(list)
    state_changed = Signal()

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._job: AnyJob | None = None
        self._control: Control | None = None
        self._reset()

    def _reset(self) -> None:
        self.state = RunState.IDLE
        self.folder: Path | None = None
        self.events: list[RunEvent] = []
        self.phase = ""
        self.done = 0
        self.total = 0
        self.seconds_left: float | None = None
        self.outcome: Outcome | None = None
        self.error: Exception | None = None

    @property
    def is_active(self) -> bool:
        """Whether a child process works on the run or is paused."""
        return self.state in ACTIVE

    @property
    def status_text(self) -> str:
        """The phase and how far it is: 'Training · 12 of 80 · 2 min left'."""
        if self.state in (RunState.DONE, RunState.FAILED, RunState.IDLE):
            return str(self.state)
        parts = [PHASE_TEXTS.get(self.phase, self.phase) or "Starting"]
        if self.total:
            parts.append(f"{self.done:,} of {self.total:,}")
        if self.state != RunState.RUNNING:
            parts.insert(0, self.state.value)
        elif self.seconds_left is not None:
            parts.append(f"{rough_duration(self.seconds_left)} left")
        return " · ".join(parts)

    # Commands

    def begin(self, plan: Plan) -> None:
        """Create the folder of a new run and follow it."""
        from qadesk.app.training import run_folder

        self._reset()
        self._set_state(RunState.STARTING)
        self._job = self._jobs.start(
            "train", lambda _job: run_folder.create(plan), done=self.follow, failed=self._on_failed
        )

    def follow(self, folder: Path) -> None:
        """Start the run in ``folder``, or go on with it, and report its events: first those of earlier sessions."""
        from qadesk.app.training import runs

        self._reset()
        self.folder = folder
        control = self._control = runs.Control()
        self._set_state(RunState.RUNNING)
        self._job = self._jobs.start(
            "train",
            lambda _job: _follow(folder, control),
            events=self._on_events,
            done=self._on_done,
            failed=self._on_failed,
        )

    def pause(self) -> None:
        """Save a checkpoint and wait."""
        if self._control and self.state == RunState.RUNNING:
            self._control.pause()
            self._set_state(RunState.PAUSED)

    def resume(self) -> None:
        """Go on after a pause."""
        if self._control and self.state == RunState.PAUSED:
            self._control.resume()
            self._set_state(RunState.RUNNING)

    def stop(self) -> None:
        """End the training early; the best checkpoint so far is measured."""
        if self._control and self.state in (RunState.RUNNING, RunState.PAUSED):
            self._control.stop()
            self._set_state(RunState.STOPPING)

    def close(self) -> None:
        """End the child process and be ``IDLE``. The folder of the run stays, to go on with later."""
        if self._job:
            self._job.cancel()
        self._job = None
        self._reset()
        self.state_changed.emit()

    def discard(self) -> None:
        """Close the run and remove its folder."""
        folder = self.folder
        self.close()
        if folder:
            self.remove(folder)

    def remove(self, folder: Path) -> None:
        """Remove the folder of a run that is not followed."""
        from qadesk.app.training import runs

        self._jobs.start("train", lambda _job: runs.discard(folder))

    def keep(self, name: str, done: Callable[[Path], None], failed: Callable[[Exception], None]) -> None:
        """Add the model of the run to the user's models as ``name`` and close the run. ``done`` gets its folder."""
        from qadesk.app.training import runs

        assert self.folder
        folder = self.folder

        def finish(model_folder: Path) -> None:
            self.close()
            done(model_folder)

        self._job = self._jobs.start("train", lambda _job: runs.keep_model(folder, name), done=finish, failed=failed)

    # Results of the job

    def _on_events(self, events: Sequence[RunEvent | None]) -> None:
        new = [event for event in events if event is not None]
        if new:
            self.events += new
            for event in new:
                self._update_progress(event)
            self.events_received.emit(new)

    def _update_progress(self, event: RunEvent) -> None:
        from qadesk.app.training.run_events import Phase
        from qadesk.train.events import Stepped

        if isinstance(event, Phase) and event.what != "Paused":
            self.phase, self.done, self.total = event.what, event.done, event.total
            self.seconds_left = event.seconds_left
        elif isinstance(event, Stepped):
            self.phase, self.done, self.total = "Training", event.step, event.steps
            self.seconds_left = event.seconds_left

    def _on_done(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self._set_state(RunState.DONE)

    def _on_failed(self, error: Exception) -> None:
        self.error = error
        self._set_state(RunState.FAILED)
        if not isinstance(error, QadeskError):
            self._jobs.failed.emit(error)

    def _set_state(self, state: RunState) -> None:
        self.state = state
        self.state_changed.emit()


def _follow(folder: Path, control: Control) -> Generator[RunEvent | None, None, Outcome]:
    """Yield the recorded events of the run, then its new ones; None while there are none."""
    from qadesk.app.training import run_log, runs

    yield from run_log.read_events(folder)
    return (yield from runs.follow(folder, control))
