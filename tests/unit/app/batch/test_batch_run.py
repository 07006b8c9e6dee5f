"""A job is worked through by an engine: what is missing is asked for, counted, and put together."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import pytest

from qadesk.app.batch.batch_job import BatchJob, ChunkDone
from qadesk.app.batch.batch_lock import BatchLock
from qadesk.app.batch.batch_run import BatchStep, work_through
from qadesk.app.batch.chunk_answering import ChunkAnswerer
from qadesk.app.batch.job_folder import store_chunk
from qadesk.errors import DataError
from qadesk.progress import finish, run_steps
from qadesk.qa.engine import Reader

Steps = Generator[ChunkDone | None, None, None]


@pytest.fixture
def job(make_job: Callable[..., BatchJob], write_rows: Callable[..., Path]) -> BatchJob:
    rows = [{"question": "Who built the tower?", "context": f"Ada Quill built tower {n}."} for n in range(5)]
    return make_job(write_rows([*rows, {"question": "?"}]))


def engine_of(reader: Reader) -> Callable[[BatchJob, Sequence[int]], Steps]:
    """An engine in this process."""

    def engine(job: BatchJob, numbers: Sequence[int]) -> Steps:
        answerer = ChunkAnswerer(job, reader)
        try:
            for number in reversed(numbers):
                yield None
                yield answerer.answer(number)
        finally:
            answerer.close()

    return engine


def test_all_rows_are_answered_and_counted(job: BatchJob, reader: Reader) -> None:
    steps: list[BatchStep] = []
    summary = run_steps(work_through(job, engine_of(reader)), steps.append)
    assert (summary.rows, summary.answered, summary.errors, summary.rows_now) == (6, 5, 1, 6)
    done = [(step.progress.done, step.errors) for step in steps if step.progress.what == "Answering"]
    assert done[0] == (0, 0)
    assert done[-1] == (6, 1)
    rows = [json.loads(line) for line in job.output.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["1", "2", "3", "4", "5", "6"]
    assert not job.folder.exists()


def test_what_is_there_is_not_answered_again(job: BatchJob, reader: Reader, make_job: Callable[..., BatchJob]) -> None:
    work = work_through(job, engine_of(reader))
    while (step := next(work)).progress.done < 2:
        assert step.progress.total == 6
    work.close()
    missing: list[int] = []

    def engine(job: BatchJob, numbers: Sequence[int]) -> Steps:
        missing.extend(numbers)
        yield from engine_of(reader)(job, numbers)

    summary = finish(work_through(make_job(Path(job.source.path)), engine))
    assert missing == [0, 1, 2, 3]
    assert (summary.rows, summary.answered, summary.errors, summary.rows_now) == (6, 5, 1, 4)


def test_a_chunk_that_is_told_twice_counts_once(job: BatchJob, reader: Reader) -> None:
    def engine(job: BatchJob, numbers: Sequence[int]) -> Steps:
        for done in engine_of(reader)(job, numbers):
            yield done
            yield done

    assert finish(work_through(job, engine)).rows_now == 6


def test_an_engine_that_stops_early_makes_no_output(job: BatchJob) -> None:
    def engine(job: BatchJob, numbers: Sequence[int]) -> Steps:
        yield store_chunk(job, 0, [])._replace(rows=1)

    with pytest.raises(DataError, match="Not all rows were answered"):
        finish(work_through(job, engine))
    assert not job.output.exists()


def test_a_notice_of_a_worker_is_passed_on(job: BatchJob, reader: Reader) -> None:
    def engine(job: BatchJob, numbers: Sequence[int]) -> Steps:
        for done in engine_of(reader)(job, numbers):
            yield done and done._replace(notice="A card failed.")

    assert {step.notice for step in work_through(job, engine)} == {"", "A card failed."}


def test_two_processes_do_not_work_on_one_job(job: BatchJob, reader: Reader) -> None:
    lock = BatchLock(job.folder)
    with pytest.raises(DataError, match="Another process works on"):
        finish(work_through(job, engine_of(reader)))
    lock.close()
    finish(work_through(job, engine_of(reader)))
