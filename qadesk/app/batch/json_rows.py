"""Rows in JSON lines, plain or packed by gzip: cut into chunks by two passes, read by offset."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from qadesk.app.batch.batch_job import BatchJob, JobChunk
from qadesk.app.batch.batch_rows import MOST_CHARACTERS, BatchRow, row_of, rows_per_chunk
from qadesk.errors import DataError
from qadesk.progress import Progress, megabytes

LONGEST_LINE = 64 << 20
"""Bytes; a longer line is a row with an error."""

_PIECE = 1 << 20  # bytes
_STEP = 20_000  # lines between two steps of progress
_FAILURES = (OSError, EOFError, zlib.error)  # of the disk, or of a damaged gzip file


class _JsonLine(NamedTuple):
    """A line that is not empty; ``data`` is None for one that is too long. ``size`` in bytes."""

    number: int
    offset: int
    size: int
    data: bytes | None


class JsonRows:
    """The rows of a job whose input is in JSON lines."""

    def __init__(self, job: BatchJob) -> None:
        self._path = Path(job.source.path)
        self._file = _open(self._path)

    def rows(self, chunk: JobChunk) -> list[BatchRow]:
        """As ``RowInput``; of a packed file all before the chunk is unpacked, once where chunks come in order."""
        try:
            self._file.seek(chunk.offset)
            lines = _lines(self._file, chunk.first, chunk.offset)
            rows = [_row(line) for line, _ in zip(lines, range(chunk.rows), strict=False)]
        except _FAILURES as error:
            raise _unreadable(self._path, error) from error
        if len(rows) < chunk.rows:
            raise DataError(
                f"'{self._path.name}' has fewer rows than when the job began.",
                "Put the file back as it was, or begin a new job.",
            )
        return rows

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def cut_json_lines(path: Path) -> Generator[Progress, None, list[JobChunk]]:
    """The chunks of the file ``path``. Yields progress. Raises ``DataError`` if it cannot be read."""
    chunks: list[JobChunk] = []
    try:
        with _open(path) as file:
            count = 0
            for line in _lines(file):
                count += 1
                if line.number % _STEP == 0:
                    yield Progress("Counting rows", count, 0)
            file.seek(0)
            most, size = rows_per_chunk(count), 0
            for line in _lines(file):
                if not chunks or chunks[-1].rows == most or size + line.size > MOST_CHARACTERS:
                    chunks.append(JobChunk(line.number, 0, line.offset))
                    size = 0
                size += line.size
                chunks[-1] = chunks[-1]._replace(rows=chunks[-1].rows + 1)
                if line.number % _STEP == 0:
                    yield Progress("Dividing rows among workers", 0, count)
    except _FAILURES as error:
        raise _unreadable(path, error) from error
    return chunks


def _open(path: Path) -> BinaryIO:
    try:
        if path.suffix.lower() == ".gz":
            return cast(BinaryIO, gzip.open(path))
        return path.open("rb")
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> DataError:
    return DataError(
        f"The rows in '{path.name}' cannot be read.", "Check that the file is there and whole.", str(error)
    )


def _lines(file: BinaryIO, number: int = 1, offset: int = 0) -> Iterator[_JsonLine]:
    """The lines from here on that are not empty. The first one has ``number`` and begins at ``offset``."""
    while data := file.readline(LONGEST_LINE + 1):
        size = len(data)
        is_whole = size <= LONGEST_LINE or data.endswith(b"\n")
        while not (is_whole or data.endswith(b"\n")):
            data = file.readline(_PIECE)
            size += len(data)
            if not data:
                break
        if not is_whole:
            yield _JsonLine(number, offset, size, None)
        elif not data.isspace():
            yield _JsonLine(number, offset, size, data)
        number += 1
        offset += size


def _row(line: _JsonLine) -> BatchRow:
    values: Any = None
    if line.data is None:
        error = f"The line is longer than {megabytes(LONGEST_LINE)}."
    else:
        error = "The line is no JSON object."
        try:
            values = json.loads(line.data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            error = "The line is not in UTF-8."
        except (ValueError, RecursionError):
            error = "The line is not valid JSON."
    return row_of(line.number, values) if isinstance(values, dict) else BatchRow(str(line.number), "", error=error)
