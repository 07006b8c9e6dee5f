"""Reads files for the index: their hashes first, then, of those whose content is new, their documents.

Files are read by threads and parsed by child processes, two at once; whoever asks gets what was read in one place.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import NamedTuple

from qadesk import documents
from qadesk.app.documents import scan_store
from qadesk.documents.open_file import open_file, quoted_name
from qadesk.documents.parser_pool import ParserPool
from qadesk.errors import Cancelled, DocumentError
from qadesk.library.index import FileStamp
from qadesk.records import Document
from qadesk.settings import Settings

_PARSERS = 2
_PIECE = 1 << 20  # bytes
_POLL = 0.1  # seconds


class ReadFile(NamedTuple):
    """What came of a file: its stamp from before it was read; its hash, b'' if it could not be opened.

    Neither ``document`` nor ``error``: it was hashed, and can be parsed. ``stamp_after`` is from when this is taken.
    """

    stamp: FileStamp
    hash: bytes
    document: Document | None = None
    error: DocumentError | None = None
    stamp_after: FileStamp | None = None


class FileReading:
    """Threads that read files. ``close`` ends them, and their child processes, and drops what is not read yet."""

    def __init__(self, settings: Settings) -> None:
        self._max_bytes = settings["documents.max_megabytes"] * 1_000_000
        self._scans = scan_store(settings)
        self._parsers = ParserPool()
        self._is_closed = threading.Event()
        self._hashers = ThreadPoolExecutor(1)
        self._readers = ThreadPoolExecutor(_PARSERS)
        self._hashing: set[Future[ReadFile]] = set()
        self._parsing: set[Future[ReadFile]] = set()

    @property
    def is_busy(self) -> bool:
        """Whether a file is being read."""
        return bool(self._hashing or self._parsing)

    @property
    def has_room(self) -> bool:
        """Whether another file should be given, so that no thread waits for one."""
        return len(self._hashing) < 2 and len(self._parsing) <= _PARSERS

    def hash(self, stamp: FileStamp) -> None:
        """Hash the content of a file."""
        self._hashing.add(self._hashers.submit(self._hash, stamp.path))

    def parse(self, stamp: FileStamp, hash_: bytes) -> None:
        """Parse a file, after its hash is known."""
        self._parsing.add(self._readers.submit(self._parse, stamp, hash_))

    def results(self) -> Iterator[ReadFile]:
        """What is done by now; waits for a moment where nothing is."""
        done, _ = wait(self._hashing | self._parsing, _POLL, FIRST_COMPLETED)
        self._hashing -= done
        self._parsing -= done
        for future in done:
            result = future.result()
            yield result._replace(stamp_after=stamp_of(result.stamp.path))

    def close(self) -> None:
        """End the threads and the child processes."""
        self._is_closed.set()
        try:
            for executor in (self._hashers, self._readers):
                executor.shutdown(cancel_futures=True)
        finally:  # Ctrl+C ends the waiting
            self._parsers.close()

    def _hash(self, path: Path) -> ReadFile:
        stamp = stamp_of(path) or FileStamp(path, 0, 0)
        digest = hashlib.blake2b(digest_size=16)
        try:
            with open_file(path, self._max_bytes) as file:
                while (piece := file.read(_PIECE)) and not self._is_closed.is_set():
                    digest.update(piece)
        except (DocumentError, OSError) as error:
            return ReadFile(stamp, b"", error=as_document_error(path, error))
        return ReadFile(stamp, digest.digest())

    def _parse(self, stamp: FileStamp, hash_: bytes) -> ReadFile:
        try:
            document = documents.read(
                stamp.path,
                max_bytes=self._max_bytes,
                cancelled=self._is_closed.is_set,
                scans=self._scans,
                parsers=self._parsers,
            )
        except (DocumentError, OSError) as error:
            return ReadFile(stamp, hash_, error=as_document_error(stamp.path, error))
        except Cancelled:  # nobody asks for it any more
            return ReadFile(stamp, hash_)
        return ReadFile(stamp, hash_, document)


def stamp_of(path: Path) -> FileStamp | None:
    """What the system says of the file ``path`` now; None if it is not there or not to be seen."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return FileStamp(path, status.st_size, status.st_mtime_ns)


def as_document_error(path: Path, error: DocumentError | OSError) -> DocumentError:
    """``error`` itself, or one that says that the disk could not be read."""
    if isinstance(error, DocumentError):
        return error
    wrapped = DocumentError(
        f"{quoted_name(path)} could not be read from the disk.",
        "Check that the disk or network drive is there.",
        str(error),
    )
    wrapped.__cause__ = error
    return wrapped
