"""What the child process that indexes tells its parent, as JSON, and back."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from qadesk.errors import QadeskError
from qadesk.progress import Progress
from qadesk.records import IndexStep, LibraryCounts

Message = dict[str, Any]


def step_message(step: IndexStep) -> Message:
    """A step of indexing."""
    current = None if step.current is None else str(step.current)
    return {"step": {**dataclasses.asdict(step), "current": current}}


def done_message(counts: LibraryCounts) -> Message:
    """The counts after an update."""
    return {"done": dataclasses.asdict(counts)}


def error_message(error: QadeskError) -> Message:
    """An error that ended the work."""
    return {"error": {"message": error.message, "hint": error.hint, "detail": error.detail}}


def step_from(message: Message) -> IndexStep:
    """The step in the message of ``step_message``."""
    step = dict(message["step"])
    current = step.pop("current")
    progress, counts = Progress(**step.pop("progress")), LibraryCounts(**step.pop("counts"))
    return IndexStep(progress, None if current is None else Path(current), counts, **step)


def counts_from(message: Message) -> LibraryCounts:
    """The counts in the message of ``done_message``."""
    return LibraryCounts(**message["done"])
