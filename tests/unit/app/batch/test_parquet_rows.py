"""Rows in Parquet: read forwards and backwards over row groups; what cannot be read; a computer without pyarrow."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qadesk.app.batch import batch_rows, parquet_rows
from qadesk.app.batch.batch_job import BatchJob
from qadesk.app.batch.batch_rows import BatchRow
from qadesk.app.batch.parquet_rows import ParquetRows
from qadesk.errors import DataError

MakeJob = Callable[..., BatchJob]


def write_table(path: Path, columns: dict[str, list[Any]], group: int = 100) -> Path:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table(columns), path, row_group_size=group)
    return path


def rows_of(job: BatchJob, numbers: list[int]) -> list[list[BatchRow]]:
    source = ParquetRows(job)
    try:
        return [source.rows(job.chunks[number]) for number in numbers]
    finally:
        source.close()


def test_rows_are_those_of_the_table(make_job: MakeJob, tmp_path: Path) -> None:
    columns: dict[str, list[Any]] = {
        "other": [1, 2, 3],
        "id": [10, None, 12],
        "question": ["A?", "B?", None],
        "context": ["x", None, "z"],
        "file": [None, "b.txt", None],
    }
    job = make_job(write_table(tmp_path / "in.parquet", columns))
    expected = [
        BatchRow("10", "A?", "x"),
        BatchRow("2", "B?", None, "b.txt"),
        BatchRow("12", "", error="The row has no question."),
    ]
    assert [row for rows in rows_of(job, [0, 1, 2]) for row in rows] == expected


@pytest.mark.parametrize("step", [1, -1, 7], ids=["forwards", "backwards", "to and fro"])
def test_chunks_are_read_in_any_order(
    make_job: MakeJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(batch_rows, "_LEAST_CHUNKS", 40)
    count = 1000
    columns = {"id": list(range(count)), "question": ["Q?"] * count, "context": [f"c{n}" for n in range(count)]}
    job = make_job(write_table(tmp_path / "in.parquet", columns, group=130))
    assert [chunk.rows for chunk in job.chunks] == [25] * 40
    numbers = [number * step % 40 for number in range(40)]
    chunks = dict(zip(numbers, rows_of(job, numbers), strict=True))
    rows = [row for number in range(40) for row in chunks[number]]
    assert [(row.id, row.context) for row in rows] == [(str(n), f"c{n}") for n in range(count)]


def test_long_rows_are_few_in_a_chunk(make_job: MakeJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_rows, "_LEAST_CHUNKS", 2)
    monkeypatch.setattr(parquet_rows, "MOST_CHARACTERS", 10_000)
    columns = {"question": ["Q?"] * 50, "context": [f"{n}" * 2000 for n in range(50)]}
    job = make_job(write_table(tmp_path / "in.parquet", columns))
    assert max(chunk.rows for chunk in job.chunks) < 10
    assert job.rows == 50


def test_a_table_without_questions_is_refused(make_job: MakeJob, tmp_path: Path) -> None:
    path = write_table(tmp_path / "in.parquet", {"query": ["A?"], "text": ["x"]})
    with pytest.raises(DataError, match=r"'in.parquet' has no column 'question'. It has: query, text."):
        make_job(path)


def test_a_file_that_is_no_table_is_refused(make_job: MakeJob, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / "in.parquet"
    path.write_bytes(b"PAR1 and then something else")
    with pytest.raises(DataError, match=r"The rows in 'in.parquet' cannot be read"):
        make_job(path)


@pytest.mark.parametrize(("source", "output"), [("in.parquet", "out.jsonl"), ("in.jsonl", "out.parquet")])
def test_without_pyarrow_a_sentence_says_what_to_do(
    make_job: MakeJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, output: str
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    (tmp_path / source).write_text("{}\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"Parquet files need pyarrow.*pip install qadesk\[parquet\]"):
        make_job(tmp_path / source, output)
