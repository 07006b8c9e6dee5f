"""The events of a training run as JSON: in the messages of its child process, and in its log."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

from qadesk import sentences
from qadesk.progress import Progress
from qadesk.train.events import Evaluated, Noted, Saved, Stepped


@dataclass(frozen=True, slots=True)
class Phase:
    """What the run does now: ``done`` of ``total`` steps of ``what``; the total is 0 if it is not known.

    ``what`` is 'Preparing', 'Baseline', 'Training', 'Checking' (for forgetting), 'Exporting', 'Quantising' or
    'Comparing'; or 'Paused'.
    """

    what: str
    done: int = 0
    total: int = 0
    seconds_left: float | None = None


class ProbeResult(TypedDict):
    """What the child measures before a run: the time and memory that the run takes; its device and why that one."""

    seconds: float
    memory_bytes: int
    device: str
    reason: str


RunEvent = Stepped | Evaluated | Saved | Noted | Phase
_NUMBER = int | float | None  # only seconds_left is None
_KINDS: Mapping[str, type[RunEvent]] = {kind.__name__: kind for kind in (Stepped, Evaluated, Saved, Noted, Phase)}


def as_phase(progress: Progress, what: str = "") -> Phase:
    """``progress`` as an event; ``what`` replaces its name if given."""
    return Phase(what or progress.what, progress.done, progress.total, progress.seconds_left)


def event_as_json(event: RunEvent) -> dict[str, Any]:
    """``event`` with the name of its type, as JSON."""
    values = dataclasses.asdict(event)
    if isinstance(event, Saved):
        values["path"] = str(event.path)
    elif isinstance(event, Noted):
        values = {"text": event.sentence.as_json()}
    return {"event": type(event).__name__, **values}


def event_from_json(row: Mapping[str, Any]) -> RunEvent:
    """The event that ``event_as_json`` made ``row`` of, or an older version: there a note's text is plain English.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` for anything else.
    """
    values = {name: value for name, value in row.items() if name != "event"}
    if row["event"] == "Saved":
        values["path"] = Path(values["path"])
    elif row["event"] == "Noted":
        return Noted(sentences.from_json(values["text"]))
    event = _KINDS[row["event"]](**values)
    if isinstance(event, Stepped | Evaluated) and not all(isinstance(value, _NUMBER) for value in values.values()):
        raise TypeError(f"not the numbers of a step: {row!r:.80}")
    return event
