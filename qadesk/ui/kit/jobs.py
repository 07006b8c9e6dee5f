"""Background work on lanes: one thread each, so that what it owns has one owner.

Work is a function of its job. What it returns is the result; a generator is driven here, and each yield is progress, a
place to stop, and, for background work, a place to let the user's work go first. All callbacks run on the window's
thread, in the order in which their values came. A cancelled job calls nothing any more.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Generator
from typing import Any, Generic, Literal, TypeVar, get_args, overload

from PySide6.QtCore import QObject, Qt, Signal, Slot

from qadesk.errors import Cancelled
from qadesk.ui.kit.lanes import Lane, Priority

__all__ = ["LANES", "AnyJob", "Failed", "Job", "Jobs", "LaneName", "Priority"]

LaneName = Literal[
    "model", "prepare", "files", "scans", "store", "train", "models", "library", "indexing", "survey"
]  # fmt: skip
LANES: tuple[LaneName, ...] = get_args(LaneName)
P = TypeVar("P")
R = TypeVar("R")
Failed = Callable[[Exception], object]
_DRAINED = ("store",)  # what the user did is written before the window goes
_QUIET = 0.1  # seconds between two reports of progress
_log = logging.getLogger(__name__)


class Job(Generic[P, R]):
    """One piece of work that yields ``P`` and results in ``R``. ``latest`` is what its generator yielded last."""

    def __init__(
        self,
        lane: LaneName,
        work: Callable[[Job[P, R]], Generator[P, None, R] | R],
        *,
        priority: Priority,
        done: Callable[[R], object] | None,
        progress: Callable[[P], object] | None,
        events: Callable[[list[P]], object] | None,
        failed: Failed,
        deliver: Callable[[Job[P, R], Callable[[], object], bool], None],
    ) -> None:
        self.lane = lane
        self.priority = priority
        self.latest: P | None = None
        self._work = work
        self._done, self._progress, self._failed = done, progress, failed
        self._deliver = deliver
        self._events = _EventQueue(events) if events else None
        self._steps: Generator[P, None, R] | None = None
        self._began = 0.0  # on the monotonic clock, like the next
        self._reported = 0.0  # when progress was last delivered
        self._is_cancelled = False

    def cancel(self) -> None:
        """Stop at the next yield, or do not begin. Nothing is reported any more."""
        self._is_cancelled = True

    def is_cancelled(self) -> bool:
        """Whether to stop; for work that asks by itself."""
        return self._is_cancelled

    def step(self) -> bool:
        """Work up to the next yield, on the lane. Gives whether there is more to do."""
        try:
            if self._is_cancelled:
                self._close()
            elif self._steps is None:
                return self._begin()
            else:
                return self._advance(self._steps)
        except Exception as error:  # noqa: BLE001  every error is reported, on the window's thread
            self._fail(error)
        except BaseException as error:  # noqa: BLE001  the panic of a library in Rust: the lane must live on
            self._fail(RuntimeError(f"{type(error).__name__}: {error}"))
        return False

    def _close(self) -> None:
        if self._steps is not None:
            self._steps.close()
        raise Cancelled

    def _begin(self) -> bool:
        self._began = time.monotonic()
        outcome = self._work(self)
        if isinstance(outcome, Generator):
            self._steps = outcome
            return True
        self._end(outcome)
        return False

    def _advance(self, steps: Generator[P, None, R]) -> bool:
        try:
            self.latest = next(steps)
        except StopIteration as end:
            self._end(end.value)
            return False
        self._report(self.latest)
        return True

    def _report(self, value: P) -> None:
        if self._events and self._events.put(value):
            self._deliver(self, self._events.call, False)
        progress = self._progress
        if progress and time.monotonic() - self._reported >= _QUIET:
            self._reported = time.monotonic()
            self._deliver(self, lambda: progress(value), False)

    def _end(self, result: R) -> None:
        self._log_end("done")
        done = self._done
        self._deliver(self, lambda: done(result) if done else None, True)

    def _fail(self, error: Exception) -> None:
        self._log_end(type(error).__name__)
        self._deliver(self, lambda: self._failed(error), True)

    def _log_end(self, outcome: str) -> None:
        name = getattr(self._work, "__qualname__", type(self._work).__name__)
        seconds = time.monotonic() - self._began if self._began else 0.0
        _log.debug("lane %s: %s after %.3f s: %s", self.lane, name, seconds, outcome)


class _EventQueue(Generic[P]):
    """Events on their way from a lane to the window's thread, which takes all that are there at once."""

    def __init__(self, callback: Callable[[list[P]], object]) -> None:
        self._callback = callback
        self._lock = threading.Lock()
        self._values: list[P] = []

    def put(self, value: P) -> bool:
        """Add ``value``, on the lane. Gives whether ``call`` must be delivered: no delivery is on its way."""
        with self._lock:
            self._values.append(value)
            return len(self._values) == 1

    def call(self) -> None:
        """Give all values to the callback, on the window's thread."""
        with self._lock:
            values, self._values = self._values, []
        self._callback(values)


