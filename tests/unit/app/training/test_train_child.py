"""The child process that trains, around the training itself."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from qadesk.app import child_process
from qadesk.app.training import train_child
from qadesk.app.training.run_events import Phase, event_as_json
from qadesk.app.training.run_log import read_events
from qadesk.app.training.train_child import CommandState
from qadesk.sentences import verbatim
from qadesk.train.events import Noted


def test_it_needs_no_database() -> None:
    """The child has its data in files; in the built program SQLite's library is not to be had in it."""
    program = "import sys, qadesk.app.training.train_child as child; sys.exit('sqlite3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_the_last_command_counts_and_a_stop_is_final() -> None:
    commands = CommandState()
    assert commands.state == ""
    for command, state in (
        ("pause", "pause"),
        ("resume", ""),
        ("pause", "pause"),
        ("stop", "stop"),
        ("resume", "stop"),
    ):
        commands.on_command(command)
        assert commands.state == state


def test_it_sends_and_logs_events_and_waits_between_phases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events = [Phase("Baseline", 1, 2), Noted(verbatim("Well.")), Phase("Training"), Phase("Exporting")]
    monkeypatch.setattr(train_child, "run_through", lambda _run, _control, _on_lost: iter(events))
    commands, output = CommandState(), io.StringIO()
    commands.on_command("pause")
    work = threading.Thread(target=train_child._run, args=(tmp_path, commands, output))
    work.start()
    work.join(0.3)
    assert work.is_alive()
    messages = [json.loads(line) for line in output.getvalue().splitlines()]
    assert messages == [event_as_json(events[0]), {"paused": True}]
    commands.on_command("resume")
    work.join(5)
    assert not work.is_alive()
    messages = [json.loads(line) for line in output.getvalue().splitlines() if "paused" not in line]
    assert messages == [event_as_json(event) for event in events]
    assert read_events(tmp_path) == [events[1]]


@pytest.fixture
def output(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the child sends, where it runs in this process."""

    class Unclosed(io.StringIO):
        def close(self) -> None:
            pass

    stream = Unclosed()
    monkeypatch.setattr(child_process, "connect_to_parent", lambda _on_command: stream)
    return stream


def test_a_full_disk_is_an_error_with_a_hint(
    tmp_path: Path, output: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(train_child, "run_through", fail)
    assert train_child.main([str(tmp_path)]) == 0
    kind, message, hint, detail = json.loads(output.getvalue())["error"]
    assert (kind, "disk is full" in message, "last checkpoint" in hint) == ("DataError", True, True)
    assert "No space left" in detail


def test_other_errors_of_the_system_are_raised(
    tmp_path: Path, output: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    monkeypatch.setattr(train_child, "run_through", fail)
    with pytest.raises(FileNotFoundError):
        train_child.main([str(tmp_path)])


def test_a_folder_that_holds_no_run_is_an_error(tmp_path: Path, output: io.StringIO) -> None:
    assert train_child.main([str(tmp_path)]) == 0
    messages = [json.loads(line) for line in output.getvalue().splitlines()]
    assert messages[-1]["error"][:2] == ["DataError", f"The folder '{tmp_path.name}' holds no training run."]
