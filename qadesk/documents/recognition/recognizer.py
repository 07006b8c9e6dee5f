"""Runs the child processes that read pictures on pages: several at once, a page at a time each."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

from qadesk.documents.own_child import start_child
from qadesk.documents.recognition.language_files import check_available, data_folder
from qadesk.documents.scans.scan_store import ScanStore
from qadesk.documents.scans.scan_text import ScanText
from qadesk.errors import DocumentError

_MOST_CHILDREN = 4
_LONGEST = 300.0
"""Seconds without a reply: a page may be read four times, as it is turned, while other programs work too."""
_POLL = 0.1
_MOST_FAILURES = 3
"""Children that may end by themselves one after another before the file is given up."""


@dataclass(frozen=True, slots=True)
class ScanFile:
    """A file with pages that are pictures. ``password`` opens it, if it has one."""

    path: Path
    kind: str
    password: str | None = None
    max_bytes: int = 1 << 40


class PageDone(NamedTuple):
    """A page with its number, from 1, and whether it was read; else it is damaged, or its child process ended."""

    number: int
    is_read: bool


def read_scans(
    file: ScanFile, pages: Sequence[int], store: ScanStore, *, cores: int = 1, in_view: Callable[[], int] = lambda: 1
) -> Generator[PageDone | None, None, None]:
    """Read the pictures on ``pages`` (numbers from 1) of ``file`` and keep what is found in ``store``.

    Yields each page that is done, also one that could not be read, and None several times a second while none is.
    ``in_view`` says which page is looked at: it is read first, then those after it. ``cores``: how many pages are read
    at once. Closing the iterator ends the work; what was read is kept. Raises ``DocumentError``.
    """
    check_available()
    store.drop_oldest()
    team = _Team(file, data_folder(store.languages), store.languages, cores)
    waiting = sorted(set(pages))
    failures = 0
    try:
        while waiting or team.is_busy:
            while waiting and team.has_room:
                page = _next(waiting, in_view())
                waiting.remove(page)
                team.give(page)
            for page, reply in team.replies():
                failures = 0 if reply else failures + 1
                if failures > _MOST_FAILURES:
                    raise DocumentError("Text recognition ended unexpectedly.", "Try again, or restart QADesk.")
                yield PageDone(page, _keep(store, reply))
            yield None
    finally:
        team.close()


def _next(waiting: Sequence[int], in_view: int) -> int:
    """The page that is looked at or the next one behind it, else the first one."""
    return next((page for page in waiting if page >= in_view), waiting[0])


def _keep(store: ScanStore, reply: dict[str, Any] | None) -> bool:
    """Whether there is a text in ``reply``, which is kept."""
    if reply is None or "text" not in reply:
        return False
    try:
        text = ScanText.from_json(reply["text"])
    except ValueError:
        return False
    store.write(str(reply["hash"]), text)
    return True


def _close(process: subprocess.Popen[bytes]) -> None:
    """Wait for the end of a process, and close what led to it."""
    process.wait()
    assert process.stdin
    with suppress(OSError):  # a request that it did not take
        process.stdin.close()


@dataclass(slots=True)
class _RecognitionChild:
    process: subprocess.Popen[bytes]
    page: int = 0
    """The one that it reads; 0 for none."""
    since: float = field(default_factory=time.monotonic)


class _Team:
    """The children. Each is started when it has something to do."""

    def __init__(self, file: ScanFile, folder: Path, languages: str, size: int) -> None:
        self._opening = {
            "path": str(file.path), "kind": file.kind, "password": file.password, "max_bytes": file.max_bytes,
            "folder": str(folder), "languages": languages,
        }  # fmt: skip
        self._size = max(1, min(_MOST_CHILDREN, size))
        self._children: list[_RecognitionChild] = []
        self._lines: SimpleQueue[tuple[_RecognitionChild, bytes]] = SimpleQueue()

    @property
    def is_busy(self) -> bool:
        """Whether a page is being read."""
        return any(child.page for child in self._children)

    @property
    def has_room(self) -> bool:
        """Whether a page can be given."""
        return len(self._children) < self._size or any(not child.page for child in self._children)

    def give(self, page: int) -> None:
        """Let a child read ``page``."""
        child = next((child for child in self._children if not child.page), None) or self._start()
        child.page, child.since = page, time.monotonic()
        self._send(child, {"page": page - 1})

    def replies(self) -> Iterator[tuple[int, dict[str, Any] | None]]:
        """The pages that are done with their replies; None for one whose child ended or hung, which is replaced."""
        self._end_hanging()
        with suppress(Empty):
            child, line = self._lines.get(timeout=_POLL)
            while True:
                yield from self._reply(child, line)
                child, line = self._lines.get_nowait()

    def close(self) -> None:
        """End all children."""
        for child in self._children:
            child.process.kill()
        for child in self._children:
            _close(child.process)
        self._children.clear()

    def _reply(self, child: _RecognitionChild, line: bytes) -> Iterator[tuple[int, dict[str, Any] | None]]:
        if child not in self._children:
            return
        if line and not line.endswith(b"\n"):  # the child ended in the middle of it: its end is the next one
            return
        if not line:
            self._children.remove(child)
            _close(child.process)
            if child.page:
                yield child.page, None
            return
        reply = json.loads(line)
        if "page" in reply:
            page, child.page = child.page, 0
            yield page, reply
        elif "error" in reply:
            raise DocumentError("The pages cannot be read.", str(reply["error"]))

    def _end_hanging(self) -> None:
        for child in self._children:
            if child.page and time.monotonic() - child.since > _LONGEST:
                child.process.kill()  # the end of its output is its reply

    def _start(self) -> _RecognitionChild:
        process = start_child("--recognize-pages", stderr=subprocess.DEVNULL, purpose="recognises text")
        child = _RecognitionChild(process)
        self._children.append(child)
        self._send(child, self._opening)
        threading.Thread(target=self._listen, args=(child,), daemon=True).start()
        return child

    def _listen(self, child: _RecognitionChild) -> None:
        """Put each line of a child's output, and an empty one at its end, where ``replies`` takes it."""
        assert child.process.stdout
        with child.process.stdout as output:
            for line in output:
                self._lines.put((child, line))
        self._lines.put((child, b""))

    @staticmethod
    def _send(child: _RecognitionChild, message: dict[str, Any]) -> None:
        assert child.process.stdin
        with suppress(OSError):  # a child that ended: the end of its output tells
            child.process.stdin.write(json.dumps(message).encode() + b"\n")
            child.process.stdin.flush()
