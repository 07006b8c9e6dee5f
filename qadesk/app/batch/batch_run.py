"""Works through a batch job: has an engine answer what is missing, and puts all answers together."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass

from qadesk.app.batch import job_folder
from qadesk.app.batch.batch_job import BatchJob, Engine
from qadesk.app.batch.batch_lock import BatchLock
from qadesk.errors import DataError
from qadesk.progress import Progress

_RECENT = 30.0  # seconds whose pace is shown


@dataclass(frozen=True, slots=True)
class BatchStep:
    """A step of a job: its progress in rows, how many have an error, how many were answered in a second lately.

    ``notice`` is a sentence for the user, or ''.
    """

    progress: Progress
    errors: int = 0
    rows_a_second: float = 0.0
    notice: str = ""


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """What came of a job: its rows, how many have an answer, how many an error.

    ``rows_now`` of them were answered by this run, the others before it was interrupted; ``seconds`` is its time.
    """

    rows: int
    answered: int
    errors: int
    rows_now: int
    seconds: float


def work_through(job: BatchJob, engine: Engine) -> Generator[BatchStep, None, BatchSummary]:
    """Answer the rows of ``job`` that are not answered yet by ``engine``, and write the output.

    Yields steps, several a second. Closing the generator stops the work; what was answered is kept, and
    ``begin_batch`` with the same request goes on. Raises ``DataError`` where another process works on the job, or it
    cannot be written, and what ``engine`` raises.
    """
    with closing(BatchLock(job.folder)):
        began = time.monotonic()
        tally = _Tally(job)
        yield tally.step()
        with closing(engine(job, tally.missing())) as work:
            for done in work:
                if done is not None:
                    tally.take(done.number, done.rows, done.answered, done.errors)
                yield tally.step(done.notice if done else "")
        if tally.rows < tally.total:
            raise DataError("Not all rows were answered.", "Start the same command again.")
        for progress in job_folder.put_together(job):
            yield BatchStep(progress, tally.errors)
    return BatchSummary(tally.total, tally.answered, tally.errors, tally.rows_now, time.monotonic() - began)


class _Tally:
    """Counts what is done, and how fast. It keeps a byte for each chunk."""

    def __init__(self, job: BatchJob) -> None:
        self.total = job.rows
        self.rows = self.answered = self.errors = self.rows_now = 0
        self._is_done = bytearray(len(job.chunks))
        for done in job_folder.done_chunks(job):
            self.take(done.number, done.rows, done.answered, done.errors)
        self.rows_now = 0
        self._recent: deque[tuple[float, int]] = deque()  # begins when the first workers have started

    def missing(self) -> list[int]:
        """The numbers of the chunks that are not done, in order."""
        return [number for number, is_done in enumerate(self._is_done) if not is_done]

    def take(self, number: int, rows: int, answered: int, errors: int) -> None:
        """Count a chunk, once."""
        if self._is_done[number]:
            return
        self._is_done[number] = 1
        self.rows += rows
        self.rows_now += rows
        self.answered += answered
        self.errors += errors

    def step(self, notice: str = "") -> BatchStep:
        """The state now."""
        now = time.monotonic()
        if self.rows_now and (not self._recent or self._recent[-1][1] != self.rows_now):
            self._recent.append((now, self.rows_now))
        while len(self._recent) > 2 and now - self._recent[0][0] > _RECENT:
            self._recent.popleft()
        then, rows = self._recent[0] if self._recent else (now, 0)
        pace = (self.rows_now - rows) / (now - then) if now > then else 0.0
        left = (self.total - self.rows) / pace if pace else None
        return BatchStep(Progress("Answering", self.rows, self.total, left), self.errors, pace, notice)
