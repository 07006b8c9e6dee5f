"""Batch jobs with real child processes: the same bytes by any number of them, and after any of them is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from qadesk import paths
from qadesk.app import child_process
from qadesk.app.batch.batch_job import BatchJob
from qadesk.app.batch.batch_request import BatchRequest, begin_batch
from qadesk.app.batch.batch_run import BatchStep, BatchSummary, work_through
from qadesk.app.batch.chunk_answering import ChunkAnswerer
from qadesk.app.batch.job_folder import done_chunks, folder_of, put_together
from qadesk.app.batch.job_reader import load_job_reader
from qadesk.app.batch.local_engine import local_engine
from qadesk.app.batch.output_rows import KILLED
from qadesk.errors import ModelError, QadeskError
from qadesk.progress import finish
from qadesk.settings import Settings

Pids = list[int]
ROWS = 60
KILLER = """
import os, signal, sys, time
from qadesk.app.batch import batch_child
from qadesk.app.batch.chunk_answering import ChunkAnswerer
answer_rows = ChunkAnswerer.answer_rows
def answer_or_die(self, rows):
    if any("Kill" in row.question for row in rows):
        os.kill(os.getpid(), signal.SIGKILL)
    return answer_rows(self, rows)
ChunkAnswerer.answer_rows = answer_or_die
{more}
sys.exit(batch_child.main(sys.argv[2:]))
"""
"""The child process as it is, except that it dies where a question says so."""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Rows with texts, a file, and mistakes."""
    (tmp_path / "tower.txt").write_bytes(paths.sample_path().read_bytes())
    rows: list[dict[str, Any]] = [
        {"id": n, "question": f"Who built tower {n}?", "context": f"Ada Quill built tower {n}. It is {n + 3} m tall."}
        for n in range(ROWS)
    ]
    rows[7] = {"id": 7, "question": "How tall is the tower?", "file": "tower.txt"}
    rows[8] = {"id": 8, "question": "Who built the tower?", "file": "tower.txt"}
    rows[20] = {"id": 20, "question": "Who?", "file": "nowhere.txt"}
    rows[21] = {"id": 21, "question": "", "context": "x"}
    path = tmp_path / "in.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def pids(monkeypatch: pytest.MonkeyPatch) -> Pids:
    """The process numbers of the workers, in the order of their start."""
    started: Pids = []
    start = child_process._start_process

    def start_and_note(*arguments: Any) -> subprocess.Popen[bytes]:
        process = start(*arguments)
        started.append(process.pid)
        return process

    monkeypatch.setattr(child_process, "_start_process", start_and_note)
    return started


def begin(source: Path, output: str = "out.jsonl") -> BatchJob:
    return finish(begin_batch(BatchRequest(source, source.parent / output), Settings()))


def work(job: BatchJob, workers: int) -> Generator[BatchStep, None, BatchSummary]:
    return work_through(job, partial(local_engine, workers=workers))


def alone(source: Path) -> bytes:
    """The output of the job, answered in this process; the same in each test."""
    if not _ALONE:
        job = begin(source, "alone.jsonl")
        with closing(ChunkAnswerer(job, load_job_reader(job, threads=2))) as answerer:
            for number in range(len(job.chunks)):
                answerer.answer(number)
        finish(put_together(job))
        _ALONE.append(job.output.read_bytes())
    return _ALONE[0]


_ALONE: list[bytes] = []


def ids(output: Path) -> list[str]:
    return [json.loads(line)["id"] for line in output.read_text(encoding="utf-8").splitlines()]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_any_number_of_workers_gives_the_same_bytes(source: Path, tmp_path: Path, pids: Pids) -> None:
    for workers in (1, 2, 3):
        summary = finish(work(begin(source, f"{workers}.jsonl"), workers))
        assert (summary.rows, summary.errors, summary.rows_now) == (ROWS, 2, ROWS)
    assert len(pids) == 6
    expected = alone(source)
    assert [(tmp_path / f"{workers}.jsonl").read_bytes() == expected for workers in (1, 2, 3)] == [True] * 3
    rows = [json.loads(line) for line in expected.splitlines()]
    assert [row["id"] for row in rows] == [str(number) for number in range(ROWS)]
    assert rows[3]["answers"][0]["text"] == "Ada Quill"
    assert rows[7]["answers"][0]["text"] == "38 metres"


