"""What a user wants of a batch job, made into a job: a new one, or the one that was begun before."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from qadesk.app.batch import job_folder
from qadesk.app.batch.arrow import load_parquet
from qadesk.app.batch.batch_job import READING_SETTINGS, BatchJob, JobChunk, JobSource, ReaderChoice, SourceKind
from qadesk.app.batch.json_rows import cut_json_lines
from qadesk.app.batch.parquet_rows import cut_parquet
from qadesk.app.batch.question_rows import DOCUMENTS, cut_documents, cut_questions, listed_questions
from qadesk.app.reading.load import find_model
from qadesk.errors import DataError
from qadesk.progress import Progress
from qadesk.qa import devices, graphs
from qadesk.qa.models import Model
from qadesk.settings import Settings, Value, row

JSON_LINES = (".jsonl", ".ndjson")
_PIECE = 1 << 20  # bytes of the head and of the tail of an input that tell it from others


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """A file of rows or questions ``source`` and where the answers go, ``output``.

    A list of questions has either a ``library``, the folders and files of it that are asked (none for all), or a
    ``folder``; rows have neither. ``model``, ``device`` and ``precision`` are those of ``load_reader``.
    """

    source: Path
    output: Path
    library: tuple[Path, ...] | None = None
    folder: Path | None = None
    model: str = ""
    device: str = "auto"
    precision: str = "auto"


def begin_batch(request: BatchRequest, settings: Settings) -> Generator[Progress, None, BatchJob]:
    """The job of ``request``: the one that is in its folder, else a new one. Yields progress.

    Raises ``DataError`` for an input or an output that cannot be, and where the folder holds a job of another request;
    ``ModelError`` and ``DeviceError`` where there is no such reader.
    """
    output = request.output.absolute()
    _check_output(output)
    source = _source_of(request)
    reader = _reader_of(request)
    values = {key: settings[key] for key in READING_SETTINGS}
    folder = job_folder.folder_of(output)
    if folder.exists():
        job = job_folder.read_job(folder)
        _check_same(job, source, reader, values)
        return job
    work = job_folder.work_folder_for(output)
    try:
        chunks, notices = yield from _cut(source, settings, work)
        if not chunks:
            raise DataError(f"There are no rows in '{request.source}'.", "Choose another file.")
        job = BatchJob(folder, output, source, reader, values, chunks, notices)
        job_folder.create_job(job, work)
        return job
    except OSError as error:
        raise job_folder.not_written(output, error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _check_output(output: Path) -> None:
    if output.exists():
        raise DataError(f"There is already something at '{output}'.", "Name a file that is not there yet.")
    if job_folder.is_parquet(output):
        load_parquet()
    elif output.suffix.lower() not in JSON_LINES:
        raise DataError(
            f"The answers cannot be written as '{output.name}'.", "Give it a name that ends in .jsonl or .parquet."
        )


def _source_of(request: BatchRequest) -> JobSource:
    path = request.source.absolute()
    kind = _kind_of(request)
    if kind == "parquet":
        load_parquet()
    if request.folder and not request.folder.is_dir():
        raise DataError(f"There is no folder '{request.folder}'.", "Check its name.")
    scope = tuple(os.fspath(source) for source in request.library or ())
    folder = os.fspath(request.folder.absolute()) if request.folder else ""
    return JobSource(kind, os.fspath(path), _stamp_of(path), scope, folder)


def _kind_of(request: BatchRequest) -> SourceKind:
    name = request.source.name.lower().removesuffix(".gz")
    if request.library is not None:
        return "library"
    if request.folder is not None:
        return "folder"
    if name.endswith(JSON_LINES):
        return "jsonl"
    if job_folder.is_parquet(request.source):
        return "parquet"
    raise DataError(
        f"'{request.source.name}' is neither JSON lines (.jsonl) nor Parquet (.parquet).",
        "A list of questions also needs --library NAME or --folder FOLDER, which it is put to.",
    )


def _stamp_of(path: Path) -> str:
    """What tells the content of ``path`` from others: size, time, a hash of its head and tail."""
    try:
        if not path.is_file():
            raise DataError(f"There is no file '{path}'.", "Check its name.")
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            digest = hashlib.sha256(file.read(_PIECE))
            file.seek(max(0, status.st_size - _PIECE))
            digest.update(file.read(_PIECE))
    except (OSError, ValueError) as error:
        raise DataError(f"'{path}' cannot be read.", "Check its name and who may read it.", str(error)) from error
    return f"{status.st_size}-{status.st_mtime_ns}-{digest.hexdigest()[:32]}"


def _reader_of(request: BatchRequest) -> ReaderChoice:
    model = find_model(request.model)
    choice = devices.choose(request.device, model, request.precision)
    kind = choice.device.partition(":")[0]
    folder = os.fspath(model.folder.absolute())
    return ReaderChoice(folder, kind, request.precision, choice.precision, fingerprint_of(model))


def fingerprint_of(model: Model) -> str:
    """The fingerprint of ``model``; one without safetensors is told from others by its graph."""
    fingerprint = graphs.fingerprint(model)
    if model.safetensors or model.onnx is None:
        return fingerprint
    with model.onnx.open("rb") as file:
        return f"{hashlib.file_digest(file, 'sha256').hexdigest()[:40]}-{fingerprint}"


def _check_same(job: BatchJob, source: JobSource, reader: ReaderChoice, values: Mapping[str, Value]) -> None:
    """Raises ``DataError`` where ``job`` is not that of the others."""
    differences = []
    if replace(job.source, stamp=source.stamp) != source:
        differences.append("another input")
    elif job.source.stamp != source.stamp:
        differences.append("an input that has changed since")
    if job.reader.fingerprint != reader.fingerprint:
        differences.append("another model")
    elif job.reader.folder != reader.folder:
        differences.append(f"the model in '{job.reader.folder}'")
    elif job.reader != reader:
        differences.append(f"a reader on the device {job.reader.device} in {job.reader.runs_in}")
    differences += [
        f"another value of '{row(key).title}' ({job.settings[key]})"
        for key in READING_SETTINGS
        if key in job.settings and job.settings[key] != values[key]
    ]
    if differences:
        raise DataError(
            f"A batch job that makes '{job.output.name}' was begun with {' and '.join(differences)}.",
            f"Start it as before to go on with it, delete the folder '{job.folder}', or name another output.",
        )


def _cut(
    source: JobSource, settings: Settings, work: Path
) -> Generator[Progress, None, tuple[list[JobChunk], list[str]]]:
    """The chunks of the job, and its notices."""
    path = Path(source.path)
    if source.kind == "jsonl":
        return (yield from cut_json_lines(path)), []
    if source.kind == "parquet":
        return (yield from cut_parquet(path)), []
    count = len(listed_questions(path, settings))
    if source.kind == "library":
        return cut_questions(count), []
    return (yield from cut_documents(Path(source.folder), count, [path], work / DOCUMENTS))
