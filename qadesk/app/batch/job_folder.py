"""The folder of a batch job, ``OUT.part`` beside its output ``OUT``:

    job.json          what is asked, how, by which reader; the table of chunks
    documents.jsonl   the documents of the folder that is asked, where it is one
    chunk-*.jsonl     the answers to a chunk (``output_rows``); each appears by a rename when it is complete
    working.lock      held by the process that has the chunks answered

When all chunks are there they are put together into the output, which appears by a rename too, and the folder goes.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from qadesk.app.batch.batch_job import BatchJob, ChunkDone, JobChunk, JobSource, ReaderChoice
from qadesk.app.batch.output_rows import OutputRow, chunk_bytes, counts_of, write_json_rows, write_parquet_rows
from qadesk.errors import DataError
from qadesk.progress import Clock, Progress, megabytes

_JOB = "job.json"
_RESULT = "result.part"
_CHUNK = re.compile(r"chunk-(\d+)\.jsonl")
_VERSION = 1  # of the files in the folder


def folder_of(output: Path) -> Path:
    """The folder of the job that makes ``output``."""
    return output.with_name(f"{output.name}.part")


def work_folder_for(output: Path) -> Path:
    """A new hidden folder in which a job is made before it appears. Raises ``DataError``."""
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f".{output.name}-", dir=output.parent))
    except OSError as error:
        raise not_written(output, error) from error


def create_job(job: BatchJob, work: Path) -> None:
    """Let the folder of ``job`` appear with what is in the folder ``work``, which it takes. Raises ``DataError``."""
    content = {
        "version": _VERSION,
        "source": dataclasses.asdict(job.source),
        "reader": dataclasses.asdict(job.reader),
        "settings": dict(job.settings),
        "chunks": job.chunks,
        "notices": job.notices,
    }
    try:
        with (work / _JOB).open("w", encoding="utf-8") as file:
            json.dump(content, file)
            _to_disk(file)
        work.rename(job.folder)
    except OSError as error:
        raise not_written(job.output, error) from error


def read_job(folder: Path) -> BatchJob:
    """The job in ``folder``. Raises ``DataError`` if it holds none that this version knows."""
    try:
        content: dict[str, Any] = json.loads((folder / _JOB).read_text(encoding="utf-8"))
        if content["version"] != _VERSION:
            raise ValueError(f"version {content['version']}")
        source = JobSource(**{**content["source"], "scope": tuple(content["source"]["scope"])})
        reader, settings = ReaderChoice(**content["reader"]), content["settings"]
        chunks = [JobChunk(*chunk) for chunk in content["chunks"]]
        output = folder.with_name(folder.name.removesuffix(".part"))
        return BatchJob(folder, output, source, reader, settings, chunks, content["notices"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"The folder '{folder}' holds no batch job that this version of QADesk can go on with.",
            "Delete it, or name another output.",
            str(error),
        ) from error


def job_stamp(folder: Path) -> str:
    """What tells the job in ``folder`` from others. Raises ``OSError`` where there is none."""
    with (folder / _JOB).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def done_chunks(job: BatchJob) -> Iterator[ChunkDone]:
    """The chunks that are answered, in order. A file that is damaged is none."""
    for number in range(len(job.chunks)):
        if done := stored_chunk(job, number):
            yield done


def stored_chunk(job: BatchJob, number: int) -> ChunkDone | None:
    """Chunk ``number``, if it is answered and its file is not damaged."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        done = counts_of(number, _chunk_path(job, number))
        if done.rows == job.chunks[number].rows:
            return done
    return None


def stored_numbers(job: BatchJob) -> set[int]:
    """The numbers of the chunks that have a file, without a look into it. Empty where the folder cannot be read."""
    with suppress(OSError):
        return {int(match[1]) for path in job.folder.iterdir() if (match := _CHUNK.fullmatch(path.name))}
    return set()


def store_chunk(job: BatchJob, number: int, rows: Sequence[OutputRow]) -> ChunkDone:
    """Store the output of chunk ``number``, all or nothing. Raises ``DataError``."""
    done, data = chunk_bytes(number, rows)
    store_chunk_bytes(job, number, data)
    return done


def store_chunk_bytes(job: BatchJob, number: int, data: bytes) -> None:
    """As ``store_chunk``, with the content of the file. Two processes may store the same chunk."""
    target = _chunk_path(job, number)
    part = target.with_name(f"{target.name}.{secrets.token_hex(8)}.part")  # two computers may have one process number
    try:
        part.write_bytes(data)  # what a power cut takes of it, its checksum tells
        os.replace(part, target)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise not_written(job.output, error) from error


def put_together(job: BatchJob) -> Generator[Progress, None, None]:
    """Write the output of ``job``, whose chunks are all there, and remove its folder. Yields progress in chunks.

    Raises ``DataError`` where there is no room for it.
    """
    clock = Clock("Writing answers", len(job.chunks))
    chunks = (_chunk_path(job, number) for number in range(len(job.chunks)))
    write_rows = write_parquet_rows if is_parquet(job.output) else write_json_rows
    result = job.folder / _RESULT
    try:
        with result.open("wb") as file:
            for number in write_rows(chunks, file):
                yield clock.at(number)
            _to_disk(file)
        os.replace(result, job.output)
    except OSError as error:
        with suppress(OSError):
            result.unlink()
        raise not_written(job.output, error) from error
    discard_job(job)


def discard_job(job: BatchJob) -> None:
    """Remove the folder of ``job``."""
    shutil.rmtree(job.folder, ignore_errors=True)


def is_parquet(path: Path) -> bool:
    """Whether ``path`` is the name of a Parquet file."""
    return path.suffix.lower() in (".parquet", ".pq")


def not_written(output: Path, error: OSError) -> DataError:
    """The error for an ``output``, or a part of its job, that cannot be written."""
    room = ""
    with suppress(OSError):
        room = f" {megabytes(shutil.disk_usage(output.parent).free)} are free."
    return DataError(
        f"The answers could not be written beside '{output}'.",
        f"Check that there is room on the disk and that the folder can be written to.{room} "
        "Then start the same command again: what was answered is kept.",
        str(error),
    )


def _chunk_path(job: BatchJob, number: int) -> Path:
    return job.folder / f"chunk-{number:07d}.jsonl"


def _to_disk(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())
