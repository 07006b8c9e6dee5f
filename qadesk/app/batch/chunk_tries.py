"""Counts, in a batch job's folder, the processes that began a chunk and did not finish it.

Where others restart a process that died, as Ray does, nobody else can tell that it was the chunk that killed it: so
each try leaves a byte in a file of the chunk, which goes when the chunk is done.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from qadesk.app.batch.batch_job import BatchJob
from qadesk.app.batch.job_folder import not_written


def begin_try(job: BatchJob, number: int) -> int:
    """Note that a process begins with chunk ``number``. Returns how many began before and did not finish.

    Raises ``DataError`` where the folder cannot be written.
    """
    try:
        with _path(job, number).open("ab") as file:
            tries = file.tell()
            file.write(b".")
        return tries
    except OSError as error:
        raise not_written(job.output, error) from error


def end_tries(job: BatchJob, number: int) -> None:
    """Forget the tries of chunk ``number``, which is done."""
    with suppress(OSError):
        _path(job, number).unlink()


def _path(job: BatchJob, number: int) -> Path:
    return job.folder / f"chunk-{number:07d}.tries"