AnyJob = Job[Any, Any]
"""For those who only keep a job to cancel it."""


class _LastTask:
    """What a lane does after everything else, when the window closes."""

    priority = Priority.BACKGROUND

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work

    def step(self) -> bool:
        """Do it."""
        try:
            self._work()
        except Exception:  # noqa: BLE001  the window is gone: it can only be logged
            _log.exception("the last task of a lane failed")
        return False


class Jobs(QObject):
    """Runs jobs. Errors of jobs that name no ``failed`` go to ``failed`` of this object."""

    failed = Signal(object)
    _delivered = Signal(object, object, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = {name: Lane(f"qadesk-{name}") for name in LANES}
        self._running: set[Job[Any, Any]] = set()
        self._last: dict[LaneName, Callable[[], object]] = {}
        self._is_closed = False
        self._delivered.connect(self._call, Qt.ConnectionType.QueuedConnection)

    @overload
    def start(
        self,
        lane: LaneName,
        work: Callable[[Job[P, R]], Generator[P, None, R]],
        *,
        done: Callable[[R], object] | None = None,
        progress: Callable[[P], object] | None = None,
        events: Callable[[list[P]], object] | None = None,
        failed: Failed | None = None,
        priority: Priority = Priority.USER,
    ) -> Job[P, R]: ...

    @overload
    def start(
        self,
        lane: LaneName,
        work: Callable[[Job[P, R]], R],
        *,
        done: Callable[[R], object] | None = None,
        failed: Failed | None = None,
        priority: Priority = Priority.USER,
    ) -> Job[P, R]: ...

    def start(
        self,
        lane: LaneName,
        work: Callable[[Job[P, R]], Generator[P, None, R] | R],
        *,
        done: Callable[[R], object] | None = None,
        progress: Callable[[P], object] | None = None,
        events: Callable[[list[P]], object] | None = None,
        failed: Failed | None = None,
        priority: Priority = Priority.USER,
    ) -> Job[P, R]:
        """Run ``work`` on ``lane`` after what is there already; the result goes to ``done``.

        Of what a generator yields, ``progress`` gets the latest, ten times a second at most; ``events`` gets every
        value, in lists, as soon as the window has time. ``BACKGROUND`` work begins after the user's and is suspended
        between two yields while there is some. What is started while the window closes, as by a dialog that closes with
        it, does not begin any more.
        """
        job: Job[P, R] = Job(
            lane,
            work,
            priority=priority,
            done=done,
            progress=progress,
            events=events,
            failed=failed or self.failed.emit,
            deliver=self._delivered.emit,
        )
        if self._is_closed:
            job.cancel()
            return job
        self._running.add(job)
        self._lanes[lane].put(job)
        return job

    def at_close(self, lane: LaneName, last: Callable[[], object]) -> None:
        """Run ``last`` on ``lane`` when the window goes, after everything else there."""
        self._last[lane] = last

    def close(self) -> None:
        """Cancel what can be cancelled, write what must be written, and end the threads. It can be called again."""
        if self._is_closed:
            return
        for job in self._running:
            if job.lane not in _DRAINED:
                job.cancel()
        for name, last in self._last.items():
            self._lanes[name].put(_LastTask(last))
        self._is_closed = True
        for lane in self._lanes.values():
            lane.close()
        for lane in self._lanes.values():
            lane.join()
        for job in self._running:
            job.cancel()  # the window is gone

    @Slot(object, object, bool)
    def _call(self, job: Job[Any, Any], callback: Callable[[], object], is_end: bool) -> None:
        if is_end:
            self._running.discard(job)
        if not job.is_cancelled():
            callback()
