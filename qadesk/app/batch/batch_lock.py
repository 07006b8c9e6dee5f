"""The lock of a batch job's folder: one process at a time has its chunks answered; it ends with that process."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from qadesk.app.batch.job_folder import not_written
from qadesk.errors import DataError
from qadesk.file_lock import lock_file

FILE_NAME = "working.lock"


class BatchLock:
    """Held from its making to ``close``. Raises ``DataError`` while another holds it."""

    def __init__(self, folder: Path) -> None:
        try:
            self._file: BinaryIO = (folder / FILE_NAME).open("ab")
        except OSError as error:
            raise not_written(folder, error) from error
        try:
            lock_file(self._file)
        except OSError as error:
            self._file.close()
            raise DataError(
                f"Another process works on the batch job in '{folder.name}'.",
                "Wait until it has finished, or name another output.",
                str(error),
            ) from error

    def close(self) -> None:
        """Let others work on the job."""
        self._file.close()  # which releases the lock
