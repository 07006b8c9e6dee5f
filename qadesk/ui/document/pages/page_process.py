"""The window's side of the process that draws pages (``documents.page_child``): requests, replies, and its restart."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from qadesk import paths
from qadesk.documents.scans.scan_store import NO_SCANS
from qadesk.records import Document
from qadesk.ui.document.pages.shared_pixels import SLOT, SharedPixels

_LONGEST = 20.0  # seconds for one page: after that the process is replaced
_MOST_RESTARTS = 5  # of one document
_OPENING = 0

Reply = dict[str, Any]
Done = Callable[[Reply | None, int], None]
"""Gets the reply, or None where there is none, and the byte at which the slot of the request begins."""


@dataclass(slots=True)
class _PageRequest:
    message: dict[str, Any]
    done: Done
    at: int
    sent: float


class PageProcess(QObject):
    """Draws the pages of one file at a time. ``opened`` gives their sizes, ``failed`` why there are none, a sentence.

    ``freed``: another request can be sent, after a reply or after the process was replaced, as happens where it ends or
    hangs; the requests that were open then have no reply. ``slot``: the bytes that a reply can have.
    """

    opened = Signal(object)
    failed = Signal(str)
    freed = Signal()

    def __init__(self, parent: QObject | None = None, *, slot: int = SLOT) -> None:
        super().__init__(parent)
        self._slot = slot
        self._pixels: SharedPixels | None = None
        self._opening: dict[str, Any] = {}
        self._requests: dict[int, _PageRequest] = {}
        self._next_id = _OPENING + 1
        self._restarts = 0
        self._process: QProcess | None = None
        self._is_open = False
        self.scans = NO_SCANS
        """Where the words on pages that are pictures are found."""
        self._watch = QTimer(self)
        self._watch.setInterval(1000)
        self._watch.timeout.connect(self._end_if_hanging)

    @property
    def pixels(self) -> SharedPixels:
        """The memory that is shared with the process; there is none before a file is opened."""
        if self._pixels is None:
            self._pixels = SharedPixels(self._slot)
        return self._pixels

    @property
    def has_room(self) -> bool:
        """Whether a request can be sent now."""
        return self._is_open and self.pixels.has_room

    def open(self, document: Document, password: str | None = None, max_bytes: int = 1 << 40) -> None:
        """Open the file of ``document`` instead of the one that is open. Without a file nothing is open then."""
        self.close_file()
        if document.path is None:
            return
        self._restarts = 0
        files = {"path": str(document.path), "kind": document.kind, "pixels": str(self.pixels.path)}
        scans = {"scans": self.scans.as_request(), "recognized_pages": document.recognized_pages}
        self._opening = {"id": _OPENING, "password": password, "max_bytes": max_bytes, **files, **scans}
        self._start()

    def close_file(self) -> None:
        """End the process; requests that are open have no reply."""
        self._end()
        self._drop_requests()

    def close(self) -> None:
        """End the process and free the memory, for good."""
        self.close_file()
        if self._pixels:
            self._pixels.close()

    def send(self, message: dict[str, Any], done: Done) -> None:
        """Send a request, without ``id`` and ``at``; ``has_room`` must be true."""
        at = self.pixels.take()
        number, self._next_id = self._next_id, self._next_id + 1
        self._requests[number] = _PageRequest(message, done, at, time.monotonic())
        self._write({**message, "id": number, "at": at, "room": self._slot})
        self._watch.start()

    def _start(self) -> None:
        process = QProcess(self)
        environment = QProcessEnvironment()
        for name, value in paths.own_environment().items():
            environment.insert(name, value)
        process.setProcessEnvironment(environment)
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._on_end)
        process.errorOccurred.connect(self._on_error)
        self._process = process
        program, *arguments = paths.own_command()
        process.start(program, [*arguments, "--draw-pages"])
        self._write(self._opening)

    def _write(self, message: dict[str, Any]) -> None:
        if self._process:
            self._process.write(json.dumps(message).encode() + b"\n")

    def _read(self) -> None:
        process = self._process
        while process is not None and process is self._process and process.canReadLine():
            reply: Reply = json.loads(bytes(process.readLine().data()))
            if reply["id"] == _OPENING:
                self._finish_opening(reply)
                continue
            request = self._requests.pop(reply["id"])
            request.done(None if "error" in reply else reply, request.at)
            self.pixels.give_back(request.at)
            self.freed.emit()

    def _finish_opening(self, reply: Reply) -> None:
        if "error" in reply:
            self._end()
            self.failed.emit(reply["error"])
            return
        self._is_open = True
        if self._restarts == 0:
            self.opened.emit([(float(width), float(height)) for width, height in reply["sizes"]])
        else:
            self.freed.emit()

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._on_end()

    def _on_end(self) -> None:
        """The process ended by itself, which it never should: begin anew, but not for ever."""
        if self._process is None or self.sender() is not self._process:
            return
        self._end()
        self._restarts += 1
        if self._restarts > _MOST_RESTARTS:
            self._drop_requests()
            self.failed.emit("The pages of this file cannot be drawn: the process that draws them ended several times.")
            return
        self._start()
        self._drop_requests()

    def _end_if_hanging(self) -> None:
        if not self._requests:
            self._watch.stop()
        elif time.monotonic() - min(request.sent for request in self._requests.values()) > _LONGEST and self._process:
            self._process.kill()

    def _end(self) -> None:
        process, self._process = self._process, None
        self._is_open = False
        if process is not None:
            process.finished.disconnect(self._on_end)
            process.errorOccurred.disconnect(self._on_error)
            process.kill()
            process.waitForFinished(1000)
            process.deleteLater()

    def _drop_requests(self) -> None:
        requests, self._requests = self._requests, {}
        for request in requests.values():
            self.pixels.give_back(request.at)
            request.done(None, request.at)