def test_parquet_in_and_out_gives_the_same_answers(source: Path, tmp_path: Path) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    rows = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    columns = {name: [row.get(name) for row in rows] for name in ("id", "question", "context", "file")}
    pq.write_table(pa.table(columns), tmp_path / "in.parquet", row_group_size=25)
    finish(work(begin(tmp_path / "in.parquet", "out.parquet"), 2))
    expected = [json.loads(line) for line in alone(source).splitlines()]
    assert pq.read_table(tmp_path / "out.parquet").to_pylist() == expected


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="SIGKILL is of Unix")
def test_a_killed_worker_loses_nothing_and_doubles_nothing(source: Path, tmp_path: Path, pids: Pids) -> None:
    steps = work(begin(source), 2)
    killed = 0
    try:
        while True:
            step = next(steps)
            if step.progress.done > 5 + 15 * killed and killed < 3:
                os.kill(pids[killed], signal.SIGKILL)
                killed += 1
    except StopIteration as end:
        summary: BatchSummary = end.value
    assert killed == 3
    assert len(pids) == 5
    assert (summary.rows, summary.errors) == (ROWS, 2)
    assert (tmp_path / "out.jsonl").read_bytes() == alone(source)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="SIGKILL is of Unix")
def test_a_killed_driver_goes_on_where_it_was(source: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    command = [sys.executable, "-m", "qadesk", "batch", str(source), str(output), "--workers", "2"]
    with subprocess.Popen(command, cwd=Path.cwd(), stderr=subprocess.PIPE) as driver:
        wait_until(lambda: driver.poll() is not None or len(list(folder_of(output).glob("chunk-*.jsonl"))) >= 10)
        assert driver.poll() is None
        workers = children_of(driver.pid)
        driver.kill()
    wait_until(lambda: not any(is_alive(pid) for pid in workers))
    assert not output.exists()
    job = begin(source)
    there = sum(done.rows for done in done_chunks(job))
    summary = finish(work(job, 2))
    assert there >= 10
    assert summary.rows_now == ROWS - there
    assert ids(output) == [str(number) for number in range(ROWS)]
    assert output.read_bytes() == alone(source)


def children_of(pid: int) -> Pids:
    """The processes that ``pid`` started; none where the system does not tell."""
    listing = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listing.read_text(encoding="ascii").split()] if listing.exists() else []


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_closing_the_work_ends_the_workers(source: Path, pids: Pids) -> None:
    steps = work(begin(source), 2)
    while next(steps).progress.done < 3:
        pass
    steps.close()
    assert [pid for pid in pids if is_alive(pid)] == []
    assert len(list(done_chunks(begin(source)))) >= 3


@pytest.fixture
def deadly(source: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., BatchJob]:
    """A job of three chunks of four rows; the child processes die at rows whose question says so."""

    def make(*killers: int, more: str = "") -> BatchJob:
        monkeypatch.setattr("qadesk.app.batch.batch_rows._LEAST_CHUNKS", 3)
        lines = source.read_text(encoding="utf-8").splitlines()[40:52]
        for row in killers:
            lines[row] = json.dumps({"id": 40 + row, "question": "Kill?", "context": "x"})
        source.write_text("\n".join(lines), encoding="utf-8")
        job = begin(source)
        assert [chunk.rows for chunk in job.chunks] == [4, 4, 4]
        script = KILLER.format(more=more)
        monkeypatch.setattr(paths, "own_command", lambda: [sys.executable, "-c", script])
        return job

    return make


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="SIGKILL is of Unix")
def test_only_the_row_that_kills_is_lost(deadly: Callable[..., BatchJob]) -> None:
    job = deadly(5, 7)
    summary = finish(work(job, 2))
    rows = [json.loads(line) for line in job.output.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows if row["error"] == KILLED] == ["45", "47"]
    assert (summary.rows, summary.answered, summary.errors) == (12, 10, 2)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="SIGKILL is of Unix")
def test_a_chunk_whose_rows_cannot_be_read_is_lost_alone(deadly: Callable[..., BatchJob]) -> None:
    job = deadly(
        more="""
rows = ChunkAnswerer.rows
def rows_or_die(self, number):
    if number == 1:
        os._exit(9)
    return rows(self, number)
ChunkAnswerer.rows = rows_or_die
"""
    )
    assert finish(work(job, 2)).errors == 4
    rows = [json.loads(line) for line in job.output.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows if row["error"]] == ["5", "6", "7", "8"]


def test_processes_that_do_not_start_are_told(deadly: Callable[..., BatchJob]) -> None:
    job = deadly(more="sys.exit('no memory')")
    with pytest.raises(QadeskError, match="end as soon as they are started") as error:
        finish(work(job, 1))
    assert "no memory" in error.value.detail
    assert job.folder.exists()


def test_the_error_of_a_worker_is_told(deadly: Callable[..., BatchJob]) -> None:
    job = deadly(
        more="""
from qadesk.errors import ModelError
def refuse(*_arguments, **_options):
    raise ModelError("It went.", "Get it back.")
batch_child.load_job_reader = refuse
"""
    )
    with pytest.raises(ModelError, match=r"It went. Get it back."):
        finish(work(job, 2))
