"""Text recognition of the pages of a document that are pictures."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from contextlib import closing
from typing import NamedTuple

from qadesk.app.documents import scan_store
from qadesk.documents.recognition import language_files, recognizer
from qadesk.errors import DocumentError
from qadesk.progress import Clock, Progress
from qadesk.qa.processor import physical_cores
from qadesk.records import Document
from qadesk.settings import Settings

_log = logging.getLogger(__name__)


class RecognizedPages(NamedTuple):
    """The numbers of the pages whose text was recognised, and of those that could not be read."""

    read: list[int]
    failed: list[int]


def recognize(
    document: Document, settings: Settings, *, password: str | None = None, in_view: Callable[[], int] = lambda: 1
) -> Generator[Progress, None, RecognizedPages]:
    """Read the pictures on the pages ``document.scans``, and return which were read.

    What is found is in the document when it is opened again. The page ``in_view`` is read first. Yields progress in
    pages, several times a second. Closing the generator stops the work, and keeps what was read. Raises
    ``DocumentError``.
    """
    language_files.check(settings["documents.languages"])
    if document.path is None:
        raise DocumentError("This document is no file.", "Open the file that holds the pictures.")
    file = recognizer.ScanFile(document.path, document.kind, password, settings["documents.max_megabytes"] * 1_000_000)
    clock = Clock("Recognising page", len(document.scans))
    pages = RecognizedPages([], [])
    steps = recognizer.read_scans(file, document.scans, scan_store(settings), cores=physical_cores(), in_view=in_view)
    with closing(steps):
        yield clock.at(0)
        for page in steps:
            if page is not None:
                (pages.read if page.is_read else pages.failed).append(page.number)
            yield clock.at(len(pages.read) + len(pages.failed))
    _log.debug("text recognised on %d pages, not on %d", len(pages.read), len(pages.failed))
    return pages
