"""The log of a training run: a line of JSON for each event but phases, with the seconds since its process began."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from qadesk.app.training.run_events import Phase, RunEvent, from_json, to_json
from qadesk.train.events import Evaluated, Stepped

LOG = "log.jsonl"


class Log:
    """Writes the log of ``run``, where it goes on if there is one. Raises ``OSError`` where the disk is full."""

    def __init__(self, run: Path) -> None:
        self._began = time.monotonic()
        self._path = run / LOG
        _mend(self._path)
        self._file: TextIO = self._path.open("a", encoding="utf-8")

    def __enter__(self) -> Log:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def write(self, event: RunEvent) -> None:
        """Add ``event``. What is written survives the end of this process."""
        if not isinstance(event, Phase):
            self._file.write(json.dumps({"at": round(time.monotonic() - self._began, 3), **to_json(event)}) + "\n")
            self._file.flush()


def _mend(path: Path) -> None:
    """End a line that was cut short, so that the next begins on its own."""
    if path.is_file() and not path.read_bytes().endswith(b"\n"):
        with path.open("a", encoding="utf-8") as file:
            file.write("\n")


def history(run: Path) -> list[RunEvent]:
    """What the run in the folder ``run`` told so far, without the steps that were lost and made again."""
    kept: list[RunEvent] = []
    earliest: dict[type[RunEvent], int] = {}  # step of each kind among the events that came later
    for row in reversed(list(_rows(run))):
        event = from_json({name: value for name, value in row.items() if name != "at"})
        if isinstance(event, Stepped | Evaluated):
            if event.step >= earliest.get(type(event), event.step + 1):
                continue
            earliest[type(event)] = event.step
        kept.append(event)
    return kept[::-1]


def seconds(run: Path) -> float:
    """How long the run worked in the processes before this one, up to the last event of each."""
    total = last = 0.0
    for row in _rows(run):
        if row["at"] < last:  # another process began
            total += last
        last = row["at"]
    return total + last


def _rows(run: Path) -> Iterator[dict[str, Any]]:
    """The lines of the log that are whole."""
    path = run / LOG
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
        except ValueError:  # cut short when the process was killed
            continue
        if isinstance(row, dict):
            yield row
