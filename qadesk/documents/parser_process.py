"""One child process that parses untrusted files, with bounds on its time, its silence and its replies."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from qadesk.documents.open_file import quoted_name
from qadesk.documents.own_child import start_child
from qadesk.errors import Cancelled, DocumentError

LONGEST = 300.0
"""Seconds that a file may take."""
LONGEST_SILENCE = 60.0
"""Seconds without a heartbeat or a part of the reply from the child."""

_MAX_REPLY = 400_000_000  # bytes: the longest text, with every character escaped, and its blocks
_MAX_STDERR = 20_000  # bytes of standard error that are kept
_POLL = 0.1  # seconds


class ParserProcess:
    """A child that serves requests, one at a time. ``files`` is how many it was sent.

    Raises ``DocumentError`` if the system starts no process. ``close`` ends it.
    """

    def __init__(self) -> None:
        self.files = 0
        self._process = start_child("--read-document", stderr=subprocess.PIPE, purpose="reads files")
        assert self._process.stdout
        assert self._process.stderr
        self._replies = _ReplyReader(self._process.stdout)
        self._stderr = _TailReader(self._process.stderr)
        self._replies.start()
        self._stderr.start()

    @property
    def is_ready(self) -> bool:
        """Whether it is there, and said nothing but what it was asked for."""
        return not self._replies.data and not self._replies.is_over

    def reply_to(self, request: bytes, path: Path, cancelled: Callable[[], bool]) -> bytearray:
        """The line that the child replies to ``request``, a line about the file ``path``; half a line if it dies.

        Raises ``DocumentError`` after too long a time, ``Cancelled`` soon after ``cancelled()`` returns True: close it
        then.
        """
        assert self._process.stdin
        self.files += 1
        self._replies.last = time.monotonic()
        with suppress(OSError):  # a child that died at once: its missing reply tells
            self._process.stdin.write(request)
            self._process.stdin.flush()
        self._wait(path, cancelled)
        return self._replies.take()

    def end_report(self, problem: str) -> str:
        """End the child after a reply that is none. Returns its exit code and standard error, else the ``problem``."""
        assert self._process.stdin
        with suppress(OSError):
            self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        self._process.kill()
        self._stderr.join()
        code, stderr = self._process.wait(), self._stderr.data.decode(errors="replace")
        return f"exit code {code}; {stderr or problem}"

    def close(self) -> None:
        """End the child at once."""
        process = self._process
        process.kill()  # it may write no file, so that nothing is half done
        self._replies.join()
        self._stderr.join()
        for pipe in (process.stdin, process.stdout, process.stderr):
            assert pipe
            with suppress(OSError):  # what was not sent yet
                pipe.close()
        process.wait()

    def _wait(self, path: Path, cancelled: Callable[[], bool]) -> None:
        replies, start = self._replies, time.monotonic()
        while not replies.wait(_POLL):
            if cancelled():
                raise Cancelled
            now = time.monotonic()
            if now - start > LONGEST or now - replies.last > LONGEST_SILENCE:
                raise DocumentError(
                    f"{quoted_name(path)} takes too long to read, and was given up.",
                    "It may be damaged. Open it in the program that made it and save it as plain text.",
                    f"given up after {now - start:.0f} s",
                )
        if cancelled():
            raise Cancelled


class _ReplyReader(threading.Thread):
    """Collects the ``data`` of one reply at a time, a line that is not empty. ``last``: when something came."""

    def __init__(self, pipe: IO[bytes]) -> None:
        super().__init__(daemon=True)
        self.data = bytearray()
        self.last = time.monotonic()
        self.is_over = False
        self._has_line = False
        self._changed = threading.Condition()
        self._pipe = pipe

    def run(self) -> None:
        while piece := os.read(self._pipe.fileno(), 1 << 16):
            with self._changed:
                self.last = time.monotonic()
                if len(self.data) > _MAX_REPLY:
                    continue  # the parent ends the child
                self.data += piece if self.data else piece.lstrip(b"\r\n")  # without heartbeats
                self._has_line = self._has_line or (bool(self.data) and b"\n" in piece[-len(self.data) :])
                if self._is_done:
                    self._changed.notify()
        with self._changed:
            self.is_over = True
            self._changed.notify()

    @property
    def _is_done(self) -> bool:
        return self._has_line or self.is_over or len(self.data) > _MAX_REPLY

    def wait(self, seconds: float) -> bool:
        """Wait for at most ``seconds``. Returns whether there is a reply, or none will come any more."""
        with self._changed:
            return self._changed.wait_for(lambda: self._is_done, seconds)

    def take(self) -> bytearray:
        """The reply, which is not kept. What follows its line stays in ``data``: there should be nothing."""
        with self._changed:
            line, _, rest = self.data.partition(b"\n")
            self.data, self._has_line = rest.lstrip(b"\r\n"), False
            return line


class _TailReader(threading.Thread):
    """Reads a pipe to its end and keeps the last bytes of it as ``data``."""

    def __init__(self, pipe: IO[bytes]) -> None:
        super().__init__(daemon=True)
        self.data = bytearray()
        self._pipe = pipe

    def run(self) -> None:
        while piece := os.read(self._pipe.fileno(), 1 << 16):
            self.data += piece
            del self.data[:-_MAX_STDERR]
