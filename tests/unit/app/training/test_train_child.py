"""The child process that trains, around the training itself."""

from __future__ import annotations

import errno
import io
import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from qadesk.app import child_process
from qadesk.app.training import train_child
from qadesk.app.training.run_events import Phase, to_json
from qadesk.app.training.run_log import history
from qadesk.app.training.train_child import Orders
from qadesk.sentences import verbatim
from qadesk.train.events import Noted


def test_the_last_order_counts_and_a_stop_stays() -> None:
    orders = Orders()
    assert orders.state == ""
    for word, state in (("pause", "pause"), ("resume", ""), ("pause", "pause"), ("stop", "stop"), ("resume", "stop")):
        orders.hear(word)
        assert orders.state == state


def test_it_says_and_logs_what_is_told_and_waits_between_phases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [Phase("Baseline", 1, 2), Noted(verbatim("Well.")), Phase("Training"), Phase("Exporting")]
    monkeypatch.setattr(train_child, "run_through", lambda _run, _control: iter(events))
    orders, replies = Orders(), io.StringIO()
    orders.hear("pause")
    work = threading.Thread(target=train_child._go, args=(tmp_path, orders, replies))
    work.start()
    work.join(0.3)
    assert work.is_alive()
    said = [json.loads(line) for line in replies.getvalue().splitlines()]
    assert said == [to_json(events[0]), {"paused": True}]
    orders.hear("resume")
    work.join(5)
    assert not work.is_alive()
    said = [json.loads(line) for line in replies.getvalue().splitlines() if "paused" not in line]
    assert said == [to_json(event) for event in events]
    assert history(tmp_path) == [Noted(verbatim("Well."))]


@pytest.fixture
def speak(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Where the child's replies go, in this process."""

    class Kept(io.StringIO):
        def close(self) -> None:
            pass

    replies = Kept()
    monkeypatch.setattr(child_process, "speak", lambda _listen: replies)
    return replies


def test_a_full_disk_is_told_in_words(tmp_path: Path, speak: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(train_child, "run_through", full)
    assert train_child.main([str(tmp_path)]) == 0
    kind, message, hint, detail = json.loads(speak.getvalue())["error"]
    assert (kind, "disk is full" in message, "last checkpoint" in hint) == ("DataError", True, True)
    assert "No space left" in detail


def test_another_fault_of_the_system_is_no_full_disk(
    tmp_path: Path, speak: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_arguments: Any) -> None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    monkeypatch.setattr(train_child, "run_through", lost)
    with pytest.raises(FileNotFoundError):
        train_child.main([str(tmp_path)])


def test_a_folder_that_holds_no_run_is_told_in_words(tmp_path: Path, speak: io.StringIO) -> None:
    assert train_child.main([str(tmp_path)]) == 0
    said = [json.loads(line) for line in speak.getvalue().splitlines()]
    assert said[-1]["error"][:2] == ["DataError", f"The folder '{tmp_path.name}' holds no training run."]
