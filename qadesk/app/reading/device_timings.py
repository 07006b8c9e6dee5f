"""How fast each device was when it was measured: remembered while the model, the devices and the threads are the same.

Stored as JSON in the setting ``state.devices``.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qadesk.qa.devices import Device
from qadesk.qa.models import Model
from qadesk.settings import Settings

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Timing:
    """One device: ``page`` in seconds for a question to one page, ``speed`` in windows a second of a long text.

    ``problem`` says why it could not be measured; then the others are 0.
    """

    device: str
    page: float = 0.0
    speed: float = 0.0
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured on ``day``. ``key`` stands for the model, the devices and the threads of then."""

    key: str
    day: date
    timings: tuple[Timing, ...]

    @property
    def fastest(self) -> Timing | None:
        """The device with the highest speed; None where there was no choice, or none worked."""
        best = max(self.timings, key=lambda timing: timing.speed, default=None)
        return best if best and best.speed and len(self.timings) > 1 else None

    @property
    def reason(self) -> str:
        """Why ``fastest`` is taken: 'fastest when measured on 24 November 2026: 31 windows a second'."""
        speed = self.fastest.speed if self.fastest else 0.0
        return f"fastest when measured on {in_words(self.day)}: {speed:,.0f} windows a second"


def key_of(model: Model, devices: Sequence[Device], threads: int) -> str:
    """What a measurement holds for, as a short text that changes with any of it."""
    paths = [path for path in (model.onnx, *model.safetensors) if path]
    files = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in paths]
    names = [(device.name, device.title, device.precision, device.backend) for device in devices]
    return hashlib.sha256(repr((files, names, threads)).encode()).hexdigest()[:16]


def recall(settings: Settings) -> Measured | None:
    """What was measured last, None if nothing was or it cannot be read."""
    try:
        found = json.loads(settings["state.devices"])
        timings = tuple(
            Timing(str(each["device"]), float(each["page"]), float(each["speed"]), each["problem"])
            for each in found["timings"]
        )
        return Measured(str(found["key"]), date.fromisoformat(found["day"]), timings)
    except (ValueError, TypeError, KeyError):
        return None


def remember(settings: Settings, measured: Measured) -> None:
    """Keep ``measured``. Raises ``SettingError`` if it cannot be written."""
    timings = [dataclasses.asdict(timing) for timing in measured.timings]
    settings.set("state.devices", json.dumps({"key": measured.key, "day": str(measured.day), "timings": timings}))


def in_words(day: date) -> str:
    """A day as '24 November 2026', whatever the system's language."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
