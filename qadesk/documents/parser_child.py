"""The child process that parses one untrusted file, under limits that it sets for itself.

It reads one line of JSON (a ``Request``) from standard input and writes one JSON object to standard output: the text,
or the parts of an error. Line ends before the object are the heartbeat: the parent takes a long silence for a hang.
"""

from __future__ import annotations

import gc
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, NotRequired, TypedDict

from qadesk.documents.child_limits import set_limits
from qadesk.documents.child_replies import redirect_stdout
from qadesk.documents.formats import by_kind
from qadesk.documents.open_file import open_file, quoted_name, without_surrogates
from qadesk.documents.parsing import Heartbeat, Source
from qadesk.documents.scans.scan_store import store_of
from qadesk.errors import DocumentError, EncodingNeeded, PasswordNeeded
from qadesk.structure.header_rows import with_header_row
from qadesk.structure.serial import to_lists

_MAX_CPU_SECONDS = 300
_FEW_COLLECTIONS = (1_000_000, 20, 10)  # with the usual ones, a tenth of the time of a long document goes into them


class Request(TypedDict):
    """A file to parse: its path, format, password if it has one, and the most bytes that it may have.

    ``encoding``: as in ``Source``. ``scans``: the folder and the languages of a ``ScanStore``.
    """

    path: str
    kind: str
    password: str | None
    max_bytes: int
    encoding: NotRequired[str]
    scans: NotRequired[tuple[str, str]]


def main(_arguments: Sequence[str] = ()) -> int:
    """Answer the request on standard input. Returns the exit code; a bug in a reader ends in a traceback."""
    set_limits(_MAX_CPU_SECONDS)
    gc.set_threshold(*_FEW_COLLECTIONS)
    with open(0, "rb", closefd=False) as requests, os.fdopen(redirect_stdout(), "wb") as replies:
        request = json.loads(requests.readline())
        reply = _reply(request, _heartbeat_to(replies))
        replies.write(without_surrogates(json.dumps(reply, ensure_ascii=False)).encode())
    return 0


def _heartbeat_to(replies: BinaryIO) -> Heartbeat:
    """A heartbeat that writes a line end to ``replies``, at most every 0.5 s."""
    last = time.monotonic()

    def heartbeat() -> None:
        nonlocal last
        if time.monotonic() - last > 0.5:
            last = time.monotonic()
            replies.write(b"\n")
            replies.flush()

    return heartbeat


def _reply(request: Request, heartbeat: Heartbeat) -> dict[str, object]:
    """What is in the file. Raises ``ValueError`` for an unknown kind."""
    path = Path(request["path"])
    format_ = by_kind(request["kind"])
    try:
        with open_file(path, request["max_bytes"]) as file:
            source = Source(
                file,
                quoted_name(path),
                heartbeat,
                request["password"],
                request.get("encoding", ""),
                store_of(request.get("scans")),
            )
            parsed = format_.read(source)
    except DocumentError as error:
        return {
            "message": error.message,
            "hint": error.hint,
            "detail": error.detail,
            "wrong_password": error.wrong if isinstance(error, PasswordNeeded) else None,
            "needs_encoding": isinstance(error, EncodingNeeded),
        }
    return {
        "text": parsed.text,
        "pages": [(page.number, page.label, page.start, page.end, page.unit) for page in parsed.pages],
        "notes": parsed.notes,
        "blocks": to_lists(with_header_row(parsed.text, block) for block in parsed.blocks),
        "outline": [(entry.title, entry.level, entry.start) for entry in parsed.outline],
        "characters": parsed.characters.to_base64(),
        "rows": parsed.rows,
        "scans": parsed.scans,
        "recognized_pages": parsed.recognized_pages,
    }
