"""The log of a training run: each event but phases as a line of JSON, with the seconds since its process started."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from qadesk.app.training.run_events import Phase, RunEvent, event_as_json, event_from_json
from qadesk.train.events import Evaluated, Stepped

LOG = "log.jsonl"


class RunLog:
    """Appends to the log in the folder ``run``. Raises ``OSError`` if the disk is full."""

    def __init__(self, run: Path) -> None:
        self._started = time.monotonic()
        self._path = run / LOG
        _end_last_line(self._path)
        self._file: TextIO = self._path.open("a", encoding="utf-8")

    def __enter__(self) -> RunLog:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def write(self, event: RunEvent) -> None:
        """Append ``event``, unless it is a phase. It is not lost if this process is killed."""
        if not isinstance(event, Phase):
            seconds = round(time.monotonic() - self._started, 3)
            self._file.write(json.dumps({"at": seconds, **event_as_json(event)}) + "\n")
            self._file.flush()


def _end_last_line(path: Path) -> None:
    """Add the line feed that a killed process did not write."""
    if path.is_file() and not path.read_bytes().endswith(b"\n"):
        with path.open("a", encoding="utf-8") as file:
            file.write("\n")


def read_events(run: Path) -> list[RunEvent]:
    """The events of the run in the folder ``run`` so far. Of steps that were repeated only the last is there.

    Rows that are damaged, or of events that only another version knows, are left out.
    """
    events: list[RunEvent] = []
    earliest: dict[type[RunEvent], int] = {}  # by type: the lowest step among the later events
    for row in reversed(list(_rows(run))):
        event = _event(row)
        if event is None:
            continue
        if isinstance(event, Stepped | Evaluated):
            if event.step >= earliest.get(type(event), event.step + 1):
                continue
            earliest[type(event)] = event.step
        events.append(event)
    return events[::-1]


def elapsed_seconds(run: Path) -> float:
    """The time that earlier processes worked on the run: the sum of the times of their last events."""
    total = last = 0.0
    for row in _rows(run):
        at = row.get("at")
        if not isinstance(at, int | float):  # damaged
            continue
        if at < last:  # the first event of another process
            total += last
        last = at
    return total + last


def _event(row: dict[str, Any]) -> RunEvent | None:
    """The event of a row, None for a row that is none."""
    try:
        return event_from_json({name: value for name, value in row.items() if name != "at"})
    except (KeyError, TypeError, ValueError):
        return None


def _rows(run: Path) -> Iterator[dict[str, Any]]:
    """The complete lines of the log."""
    path = run / LOG
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):  # incomplete: the process was killed; or damaged
            continue
        if isinstance(row, dict):
            yield row
