"""Batch jobs on two nodes of Ray: the same bytes as without it, and after a worker, the driver or a node is killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from ray_nodes import ENVIRONMENT, NamespaceNodes, Nodes

from qadesk.app.batch.batch_job import BatchJob
from qadesk.app.batch.batch_request import BatchRequest, begin_batch
from qadesk.app.batch.batch_run import work_through
from qadesk.app.batch.job_folder import done_chunks, folder_of, read_job
from qadesk.app.batch.local_engine import local_engine
from qadesk.app.batch.ray_engine import ray_engine
from qadesk.errors import DataError
from qadesk.paths import bundled_model_dir, own_command
from qadesk.progress import finish
from qadesk.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
ROWS = 300
SOME = 30  # chunks, after which something is killed


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rows for some seconds of work."""
    path = tmp_path_factory.mktemp("rows") / "in.jsonl"
    context = "Ada Quill built tower {0} in {1}. It is {2} m tall and stands by the river. " * 6
    rows = [
        {"id": n, "question": f"Who built tower {n}?", "context": context.format(n, 1500 + n, n + 3)}
        for n in range(ROWS)
    ]
    rows[20]["question"] = ""
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def expected(source: Path) -> bytes:
    """What our own workers answer."""
    job = begun(source, source.with_name("local.jsonl"))
    finish(work_through(job, local_engine))
    return job.output.read_bytes()


def begun(source: Path, output: Path) -> BatchJob:
    return finish(begin_batch(BatchRequest(source, output), Settings()))


def environment(output: Path) -> dict[str, str]:
    return {**os.environ, **ENVIRONMENT, "TMPDIR": os.fspath(output.parent)}


def command(nodes: Nodes, source: Path, output: Path, *more: str) -> list[str]:
    arguments = ["batch", os.fspath(source), os.fspath(output), "--engine", "ray", "--address", nodes.address, "--json"]
    return nodes.command([*own_command(), *arguments, *more])


def run(nodes: Nodes, source: Path, output: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(nodes, source, output, *more),
        check=False, capture_output=True, text=True, env=environment(output),
    )  # fmt: skip


@contextmanager
def running(nodes: Nodes, source: Path, output: Path) -> Iterator[subprocess.Popen[str]]:
    """The job, once it has answered some chunks."""
    process = subprocess.Popen(
        command(nodes, source, output),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(output),
    )  # fmt: skip
    try:
        wait_until(lambda: len(list(folder_of(output).glob("chunk-*.jsonl"))) >= SOME, process)
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_until(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    while not condition():
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


def last_line(output: str) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(output.splitlines()[-1])
    return line


def test_two_nodes_answer_and_give_the_same_bytes(nodes: Nodes, source: Path, expected: bytes, tmp_path: Path) -> None:
    result = run(nodes, source, tmp_path / "out.jsonl")
    assert result.returncode == 1, result.stderr  # a row has an error
    assert (tmp_path / "out.jsonl").read_bytes() == expected
    assert last_line(result.stdout)["rows_now"] == ROWS
    assert "Ray has 2 workers on 2 computers." in result.stdout
    if isinstance(nodes, NamespaceNodes):
        assert "by 10.77.0.1, " in result.stdout
        assert "by 10.77.0.2." in result.stdout


def test_a_killed_worker_loses_and_doubles_nothing(nodes: Nodes, source: Path, expected: bytes, tmp_path: Path) -> None:
    with running(nodes, source, tmp_path / "out.jsonl") as process:
        nodes.actors()[0].kill()
        output, _ = process.communicate()
    assert (tmp_path / "out.jsonl").read_bytes() == expected
    assert last_line(output)["rows_now"] == ROWS


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="SIGKILL is of Unix")
def test_the_command_goes_on_after_the_driver_was_killed(
    nodes: Nodes, source: Path, expected: bytes, tmp_path: Path
) -> None:
    output = tmp_path / "out.jsonl"
    with running(nodes, source, output) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        stored = sum(done.rows for done in done_chunks(read_job(folder_of(output))))
    result = run(nodes, source, output)
    assert output.read_bytes() == expected
    assert last_line(result.stdout)["rows_now"] <= ROWS - stored


def test_a_chunk_that_ended_workers_is_answered_apart(
    nodes: Nodes, source: Path, expected: bytes, tmp_path: Path
) -> None:
    job = begun(source, tmp_path / "out.jsonl")
    (job.folder / "chunk-0000003.tries").write_bytes(b"..")
    result = run(nodes, source, job.output)
    assert job.output.read_bytes() == expected, result.stderr


def test_a_folder_that_a_node_does_not_see(nodes: Nodes, source: Path, tmp_path: Path) -> None:
    if nodes.hidden is None:
        pytest.skip("both nodes see the same folders")
    shutil.copy(source, nodes.hidden)
    result = run(nodes, nodes.hidden / source.name, tmp_path / "out.jsonl")
    assert result.returncode == 2
    assert "On the computer 10.77.0.2: The input and the folder" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_model_that_a_node_does_not_have(nodes: Nodes, source: Path, tmp_path: Path) -> None:
    if nodes.hidden is None:
        pytest.skip("both nodes see the same folders")
    model = shutil.copytree(bundled_model_dir(), nodes.hidden / "model")
    result = run(nodes, source, tmp_path / "out.jsonl", "--model", os.fspath(model))
    assert result.returncode == 2
    assert "On the computer 10.77.0.2: " in result.stderr
    assert f"{model}" in result.stderr
    assert "Traceback" not in result.stderr


def test_more_cores_than_a_node_has(nodes: Nodes, source: Path, tmp_path: Path) -> None:
    result = run(nodes, source, tmp_path / "out.jsonl", "--cores", "64")
    assert result.returncode == 2
    assert "No computer that Ray knows has 64 cores." in result.stderr


def test_nobody_at_the_address(nodes: Nodes, source: Path, tmp_path: Path) -> None:
    job = begun(source, tmp_path / "out.jsonl")
    with pytest.raises(DataError, match="could not join the Ray at"):
        finish(work_through(job, lambda job, numbers: ray_engine(job, numbers, address="127.0.0.1:9")))


def test_a_ray_that_is_started_for_the_job(nodes: Nodes, source: Path, expected: bytes, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    arguments = ["batch", os.fspath(source), os.fspath(output), "--engine", "ray", "--workers", "1"]
    result = subprocess.run([*own_command(), *arguments], check=False, capture_output=True, text=True)
    assert output.read_bytes() == expected, result.stderr
    assert "ray" not in result.stderr


def test_a_node_that_is_gone_loses_and_doubles_nothing(
    nodes: Nodes, source: Path, expected: bytes, tmp_path: Path
) -> None:
    """The last test: the second node stays away."""
    with running(nodes, source, tmp_path / "out.jsonl") as process:
        nodes.kill_second()
        output, errors = process.communicate()
    assert (tmp_path / "out.jsonl").read_bytes() == expected, errors
    assert last_line(output)["rows_now"] == ROWS
    if isinstance(nodes, NamespaceNodes):
        assert "A worker on the computer 10.77.0.2 has ended: others do its work again." in output
