"""The child process that makes a copy of one untrusted PDF with highlights, under limits that it sets for itself.

It reads one request from standard input, a line of JSON, and writes lines of JSON to standard output: one for each page
that is done, and one for the copy, whose bytes follow:

    {"path": ..., "password": ..., "max_bytes": ..., "scans": ..., "recognized_pages": [1, ...], "page_count": 12,
     "runs": {"3": [[offset, page, first, length], ...]}, "spans": [[start, end, note, is_best], ...]}
        ->  {"page": 3}
        ->  {"size": 61234, "unplaced": [2]}     the indices of the spans of which no character is on a page

or ``error``, a sentence, and ``hint``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from qadesk.documents.child_limits import set_limits
from qadesk.documents.child_replies import redirect_stdout, write_reply
from qadesk.documents.open_file import open_file
from qadesk.documents.page_requests import source_of_request
from qadesk.documents.parsing import Source
from qadesk.documents.pdf.highlights_of_pages import add_highlight, saved_copy
from qadesk.documents.pdf.opening import open_pdf
from qadesk.documents.pdf.page_drawing import PageFile
from qadesk.documents.scans.page_source import PageError
from qadesk.documents.text_on_page import TextOnPage
from qadesk.errors import DocumentError
from qadesk.structure.character_map import Run

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

Message = dict[str, Any]

_LONGEST = 280  # seconds of processor time


def main(_arguments: Sequence[str] = ()) -> int:
    """Make one copy. Returns the exit code."""
    set_limits(cpu_seconds=_LONGEST)
    with open(0, "rb", closefd=False) as requests, os.fdopen(redirect_stdout(), "wb") as replies:
        try:
            _copy(json.loads(requests.readline()), replies)
        except DocumentError as error:
            write_reply(replies, {"error": error.message, "hint": error.hint})
        except PageError as error:
            write_reply(replies, {"error": "No copy of this file can be made.", "hint": "", "detail": str(error)})
    return 0


def _copy(request: Message, replies: BinaryIO) -> None:
    source = _source(request)
    with closing(PageFile(source)) as pages:
        source.file.seek(0)
        with closing(open_pdf(source)) as document:  # another one than that whose boxes are asked for, which changes
            if len(document) != request["page_count"]:
                raise DocumentError("The file has changed since it was read.", "Load it again (F5).")
            unplaced = set(range(len(request["spans"])))
            for number, runs in request["runs"].items():
                unplaced -= set(_mark(pages, document, int(number) - 1, [Run(*run) for run in runs], request["spans"]))
                write_reply(replies, {"page": int(number)})
            data = saved_copy(document, source.password)
    write_reply(replies, {"size": len(data), "unplaced": sorted(unplaced)})
    replies.write(data)


def _source(request: Message) -> Source:
    with open_file(Path(request["path"]), request["max_bytes"]) as file:
        return source_of_request(request, BytesIO(file.read()))


def _mark(
    pages: PageFile, document: PdfDocument, number: int, runs: Sequence[Run], spans: Sequence[Sequence[Any]]
) -> Iterator[int]:
    """Highlight ``spans`` on the page ``number``, from 0. Gives the indices of those of which there is a part.

    A page that cannot be read has none.
    """
    from pypdfium2 import PdfiumError

    try:
        text = TextOnPage(pages.boxes(number), runs)
        with closing(document[number]) as page:
            for index, (start, end, note, is_best) in enumerate(spans):
                lines = text.lines(start, end)
                if lines:
                    corners = pages.own_places(number, np.array(lines).reshape(-1, 2)).reshape(-1, 2, 2)
                    add_highlight(page, np.stack((corners.min(1), corners.max(1)), 1), note, is_best=is_best)
                    yield index
    except (PageError, PdfiumError):
        return
