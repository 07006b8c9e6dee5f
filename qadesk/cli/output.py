"""What the commands share: exit codes, progress on a terminal and in JSON, the problems of a data set."""

from __future__ import annotations

import dataclasses
import json
import sys
import time
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, TypeVar

from qadesk.progress import Progress, rough_duration, run_steps
from qadesk.records import LibraryReading, Reading

if TYPE_CHECKING:
    from qadesk.labels.dataset import Problem

T = TypeVar("T")
DONE, NEGATIVE, FAILED, INTERRUPTED = 0, 1, 2, 130
"""Exit codes: done or answered; no answer, or labels to look at; bad use or input; Ctrl+C."""

_MAX_PROBLEMS = 5  # that are printed: a data set may have thousands
_INTERVAL = 0.5  # seconds between two lines of progress in JSON
_CLEAR_LINE = "\r\x1b[K"


def print_problems(problems: Sequence[Problem]) -> None:
    """Print the first five of ``problems``, a line each, and how many more there are."""
    for problem in problems[:_MAX_PROBLEMS]:
        print(f"{problem.where}: {problem.what}", file=sys.stderr)
    if len(problems) > _MAX_PROBLEMS:
        print(f"... and {len(problems) - _MAX_PROBLEMS:,} more problems.", file=sys.stderr)


def print_not_asked(problems: Sequence[Problem]) -> None:
    """Print the first questions of a data set that could not be asked, by id, and how many more there are."""
    print_problems([dataclasses.replace(problem, where=f"question {problem.where}") for problem in problems])


def show_progress_in_json(work: Generator[Progress, None, T]) -> T:
    """Run ``work`` to its end and return its result; prints progress as JSON lines."""
    last = 0.0

    def show(step: Progress) -> None:
        nonlocal last
        if time.monotonic() - last >= _INTERVAL:
            last = time.monotonic()
            print(json.dumps({"progress": dataclasses.asdict(step)}), flush=True)

    return run_steps(work, show)


def show_progress(work: Generator[Progress | Reading | LibraryReading, None, T], *, at_once: bool = False) -> T:
    """Run ``work`` to its end and return its result; shows a progress line on a terminal.

    The line appears when the time left is known, or ``at_once``.
    """
    is_shown = False

    def show(step: Progress | Reading | LibraryReading) -> None:
        nonlocal is_shown
        progress = step if isinstance(step, Progress) else step.progress
        if sys.stderr.isatty() and (at_once or progress.seconds_left is not None):
            is_shown = True
            print_over(progress_bar(progress))

    result = run_steps(work, show)
    if is_shown:
        print_over("")
    return result


def print_over(text: str) -> None:
    """Print ``text`` in place of the current line of the terminal."""
    print(f"{_CLEAR_LINE}{text}", end="", file=sys.stderr, flush=True)


def progress_bar(progress: Progress) -> str:
    """``progress`` as a line of text."""
    if not progress.total:
        return f"{progress.what}…"
    full = round(30 * progress.fraction)
    time_left = f", {rough_duration(progress.seconds_left)} left" if progress.seconds_left else ""
    return f"{progress.what} [{'#' * full}{'.' * (30 - full)}] {progress.done:,} of {progress.total:,}{time_left}"
