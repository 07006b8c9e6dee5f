"""The child process that reads the pictures on pages of one untrusted file, under limits that it sets for itself.

It reads requests from standard input and writes a reply to each to standard output, a line of JSON each:

    {"path": ..., "kind": ..., "password": ..., "max_bytes": ..., "folder": ..., "languages": "eng"}   ->  {}
    {"page": 0}   ->  {"page": 0, "hash": "...", "text": "..."}     (``ScanText.to_json``)

A reply has ``error``, a sentence, where it failed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from qadesk.documents.child_limits import set_limits
from qadesk.documents.child_replies import redirect_stdout, write_reply
from qadesk.documents.formats import by_kind
from qadesk.documents.open_file import open_file, quoted_name
from qadesk.documents.parsing import Source
from qadesk.documents.recognition.tesseract import Tesseract
from qadesk.documents.scans.page_source import PageError, PageSource
from qadesk.errors import DocumentError

_NICE = 10
"""People go on working while pages are read."""


def main(_arguments: Sequence[str] = ()) -> int:
    """Serve one document until standard input ends. Returns the exit code."""
    set_limits(cpu_seconds=None)
    os.environ["OMP_THREAD_LIMIT"] = "1"  # several pages at once, each on one core, are faster than one on several
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(_NICE)
    with open(0, "rb", closefd=False) as requests, os.fdopen(redirect_stdout(), "wb") as replies:
        first = json.loads(requests.readline())
        try:
            reader = Tesseract(first["folder"], first["languages"])
            pages = _open(first)
        except (DocumentError, PageError) as error:
            write_reply(replies, {"error": str(error)})
            return 0
        with closing(reader), closing(pages):
            write_reply(replies, {})
            while line := requests.readline():
                write_reply(replies, _read(pages, reader, json.loads(line)["page"]))
    return 0


def _open(first: dict[str, Any]) -> PageSource:
    path = Path(first["path"])
    with open_file(path, first["max_bytes"]) as file:
        return by_kind(first["kind"]).open_pages(Source(file, quoted_name(path), password=first["password"]))


def _read(pages: PageSource, reader: Tesseract, page: int) -> dict[str, Any]:
    try:
        text = reader.read(*pages.picture(page))
        return {"page": page, "hash": pages.page_hash(page), "text": text.to_json()}
    except (PageError, MemoryError) as error:
        return {"page": page, "error": str(error)}
