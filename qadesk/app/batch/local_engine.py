"""The engine of one computer: child processes with a reader each, which take chunks as they finish others.

The parent hands out numbers and takes counts: what is asked and answered goes from the input to the worker and from
there to the disk. A worker whose process ends is replaced; the chunk that it had goes to another one, and where that
one ends too it is answered row by row, so that only the row at which processes end is lost.
"""

from __future__ import annotations

import json
import logging
import queue
import tempfile
import threading
from collections import deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qadesk.app import child_process
from qadesk.app.batch import job_folder
from qadesk.app.batch.batch_job import BatchJob, ChunkDone
from qadesk.app.batch.job_reader import devices_of
from qadesk.app.batch.output_rows import lost_rows
from qadesk.app.child_process import Child, ChildEnded, Message
from qadesk.errors import QadeskError
from qadesk.qa.processor import physical_cores

_log = logging.getLogger(__name__)

_POLL = 0.1  # seconds
_AHEAD = 2  # chunks that a worker has: the one in work, and the next
_MOST_STARTS = 3  # of a worker that ends before it is ready, one after another
_TRIES = 2  # of a chunk as a whole


def local_engine(
    job: BatchJob, numbers: Sequence[int], *, workers: int = 0, device: str = ""
) -> Generator[ChunkDone | None, None, None]:
    """An ``Engine`` of so many child processes; 0 is one a physical core, or one a graphics card.

    They share the cards of the kind that the job's reader runs on, or the one ``device`` where it names a card with its
    number ('cuda:1').
    """
    names = [device] if ":" in device else devices_of(job)
    usual = physical_cores() if job.reader.device == "cpu" else len(names)
    count = max(1, min(workers or usual, len(numbers)))
    threads = max(1, physical_cores() // count)
    with tempfile.TemporaryDirectory(prefix="scratch-", dir=job.folder) as scratch:
        chunk_queue = _ChunkQueue(job, numbers)
        group = [
            _Worker(chunk_queue.inbox, [str(job.folder), str(threads), names[index % len(names)]], Path(scratch))
            for index in range(count)
        ]
        try:
            for worker in group:
                worker.start()
            while chunk_queue.is_busy:
                yield chunk_queue.take_message()
        finally:
            for worker in group:
                worker.is_stopping.set()
            for worker in group:
                worker.wait()


@dataclass(slots=True)
class _Worker:
    """A child process, and the thread that receives from it: its messages go to ``inbox``, None when it ended.

    ``chunks`` are those that it was given, the first one is in work. ``row`` is the one that it answers by itself.
    """

    inbox: queue.SimpleQueue[tuple[_Worker, Message | None]]
    arguments: Sequence[str]
    scratch: Path
    chunks: deque[int] = field(default_factory=deque)
    row: int | None = None
    is_ready: bool = False
    starts: int = 0
    report: str = ""
    is_stopping: threading.Event = field(default_factory=threading.Event)
    _child: Child | None = None
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the process, again after it ended."""
        if self._thread:
            self._thread.join()
        self.starts += 1
        self.is_ready, self.row = False, None
        self._thread = threading.Thread(target=self._receive, name="qadesk-batch", daemon=True)
        self._thread.start()

    def send(self, command: dict[str, object]) -> None:
        """Send ``command``."""
        if self._child:
            self._child.send(json.dumps(command))

    def wait(self) -> None:
        """Wait until the process is gone, once it ``is_stopping``."""
        if self._thread:
            self._thread.join()

    def _receive(self) -> None:
        try:
            with child_process.start(["--answer-batch", *self.arguments], self.scratch) as self._child:
                for message in self._child.messages():
                    if self.is_stopping.is_set():
                        return
                    if message is not None:
                        self.inbox.put((self, message))
        except ChildEnded as ended:
            self.report = str(ended)
            self.inbox.put((self, None))
        except QadeskError as error:  # it could not be started
            self.inbox.put((self, {"error": child_process.error_as_json(error)}))


class _ChunkQueue:
    """The chunks that are not done: which worker has them, and which ended a worker."""

    def __init__(self, job: BatchJob, numbers: Sequence[int]) -> None:
        self._job = job
        self._waiting = iter(numbers)
        self._again: deque[int] = deque()
        self._left = len(numbers)
        self._failures: dict[int, int] = {}  # by chunk, those of workers that answered it as a whole, or read it
        self._fatal_rows: dict[int, list[int]] = {}  # by chunk, the rows that ended a worker that answered them alone
        self.inbox: queue.SimpleQueue[tuple[_Worker, Message | None]] = queue.SimpleQueue()

    @property
    def is_busy(self) -> bool:
        """Whether a chunk is not done."""
        return self._left > 0

    def take_message(self) -> ChunkDone | None:
        """Take the next message of a worker, and give it work. Returns the chunk that is done; waits for a moment."""
        try:
            worker, message = self.inbox.get(timeout=_POLL)
        except queue.Empty:
            return None
        done = None
        if message is None:
            done = self._replace(worker)
        elif "error" in message:
            raise child_process.error_from_json(message["error"])
        elif "row" in message:
            worker.row = message["row"]
        elif "done" in message:
            done = ChunkDone(*message["done"])
            worker.chunks.remove(done.number)
            worker.row = None
            self._left -= 1
        else:
            worker.is_ready, worker.starts = True, 0
        self._give(worker)
        return done

    def _give(self, worker: _Worker) -> None:
        """Let ``worker`` have work, if it is ready for it."""
        while worker.is_ready and len(worker.chunks) < _AHEAD:
            number = self._next()
            if number is None:
                return
            worker.chunks.append(number)
            command: dict[str, object] = {"chunk": number}
            if self._failures.get(number, 0) >= _TRIES:
                command["singly"] = self._fatal_rows.setdefault(number, [])
            worker.send(command)

    def _next(self) -> int | None:
        return self._again.popleft() if self._again else next(self._waiting, None)

    def _replace(self, worker: _Worker) -> ChunkDone | None:
        """Take back the chunks of a ``worker`` whose process ended, and start another. Returns a chunk that is lost.

        Raises ``QadeskError`` where the process ends each time before it is ready.
        """
        _log.debug("a process of the batch job ended with the chunks %s", list(worker.chunks))
        if not worker.is_ready and worker.starts >= _MOST_STARTS:
            raise QadeskError(
                "The processes that answer end as soon as they are started.",
                "The computer may have too little memory for them: try fewer by --workers.",
                worker.report,
            )
        done = self._note_failure(worker) if worker.is_ready and worker.chunks else None
        self._again.extendleft(reversed(worker.chunks))
        worker.chunks.clear()
        worker.start()
        return done

    def _note_failure(self, worker: _Worker) -> ChunkDone | None:
        """Note what ended ``worker``: its chunk, or a row of it. A chunk whose rows cannot even be read is done."""
        number = worker.chunks[0]
        if worker.row is not None:
            self._fatal_rows[number].append(worker.row)
            return None
        self._failures[number] = self._failures.get(number, 0) + 1
        if self._failures[number] > 2 * _TRIES:
            worker.chunks.popleft()
            self._left -= 1
            rows = lost_rows(self._job.chunks[number], self._job.reader.fingerprint)
            return job_folder.store_chunk(self._job, number, rows)
        return None
