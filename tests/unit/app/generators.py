"""Runs a generator to its end for a test."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

S = TypeVar("S")
T = TypeVar("T")


def drive(work: Generator[S, None, T]) -> tuple[list[S], T]:
    """What ``work`` yields, and what it returns."""
    steps = []
    while True:
        try:
            steps.append(next(work))
        except StopIteration as end:
            result: T = end.value
            return steps, result
