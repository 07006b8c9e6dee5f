"""Child processes that parse untrusted files one after another, as many at once as threads ask.

Each child is bounded in time, silence, memory and the length of its reply. One that fails in any way is ended, and only
its file is lost; one that has read much is replaced too, so that what it keeps in memory goes.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

from qadesk.documents.open_file import quoted_name
from qadesk.documents.parser_process import ParserProcess
from qadesk.documents.parser_replies import parsed_from
from qadesk.documents.parsing import Parsed
from qadesk.documents.scans.scan_store import ScanStore
from qadesk.errors import DocumentError

MOST_FILES = 200
"""So many files are read by one child process."""


class ParserPool:
    """Keeps the children that are idle. ``parse`` may be called by several threads at once; ``close`` ends all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[ParserProcess] = []
        self._is_closed = False

    def parse(
        self,
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
        returns True.
        """
        request = {  # parser_child.Request
            "path": str(path), "kind": kind, "password": password, "max_bytes": max_bytes, "encoding": encoding,
            "scans": scans.as_request() if scans else None,
        }  # fmt: skip
        process = self._take()
        is_usable = False
        try:
            line = process.reply_to(json.dumps(request).encode() + b"\n", path, cancelled)
            try:
                reply = json.loads(line, parse_float=int, parse_constant=int)  # int refuses both
                is_usable = isinstance(reply, dict) and reply.get("is_spent") is False
                return parsed_from(reply)
            except (ValueError, TypeError, KeyError, RecursionError) as error:
                is_usable = False
                raise _unreadable(path, process.end_report(str(error))) from error
        finally:
            self._put_back(process, is_usable=is_usable)

    def close(self) -> None:
        """End the children that are idle, and from now on each one after its file. It can be called again."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for process in idle:
            process.close()

    def _take(self) -> ParserProcess:
        while True:
            with self._lock:
                if not self._idle:
                    break
                process = self._idle.pop()
            if process.is_ready:
                return process
            process.close()
        return ParserProcess()

    def _put_back(self, process: ParserProcess, *, is_usable: bool) -> None:
        with self._lock:
            if is_usable and not self._is_closed and process.is_ready and process.files < MOST_FILES:
                self._idle.append(process)
                return
        process.close()


def _unreadable(path: Path, detail: str) -> DocumentError:
    return DocumentError(
        f"{quoted_name(path)} could not be read. It is damaged, or needs more memory than QADesk gives one file.",
        "Get the file again, or open it in the program that made it and save it as a new file or as plain text.",
        detail,
    )
