"""Runs the child process that parses an untrusted file, and bounds it: time, silence, size of the reply."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from qadesk import paths
from qadesk.documents.open_file import shown
from qadesk.documents.parsed import Parsed
from qadesk.errors import Cancelled, DocumentError, PasswordNeeded
from qadesk.records import Page

LONGEST = 300.0
"""Seconds that a file may take."""
LONGEST_SILENCE = 60.0
"""Seconds without a sign of life from the child."""

_LARGEST_REPLY = 250_000_000  # bytes: the longest text, every character of it escaped
_LARGEST_COMPLAINT = 20_000
_POLL = 0.1


def parse(path: Path, kind: str, password: str | None, max_bytes: int, cancelled: Callable[[], bool]) -> Parsed:
    """What is in the file ``path``, parsed as ``kind`` by a child process.

    Raises ``DocumentError``, ``PasswordNeeded``, and ``Cancelled`` soon after ``cancelled()`` turns true.
    Nothing of the child is left when this returns or raises.
    """
    request = {"path": str(path), "kind": kind, "password": password, "max_bytes": max_bytes}
    with _child() as process:
        reply, complaint = _exchange(process, json.dumps(request).encode() + b"\n", path, cancelled)
    try:
        return _parsed(json.loads(reply))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise DocumentError(
            f"{shown(path)} could not be read. It is damaged, or needs more memory than QADesk gives one file.",
            "Get the file again, or open it in the program that made it and save it as a new file or as plain text.",
            f"exit code {process.returncode}; {complaint.decode(errors='replace') or error}",
        ) from error


@contextmanager
def _child() -> Iterator[subprocess.Popen[bytes]]:
    try:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [*paths.own_command(), "--read-document"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=paths.own_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise DocumentError(
            "QADesk could not start the process that reads files.", "Close other programs and try again.", str(error)
        ) from error
    with process:
        yield process


class _Drain(threading.Thread):
    """Reads a pipe to its end; keeps the last ``most`` bytes, counts all, remembers when the last came."""

    def __init__(self, pipe: IO[bytes], most: int) -> None:
        super().__init__(daemon=True)
        self.data = bytearray()
        self.count = 0
        self.last = time.monotonic()
        self._pipe = pipe
        self._most = most

    def run(self) -> None:
        while piece := os.read(self._pipe.fileno(), 1 << 16):
            self.data += piece
            del self.data[: -self._most]
            self.count += len(piece)
            self.last = time.monotonic()


def _exchange(
    process: subprocess.Popen[bytes], request: bytes, path: Path, cancelled: Callable[[], bool]
) -> tuple[bytearray, bytearray]:
    """The reply to ``request`` and what the child wrote to standard error. The child is gone afterwards."""
    assert process.stdin
    assert process.stdout
    assert process.stderr
    reply, complaint = _Drain(process.stdout, _LARGEST_REPLY), _Drain(process.stderr, _LARGEST_COMPLAINT)
    reply.start()
    complaint.start()
    try:
        with suppress(OSError), process.stdin:  # a child that died at once shows by its missing reply
            process.stdin.write(request)
        _wait(reply, path, cancelled)
        with suppress(subprocess.TimeoutExpired):
            process.wait(1)
    finally:
        process.kill()
        reply.join()
        complaint.join()
    return reply.data, complaint.data


def _wait(reply: _Drain, path: Path, cancelled: Callable[[], bool]) -> None:
    began = time.monotonic()
    while reply.is_alive() and reply.count <= _LARGEST_REPLY:
        reply.join(_POLL)
        if cancelled():
            raise Cancelled
        now = time.monotonic()
        if now - began > LONGEST or now - reply.last > LONGEST_SILENCE:
            raise DocumentError(
                f"{shown(path)} takes too long to read, and was given up.",
                "It may be damaged. Open it in the program that made it and save it as plain text.",
                f"given up after {now - began:.0f} s",
            )


def _parsed(reply: dict[str, Any]) -> Parsed:
    """The reply as a record. Raises the error in it, or ValueError, TypeError, KeyError for rubbish."""
    if "message" in reply:
        words = (str(reply["message"]), str(reply["hint"]), str(reply["detail"]))
        if reply["wrong_password"] is None:
            raise DocumentError(*words)
        raise PasswordNeeded(*words, wrong=bool(reply["wrong_password"]))
    text = str(reply["text"])
    pages = tuple(Page(int(number), str(label), int(start), int(end)) for number, label, start, end in reply["pages"])
    if not all(0 <= page.start <= page.end <= len(text) for page in pages):
        raise ValueError("pages outside the text")
    return Parsed(text, pages, tuple(str(note) for note in reply["notes"]))
