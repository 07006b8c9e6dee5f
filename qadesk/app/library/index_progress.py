"""How far indexing is: counters that move, rates over the last seconds, and the time that is left."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from qadesk.library.index import FileStamp
from qadesk.progress import Progress
from qadesk.records import IndexStep, LibraryCounts

_STEP = 0.2  # seconds between two steps
_COUNTED = 0.5  # seconds between two counts of all files, which read the whole table of them
_MEAN = 10.0  # seconds
_FILE = 20_000  # bytes: what a file costs beside its size


class IndexProgress:
    """Makes the steps of one update. ``counts`` counts the files in the index."""

    def __init__(self, counts: Callable[[], LibraryCounts]) -> None:
        self._count_files = counts
        self._counts = counts()
        self._counted = time.monotonic()
        self._shown = 0.0
        self._total = self._done = 0
        self._weight = self._weight_done = 0
        self._began = time.monotonic()
        self._history: deque[tuple[float, int, int]] = deque([(self._began, 0, 0)])
        self._pages = self._passages = 0

    def begin(self, stamps: Sequence[FileStamp]) -> None:
        """``stamps`` are to be read."""
        self._total, self._done = len(stamps), 0
        self._weight, self._weight_done = sum(stamp.size + _FILE for stamp in stamps), 0
        self._began = time.monotonic()
        self._counts = self._count_files()

    def add(self, stamp: FileStamp, pages: int = 0, passages: int = 0) -> None:
        """A file is done, which gave so many pages and passages."""
        self._done += 1
        self._weight_done += stamp.size + _FILE
        self._pages += pages
        self._passages += passages

    @property
    def is_due(self) -> bool:
        """Whether the last step was a while ago."""
        return time.monotonic() - self._shown >= _STEP

    def step(self, what: str, current: Path | None = None, *, files: int | None = None) -> IndexStep:
        """Where the work is now: ``files`` of an unknown number were seen, or those to read."""
        now = self._shown = time.monotonic()
        is_last = files is None and self._done == self._total
        if now - self._counted >= _COUNTED or is_last:
            self._counts, self._counted = self._count_files(), time.monotonic()
        if files is not None:
            return IndexStep(Progress(what, files, 0), current, self._counts)
        pages, passages = self._rates(now)
        return IndexStep(
            Progress(what, self._done, self._total, self._seconds_left(now)), current, self._counts, pages, passages
        )

    def pause(self, seconds: float) -> None:
        """So long nothing was done."""
        self._began += seconds

    def _seconds_left(self, now: float) -> float | None:
        elapsed = now - self._began
        if not self._done or elapsed < 0.5:
            return None
        return elapsed / self._weight_done * max(0, self._weight - self._weight_done)

    def _rates(self, now: float) -> tuple[float, float]:
        """Pages and passages a second."""
        self._history.append((now, self._pages, self._passages))
        while len(self._history) > 2 and now - self._history[0][0] > _MEAN:
            self._history.popleft()
        then, pages, passages = self._history[0]
        seconds = max(now - then, 0.1)
        return (self._pages - pages) / seconds, (self._passages - passages) / seconds
