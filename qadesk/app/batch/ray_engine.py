"""The engine of a cluster: Ray's actors, with a reader each, answer the chunks of a batch job (``ray_driver``).

The chunks of an actor that was killed, or whose computer is gone, go to others (``ray_pool``). A chunk appears in the
job's folder by a rename: none is lost and none is there twice.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import asdict
from pathlib import Path

from qadesk.app import child_process
from qadesk.app.batch import job_folder
from qadesk.app.batch.batch_job import BatchJob, ChunkDone
from qadesk.app.batch.ray_driver import RayRequest
from qadesk.app.child_process import ChildEnded, Message
from qadesk.errors import DataError, QadeskError

_START = 180.0  # seconds that Ray may take to start or to be joined
_END = 20.0  # seconds that it may take to end its processes
_LOOK = 2.0  # seconds between two looks into the job's folder


def check_ray() -> None:
    """Raises ``DataError`` where Ray is not installed."""
    if importlib.util.find_spec("ray"):
        return
    if getattr(sys, "frozen", False):
        raise DataError(
            "Ray is not part of the installed program.", "Use the Python package: pip install 'qadesk[ray]'."
        )
    raise DataError("Ray is not installed.", "Install it with: pip install 'qadesk[ray]'.")


def ray_engine(
    job: BatchJob, numbers: Sequence[int], *, address: str = "", workers: int = 0, cores: int = 1
) -> Generator[ChunkDone | None, None, None]:
    """An ``Engine`` of the Ray at ``address``, or of one that is started on this computer (``RayRequest``)."""
    check_ray()
    request = json.dumps(asdict(RayRequest(str(job.folder), address, workers, cores)))
    answers = RayAnswers(len(numbers), address)
    stored = StoredChunks(job, numbers)
    with (
        tempfile.TemporaryDirectory(prefix="qadesk-ray-", ignore_cleanup_errors=True) as scratch,
        child_process.start(["--answer-on-ray", request], Path(scratch)) as child,
        closing(child.messages()) as messages,
    ):
        child.send(json.dumps(list(numbers)))
        try:
            while answers.is_waiting:
                yield answers.take(next(messages))
                yield from stored.new()
        except ChildEnded as ended:
            raise QadeskError(
                "The process that works with Ray ended.", "Start the same command again: it goes on.", str(ended)
            ) from ended
        finally:
            if answers.is_waiting:
                child.send("stop")
            _wait_for_end(messages)


class RayAnswers:
    """Takes the messages of the child, and counts which computer answered how many rows."""

    def __init__(self, chunks: int, address: str) -> None:
        self._left = chunks
        self._address = address
        self._began = time.monotonic()
        self._is_ready = False
        self._notices: list[str] = []
        self._rows: Counter[str] = Counter()

    @property
    def is_waiting(self) -> bool:
        """Whether a chunk is not done."""
        return self._left > 0

    def take(self, message: Message | None) -> ChunkDone | None:
        """The chunk that ``message`` says is done. Raises the ``QadeskError`` that it tells of."""
        if message is None:
            self._check_start()
        elif "error" in message:
            raise child_process.error_from_json(message["error"])
        elif "done" in message:
            return self._count(ChunkDone(*message["done"]), message["node"])
        elif "ready" in message:
            self._is_ready = True
            if self._address:
                self._notices.append("Ray has {} workers on {} computers.".format(*message["ready"]))
        else:
            self._notices.append(message["notice"])
        return None

    def _count(self, done: ChunkDone, node: str) -> ChunkDone:
        self._left -= 1
        self._rows[node] += done.rows
        if self._address and not self._left:
            shares = ", ".join(f"{rows:,} by {name}" for name, rows in sorted(self._rows.items()))
            self._notices.append(f"Rows answered: {shares}.")
        notices = [*self._notices, done.notice] if done.notice else self._notices
        self._notices = []
        return done._replace(notice=" ".join(notices))

    def _check_start(self) -> None:
        if not self._is_ready and time.monotonic() - self._began > _START:
            where = f"at '{self._address}'" if self._address else "on this computer"
            raise QadeskError(f"Ray does not answer {where}.", "Check by 'ray status' that it runs.")


class StoredChunks:
    """Finds chunks as they appear in the job's folder: Ray tells of them only when their whole task is done."""

    def __init__(self, job: BatchJob, numbers: Sequence[int]) -> None:
        self._job = job
        self._missing = set(numbers)
        self._next_look = time.monotonic() + _LOOK

    def new(self) -> Iterator[ChunkDone]:
        """The chunks that have appeared since the last look; none where that was a moment ago."""
        if time.monotonic() < self._next_look:
            return
        for number in sorted(self._missing & job_folder.stored_numbers(self._job)):
            if done := job_folder.stored_chunk(self._job, number):
                self._missing.discard(number)
                yield done
        self._next_look = time.monotonic() + _LOOK


def _wait_for_end(messages: Generator[Message | None, None, None]) -> None:
    """Wait until the child has ended Ray's processes and itself, for a while."""
    end = time.monotonic() + _END
    with suppress(ChildEnded, StopIteration):
        while time.monotonic() < end:
            next(messages)
