"""Loads the reader of a batch job in a process that answers."""

from __future__ import annotations

from qadesk.app.batch.batch_job import BatchJob
from qadesk.app.reading.load import find_model, load_reader
from qadesk.errors import ModelError
from qadesk.qa import devices
from qadesk.qa.engine import Reader


def load_job_reader(job: BatchJob, *, threads: int, device: str = "") -> Reader:
    """The reader of ``job`` with so many threads, on ``device``, one of ``devices_of``, else on the first of its kind.

    Raises ``ModelError`` or ``DeviceError`` where it cannot be loaded, or answers in another precision than that with
    which the job began.
    """
    choice = job.reader
    reader = load_reader(choice.folder, device=device or choice.device, precision=choice.precision, threads=threads)
    if reader.choice.precision != choice.runs_in:
        raise ModelError(
            f"The model '{reader.model.name}' runs in {reader.choice.precision} now, and in {choice.runs_in} when the "
            "job began.",
            f"Delete the folder '{job.folder}', or name another output, and begin again.",
        )
    return reader


def devices_of(job: BatchJob) -> list[str]:
    """The names of this computer's devices of the kind that the reader of ``job`` runs on; ['cpu'] for a processor."""
    if job.reader.device == "cpu":
        return ["cpu"]
    every = devices.listed(find_model(job.reader.folder))
    names = [device.name for device in every if not device.problem]
    return [name for name in names if name.partition(":")[0] == job.reader.device] or [job.reader.device]
