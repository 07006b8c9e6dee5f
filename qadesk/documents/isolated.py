"""Runs the child process that parses an untrusted file, with limits on its time, silence and reply."""

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

from qadesk.documents.open_file import quoted_name
from qadesk.documents.own_child import start_child
from qadesk.documents.parsing import Parsed
from qadesk.documents.scans.scan_store import ScanStore
from qadesk.errors import Cancelled, DocumentError, EncodingNeeded, PasswordNeeded
from qadesk.records import Page
from qadesk.structure import OutlineEntry
from qadesk.structure.character_map import CharacterMap
from qadesk.structure.serial import from_lists

LONGEST = 300.0
"""Seconds that a file may take."""
LONGEST_SILENCE = 60.0
"""Seconds without a heartbeat or a part of the reply from the child."""

_MAX_REPLY = 400_000_000  # bytes: the longest text, with every character escaped, and its blocks
_MAX_STDERR = 20_000  # bytes of standard error that are kept
_POLL = 0.1  # seconds


def parse(
    path: Path,
    kind: str,
    password: str | None,
    max_bytes: int,
    cancelled: Callable[[], bool],
    *,
    encoding: str = "",
    scans: ScanStore | None = None,
) -> Parsed:
    """The text of the file ``path``, read by a child process as the format ``kind``.

    Raises ``DocumentError``, ``PasswordNeeded``, ``EncodingNeeded``, and ``Cancelled`` soon after ``cancelled()``
    returns True. The child has ended when this returns or raises.
    """
    request = {  # parser_child.Request
        "path": str(path), "kind": kind, "password": password, "max_bytes": max_bytes, "encoding": encoding,
        "scans": scans.as_request() if scans else None,
    }  # fmt: skip
    with _child() as process:
        reply, stderr = _communicate(process, json.dumps(request).encode() + b"\n", path, cancelled)
    try:
        return _parsed(json.loads(reply))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise DocumentError(
            f"{quoted_name(path)} could not be read. It is damaged, or needs more memory than QADesk gives one file.",
            "Get the file again, or open it in the program that made it and save it as a new file or as plain text.",
            f"exit code {process.returncode}; {stderr.decode(errors='replace') or error}",
        ) from error


@contextmanager
def _child() -> Iterator[subprocess.Popen[bytes]]:
    with start_child("--read-document", stderr=subprocess.PIPE, purpose="reads files") as process:
        yield process


class _PipeReader(threading.Thread):
    """Reads a pipe to its end. Keeps the last ``limit`` bytes, the count of all, and the time of the last ones."""

    def __init__(self, pipe: IO[bytes], limit: int) -> None:
        super().__init__(daemon=True)
        self.data = bytearray()
        self.count = 0
        self.last = time.monotonic()
        self._pipe = pipe
        self._limit = limit

    def run(self) -> None:
        while piece := os.read(self._pipe.fileno(), 1 << 16):
            self.data += piece
            del self.data[: -self._limit]
            self.count += len(piece)
            self.last = time.monotonic()


def _communicate(
    process: subprocess.Popen[bytes], request: bytes, path: Path, cancelled: Callable[[], bool]
) -> tuple[bytearray, bytearray]:
    """The reply to ``request``, and what the child wrote to standard error. The child has ended when this returns."""
    assert process.stdin
    assert process.stdout
    assert process.stderr
    reply, stderr = _PipeReader(process.stdout, _MAX_REPLY), _PipeReader(process.stderr, _MAX_STDERR)
    reply.start()
    stderr.start()
    try:
        with suppress(OSError), process.stdin:  # a child that died at once: its missing reply tells
            process.stdin.write(request)
        _wait(reply, path, cancelled)
        with suppress(subprocess.TimeoutExpired):
            process.wait(1)
    finally:
        process.kill()
        reply.join()
        stderr.join()
    return reply.data, stderr.data


def _wait(reply: _PipeReader, path: Path, cancelled: Callable[[], bool]) -> None:
    start = time.monotonic()
    while reply.is_alive() and reply.count <= _MAX_REPLY:
        reply.join(_POLL)
        if cancelled():
            raise Cancelled
        now = time.monotonic()
        if now - start > LONGEST or now - reply.last > LONGEST_SILENCE:
            raise DocumentError(
                f"{quoted_name(path)} takes too long to read, and was given up.",
                "It may be damaged. Open it in the program that made it and save it as plain text.",
                f"given up after {now - start:.0f} s",
            )


def _parsed(reply: dict[str, Any]) -> Parsed:
    """The reply as ``Parsed``. Raises the error in it, or ValueError, TypeError, KeyError for an invalid reply."""
    if "message" in reply:
        parts = (str(reply["message"]), str(reply["hint"]), str(reply["detail"]))
        if reply["wrong_password"] is not None:
            raise PasswordNeeded(*parts, wrong=bool(reply["wrong_password"]))
        raise EncodingNeeded(*parts) if reply["needs_encoding"] else DocumentError(*parts)
    text = str(reply["text"])
    pages = tuple(
        Page(int(number), str(label), int(start), int(end), str(unit))
        for number, label, start, end, unit in reply["pages"]
    )
    if not all(0 <= page.start <= page.end <= len(text) for page in pages):
        raise ValueError("pages outside the text")
    outline = tuple(OutlineEntry(str(title), int(level), int(start)) for title, level, start in reply["outline"])
    if not all(0 <= entry.start <= len(text) and entry.level > 0 for entry in outline):
        raise ValueError("an outline that leads outside the text")
    return Parsed(
        text,
        pages,
        tuple(str(note) for note in reply["notes"]),
        from_lists(reply["blocks"], len(text)),
        outline,
        CharacterMap.from_base64(reply["characters"], len(text), len(pages)),
        _rows(reply["rows"], len(text)),
        _page_numbers(reply["scans"], len(pages)),
        _page_numbers(reply["recognized_pages"], len(pages)),
    )


def _page_numbers(numbers: list[Any], count: int) -> tuple[int, ...]:
    """The numbers of some of ``count`` pages. Raises ``ValueError``."""
    if not all(type(number) is int and 1 <= number <= count for number in numbers):
        raise ValueError("pages that are none")
    return tuple(numbers)


def _rows(rows: list[list[Any]], length: int) -> tuple[tuple[int, int], ...]:
    """Where the rows of a spreadsheet begin, and their numbers. Raises ``ValueError``, ``TypeError``."""
    before = 0
    for start, number in rows:
        if type(start) is not int or type(number) is not int or not before <= start <= length or number < 0:
            raise ValueError("rows outside the text")
        before = start
    return tuple((start, number) for start, number in rows)
