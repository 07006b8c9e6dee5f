"""The child process that parses untrusted files one after another, under limits that it sets for itself.

It reads lines of JSON (a ``Request`` each) from standard input and replies to each with a line on standard output, a
JSON object: the text, or the parts of an error. Empty lines are the heartbeat: the parent takes a long silence for a
hang. ``is_spent`` in a reply says that another child should read the next file.
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
from qadesk.process_memory import peak_memory, share_free_memory
from qadesk.structure.header_rows import with_header_row
from qadesk.structure.serial import to_lists

_MAX_CPU_SECONDS = 360  # a spent child is sent no other file, which leaves 300 for each
_MANY_OBJECTS = 50_000  # that may be garbage of the last files
_SPENT_SECONDS = 60.0  # of processor time
_SPENT_BYTES = 150_000_000  # of memory, at its peak: Python hardly ever gives any back
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
    """Answer the requests on standard input until it ends. Returns the exit code.

    A bug in a reader ends in a traceback.
    """
    set_limits(_MAX_CPU_SECONDS)
    share_free_memory()
    gc.set_threshold(*_FEW_COLLECTIONS)
    with open(0, "rb", closefd=False) as requests, os.fdopen(redirect_stdout(), "wb") as replies:
        heartbeat = _heartbeat_to(replies)
        for line in iter(requests.readline, b""):
            reply = {**_reply(json.loads(line), heartbeat), "is_spent": _is_spent()}
            replies.write(without_surrogates(json.dumps(reply, ensure_ascii=False)).encode() + b"\n")
            replies.flush()
            del reply
            if gc.get_count()[0] > _MANY_OBJECTS:
                gc.collect()  # while the parent is busy with the reply
    return 0


def _is_spent() -> bool:
    return time.process_time() > _SPENT_SECONDS or peak_memory() > _SPENT_BYTES


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
