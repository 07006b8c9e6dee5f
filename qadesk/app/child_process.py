"""Child processes for heavy work: both ends of a protocol over pipes.

The child is our own program with a hidden argument, at low priority. It sends messages to the parent on its standard
output, one JSON object a line; the parent sends commands to its standard input, one word a line. When the child ends
its memory is free; it can be killed at any moment, and it ends by itself when the parent does.
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

from qadesk import errors, paths
from qadesk.errors import QadeskError

Message = dict[str, Any]

_POLL = 0.1  # seconds
_STDERR_TAIL = 20_000  # bytes

_sending = threading.Lock()


class ChildEnded(Exception):
    """The child ended before its work did. The text is for developers: the exit code and the end of its stderr."""


class Child:
    """The parent's end: ``messages`` receives from the child, ``send`` sends it a command."""

    def __init__(self, process: subprocess.Popen[bytes], stderr: IO[bytes]) -> None:
        self._process = process
        self._stderr = stderr

    def messages(self) -> Generator[Message | None, None, None]:
        """The child's messages, and None for each tenth of a second without one. It never returns.

        Closing the generator kills the child. Raises ``ChildEnded`` when the child has ended.
        """
        assert self._process.stdout
        lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        reader = threading.Thread(target=_read_lines, args=(self._process.stdout, lines), daemon=True)
        reader.start()
        try:
            while True:
                try:
                    line = lines.get(timeout=_POLL)
                except queue.Empty:
                    yield None
                    continue
                if not line.endswith(b"\n"):  # the end of the output, or half a line of a killed child
                    raise ChildEnded(self._exit_report())
                yield json.loads(line)
        finally:
            self._process.kill()
            reader.join()

    def send(self, command: str) -> None:
        """Send ``command`` to the child. Does nothing if the child has ended."""
        assert self._process.stdin
        with contextlib.suppress(OSError):
            self._process.stdin.write(command.encode() + b"\n")
            self._process.stdin.flush()

    def _exit_report(self) -> str:
        code = self._process.wait()
        self._stderr.seek(max(0, self._stderr.seek(0, os.SEEK_END) - _STDERR_TAIL))
        return f"exit code {code}; {self._stderr.read().decode(errors='replace')}"


@contextlib.contextmanager
def start(arguments: Sequence[str], scratch: Path) -> Iterator[Child]:
    """Run our own program with the hidden ``arguments``; it is killed when the context ends.

    Its temporary files are in the folder ``scratch``, which the caller removes. Raises ``QadeskError`` if the process
    cannot be started.
    """
    with tempfile.TemporaryFile(dir=scratch) as stderr:
        process = _start_process(arguments, scratch, stderr)
        try:
            yield Child(process, stderr)
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                assert pipe
                with contextlib.suppress(OSError):  # flushing what was not sent yet fails
                    pipe.close()


def _start_process(arguments: Sequence[str], scratch: Path, stderr: IO[bytes]) -> subprocess.Popen[bytes]:
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))
    try:
        return subprocess.Popen(  # noqa: S603 - our own program
            [*paths.own_command(), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env={**paths.own_environment(), **temporary},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0)
            | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
        )
    except OSError as error:
        raise QadeskError(
            "QADesk could not start the process that does this work.",
            "Close other programs and try again.",
            str(error),
        ) from error


def _read_lines(pipe: IO[bytes], lines: queue.SimpleQueue[bytes]) -> None:
    """Put each line of ``pipe`` into ``lines``, and b'' at the end."""
    for line in pipe:
        lines.put(line)
    lines.put(b"")


def connect_to_parent(
    on_command: Callable[[str], None] = lambda _command: None, *, is_background: bool = True
) -> TextIO:
    """The child's end: the stream for ``send_message``. Makes this process a child, which ends when the parent does.

    ``on_command`` is called, in a thread of its own, with each command of the parent. From now on what libraries print
    goes to standard error, and standard input is empty. Work that ``is_background`` leaves the processor to others.
    """
    threading.Thread(target=_read_commands, args=(_detach_stdin(), on_command), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends Ctrl+C to both: the parent decides what it means
    if is_background and hasattr(os, "nice"):
        os.nice(19)
    output = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(output, "w", encoding="utf-8")


def send_message(output: TextIO, message: Message) -> None:
    """Send ``message`` to the parent at once. ``output`` is the stream of ``connect_to_parent``. Thread-safe."""
    with _sending:
        output.write(json.dumps(message) + "\n")
        output.flush()


def error_as_json(error: QadeskError) -> list[str]:
    """``error`` as a message holds it: its class, message, hint and detail."""
    return [type(error).__name__, error.message, error.hint, error.detail]


def error_from_json(values: Sequence[str]) -> QadeskError:
    """The error that ``error_as_json`` made ``values`` of."""
    kind, *texts = values
    error: QadeskError = getattr(errors, kind, QadeskError)(*texts)
    return error


def _detach_stdin() -> int:
    """A descriptor of the pipe from the parent; standard input itself becomes empty.

    On Windows a library that looks at standard input while it is loaded, as numpy's OpenBLAS does, would block for as
    long as our thread waits for a command: https://github.com/numpy/numpy/issues/24290.
    """
    pipe = os.dup(0)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    return pipe


def _read_commands(descriptor: int, on_command: Callable[[str], None]) -> None:
    """Pass on each command, and end this process with the pipe: it closes when the parent ends."""
    with open(descriptor, "rb", buffering=0) as commands:
        for command in commands:
            on_command(command.decode().strip())
    os._exit(1)
