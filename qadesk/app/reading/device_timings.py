"""Timings of the devices, stored as JSON in the setting ``state.devices``.

They are valid while the model, the devices and the number of threads are those of the measurement.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from qadesk.app.phrases import long_date
from qadesk.qa.devices import Device
from qadesk.qa.models import Model
from qadesk.sentences import Sentence, from_json
from qadesk.settings import Settings


@dataclass(frozen=True, slots=True)
class Timing:
    """The speed of one device: ``page`` in seconds for a question to one page, ``speed`` in windows a second.

    ``problem`` says why it could not be measured; then the others are 0.
    """

    device: str
    page: float = 0.0
    speed: float = 0.0
    problem: Sentence | None = None


@dataclass(frozen=True, slots=True)
class DeviceTimings:
    """The timings of ``day``. ``key`` is a hash of the model, the devices and the number of threads (``key_of``)."""

    key: str
    day: date
    timings: tuple[Timing, ...]

    @property
    def fastest(self) -> Timing | None:
        """The device with the highest speed; None where only one was measured, or none worked."""
        best = max(self.timings, key=lambda timing: timing.speed, default=None)
        return best if best and best.speed and len(self.timings) > 1 else None

    @property
    def reason(self) -> str:
        """Why ``fastest`` is chosen: 'fastest when measured on 24 November 2026: 31 parts of a long text a second'."""
        speed = self.fastest.speed if self.fastest else 0.0
        return f"fastest when measured on {long_date(self.day)}: {speed:,.0f} parts of a long text a second"


def key_of(model: Model, devices: Sequence[Device], threads: int) -> str:
    """A short hash that changes with the model's files, the devices and the number of threads."""
    paths = [path for path in (model.onnx, *model.safetensors) if path]
    files = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in paths]
    names = [(device.name, device.title, device.precision, device.backend) for device in devices]
    return hashlib.sha256(repr((files, names, threads)).encode()).hexdigest()[:16]


def load_timings(settings: Settings) -> DeviceTimings | None:
    """The timings that are stored, None if there are none or they cannot be read."""
    try:
        values = json.loads(settings["state.devices"])
        timings = tuple(_timing(row) for row in values["timings"])
        return DeviceTimings(str(values["key"]), date.fromisoformat(values["day"]), timings)
    except (ValueError, TypeError, KeyError):
        return None


def save_timings(settings: Settings, measured: DeviceTimings) -> None:
    """Store ``measured``. Raises ``SettingError`` if it cannot be written."""
    timings = [_row(timing) for timing in measured.timings]
    settings.set("state.devices", json.dumps({"key": measured.key, "day": str(measured.day), "timings": timings}))


def _timing(row: dict[str, Any]) -> Timing:
    problem = None if row["problem"] is None else from_json(row["problem"])
    return Timing(str(row["device"]), float(row["page"]), float(row["speed"]), problem)


def _row(timing: Timing) -> dict[str, Any]:
    return {**dataclasses.asdict(timing), "problem": timing.problem.as_json() if timing.problem else None}
