"""Rows that are made of a list of questions: each to the library, or each to every document of a folder."""

from __future__ import annotations

import json
from collections.abc import Generator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from qadesk.app.batch.batch_job import BatchJob, JobChunk
from qadesk.app.batch.batch_rows import MOST_ROWS, BatchRow, rows_per_chunk
from qadesk.app.documents import read_lines
from qadesk.app.library.scanning import FolderScan
from qadesk.documents.open_file import without_surrogates
from qadesk.errors import DataError, DocumentError
from qadesk.progress import Progress
from qadesk.settings import Settings

DOCUMENTS = "documents.jsonl"
"""The file in a job's folder that lists the documents of the folder that is asked, a path in JSON a line."""

_MANY_DOCUMENTS = 200  # of which one is a small part of the job
_STEP = 1000  # files between two steps of progress


class QuestionRows:
    """The rows of a job that asks the library: the questions."""

    def __init__(self, job: BatchJob) -> None:
        self._questions = listed_questions(Path(job.source.path), job.reading_settings())

    def rows(self, chunk: JobChunk) -> list[BatchRow]:
        """As ``RowInput``."""
        numbers = range(chunk.first, chunk.first + chunk.rows)
        return [BatchRow(str(number), self._questions[number - 1]) for number in numbers]

    def close(self) -> None:
        """There is nothing to close."""


class FolderRows:
    """The rows of a job that asks the documents of a folder: of each document all questions."""

    def __init__(self, job: BatchJob) -> None:
        self._questions = listed_questions(Path(job.source.path), job.reading_settings())
        self._documents = (job.folder / DOCUMENTS).open(encoding="ascii")

    def rows(self, chunk: JobChunk) -> list[BatchRow]:
        """As ``RowInput``."""
        self._documents.seek(chunk.offset)
        rows: list[BatchRow] = []
        file = _next_path(self._documents)
        for row in range(chunk.first - 1, chunk.first - 1 + chunk.rows):
            number = row % len(self._questions)
            if rows and number == 0:
                file = _next_path(self._documents)
            id_ = f"{number + 1}:{without_surrogates(file)}"
            rows.append(BatchRow(id_, self._questions[number], file=file))
        return rows

    def close(self) -> None:
        """Close the list of documents."""
        self._documents.close()


def listed_questions(path: Path, settings: Settings) -> list[str]:
    """The lines of the file ``path``, in any encoding, without the empty ones. Raises ``DataError``."""
    try:
        text = read_lines(path, settings).text
    except DocumentError as error:
        raise DataError(
            f"The questions in '{path}' cannot be read.", "It must be a text file.", error.message
        ) from error
    questions = [without_surrogates(line.strip()) for line in text.splitlines() if line.strip()]
    if not questions:
        raise DataError(f"There are no questions in '{path}'.", "Write one a line.")
    return questions


def cut_questions(count: int) -> list[JobChunk]:
    """The chunks of ``count`` questions to the library."""
    most = rows_per_chunk(count)
    return [JobChunk(first + 1, min(most, count - first)) for first in range(0, count, most)]


def cut_documents(
    folder: Path, count: int, left_out: Sequence[Path], target: Path
) -> Generator[Progress, None, tuple[list[JobChunk], list[str]]]:
    """The chunks of ``count`` questions to each document of ``folder``, and sentences about folders in it that cannot
    be read; lists the documents in the new file ``target``.

    ``left_out`` are files that are no documents of it. Yields progress. Raises ``DataError`` where there is none.
    """
    paths = []
    scan = FolderScan()
    for file in scan.files(folder):
        if not file.reason and not any(_is_same(file.path, other) for other in left_out):
            paths.append(file.path.relative_to(folder).as_posix())
            if len(paths) % _STEP == 0:
                yield Progress("Looking through the folder", len(paths), 0)
    if not paths:
        raise DataError(f"There are no documents in '{folder}'.", "Name a folder with files that QADesk reads.")
    offsets = []
    with target.open("w", encoding="ascii", newline="\n") as listing:
        for path in sorted(paths):
            offsets.append(listing.tell())
            listing.write(json.dumps(path) + "\n")
    rows = len(paths) * count
    most = _rows_of_documents(len(paths), count)
    chunks = [JobChunk(row + 1, min(most, rows - row), offsets[row // count]) for row in range(0, rows, most)]
    return chunks, scan.notices


def _rows_of_documents(documents: int, questions: int) -> int:
    """How many rows a chunk has: those of whole documents where there are many, so that each is read once."""
    most = rows_per_chunk(documents * questions)
    if documents < _MANY_DOCUMENTS or questions > MOST_ROWS:
        return most
    return max(1, most // questions) * questions


def _is_same(path: Path, other: Path) -> bool:
    with suppress(OSError):
        return path.samefile(other)
    return False


def _next_path(documents: TextIO) -> str:
    path: str = json.loads(documents.readline())
    return path
