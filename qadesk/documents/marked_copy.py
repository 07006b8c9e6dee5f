"""Runs the child process that makes a copy of a PDF with highlights, with limits on its time and silence."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

from qadesk.documents.own_child import start_child
from qadesk.documents.scans.scan_store import NO_SCANS, ScanStore
from qadesk.errors import DocumentError
from qadesk.progress import Clock, Progress
from qadesk.records import Document

_LONGEST_SILENCE = 60.0  # seconds
_POLL = 0.1
_MOST = 1 << 31  # bytes of a copy

Reply = dict[str, Any]


class MarkedSpan(NamedTuple):
    """What is highlighted: ``text[start:end]``, and what a viewer shows beside it.

    ``is_best``: it is the best answer to its question, and has the colour of such.
    """

    start: int
    end: int
    note: str
    is_best: bool = True


class MarkedFile(NamedTuple):
    """The bytes of a copy, and the indices of the spans of which no character has a place on a page."""

    data: bytes
    unplaced: tuple[int, ...]


def copy_with_highlights(
    document: Document,
    spans: Sequence[MarkedSpan],
    *,
    password: str | None = None,
    max_bytes: int = 1 << 40,
    scans: ScanStore = NO_SCANS,
) -> Generator[Progress, None, MarkedFile]:
    """The file of ``document``, a PDF, with ``spans`` of its text highlighted as the window marks them.

    Yields progress in pages, and several times a second where there is none; closing the generator ends the child.
    Raises ``DocumentError`` if no copy can be made.
    """
    assert document.path is not None
    runs = _runs_by_page(document, spans)
    request = {
        "path": str(document.path), "password": password, "max_bytes": max_bytes, "scans": scans.as_request(),
        "recognized_pages": document.recognized_pages, "page_count": len(document.pages), "runs": runs, "spans": spans,
    }  # fmt: skip
    clock, done = Clock("Marking", len(runs)), 0
    with _child() as process:
        replies = _Replies(process, json.dumps(request).encode() + b"\n")
        try:
            while True:
                yield clock.at(done)
                reply = replies.next()
                if reply is None:
                    continue
                if "error" in reply:
                    raise DocumentError(str(reply["error"]), str(reply.get("hint", "")), str(reply.get("detail", "")))
                if "size" in reply:
                    return MarkedFile(replies.data, tuple(map(int, reply["unplaced"])))
                done += 1
        finally:
            process.kill()
            replies.join()


def _runs_by_page(document: Document, spans: Sequence[MarkedSpan]) -> dict[int, list[list[int]]]:
    """All runs of the pages on which a part of ``spans`` is, by the numbers of the pages, from 1."""
    from qadesk.documents.text_on_page import PageRuns

    pages = {run.page for span in spans for run in document.characters.runs(span.start, span.end)}
    runs = PageRuns(document.characters)
    return {page: [list(run) for run in runs[page]] for page in sorted(pages)}


@contextmanager
def _child() -> Generator[subprocess.Popen[bytes]]:
    with start_child("--mark-pages", stderr=subprocess.DEVNULL, purpose="copies PDF files") as process:
        try:
            yield process
        finally:
            process.kill()
            with suppress(OSError):  # a request that it did not take
                if process.stdin:
                    process.stdin.close()


class _Replies(threading.Thread):
    """Sends the request to the child and reads its replies, so that who waits for them can be cancelled."""

    def __init__(self, process: subprocess.Popen[bytes], request: bytes) -> None:
        super().__init__(daemon=True)
        self.data = b""
        self._process, self._request = process, request
        self._lines: SimpleQueue[bytes] = SimpleQueue()
        self._last = time.monotonic()
        self.start()

    def run(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        with suppress(OSError):  # a child that ended: its missing reply tells
            self._process.stdin.write(self._request)
            self._process.stdin.flush()
        for line in self._process.stdout:
            size = _size_in(line)
            if size is not None:
                self.data = self._process.stdout.read(size)
            self._lines.put(line if len(self.data) == (size or 0) else b"")
        self._lines.put(b"")

    def next(self) -> Reply | None:
        """The next reply; None where there is none yet. Raises ``DocumentError`` if the child ended or is silent."""
        try:
            line = self._lines.get(timeout=_POLL)
        except Empty:
            if time.monotonic() - self._last > _LONGEST_SILENCE:
                raise _failed("It takes too long.") from None
            return None
        self._last = time.monotonic()
        try:
            reply: Reply = json.loads(line)
        except ValueError:
            raise _failed("The process that copies it ended.") from None
        return reply


def _size_in(line: bytes) -> int | None:
    """How many bytes follow ``line``, a reply; None for none."""
    with suppress(ValueError, TypeError, KeyError):
        size = int(json.loads(line)["size"])
        if 0 <= size <= _MOST:
            return size
    return None


def _failed(detail: str) -> DocumentError:
    return DocumentError(
        "No copy of this file could be made. It is damaged, or needs more memory than QADesk gives one file.",
        "Export the answers in another format.",
        detail,
    )
