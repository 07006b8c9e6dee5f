"""How the first process leads and watches the others, with stand-ins; the real ones are in tests/integration."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from qadesk import paths
from qadesk.app import child_process
from qadesk.app.training import ranks
from qadesk.app.training.ranks import check_processes, joined_processes
from qadesk.errors import DataError, DeviceError, QadeskError
from qadesk.train import process_group
from qadesk.train.config import Config
from qadesk.train.process_group import ALONE


@contextmanager
def others(
    monkeypatch: pytest.MonkeyPatch, scratch: Path, *scripts: str
) -> Iterator[tuple[ranks._OtherProcesses, list[QadeskError], threading.Event]]:
    """Processes that run ``scripts``: ``send()`` writes a value, ``receive()`` reads a command."""
    begin = (
        "import json, sys\n"
        "receive = lambda: sys.stdin.readline().strip()\n"
        "send = lambda value: print(json.dumps(value), flush=True)\n"
    )
    lost: list[QadeskError] = []
    was_called = threading.Event()

    def on_lost(error: QadeskError) -> None:
        lost.append(error)
        was_called.set()

    processes = ranks._OtherProcesses(on_lost)
    with ExitStack() as stack:
        for script in scripts:
            monkeypatch.setattr(paths, "own_command", lambda script=script: [sys.executable, "-c", begin + script])
            processes.watch(stack.enter_context(child_process.start([], scratch)))
        stack.callback(processes.close)
        yield processes, lost, was_called


FOLLOWS = """
send({'ready': 4})
assert receive() == '5'
send({'error': ['DeviceError', 'All is well.', '', '']})
receive()
"""


def test_the_first_waits_for_all_and_tells_them_the_step(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with others(monkeypatch, tmp_path, FOLLOWS, FOLLOWS) as (processes, lost, _):
        processes.wait_until_ready(4)
        processes.announce(5)
        assert processes._failed.wait(20)
        with pytest.raises(DeviceError, match="All is well"):
            processes.announce(6)
    assert lost == []


def test_another_checkpoint_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with (
        others(monkeypatch, tmp_path, FOLLOWS) as (processes, _, _),
        pytest.raises(DataError, match="same checkpoint") as caught,
    ):
        processes.wait_until_ready(3)
    assert caught.value.detail == "the first from step 3, another from step 4"


def test_one_that_ends_before_it_is_ready_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with (
        others(monkeypatch, tmp_path, "sys.exit('no memory')", "receive()") as (processes, lost, _),
        pytest.raises(QadeskError, match="ended before the training was done") as caught,
    ):
        processes.wait_until_ready(0)
    assert "exit code 1; no memory" in caught.value.detail
    assert lost == []


def test_an_error_that_comes_of_another_end_is_told_as_that(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with (
        others(monkeypatch, tmp_path, "") as (processes, _, _),
        pytest.raises(QadeskError, match="ended before the training was done"),
        processes.failure_first(),
    ):
        raise RuntimeError("Connection closed by peer")


def test_an_error_of_its_own_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(ranks, "_GRACE", 0.1)
    with (
        others(monkeypatch, tmp_path, "receive()") as (processes, _, _),
        pytest.raises(RuntimeError, match="a bug"),
        processes.failure_first(),
    ):
        raise RuntimeError("a bug")


def test_who_waits_in_a_step_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(ranks, "_GRACE", 0.1)
    with others(monkeypatch, tmp_path, "") as (_, lost, was_called):
        assert was_called.wait(20)
    assert "One of the processes" in lost[0].message


@pytest.mark.parametrize("processes", [0, -1, 9, 1000])
def test_the_number_of_processes_is_checked(processes: int) -> None:
    with pytest.raises(DataError, match="from 1 to 8"):
        check_processes(processes, Config(batch_size=8))


def test_one_process_needs_no_accelerate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(process_group, "find_spec", lambda _name: None)
    with joined_processes(tmp_path, 1, Config(), lambda _error: None) as group:
        assert group is ALONE
    with pytest.raises(QadeskError, match="accelerate"):
        check_processes(2, Config())
