"""The rows of a batch job's output, the same in JSON lines and in Parquet (docs/batch.md).

A chunk's answers are a file of the job's folder: a line of JSON that counts them, then a line a row.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, TypedDict

from qadesk.app.batch.arrow import load_parquet
from qadesk.app.batch.batch_job import ChunkDone, JobChunk
from qadesk.app.batch.batch_rows import BatchRow
from qadesk.documents.open_file import without_surrogates
from qadesk.records import Answer, Answers, Document, LibraryAnswer, LibraryAnswers

_PIECE = 1 << 20  # bytes
_TABLE_ROWS, _TABLE_BYTES = 1024, 2 << 20  # that are made into a table of Arrow together, at most
_GROUP_ROWS, _GROUP_BYTES = 16_384, 32 << 20  # of a row group in Parquet, at most

KILLED = "The process that answered this row ended: it may need more memory than there is."
"""The error of a row that ended a process."""


class OutputAnswer(TypedDict):
    """An answer. Offsets are into the context or the text of the file; chances and scores as ``Answer`` has them."""

    text: str
    start: int
    end: int
    confidence: float
    start_confidence: float
    end_confidence: float
    score: float
    file: str | None
    page: str | None


class OutputRow(TypedDict):
    """What is written of a row, with all keys. ``error`` is a sentence where there are no answers, else None."""

    id: str
    question: str
    file: str | None
    answered: bool
    no_answer: float | None
    answers: list[OutputAnswer]
    read_as: str | None
    error: str | None
    model: str


def error_row(row: BatchRow, error: str, model: str) -> OutputRow:
    """``row`` that has no answers because of ``error``; ``model`` is a fingerprint."""
    return _output(row, model, error=error)


def lost_rows(chunk: JobChunk, model: str) -> list[OutputRow]:
    """The output of a chunk that ends each process that reads its rows."""
    numbers = range(chunk.first, chunk.first + chunk.rows)
    return [error_row(BatchRow(str(number), ""), KILLED, model) for number in numbers]


def document_row(row: BatchRow, answers: Answers, document: Document | None, model: str) -> OutputRow:
    """The ``answers`` to ``row``, in its context or in ``document``."""
    output = _output(row, model)
    output["answered"], output["no_answer"] = answers.is_answered, answers.no_answer
    output["read_as"] = answers.read_as or None
    output["answers"] = [_answer(answer, _shown(row.file), document) for answer in answers]
    return output


def library_row(row: BatchRow, answers: LibraryAnswers, model: str) -> OutputRow:
    """The ``answers`` of the library to ``row``; each with the first place where it stands."""
    output = _output(row, model)
    output["answered"], output["no_answer"] = answers.is_answered, answers.no_answer
    output["read_as"] = answers.read_as or None
    output["answers"] = [_library_answer(answer) for answer in answers.answers]
    return output


def _output(row: BatchRow, model: str, error: str | None = None) -> OutputRow:
    return {
        "id": row.id,
        "question": row.question,
        "file": _shown(row.file),
        "answered": False,
        "no_answer": None,
        "answers": [],
        "read_as": None,
        "error": error,
        "model": model,
    }


def _answer(answer: Answer, file: str | None, document: Document | None) -> OutputAnswer:
    page = document.page_at(answer.start) if document else None
    return {
        "text": answer.text,
        "start": answer.start,
        "end": answer.end,
        "confidence": answer.confidence,
        "start_confidence": answer.start_confidence,
        "end_confidence": answer.end_confidence,
        "score": answer.score,
        "file": file,
        "page": page.label if page else None,
    }


def _library_answer(answer: LibraryAnswer) -> OutputAnswer:
    best = answer.places[0]
    return {
        "text": answer.text,
        "start": best.start,
        "end": best.end,
        "confidence": answer.confidence,
        "start_confidence": answer.start_confidence,
        "end_confidence": answer.end_confidence,
        "score": answer.start_score + answer.end_score - answer.null_score,
        "file": _shown(os.fspath(best.path)),
        "page": best.page_label or None,
    }


def _shown(path: str | None) -> str | None:
    """``path`` as text; its bytes need not be UTF-8."""
    return None if path is None else without_surrogates(path)


def chunk_bytes(number: int, rows: Sequence[OutputRow]) -> tuple[ChunkDone, bytes]:
    """The file of chunk ``number`` with these ``rows``, and what it counts."""
    errors, answered = (sum(bool(row[key]) for row in rows) for key in ("error", "answered"))
    data = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode()
    counts = {"rows": len(rows), "errors": errors, "answered": answered, "crc32": zlib.crc32(data)}
    return ChunkDone(number, len(rows), errors, answered), json.dumps(counts).encode() + b"\n" + data


def counts_of(number: int, path: Path) -> ChunkDone:
    """What the file ``path`` of chunk ``number`` counts. Raises ``OSError``, ``ValueError``, ``KeyError`` or
    ``TypeError`` for one that is not there or damaged: it need not have reached the disk when the computer went off.
    """
    checksum = 0
    with path.open("rb") as file:
        counts = json.loads(file.readline(1000))
        while data := file.read(_PIECE):
            checksum = zlib.crc32(data, checksum)
    if checksum != counts["crc32"]:
        raise ValueError("other contents than were written")
    return ChunkDone(number, int(counts["rows"]), int(counts["errors"]), int(counts["answered"]))


def write_json_rows(chunks: Iterable[Path], target: IO[bytes]) -> Iterator[int]:
    """Write the rows of the files ``chunks`` into ``target`` as JSON lines. Yields after each of them."""
    for number, chunk in enumerate(chunks, 1):
        with chunk.open("rb") as file:
            file.readline()
            while data := file.read(_PIECE):
                target.write(data)
        yield number


def write_parquet_rows(chunks: Iterable[Path], target: IO[bytes]) -> Iterator[int]:
    """As ``write_json_rows``, in Parquet. Raises ``DataError`` where pyarrow is not installed."""
    parquet = load_parquet()
    schema = _schema()
    with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        group = _RowGroup(writer, schema)
        for number, chunk in enumerate(chunks, 1):
            with chunk.open("rb") as file:
                file.readline()
                for line in file:
                    group.add(line)
            yield number
        group.write()


class _RowGroup:
    """Collects rows for a row group of a Parquet file: a few as Python's, the others as a table, which is smaller."""

    def __init__(self, writer: Any, schema: Any) -> None:
        self._writer = writer
        self._schema = schema
        self._rows: list[OutputRow] = []
        self._size = 0  # of those rows, in bytes of JSON
        self._tables: list[Any] = []

    def add(self, line: bytes) -> None:
        """Add the row in a line of JSON."""
        self._rows.append(json.loads(line))
        self._size += len(line)
        if len(self._rows) >= _TABLE_ROWS or self._size >= _TABLE_BYTES:
            self._make_table()
            if sum(table.num_rows for table in self._tables) >= _GROUP_ROWS or self._bytes() >= _GROUP_BYTES:
                self.write()

    def write(self) -> None:
        """Write what was collected, and begin anew."""
        import pyarrow as pa

        if self._rows:
            self._make_table()
        if self._tables:
            self._writer.write_table(pa.concat_tables(self._tables))
        self._tables = []

    def _make_table(self) -> None:
        import pyarrow as pa

        self._tables.append(pa.Table.from_pylist(self._rows, self._schema))
        self._rows, self._size = [], 0

    def _bytes(self) -> int:
        return sum(table.nbytes for table in self._tables)


def _schema() -> Any:
    import pyarrow as pa

    answer = pa.struct(
        [
            ("text", pa.string()), ("start", pa.int64()), ("end", pa.int64()), ("confidence", pa.float64()),
            ("start_confidence", pa.float64()), ("end_confidence", pa.float64()), ("score", pa.float64()),
            ("file", pa.string()), ("page", pa.string()),
        ]
    )  # fmt: skip
    return pa.schema(
        [
            ("id", pa.string()), ("question", pa.string()), ("file", pa.string()), ("answered", pa.bool_()),
            ("no_answer", pa.float64()), ("answers", pa.list_(answer)), ("read_as", pa.string()),
            ("error", pa.string()), ("model", pa.string()),
        ]
    )  # fmt: skip
