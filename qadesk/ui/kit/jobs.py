"""Background work in lanes: one thread each, so that what it owns has one owner.

Work is a function of its job. What it returns is the result; if that is a generator it is driven here, each yield
is progress and a place to stop. All callbacks run on the window's thread. A cancelled job calls nothing any more.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from qadesk.errors import Cancelled

Work = Callable[["Job"], Any]
LANES = ("model", "prepare", "files", "store", "train", "models")
_DRAINED = ("store",)  # what the user did is written before the window goes
_QUIET = 0.1  # seconds between two reports of progress


class Job:
    """One piece of work. ``latest`` is what its generator yielded last."""

    def __init__(
        self,
        work: Work,
        done: Callable[[Any], None] | None,
        progress: Callable[[Any], None] | None,
        failed: Callable[[Exception], None],
    ) -> None:
        self.work = work
        self.done = done
        self.progress = progress
        self.failed = failed
        self.latest: Any = None
        self._cancelled = False

    def cancel(self) -> None:
        """Stop at the next yield, or do not begin. Nothing is reported any more."""
        self._cancelled = True

    def is_cancelled(self) -> bool:
        """Whether to stop; for work that asks by itself."""
        return self._cancelled


class Jobs(QObject):
    """Runs jobs. Errors of jobs that name no ``failed`` go to ``failed`` of this object."""

    failed = Signal(object)
    _arrived = Signal(object, str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = {name: ThreadPoolExecutor(1, thread_name_prefix=f"qadesk-{name}") for name in LANES}
        self._running: dict[Job, str] = {}
        self._last: dict[str, Callable[[], None]] = {}
        self._is_closed = False
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        lane: str,
        work: Work,
        *,
        done: Callable[[Any], None] | None = None,
        progress: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> Job:
        """Run ``work`` on ``lane`` after what is there already; the result goes to ``done``.

        What is asked for while the window goes, as by a dialog that closes with it, is not begun any more.
        """
        job = Job(work, done, progress, failed or self.failed.emit)
        if self._is_closed:
            job.cancel()
            return job
        self._running[job] = lane
        self._lanes[lane].submit(self._run, job)
        return job

    def at_close(self, lane: str, last: Callable[[], None]) -> None:
        """Run ``last`` on ``lane`` when the window goes, after everything else there."""
        self._last[lane] = last

    def close(self) -> None:
        """Cancel what can be cancelled, write what must be written, and end the threads."""
        for job, name in self._running.items():
            if name not in _DRAINED:
                job.cancel()
        for name, last in self._last.items():
            self._lanes[name].submit(last)
        self._is_closed = True
        for lane in self._lanes.values():
            lane.shutdown(wait=True)
        for job in self._running:
            job.cancel()  # nobody is there to hear of it

    def _run(self, job: Job) -> None:
        try:
            result = None if job.is_cancelled() else job.work(job)
            if isinstance(result, Generator):
                result = self._drive(job, result)
        except Exception as error:  # noqa: BLE001  every error is reported, on the window's thread
            self._arrived.emit(job, "failed", error)
        else:
            self._arrived.emit(job, "done", result)

    def _drive(self, job: Job, steps: Generator[Any, None, Any]) -> Any:
        told = 0.0
        while not job.is_cancelled():
            try:
                job.latest = next(steps)
            except StopIteration as stop:
                return stop.value
            if time.monotonic() - told >= _QUIET:
                told = time.monotonic()
                self._arrived.emit(job, "progress", job.latest)
        steps.close()
        raise Cancelled

    @Slot(object, str, object)
    def _deliver(self, job: Job, what: str, value: object) -> None:
        if what != "progress":
            self._running.pop(job, None)
        callback = getattr(job, what)
        if callback and not job.is_cancelled():
            callback(value)
