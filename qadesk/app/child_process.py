"""Child processes of our own that speak JSON lines: both ends of the pipe.

Long and heavy work runs in one: its memory goes when it ends, it cannot take the window's breath, and it can be ended
at any moment. The child is our own program with a hidden argument, at low priority. It ends by itself when we do.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, TextIO

from qadesk import paths
from qadesk.errors import QadeskError

Message = dict[str, Any]

_POLL = 0.1  # seconds
_LONGEST_COMPLAINT = 20_000  # bytes


class ChildEnded(Exception):
    """The child ended before it had said all. The words are for a developer: its exit code, what it complained of."""


class Child:
    """The parent's end: what the child says comes out of ``messages``, words for it go in by ``send``."""

    def __init__(self, process: subprocess.Popen[bytes], complaint: IO[bytes]) -> None:
        self._process = process
        self._complaint = complaint

    def messages(self) -> Generator[Message | None, None, None]:
        """The child's messages, without end, and None ten times a second while it is silent.

        Closing the generator ends the child. Raises ``ChildEnded`` when nothing more can come.
        """
        assert self._process.stdout
        lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        pump = threading.Thread(target=_pump, args=(self._process.stdout, lines), daemon=True)
        pump.start()
        try:
            while True:
                try:
                    line = lines.get(timeout=_POLL)
                except queue.Empty:
                    yield None
                    continue
                if not line.endswith(b"\n"):  # a half line is what a killed child leaves
                    raise ChildEnded(self._last_words())
                yield json.loads(line)
        finally:
            self._process.kill()
            pump.join()

    def send(self, word: str) -> None:
        """Send one line to the child; to one that has ended, nothing."""
        assert self._process.stdin
        with contextlib.suppress(OSError):
            self._process.stdin.write(word.encode() + b"\n")
            self._process.stdin.flush()

    def _last_words(self) -> str:
        code = self._process.wait()
        self._complaint.seek(max(0, self._complaint.seek(0, os.SEEK_END) - _LONGEST_COMPLAINT))
        return f"exit code {code}; {self._complaint.read().decode(errors='replace')}"


@contextlib.contextmanager
def start(arguments: Sequence[str], scratch: Path) -> Iterator[Child]:
    """Start our own program with hidden ``arguments``; afterwards it is gone.

    Its temporary files lie in the folder ``scratch``, where whoever made that takes them away. Raises ``QadeskError``
    where no process can be started.
    """
    with tempfile.TemporaryFile(dir=scratch) as complaint:
        process = _begin(arguments, scratch, complaint)
        try:
            yield Child(process, complaint)
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                assert pipe
                with contextlib.suppress(OSError):  # what was not sent yet has no reader now
                    pipe.close()


def _begin(arguments: Sequence[str], scratch: Path, complaint: IO[bytes]) -> subprocess.Popen[bytes]:
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))
    try:
        return subprocess.Popen(  # noqa: S603 - our own program
            [*paths.own_command(), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaint,
            env={**paths.own_environment(), **places},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0)
            | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
        )
    except OSError as error:
        raise QadeskError(
            "QADesk could not start the process that does this work.",
            "Close other programs and try again.",
            str(error),
        ) from error


def _pump(pipe: IO[bytes], lines: queue.SimpleQueue[bytes]) -> None:
    for line in pipe:
        lines.put(line)
    lines.put(b"")


def speak(listen: Callable[[str], None] = lambda _word: None) -> TextIO:
    """The child's end: become a polite child, and give what replies are written to, with ``say``.

    ``listen`` is called, in a thread, with each word that the parent sends. This process ends when the parent does.
    What a library prints goes to standard error, and what it reads from standard input is nothing.
    """
    threading.Thread(target=_hear, args=(_take_stdin(), listen), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends Ctrl+C to both: the parent decides what it means
    if hasattr(os, "nice"):
        os.nice(19)
    ours = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(ours, "w", encoding="utf-8")


def say(replies: TextIO, message: Message) -> None:
    """Write one message, at once."""
    replies.write(json.dumps(message) + "\n")
    replies.flush()


def _take_stdin() -> int:
    """A descriptor of our own for what the parent sends.

    On Windows a library that looks at standard input as it is loaded, as numpy's OpenBLAS does, would wait there for
    as long as a thread of ours waits for a word: https://github.com/numpy/numpy/issues/24290.
    """
    ours = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return ours


def _hear(descriptor: int, listen: Callable[[str], None]) -> None:
    """Our input ends when the process that started us does: nobody wants the work now."""
    with open(descriptor, "rb", buffering=0) as words:
        for word in words:
            listen(word.decode().strip())
    os._exit(1)
