"""The training run in the window: it lives from Start to the decision about it, whether the wizard is open or not."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qadesk.errors import QadeskError
from qadesk.progress import in_words
from qadesk.ui.kit.jobs import AnyJob, Jobs

if TYPE_CHECKING:
    from qadesk.app.training.runs import Control, Outcome, Plan, RunEvent

PHASES: Mapping[str, str] = {
    "Preparing": "Preparing",
    "Baseline": "Measuring the model as it is",
    "Training": "Training",
    "Exporting": "Writing the new model",
    "Quantising": "Making the new model fast",
    "Checking": "Checking what it still knows",
    "Comparing": "Measuring the new model",
}


class RunState(StrEnum):
    """Where a run stands. ``IDLE``: there is none."""

    IDLE = ""
    STARTING = "Starting"
    RUNNING = "Running"
    PAUSED = "Paused"
    STOPPING = "Stopping"
    DONE = "Done"
    FAILED = "Failed"


ACTIVE = (RunState.STARTING, RunState.RUNNING, RunState.PAUSED, RunState.STOPPING)


class TrainingMonitor(QObject):
    """Follows one run on a lane of its own. ``came`` gives new events, ``changed`` says that ``state`` is another one.

    ``events`` are all so far, ``outcome`` what came of it, ``error`` why it stands still.
    """

    came = Signal(list)
    changed = Signal()

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._job: AnyJob | None = None
        self._control: Control | None = None
        self._forget()

    def _forget(self) -> None:
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
        """Whether a child process works for it, or waits."""
        return self.state in ACTIVE

    @property
    def words(self) -> str:
        """What it does and how long that takes: 'Training · 12 of 80 · 2 min left'."""
        if self.state in (RunState.DONE, RunState.FAILED, RunState.IDLE):
            return str(self.state)
        parts = [PHASES.get(self.phase, self.phase) or "Starting"]
        if self.total:
            parts.append(f"{self.done:,} of {self.total:,}")
        if self.state != RunState.RUNNING:
            parts.insert(0, self.state.value)
        elif self.seconds_left is not None:
            parts.append(f"{in_words(self.seconds_left)} left")
        return " · ".join(parts)

    # What the user wants

    def begin(self, plan: Plan) -> None:
        """Write the folder of a new run and follow it."""
        from qadesk.app.training import runs

        self._forget()
        self._set(RunState.STARTING)
        self._job = self._jobs.start("train", lambda _job: runs.begin(plan), done=self.go_on, failed=self._fail)

    def go_on(self, folder: Path) -> None:
        """Follow the run in ``folder``, from where it stands."""
        from qadesk.app.training import runs

        self._forget()
        self.folder = folder
        control = self._control = runs.Control()
        arrived: deque[RunEvent] = deque()
        self._set(RunState.RUNNING)
        self._job = self._jobs.start(
            "train",
            lambda _job: _follow(folder, control, arrived),
            progress=lambda _latest: self._take(arrived),
            done=lambda outcome: self._finish(arrived, outcome),
            failed=lambda error: self._fail(error, arrived),
        )

    def pause(self) -> None:
        """Let it wait at the next checkpoint."""
        if self._control and self.state == RunState.RUNNING:
            self._control.pause()
            self._set(RunState.PAUSED)

    def resume(self) -> None:
        """Let it go on after a pause."""
        if self._control and self.state == RunState.PAUSED:
            self._control.resume()
            self._set(RunState.RUNNING)

    def stop(self) -> None:
        """Let it end early with the best that it has so far."""
        if self._control and self.state in (RunState.RUNNING, RunState.PAUSED):
            self._control.stop()
            self._set(RunState.STOPPING)

    def leave(self) -> None:
        """End the child process and look away; its folder stays, for another time."""
        if self._job:
            self._job.cancel()
        self._job = None
        self._forget()
        self.changed.emit()

    def discard(self) -> None:
        """End it and remove all that it made."""
        folder = self.folder
        self.leave()
        if folder:
            self.remove(folder)

    def remove(self, folder: Path) -> None:
        """Remove the run in ``folder``, which nobody follows any more."""
        from qadesk.app.training import runs

        self._jobs.start("train", lambda _job: runs.discard(folder))

    def keep(self, name: str, done: Callable[[Path], None], failed: Callable[[Exception], None]) -> None:
        """Keep its model under ``name``; ``done`` gets the folder of the model, and the run is over."""
        from qadesk.app.training import runs

        assert self.folder
        folder = self.folder

        def finish(model: Path) -> None:
            self.leave()
            done(model)  # the folder of the run has become it

        self._job = self._jobs.start("train", lambda _job: runs.keep(folder, name), done=finish, failed=failed)

    # What comes from the lane

    def _take(self, arrived: deque[RunEvent]) -> None:
        new = [arrived.popleft() for _ in range(len(arrived))]
        if new:
            self.events += new
            for event in new:
                self._note(event)
            self.came.emit(new)

    def _note(self, event: RunEvent) -> None:
        from qadesk.app.training.runs import Phase
        from qadesk.train.events import Stepped

        if isinstance(event, Phase) and event.what != "Paused":
            self.phase, self.done, self.total = event.what, event.done, event.total
            self.seconds_left = event.seconds_left
        elif isinstance(event, Stepped):
            self.phase, self.done, self.total = "Training", event.step, event.steps
            self.seconds_left = event.seconds_left

    def _finish(self, arrived: deque[RunEvent], outcome: Outcome) -> None:
        self._take(arrived)
        self.outcome = outcome
        self._set(RunState.DONE)

    def _fail(self, error: Exception, arrived: deque[RunEvent] | None = None) -> None:
        self._take(arrived or deque())
        self.error = error
        self._set(RunState.FAILED)
        if not isinstance(error, QadeskError):
            self._jobs.failed.emit(error)

    def _set(self, state: RunState) -> None:
        self.state = state
        self.changed.emit()


def _follow(folder: Path, control: Control, arrived: deque[RunEvent]) -> Generator[None, None, Outcome]:
    """Follow the run on the lane: each event goes to ``arrived``, as a lane hands on the latest only."""
    from qadesk.app.training import runs

    arrived.extend(runs.history(folder))
    steps = runs.follow(folder, control)
    try:
        while True:
            event = next(steps)
            if event is not None:
                arrived.append(event)
            yield
    except StopIteration as end:
        outcome: Outcome = end.value
        return outcome
    finally:
        steps.close()
