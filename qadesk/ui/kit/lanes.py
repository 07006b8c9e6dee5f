"""A lane: one thread that does tasks in the order of their priority, and of their arrival within it.

A task is done in steps. Between two steps it gives way to a task of a higher priority and goes on after that, on the
same thread: a generator that it drives stays as it is meanwhile.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from enum import IntEnum
from typing import Protocol


class Priority(IntEnum):
    """The lower the number, the sooner."""

    USER = 0  # the user waits for the result
    BACKGROUND = 1  # gives way to what the user waits for


class Task(Protocol):
    """What a lane does."""

    @property
    def priority(self) -> Priority:
        """Which tasks go before this one."""

    def step(self) -> bool:
        """Work up to the next place to give way. Gives whether there is more to do; raises nothing."""


class Lane:
    """Runs tasks on a thread of its own, which starts with the first one. It does not keep the process alive."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._thread: threading.Thread | None = None
        self._changed = threading.Condition()
        self._queue: list[tuple[Priority, int, Task]] = []  # a heap
        self._numbers = itertools.count()
        self._is_closed = False

    def put(self, task: Task) -> None:
        """Do ``task`` after those of its priority that were there before. Not after ``close``."""
        with self._changed:
            assert not self._is_closed
            heapq.heappush(self._queue, (task.priority, next(self._numbers), task))
            self._changed.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Take no more tasks; the thread ends after those that are there. ``join`` waits for that."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()

    def join(self) -> None:
        """Wait until the thread has ended, after ``close``."""
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while self._do_next():
            pass

    def _do_next(self) -> bool:
        """Do the first task, until it ends or gives way. Gives whether there can be more."""
        entry = self._next()
        if entry is None:
            return False
        priority, number, task = entry
        while task.step():
            if self._has_before(priority):
                with self._changed:
                    heapq.heappush(self._queue, (priority, number, task))  # its number: it is the first to go on
                break
        return True

    def _next(self) -> tuple[Priority, int, Task] | None:
        with self._changed:
            while not self._queue:
                if self._is_closed:
                    return None
                self._changed.wait()
            return heapq.heappop(self._queue)

    def _has_before(self, priority: Priority) -> bool:
        with self._changed:
            return bool(self._queue) and self._queue[0][0] < priority
