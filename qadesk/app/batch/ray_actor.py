"""The Ray actor that answers chunks of a batch job, one reader on one computer of the cluster.

It reads its rows from the input and writes its chunks into the job's folder, both of which lie where every computer of
the cluster sees them: through Ray go numbers and counts alone. What it says is a message of ``ray_driver``: a failure
is one too, as what an actor raises reaches the user as a traceback of Ray's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qadesk.app.batch import chunk_tries, job_folder
from qadesk.app.batch.batch_job import BatchJob, ChunkDone
from qadesk.app.batch.batch_request import fingerprint_of
from qadesk.app.batch.chunk_answering import ChunkAnswerer
from qadesk.app.batch.job_reader import load_job_reader
from qadesk.app.batch.local_engine import local_engine
from qadesk.app.child_process import Message, error_as_json
from qadesk.errors import DataError, ModelError, QadeskError
from qadesk.version import __version__

_TRIES = 2  # of a chunk in this process: then in one of its own, which may die


@dataclass(frozen=True, slots=True)
class ActorSetup:
    """What an actor is made with: the job's folder, the ``job_stamp`` of what is in it, the version of QADesk where the
    job was begun, how many threads it has, and whether the computer is to be named in its failures.
    """

    folder: str
    stamp: str
    version: str
    threads: int
    names_computer: bool


class ChunkActor:
    """Answers the chunks that ``ray_pool`` hands it. Its reader is loaded once."""

    def __init__(self, setup: ActorSetup) -> None:
        from ray.util import get_node_ip_address

        self._setup = setup
        self._node: str = get_node_ip_address()
        self._answerer: ChunkAnswerer | None = None
        self._failure: Message | None = None
        try:
            self._job = checked_job(setup)
            reader = load_job_reader(self._job, threads=setup.threads)
            if fingerprint_of(reader.model) != self._job.reader.fingerprint:
                raise ModelError(
                    f"The model in '{self._job.reader.folder}' is not the one with which the job began.",
                    "All computers of the cluster need the same model there.",
                )
            self._answerer = ChunkAnswerer(self._job, reader)
        except QadeskError as error:
            self._failure = self._message_of(error)

    def computer(self) -> str:
        """The address of its computer."""
        return self._node

    def answer(self, numbers: Sequence[int]) -> list[Message]:
        """The messages about the chunks ``numbers``; after a failure no chunk is begun."""
        messages: list[Message] = []
        for number in numbers:
            if self._failure or self._answerer is None:
                break
            try:
                done = self._answer(self._answerer, number)
                messages.append({"done": done, "node": self._node})
            except QadeskError as error:
                self._failure = self._message_of(error)
        return [*messages, self._failure] if self._failure else messages

    def _answer(self, answerer: ChunkAnswerer, number: int) -> ChunkDone:
        """Answer a chunk, unless it was stored by an actor that ended before it could say so."""
        if stored := job_folder.stored_chunk(self._job, number):
            return stored
        tries = chunk_tries.begin_try(self._job, number)
        done = answerer.answer(number) if tries < _TRIES else _answer_apart(self._job, number)
        chunk_tries.end_tries(self._job, number)
        return done

    def _message_of(self, error: QadeskError) -> Message:
        where = f"On the computer {self._node}: " if self._setup.names_computer else ""
        kind, message, *others = error_as_json(error)
        return {"error": [kind, where + message, *others]}


def checked_job(setup: ActorSetup) -> BatchJob:
    """The job, where this computer sees the folder and the input that the others see, with the same QADesk."""
    if setup.version != __version__:
        raise QadeskError(
            f"QADesk has the version {__version__} here, and {setup.version} where the job was begun.",
            "Install the same version on all computers of the cluster.",
        )
    try:
        is_same = job_folder.job_stamp(Path(setup.folder)) == setup.stamp
        job = job_folder.read_job(Path(setup.folder)) if is_same else None
        size = Path(job.source.path).stat().st_size if job else -1
    except OSError as error:
        raise _unseen(setup, str(error)) from error
    if job is None or not job.source.stamp.startswith(f"{size}-"):
        raise _unseen(setup, "other contents")
    return job


def _unseen(setup: ActorSetup, detail: str) -> DataError:
    return DataError(
        f"The input and the folder '{setup.folder}' are not there, or are others.",
        "Put both on storage that every computer of the cluster has under the same name.",
        detail,
    )


def _answer_apart(job: BatchJob, number: int) -> ChunkDone:
    """Answer a chunk that ended processes: in a child, which is replaced when it dies, row by row if need be."""
    for done in local_engine(job, [number], workers=1):
        if done is not None:
            return done
    raise QadeskError("A chunk was not answered.", "Start the same command again.")
