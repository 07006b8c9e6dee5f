"""The memory of this process: the most that it had, and how it gives back what it does not need any more."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

_MMAP_THRESHOLD, _ARENA_MAX = -3, -8  # parameters of glibc's mallopt
_LARGE = 256 * 1024  # bytes


def peak_memory() -> int:
    """The most bytes of memory that this process has had at once; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0
    if sys.platform == "linux":  # where ``ru_maxrss`` begins with that of the process that started this one
        with suppress(OSError):
            lines = Path("/proc/self/status").read_text(encoding="utf-8", errors="replace").splitlines()
            return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def share_free_memory() -> None:
    """Have all threads take memory from one place, and give large pieces back to the system when they are free.

    By itself glibc has a place for each thread and keeps what was freed there: some 200 MB where threads hand texts to
    one another. To be called before other threads are started; without effect on other systems.
    """
    if sys.platform != "linux":
        return
    import ctypes

    with suppress(OSError, AttributeError):  # not glibc
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_ARENA_MAX, 1)
        mallopt(_MMAP_THRESHOLD, _LARGE)
