"""A second start hands its files over; nothing but paths gets in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from qadesk import paths
from qadesk.ui.shell import single_instance
from qadesk.ui.shell.single_instance import SingleInstance, _server_name


@pytest.fixture
def first(qtbot: QtBot) -> Iterator[SingleInstance]:
    instance = SingleInstance()
    assert instance.claim()
    instance.listen()
    yield instance
    instance.close()


def start_again(*files: Path) -> subprocess.Popen[bytes]:
    code = (
        "import sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication; app = QCoreApplication([]);"
        "from qadesk.ui.shell import single_instance as s;"
        "sys.exit(3 if s.SingleInstance().claim() else 0 if s.hand_over([Path(f) for f in sys.argv[1:]]) else 1)"
    )
    return subprocess.Popen([sys.executable, "-c", code, *map(str, files)], env=dict(os.environ))


def test_a_second_start_hands_its_files_over_and_ends(qtbot: QtBot, first: SingleInstance, tmp_path: Path) -> None:
    files = [tmp_path / "a 😀.txt", tmp_path / "b.pdf"]
    with qtbot.waitSignal(first.files_received, timeout=20_000) as arrived:
        process = start_again(*files)
    assert arrived.args == [files]
    assert process.wait(10) == 0


def send(qtbot: QtBot, message: bytes) -> tuple[QLocalSocket, bytes]:
    socket = QLocalSocket()
    socket.connectToServer(_server_name())
    assert socket.waitForConnected(1000)
    socket.write(message)
    socket.flush()
    qtbot.waitUntil(lambda: socket.bytesAvailable() > 0 or socket.state() == socket.LocalSocketState.UnconnectedState)
    return socket, bytes(socket.readAll().data())


@pytest.mark.parametrize(
    "message",
    [
        b"not json\n",
        b'{"files": []}\n',
        json.dumps(["relative.txt"]).encode() + b"\n",
        json.dumps([{"run": "this"}]).encode() + b"\n",
        json.dumps(["/a\0b"]).encode() + b"\n",
        b"[" + b" " * 100_000,
        b"\xff\xfe\n",
    ],
)
def test_anything_else_is_not_listened_to(qtbot: QtBot, first: SingleInstance, message: bytes) -> None:
    with qtbot.assertNotEmitted(first.files_received):
        _socket, reply = send(qtbot, message)
    assert reply == b""


def test_a_start_without_files_just_raises(qtbot: QtBot, first: SingleInstance) -> None:
    with qtbot.waitSignal(first.files_received) as arrived:
        _socket, reply = send(qtbot, b"[]\n")
    assert arrived.args == [[]]
    assert reply == b"ok\n"


def test_a_lock_whose_process_is_gone_is_taken_over(qtbot: QtBot) -> None:
    code = (
        "import os; from PySide6.QtCore import QCoreApplication; app = QCoreApplication([]);"
        "from qadesk.ui.shell.single_instance import SingleInstance;"
        "s = SingleInstance(); assert s.claim(); s.listen(); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code], env=dict(os.environ), check=False).returncode == 9
    assert (paths.data_dir() / "window.lock").exists()
    second = SingleInstance()
    assert second.claim()
    second.listen()
    _socket, reply = send(qtbot, b"[]\n")
    assert reply == b"ok\n"
    second.close()


def test_a_first_window_that_does_not_answer_is_given_up(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single_instance, "_PATIENCE", 0.2)
    assert not single_instance.hand_over([Path("/a.txt")])


_MANY_STARTS = """
import gc
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtWidgets import QApplication
from qadesk.ui.shell.single_instance import SingleInstance, _server_name

app = QApplication([])
gc.disable()
for _ in range(20):
    first = SingleInstance()
    assert first.claim()
    first.listen()
    second = QLocalSocket()
    second.connectToServer(_server_name())
    assert second.waitForConnected(1000)
    second.write(b"[]\\n")
    second.flush()
    for _ in range(20):
        app.processEvents()
    second.abort()
    app.processEvents()
    first.close()
    del first, second
    gc.collect()
    for _ in range(5):
        app.processEvents()
"""


def test_the_sockets_of_many_starts_are_deleted_once() -> None:
    """In a process of its own: a socket that was deleted twice ended it by a signal."""
    command = [sys.executable, "-c", _MANY_STARTS]
    process = subprocess.run(command, check=False, env=dict(os.environ), capture_output=True, text=True)
    assert (process.returncode, process.stderr) == (0, "")
