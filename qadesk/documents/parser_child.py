"""The child process: reads one untrusted file and says what is in it, under bounds that it sets itself.

One line of JSON comes in (path, kind, password, the largest size), one JSON object goes out. Line ends
before it are the heartbeat: the parent takes a long silence for a hang.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from qadesk.documents import docx, html, pdf
from qadesk.documents.open_file import open_file, shown, without_surrogates
from qadesk.documents.parsed import Beat, Parsed
from qadesk.errors import DocumentError, PasswordNeeded

_MEMORY = 2 << 30
_CPU_SECONDS = 300


def main() -> int:
    """Answer the request on standard input. Returns the exit code; a bug in a reader ends in a traceback."""
    _bound_ourselves()
    with open(0, "rb", closefd=False) as requests, open(_take_stdout(), "wb") as replies:
        request = json.loads(requests.readline())
        reply = _answer(request, _heartbeat(replies))
        replies.write(without_surrogates(json.dumps(reply, ensure_ascii=False)).encode())
    return 0


def _bound_ourselves() -> None:
    """Limits on memory and time; and this process starts no other, writes no file and leaves no core dump.

    Windows has no such limits: there the parent's bound on time is all.
    """
    if sys.platform != "win32":
        import resource

        limits = (
            (resource.RLIMIT_AS, _MEMORY),
            (resource.RLIMIT_CPU, _CPU_SECONDS),
            (resource.RLIMIT_NPROC, 0),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        )
        for limit, value in limits:
            with suppress(ValueError, OSError):  # macOS does not take every one of them
                resource.setrlimit(limit, (value, value))


def _take_stdout() -> int:
    """A descriptor of our own for the reply. What a library prints goes to standard error instead."""
    ours = os.dup(1)
    os.dup2(2, 1)
    return ours


def _heartbeat(replies: BinaryIO) -> Beat:
    last = time.monotonic()

    def beat() -> None:
        nonlocal last
        if time.monotonic() - last > 0.5:
            last = time.monotonic()
            replies.write(b"\n")
            replies.flush()

    return beat


def _answer(request: dict[str, Any], beat: Beat) -> dict[str, Any]:
    path = Path(request["path"])
    try:
        with open_file(path, request["max_bytes"]) as file:
            text, pages, notes = _read(file, shown(path), request, beat)
    except DocumentError as error:
        wrong = error.wrong if isinstance(error, PasswordNeeded) else None
        return {"message": error.message, "hint": error.hint, "detail": error.detail, "wrong_password": wrong}
    rows = [(page.number, page.label, page.start, page.end) for page in pages]
    return {"text": text, "pages": rows, "notes": notes}


def _read(file: BinaryIO, name: str, request: dict[str, Any], beat: Beat) -> Parsed:
    if request["kind"] == "pdf":
        return pdf.read(file, name, beat, request["password"])
    if request["kind"] == "docx":
        return docx.read(file, name, beat)
    return html.read(file, name, beat)
