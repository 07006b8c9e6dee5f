"""Both ends of the protocol with a child process, with real processes."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from qadesk import paths
from qadesk.app import child_process
from qadesk.app.child_process import ChildEnded
from qadesk.errors import QadeskError

ECHO = """
import sys, threading
from qadesk.app import child_process as child
received = threading.Event()
commands = []
def on_command(command):
    commands.append(command)
    received.set()
with child.connect_to_parent(on_command) as output:
    print("a library prints")
    child.send_message(output, {"ready": "caf\\u00e9"})
    received.wait(20)
    child.send_message(output, {"received": commands})
    received.clear()
    received.wait(60)
"""


def run_script(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let ``script`` be our own program."""
    monkeypatch.setattr(paths, "own_command", lambda: [sys.executable, "-c", script])


def test_commands_go_in_and_messages_come_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_script(monkeypatch, ECHO)
    with child_process.start([], tmp_path) as child:
        messages = (message for message in child.messages() if message)
        assert next(messages) == {"ready": "café"}
        child.send("pause")
        assert next(messages) == {"received": ["pause"]}
    assert list(tmp_path.iterdir()) == []


def test_a_silent_child_does_not_block_the_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_script(monkeypatch, "import time; time.sleep(60)")
    with child_process.start([], tmp_path) as child:
        messages = child.messages()
        assert next(messages) is None
        messages.close()
        child.send("a command to a child that has ended")


def test_the_exit_code_and_stderr_of_a_child_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = "import sys; print('{}', flush=True); print('{\"half', end='', flush=True); sys.exit('oh dear')"
    run_script(monkeypatch, script)
    with child_process.start([], tmp_path) as child, pytest.raises(ChildEnded, match="exit code 1; oh dear"):
        for _ in child.messages():
            pass


def test_a_missing_program_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "own_command", lambda: ["/nowhere/qadesk"])
    with pytest.raises(QadeskError, match="could not start"), child_process.start([], tmp_path):
        pass


def test_its_temporary_files_are_in_the_scratch_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_script(monkeypatch, "import json, tempfile; print(json.dumps({'folder': tempfile.gettempdir()}), flush=True)")
    with child_process.start([], tmp_path) as child:
        assert next(message for message in child.messages() if message) == {"folder": str(tmp_path)}


def test_standard_input_is_empty_for_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = """
import os, sys, threading
from qadesk.app import child_process as child
received = threading.Event()
with child.connect_to_parent(lambda command: received.set()) as output:
    child.send_message(output, {"read": [os.read(0, 10).decode(), sys.stdin.read()]})
    child.send_message(output, {"received": received.wait(20)})
    threading.Event().wait(60)
"""
    run_script(monkeypatch, script)
    with child_process.start([], tmp_path) as child:
        messages = (message for message in child.messages() if message)
        assert next(messages) == {"read": ["", ""]}
        child.send("pause")
        assert next(messages) == {"received": True}


def test_a_child_ends_with_its_parent() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ECHO],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=paths.own_environment(),
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdout.readline()
        start = time.monotonic()
        process.stdin.close()
        assert process.wait(20) == 1
        assert time.monotonic() - start < 20
