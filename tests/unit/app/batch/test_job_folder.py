"""The folder of a job: what is stored is read again, damage is seen, a full disk is told and nothing half is left."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from qadesk.app.batch.batch_job import BatchJob
from qadesk.app.batch.batch_lock import BatchLock
from qadesk.app.batch.batch_rows import BatchRow
from qadesk.app.batch.job_folder import done_chunks, folder_of, put_together, read_job, store_chunk
from qadesk.app.batch.output_rows import OutputRow, error_row
from qadesk.errors import DataError
from qadesk.progress import finish

MakeJob = Callable[..., BatchJob]
WriteRows = Callable[..., Path]


@pytest.fixture
def job(make_job: MakeJob, write_rows: WriteRows) -> BatchJob:
    return make_job(write_rows([{"question": f"Q{n}?", "context": "x"} for n in range(4)]))


def output(number: int) -> OutputRow:
    return error_row(BatchRow(str(number), f"É{number}?", file="a.txt"), "It is not there.", "model")


def store_all(job: BatchJob) -> None:
    for number in reversed(range(len(job.chunks))):
        store_chunk(job, number, [output(number)])


def test_a_job_is_read_as_it_was_made(job: BatchJob) -> None:
    assert job.folder == folder_of(job.output)
    assert read_job(job.folder) == job
    assert job.rows == 4


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"version": 99}', '{"version": 1, "source": 5}'])
def test_another_file_in_its_place_is_refused(job: BatchJob, content: str) -> None:
    (job.folder / "job.json").write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match="holds no batch job that this version"):
        read_job(job.folder)


def test_chunks_are_put_together_in_order(job: BatchJob) -> None:
    store_all(job)
    assert [(done.number, done.errors) for done in done_chunks(job)] == [(0, 1), (1, 1), (2, 1), (3, 1)]
    finish(put_together(job))
    rows = [json.loads(line) for line in job.output.read_text(encoding="utf-8").splitlines()]
    assert rows == [output(number) for number in range(4)]
    assert not job.folder.exists()


def test_parquet_has_the_same_rows(make_job: MakeJob, write_rows: WriteRows) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    job = make_job(write_rows([{"question": "Q?", "context": "x"}] * 4), "out.parquet")
    store_all(job)
    finish(put_together(job))
    assert parquet.read_table(job.output).to_pylist() == [output(number) for number in range(4)]


@pytest.mark.parametrize("damage", [b"", b"{}\n", b"\0" * 300], ids=["empty", "other", "zeros"])
def test_a_damaged_chunk_is_answered_again(job: BatchJob, damage: bytes) -> None:
    store_all(job)
    (job.folder / "chunk-0000002.jsonl").write_bytes(damage)
    cut = job.folder / "chunk-0000001.jsonl"
    cut.write_bytes(cut.read_bytes()[:-5])
    assert [done.number for done in done_chunks(job)] == [0, 3]


def test_a_full_disk_is_told_and_leaves_nothing_half(job: BatchJob) -> None:
    resource = pytest.importorskip("resource")
    rows = [{**output(0), "question": "x" * 3000}]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        with pytest.raises(DataError, match="what was answered is kept"):
            store_chunk(job, 0, rows)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [path.name for path in job.folder.iterdir()] == ["job.json"]
    assert list(done_chunks(job)) == []


def test_a_full_disk_at_the_end_keeps_the_answers(job: BatchJob) -> None:
    resource = pytest.importorskip("resource")
    store_all(job)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, hard))
    try:
        with pytest.raises(DataError, match="The answers could not be written"):
            finish(put_together(job))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not job.output.exists()
    assert len(list(done_chunks(job))) == 4
    finish(put_together(job))
    assert job.output.exists()


def test_one_process_at_a_time_works_on_a_job(job: BatchJob) -> None:
    lock = BatchLock(job.folder)
    with pytest.raises(DataError, match="Another process works on the batch job"):
        BatchLock(job.folder)
    lock.close()
    BatchLock(job.folder).close()
