"""The peak memory of this process while something runs."""

from __future__ import annotations

import gc
import os
import threading
from pathlib import Path
from types import TracebackType

_SAMPLE_SECONDS = 0.005


def resident() -> int:
    """The resident memory of this process in bytes. Without psutil only on Linux."""
    try:
        import psutil
    except ImportError:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return int(psutil.Process().memory_info().rss)


class Peak:
    """``with Peak() as peak: ...``; then ``peak.above`` is the peak memory in bytes, less that before.

    Linux has a peak of each process (VmHWM) that can be reset: exact. Elsewhere a thread samples every few
    milliseconds. (``ru_maxrss`` cannot be reset and starts from the parent process's memory.)
    """

    def __init__(self) -> None:
        self.before = self.highest = 0
        self._done = threading.Event()
        self._watcher: threading.Thread | None = None

    @property
    def above(self) -> int:
        """Bytes at the peak, less those before."""
        return max(0, self.highest - self.before)

    def __enter__(self) -> Peak:
        gc.collect()
        self.before = self.highest = resident()
        if not _reset_mark():
            self._watcher = threading.Thread(target=self._watch, daemon=True)
            self._watcher.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._watcher is None:
            self.highest = _mark()
        else:
            self._done.set()
            self._watcher.join()

    def _watch(self) -> None:
        while not self._done.wait(_SAMPLE_SECONDS):
            self.highest = max(self.highest, resident())


def _reset_mark() -> bool:
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return False
    return True


def _mark() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
