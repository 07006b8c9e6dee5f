"""One window for each user's data folder: a second start hands its files to the first window and ends.

The lock file says who is first, and a lock whose process is gone is taken over. The message is one line of JSON,
at most 64 KiB, with the absolute paths of files and nothing else; anything else is not listened to.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, Signal

from qadesk import paths
from qadesk.ui.shell import on_windows

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

_log = logging.getLogger(__name__)

_LIMIT = 64 * 1024
_PATIENCE = 3.0  # seconds that a second start waits for the first window to listen
_FILES = 4  # handed over at most; the window shows one, and their names fit the message
_REPLY = b"ok\n"


def _server_name() -> str:
    return "qadesk-" + hashlib.sha256(str(paths.data_dir().resolve()).encode()).hexdigest()[:24]


class SingleInstance(QObject):
    """The lock of the only window. ``files_received`` gives the paths of a second start."""

    files_received = Signal(list)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = QLockFile(str(paths.data_dir() / "window.lock"))
        self._lock.setStaleLockTime(0)  # never by age: only when its process is gone
        self._server: QLocalServer | None = None
        self._received: dict[QLocalSocket, bytes] = {}

    def claim(self) -> bool:
        """Whether this is the first window."""
        return self._lock.tryLock(0)

    def listen(self) -> None:
        """Listen for later starts. Only the user's own processes can connect."""
        from PySide6.QtNetwork import QLocalServer

        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(_server_name())  # we hold the lock: an old server is that of a dead process
        if not self._server.listen(_server_name()):
            _log.warning("no server for second starts: %s", self._server.errorString())
        self._server.newConnection.connect(self._accept)

    def close(self) -> None:
        """Stop listening and let the next start be the first."""
        if self._server is not None:
            self._server.close()
        for socket in list(self._received):
            socket.abort()
        self._lock.unlock()

    def _accept(self) -> None:
        assert self._server is not None
        while self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            self._received[socket] = b""
            socket.readyRead.connect(lambda socket=socket: self._receive(socket))
            socket.disconnected.connect(lambda socket=socket: self._remove(socket))
            self._receive(socket)

    def _receive(self, socket: QLocalSocket) -> None:
        if socket not in self._received:
            return
        self._received[socket] += bytes(socket.read(_LIMIT + 1 - len(self._received[socket])).data())
        message = self._received[socket]
        if len(message) > _LIMIT:
            socket.abort()
        elif message.endswith(b"\n"):
            files = _files_in(message)
            if files is None:
                socket.abort()
                return
            socket.write(_REPLY)
            socket.flush()
            self.files_received.emit(files)

    def _remove(self, socket: QLocalSocket) -> None:
        # No deleteLater: where Python lets go of the socket first, Qt deletes it twice, and the program crashes.
        self._received.pop(socket, None)


def _files_in(message: bytes) -> list[Path] | None:
    try:
        names = json.loads(message)
    except ValueError:
        return None
    if not isinstance(names, list) or not all(isinstance(name, str) and "\0" not in name for name in names):
        return None
    files = [Path(name) for name in names]
    return files if all(file.is_absolute() for file in files) else None


def hand_over(files: list[Path]) -> bool:
    """Give ``files`` to the first window and have it come to the front. False if it does not answer."""
    from PySide6.QtNetwork import QLocalSocket

    on_windows.allow_foreground()
    message = json.dumps([str(file) for file in files[:_FILES]]).encode() + b"\n"
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        socket = QLocalSocket()
        socket.connectToServer(_server_name())
        if socket.waitForConnected(500):
            socket.write(message)
            socket.waitForBytesWritten(1000)
            return socket.waitForReadyRead(2000) and bytes(socket.readAll().data()) == _REPLY
        time.sleep(0.05)  # the first window may be about to listen
    return False
