"""The lock of the index's writer: one process at a time; the system releases it when the process dies."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO

from qadesk.errors import LibraryError

FILE_NAME = "writing.lock"


class WriterLock:
    """Held from its making to ``release``. Raises ``LibraryError`` when another process, or this one, holds it."""

    def __init__(self, folder: Path) -> None:
        try:
            self._file: BinaryIO = (folder / FILE_NAME).open("ab")
        except OSError as error:
            raise LibraryError(
                "The index of the library cannot be written to.", f"Check the permissions of {folder}.", str(error)
            ) from error
        try:
            _take(self._file)
        except OSError as error:
            self._file.close()
            raise LibraryError(
                "Another window or command of QADesk is indexing the library.",
                "Wait until it has finished, or close it, and try again.",
                str(error),
            ) from error

    def release(self) -> None:
        """Let others write. It can be called again."""
        self._file.close()  # which releases the lock


def _take(file: BinaryIO) -> None:
    """Lock ``file``, or raise ``OSError`` at once."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # not lockf, which this process could take twice
