"""Opens the input of a batch job, in the process that answers its rows."""

from __future__ import annotations

from typing import Protocol

from qadesk.app.batch.batch_job import BatchJob, JobChunk
from qadesk.app.batch.batch_rows import BatchRow
from qadesk.app.batch.json_rows import JsonRows
from qadesk.app.batch.parquet_rows import ParquetRows
from qadesk.app.batch.question_rows import FolderRows, QuestionRows


class RowInput(Protocol):
    """Reads the rows of chunks, quickest in rising order. Belongs to one thread."""

    def rows(self, chunk: JobChunk) -> list[BatchRow]:
        """The rows of ``chunk``. Raises ``DataError`` where the input is not what it was any more."""

    def close(self) -> None:
        """Close the input."""


def open_rows(job: BatchJob) -> RowInput:
    """The input of ``job``. Raises ``DataError`` if it cannot be read."""
    if job.source.kind == "jsonl":
        return JsonRows(job)
    if job.source.kind == "parquet":
        return ParquetRows(job)
    return FolderRows(job) if job.source.kind == "folder" else QuestionRows(job)
