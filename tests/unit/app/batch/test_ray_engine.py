"""The parts of the engine of Ray that need no Ray: what it says, and what a computer checks before it answers.

The real thing is in tests/integration/ray_jobs.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qadesk.app.batch import chunk_tries, job_folder, ray_engine
from qadesk.app.batch.batch_job import BatchJob
from qadesk.app.batch.batch_rows import BatchRow
from qadesk.app.batch.output_rows import error_row
from qadesk.app.batch.ray_actor import ActorSetup, checked_job
from qadesk.app.batch.ray_driver import check_address
from qadesk.app.batch.ray_engine import RayAnswers, StoredChunks, check_ray
from qadesk.app.batch.ray_pool import tasks_of
from qadesk.errors import DataError, ModelError, QadeskError
from qadesk.version import __version__


@pytest.fixture
def job(make_job: Callable[..., BatchJob], write_rows: Callable[..., Path]) -> BatchJob:
    return make_job(write_rows([{"question": f"Q{n}?", "context": "x"} for n in range(4)]))


def setup(job: BatchJob, version: str = __version__) -> ActorSetup:
    return ActorSetup(os.fspath(job.folder), job_folder.job_stamp(job.folder), version, 1, names_computer=True)


def test_without_ray_the_sentence_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)  # as if it were not there
    with pytest.raises(DataError, match=r"Ray is not installed.*pip install 'qadesk\[ray\]'"):
        check_ray()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(DataError, match="not part of the installed program"):
        check_ray()


def test_a_computer_that_sees_the_same_job(job: BatchJob) -> None:
    assert checked_job(setup(job)) == job


def test_a_computer_with_another_version(job: BatchJob) -> None:
    with pytest.raises(QadeskError, match=r"QADesk has the version .* and 0\.0\.1 where"):
        checked_job(setup(job, "0.0.1"))


def test_a_computer_that_sees_another_folder_or_none(job: BatchJob) -> None:
    seen = setup(job)
    (job.folder / "job.json").write_text("{}")
    with pytest.raises(DataError, match="are not there, or are others"):
        checked_job(seen)
    job_folder.discard_job(job)
    with pytest.raises(DataError, match="are not there, or are others"):
        checked_job(seen)


def test_a_computer_that_sees_another_input(job: BatchJob) -> None:
    Path(job.source.path).write_text("other")
    with pytest.raises(DataError, match="are not there, or are others"):
        checked_job(setup(job))


def test_tries_are_counted_until_the_chunk_is_done(job: BatchJob) -> None:
    assert [chunk_tries.begin_try(job, 3) for _ in range(3)] == [0, 1, 2]
    assert chunk_tries.begin_try(job, 2) == 0
    chunk_tries.end_tries(job, 3)
    assert chunk_tries.begin_try(job, 3) == 0


def test_tasks_become_smaller_so_that_all_actors_end_together() -> None:
    tasks = tasks_of(range(5, 805), rows=1, actors=2)
    assert [number for task in tasks for number in task] == list(range(5, 805))
    sizes = [len(task) for task in tasks]
    assert sizes[:3] == [100, 87, 76]  # an eighth of what is left
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-2:] == [1, 1]


def test_a_task_has_not_too_many_rows_and_no_part_of_a_chunk() -> None:
    assert {len(task) for task in tasks_of(range(9000), rows=8, actors=2)[:9]} == {32}  # 256 rows
    assert {len(task) for task in tasks_of(range(800), rows=300, actors=2)} == {1}


def test_few_chunks_are_shared_out() -> None:
    assert tasks_of([4, 7, 9], rows=1, actors=8) == [[4], [7], [9]]
    assert tasks_of([4], rows=1, actors=1) == [[4]]


def test_chunks_are_found_as_they_appear(job: BatchJob, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_engine, "_LOOK", 0.0)
    chunks = StoredChunks(job, range(len(job.chunks)))
    assert list(chunks.new()) == []
    row = error_row(BatchRow("0", "Q0?"), "It is not there.", "model")
    done = job_folder.store_chunk(job, 2, [row])
    (job.folder / "chunk-0000001.jsonl").write_text("{}", encoding="utf-8")  # damaged
    assert list(chunks.new()) == [done]
    assert list(chunks.new()) == []


@pytest.mark.parametrize("address", ["ray://host:1", "host", ":6379", "host:port"])
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(DataError, match="is no address of a Ray"):
        check_address(address)


def test_which_computer_answered_is_told_with_the_last_chunk() -> None:
    answers = RayAnswers(2, "host:1")
    assert answers.take({"ready": [2, 2]}) is None
    first = answers.take({"done": [0, 10, 0, 8, ""], "node": "b"})
    assert first is not None
    assert first.notice == "Ray has 2 workers on 2 computers."
    assert answers.take({"notice": "The computer c has joined the cluster."}) is None
    last = answers.take({"done": [1, 5, 0, 5, "Slow."], "node": "a"})
    assert last is not None
    assert last.notice == "The computer c has joined the cluster. Rows answered: 5 by a, 10 by b. Slow."
    assert not answers.is_waiting


def test_a_failure_on_a_computer_is_raised_as_it_is() -> None:
    failure = {"error": ["ModelError", "On the computer b: It is damaged.", "Copy it again.", "x"]}
    with pytest.raises(ModelError, match=r"On the computer b: It is damaged\. Copy it again\."):
        RayAnswers(2, "").take(json.loads(json.dumps(failure)))
