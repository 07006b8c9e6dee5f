"""Generators that yield progress and return a result."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from qadesk.progress import finish, map_steps, megabytes, run_steps


def work(log: list[str]) -> Generator[int, None, str]:
    try:
        yield 1
        yield 2
    finally:
        log.append("closed")
    return "result"


def test_run_steps_acts_on_each_step_and_returns_the_result() -> None:
    steps: list[int] = []
    assert run_steps(work([]), steps.append) == "result"
    assert steps == [1, 2]
    assert finish(work([])) == "result"


def test_map_steps_changes_the_steps_and_keeps_the_result() -> None:
    steps: list[str] = []
    assert run_steps(map_steps(work([]), str), steps.append) == "result"
    assert steps == ["1", "2"]


def test_closing_mapped_steps_closes_the_work() -> None:
    log: list[str] = []
    mapped = map_steps(work(log), str)
    next(mapped)
    mapped.close()
    assert log == ["closed"]


def test_an_error_of_the_work_is_passed_on() -> None:
    def failing() -> Generator[int, None, None]:
        yield 1
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        finish(map_steps(failing(), str))


def test_sizes_have_three_digits_and_never_none() -> None:
    sizes = (0, 1_500, 8_388_608, 45_144_116, 999_400_000, 1_340_000_000)
    assert [megabytes(size) for size in sizes] == ["0 kB", "1.5 kB", "8.39 MB", "45.1 MB", "999 MB", "1.34 GB"]
