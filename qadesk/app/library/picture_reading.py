"""Recognises the text of pages that are pictures, of the files in the index."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import closing
from pathlib import Path

from qadesk import documents
from qadesk.app.documents import scan_store
from qadesk.app.library.file_reading import as_document_error, stamp_of
from qadesk.app.library.index_progress import IndexProgress
from qadesk.documents.parser_pool import ParserPool
from qadesk.documents.recognition import language_files
from qadesk.errors import DocumentError
from qadesk.library.index import KnownFile, LibraryIndex
from qadesk.records import Document, IndexStep
from qadesk.settings import Settings

_PAUSE = 0.1  # seconds
_tried: set[tuple[Path, int]] = set()
"""Files, with their times, whose pictures this process has tried to read: what is left of them it cannot read."""


def read_pictures(
    index: LibraryIndex,
    sources: Sequence[Path],
    settings: Settings,
    progress: IndexProgress,
    *,
    only: Collection[Path] | None = None,
    is_paused: Callable[[], bool] = lambda: False,
    on_notice: Callable[[str], None] = lambda _sentence: None,
) -> Generator[IndexStep, None, None]:
    """Recognise the text on the pages of files in state 'pictures', and write it into ``index``.

    With ``only`` of those files alone, also where it was tried before. Yields steps; closing the generator stops it.
    """
    files = [file for source in sources for file in index.known_files(source).values() if file.state == "pictures"]
    if only is not None:
        files = [file for file in files if file.stamp.path in only]
    else:
        files = [file for file in files if _key(file) not in _tried]
    if not files:
        return
    try:
        language_files.check_available()
        language_files.check(settings["documents.languages"])
    except DocumentError as error:
        on_notice(str(error))
        return
    progress.begin([file.stamp for file in files])
    with closing(ParserPool()) as parsers:
        for file in files:
            yield from _read_picture(
                file, index, settings, progress, parsers=parsers, is_paused=is_paused, on_notice=on_notice
            )
            _tried.add(_key(file))
            index.commit()


def _read_picture(
    file: KnownFile,
    index: LibraryIndex,
    settings: Settings,
    progress: IndexProgress,
    *,
    parsers: ParserPool,
    is_paused: Callable[[], bool],
    on_notice: Callable[[str], None],
) -> Generator[IndexStep, None, None]:
    from qadesk.app.reading.recognize import recognize

    path, what = file.stamp.path, "Recognising pages"
    passages = pages = 0
    yield progress.step(what, path)
    try:
        document = _read(path, settings, parsers)
        if document.scans:
            with closing(recognize(document, settings)) as work:
                for _ in work:
                    if progress.is_due:
                        yield progress.step(what, path)
                    while is_paused():  # the pages that are being read go on
                        time.sleep(_PAUSE)
                        yield progress.step("Paused")
            document = _read(path, settings, parsers)
        if stamp_of(path) == file.stamp:
            passages, pages = index.add_document(file.stamp, file.hash, document), len(document.pages)
    except (DocumentError, OSError) as error:  # its text, if it has some, stays
        on_notice(str(as_document_error(path, error)))
    progress.add(file.stamp, pages, passages)


def _read(path: Path, settings: Settings, parsers: ParserPool) -> Document:
    limit = settings["documents.max_megabytes"] * 1_000_000
    return documents.read(path, max_bytes=limit, scans=scan_store(settings), parsers=parsers)


def _key(file: KnownFile) -> tuple[Path, int]:
    return file.stamp.path, file.stamp.modified_ns
