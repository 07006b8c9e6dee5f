"""Rows in Parquet: cut into chunks by their number, read forwards in small batches."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Generator, Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

from qadesk.app.batch.arrow import load_parquet
from qadesk.app.batch.batch_job import BatchJob, JobChunk
from qadesk.app.batch.batch_rows import COLUMNS, MOST_CHARACTERS, MOST_ROWS, BatchRow, row_of, rows_per_chunk
from qadesk.errors import DataError
from qadesk.progress import Progress

_BUFFER = 1 << 20  # bytes that are read of a column at once: else a whole column of a row group is in memory


class ParquetRows:
    """The rows of a job whose input is a Parquet file. Going back to an earlier chunk begins a row group again."""

    def __init__(self, job: BatchJob) -> None:
        self._path = Path(job.source.path)
        self._file = _open(self._path)
        groups = range(self._file.num_row_groups)
        sizes = (self._file.metadata.row_group(group).num_rows for group in groups)
        self._firsts = list(accumulate(sizes, initial=0))  # the first row, from 0, of each row group, and the end
        self._next = 0  # the row, from 0, that comes next
        self._rows: Iterator[dict[str, Any]] = iter(())

    def rows(self, chunk: JobChunk) -> list[BatchRow]:
        """As ``RowInput``."""
        first = chunk.first - 1
        try:
            if first < self._next or self._is_far(first):
                self._go_to(first)
            while self._next < first:
                self._take()
            rows = [row_of(self._next + 1, self._take()) for _ in range(chunk.rows)]
        except StopIteration:
            raise DataError(
                f"'{self._path.name}' has fewer rows than when the job began.",
                "Put the file back as it was, or begin a new job.",
            ) from None
        except (OSError, ValueError, MemoryError) as error:  # pyarrow's are among them
            raise _unreadable(self._path, error) from error
        return rows

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _take(self) -> dict[str, Any]:
        row = next(self._rows)
        self._next += 1
        return row

    def _is_far(self, row: int) -> bool:
        """Whether ``row`` is in another row group than the next one, so that those between need not be read."""
        return self._next == 0 or self._group_of(row) > self._group_of(self._next)

    def _group_of(self, row: int) -> int:
        return bisect_right(self._firsts, row) - 1

    def _go_to(self, row: int) -> None:
        group = self._group_of(row)
        self._next = self._firsts[group]
        self._rows = self._rows_from(group)

    def _rows_from(self, group: int) -> Iterator[dict[str, Any]]:
        groups = range(group, self._file.num_row_groups)
        columns = [name for name in COLUMNS if name in self._file.schema_arrow.names]
        size = _rows_at_once(self._file.metadata)
        for batch in self._file.iter_batches(size, row_groups=groups, columns=columns, use_threads=False):
            yield from batch.to_pylist()


def cut_parquet(path: Path) -> Generator[Progress, None, list[JobChunk]]:
    """The chunks of the file ``path``. Raises ``DataError`` if it cannot be read or has no questions."""
    yield Progress("Counting rows", 0, 0)
    file = _open(path)
    try:
        rows, columns = file.metadata.num_rows, file.schema_arrow.names
        most = min(rows_per_chunk(rows), _rows_at_once(file.metadata))
    finally:
        file.close()
    if "question" not in columns:
        raise DataError(
            f"'{path.name}' has no column 'question'.", f"It has: {', '.join(columns[:20])}. Rename the one you mean."
        )
    return [JobChunk(first + 1, min(most, rows - first)) for first in range(0, rows, most)]


def _rows_at_once(metadata: Any) -> int:
    """How many rows of a file are read together: fewer where they are long, by what they have on average."""
    size: int = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
    rows: int = metadata.num_rows
    return max(1, min(MOST_ROWS, MOST_CHARACTERS * rows // max(1, size)))


def _open(path: Path) -> Any:
    parquet = load_parquet()
    try:
        return parquet.ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False)
    except (OSError, ValueError, MemoryError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> DataError:
    return DataError(
        f"The rows in '{path.name}' cannot be read.", "Check that the file is there and whole.", str(error)
    )
