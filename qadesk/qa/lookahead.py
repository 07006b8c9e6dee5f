"""Work of several threads in order: the next parts are begun before a result is taken, or not."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, wait
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def ahead(futures: Iterator[Future[T]], workers: int) -> Iterator[T]:
    """The results in order; the futures of the next ``workers`` are made before a result is waited for."""
    waiting: deque[Future[T]] = deque()
    try:
        for future in futures:
            waiting.append(future)
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def in_rounds(futures: Iterator[Future[T]], workers: int) -> Iterator[T]:
    """The results in order; ``workers`` futures are made at once, and none is unfinished when a result is given."""
    while futures_of_round := [*islice(futures, workers)]:
        wait(futures_of_round)
        yield from (future.result() for future in futures_of_round)
