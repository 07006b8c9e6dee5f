"""Both ends of the pipe between us and a child process of ours, with real processes."""

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
heard = threading.Event()
words = []
def listen(word):
    words.append(word)
    heard.set()
with child.speak(listen) as replies:
    print("a library prints")
    child.say(replies, {"ready": "caf\\u00e9"})
    heard.wait(20)
    child.say(replies, {"heard": words})
    heard.clear()
    heard.wait(60)
"""


def own(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(paths, "own_command", lambda: [sys.executable, "-c", script])


def test_words_go_in_and_messages_come_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own(monkeypatch, ECHO)
    with child_process.start([], tmp_path) as process:
        said = (each for each in process.messages() if each)
        assert next(said) == {"ready": "café"}
        process.send("pause")
        assert next(said) == {"heard": ["pause"]}
    assert list(tmp_path.iterdir()) == []


def test_a_silent_child_gives_the_caller_a_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own(monkeypatch, "import time; time.sleep(60)")
    with child_process.start([], tmp_path) as process:
        messages = process.messages()
        assert next(messages) is None
        messages.close()
        process.send("nobody listens any more")


def test_what_a_child_complained_of_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own(monkeypatch, "import sys; print('{}', flush=True); print('{\"half', end='', flush=True); sys.exit('oh dear')")
    with child_process.start([], tmp_path) as process, pytest.raises(ChildEnded, match="exit code 1; oh dear"):
        for _ in process.messages():
            pass


def test_a_program_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "own_command", lambda: ["/nowhere/qadesk"])
    with pytest.raises(QadeskError, match="could not start"), child_process.start([], tmp_path):
        pass


def test_its_temporary_files_lie_in_the_scratch_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own(monkeypatch, "import json, tempfile; print(json.dumps({'place': tempfile.gettempdir()}), flush=True)")
    with child_process.start([], tmp_path) as process:
        assert next(each for each in process.messages() if each) == {"place": str(tmp_path)}


def test_a_library_finds_nothing_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = """
import os, sys, threading
from qadesk.app import child_process as child
heard = threading.Event()
with child.speak(lambda word: heard.set()) as replies:
    child.say(replies, {"read": [os.read(0, 10).decode(), sys.stdin.read()]})
    child.say(replies, {"heard": heard.wait(20)})
    threading.Event().wait(60)
"""
    own(monkeypatch, script)
    with child_process.start([], tmp_path) as process:
        said = (each for each in process.messages() if each)
        assert next(said) == {"read": ["", ""]}
        process.send("pause")
        assert next(said) == {"heard": True}


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
        began = time.monotonic()
        process.stdin.close()
        assert process.wait(20) == 1
        assert time.monotonic() - began < 20
