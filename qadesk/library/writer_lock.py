"""The lock of the index's writer: one process at a time; the system releases it when the process dies."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from qadesk.errors import LibraryError
from qadesk.file_lock import lock_file

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
            lock_file(self._file)
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
