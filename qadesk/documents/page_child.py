"""The child process that draws the pages of one untrusted file, under limits that it sets for itself.

It reads requests from standard input and writes a reply to each to standard output, a line of JSON each, until the
input ends. Pixels and boxes go through a file that both processes have in memory: ``pixels`` of the first request names
it, and ``at`` of a later one is the byte at which its result belongs.

    {"id": 0, "path": ..., "kind": ..., "password": ..., "max_bytes": ..., "scans": ..., "recognized_pages": [1, ...],
     "pixels": path}                                                              ->  "sizes": [[width, height], ...]
    {"id": 1, "do": "draw", "page": 0, "look": "paper", "part": [scale, turns, left, top, width, height], "at": 0}
    {"id": 2, "do": "boxes", "page": 0, "at": 0, "room": 1048576}                 ->  "count": 1584 (4 float32 each)
    {"id": 3, "do": "links", "page": 0}                                           ->  "links": [[...], ...]

A reply has the ``id`` of its request, and ``error``, a sentence, where it failed.
"""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from qadesk.documents.child_limits import set_limits
from qadesk.documents.child_replies import redirect_stdout, write_reply
from qadesk.documents.formats import by_kind
from qadesk.documents.open_file import open_file
from qadesk.documents.page_looks import BOX_BYTES
from qadesk.documents.page_requests import source_of_request
from qadesk.documents.scans.page_source import PageError, PagePart, PageSource
from qadesk.errors import DocumentError

Message = dict[str, Any]


def main(_arguments: Sequence[str] = ()) -> int:
    """Serve one document until standard input ends. Returns the exit code."""
    set_limits(cpu_seconds=None)
    with open(0, "rb", closefd=False) as requests, os.fdopen(redirect_stdout(), "wb") as replies:
        first = json.loads(requests.readline())
        with Path(first["pixels"]).open("r+b") as file, closing(mmap.mmap(file.fileno(), 0)) as pixels:
            try:
                pages = _open(first)
            except DocumentError as error:
                write_reply(replies, {"id": first["id"], "error": error.message})
                return 0
            with closing(pages):
                write_reply(replies, {"id": first["id"], "sizes": pages.sizes()})
                while line := requests.readline():
                    request = json.loads(line)
                    write_reply(replies, {"id": request["id"], **_answer(pages, request, pixels)})
    return 0


def _open(request: Message) -> PageSource:
    with open_file(Path(request["path"]), request["max_bytes"]) as file:
        return by_kind(request["kind"]).open_pages(source_of_request(request, file))


def _answer(pages: PageSource, request: Message, pixels: mmap.mmap) -> Message:
    """The reply to a request, without its id."""
    page = request["page"]
    try:
        if request["do"] == "draw":
            part = PagePart(*request["part"])
            with memoryview(pixels) as whole, whole[request["at"] :][: part.width * part.height * 4] as room:
                pages.draw(page, part, request["look"], room)
            return {}
        if request["do"] == "boxes":
            boxes = pages.boxes(page)[: request["room"] // BOX_BYTES]
            data = boxes.tobytes()
            pixels[request["at"] : request["at"] + len(data)] = data
            return {"count": len(boxes)}
        return {"links": list(pages.links(page))}
    except PageError as error:
        return {"error": str(error)}
