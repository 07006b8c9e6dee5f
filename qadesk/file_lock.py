"""Locks of files among processes: one holds a lock at a time; the system releases it when the process dies."""

from __future__ import annotations

import sys
from typing import BinaryIO


def lock_file(file: BinaryIO) -> None:
    """Lock the open ``file``, which closing it releases. Raises ``OSError`` at once where it is locked already."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # not lockf, which this process could take twice
