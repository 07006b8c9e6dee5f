"""Lists the devices that can run the model on this computer, with the one that is chosen and why; times them."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

from qadesk import paths
from qadesk.app.phrases import long_date
from qadesk.app.reading.device_timings import DeviceTimings, Timing, key_of, load_timings
from qadesk.app.reading.load import find_model, load_reader
from qadesk.errors import DeviceError, ModelError, QadeskError
from qadesk.progress import Progress, finish
from qadesk.qa import devices
from qadesk.qa.devices import HERE, Computer, Device
from qadesk.qa.engine import Reader
from qadesk.qa.models import Model
from qadesk.qa.torch_backend import free_memory
from qadesk.records import Answers
from qadesk.sentences import Sentence
from qadesk.settings import Settings

_PAGE = 1500  # characters: about 250 words
_COPIES = 40  # of the sample document in the long text: about 100 windows
_PAGES_READ = 9
_STEPS = 3  # of progress for a device: load it, read pages, read the long text


@dataclass(frozen=True, slots=True)
class ListedDevice:
    """A device with its last timing. ``reason`` says why it is the one that the settings choose, '' for the others."""

    device: Device
    timing: Timing | None
    reason: str

    @property
    def lines(self) -> list[str]:
        """What is shown: the title; the hardware; the speed; a problem; the reason for the choice. No precision."""
        device, timing = self.device, self.timing
        size = f"{device.memory:.0f} GB" if device.memory else ""
        lines = [device.title, " · ".join(part for part in (device.note, size) if part)]
        if timing and timing.problem:
            lines.append(f"Could not be measured: {timing.problem.text}")
        elif timing:
            page = f"One page in {timing.page * 1000:,.0f} ms"
            lines.append(f"{page} · {timing.speed:,.1f} parts of a long text a second")
        if device.problem:
            lines.append(f"Cannot be used: {device.problem.text}.")
        if self.reason:
            lines.append(f"In use: {self.reason}.")
        return [line for line in lines if line]


@dataclass(frozen=True, slots=True)
class Listing:
    """The devices, the processor first. ``problem`` says why the device in the settings cannot be used, or is None."""

    devices: tuple[ListedDevice, ...]
    measured: date | None
    problem: str | None

    @property
    def when(self) -> str:
        """A sentence with the day of the measurement."""
        return f"Measured on {long_date(self.measured)}." if self.measured else "Not measured yet."


def list_devices(settings: Settings, computer: Computer = HERE) -> Listing:
    """The devices of this computer for the model in the settings. May import torch. Raises ``ModelError``."""
    model = find_model(settings["model.folder"])
    all_devices = devices.listed(model, computer)
    measured = load_timings(settings)
    if measured and measured.key != key_of(model, all_devices, settings["model.threads"]):
        measured = None
    timings = {timing.device: timing for timing in measured.timings} if measured else {}
    problem, name, reason = None, "", ""
    try:
        name, reason = _choose(settings["model.device"], model, measured, computer)
    except (DeviceError, ModelError) as error:
        problem = str(error)
    rows = [
        ListedDevice(device, timings.get(device.name), reason if device.name == name else "") for device in all_devices
    ]
    return Listing(tuple(rows), measured.day if measured else None, problem)


def _choose(setting: str, model: Model, measured: DeviceTimings | None, computer: Computer) -> tuple[str, str]:
    """The name of the device that ``setting`` (``model.device``) chooses, and why."""
    if setting == "auto" and measured and measured.fastest:
        return measured.fastest.device, measured.reason
    choice = devices.choose(setting, model, computer=computer)
    return choice.device, choice.reason if setting == "auto" else f"chosen in the settings; {choice.reason}"


def time_devices(
    settings: Settings, *, seconds: float = 6.0, computer: Computer = HERE
) -> Generator[Progress, None, DeviceTimings]:
    """Time each usable device with the settings' model on the sample document, for about ``seconds`` each at most.

    Yields progress, returns the timings; ``device_timings.save_timings`` stores them. The timing of a device that fails
    holds its problem. Closing the generator cancels. Raises ``ModelError``.
    """
    model, threads = find_model(settings["model.folder"]), settings["model.threads"]
    all_devices = devices.listed(model, computer)
    usable = [device for device in all_devices if not device.problem]
    timings = []
    for number, device in enumerate(usable):
        began = time.monotonic()
        steps = _time(model.folder, device, threads, seconds)
        try:
            while True:
                left = seconds * (len(usable) - number) - (time.monotonic() - began)
                done = _STEPS * number + next(steps)
                yield Progress(f"Measuring {device.title}:", done, _STEPS * len(usable), max(1.0, left))
        except StopIteration as end:
            timings.append(end.value)
        except QadeskError as error:
            timings.append(Timing(device.name, problem=error.sentence))
        free_memory()
    return DeviceTimings(key_of(model, all_devices, threads), date.today(), tuple(timings))


def _time(folder: Path, device: Device, threads: int, seconds: float) -> Generator[int, None, Timing]:
    """Load, warm up and time one device. Yields the number of steps done, after each batch."""
    yield 0
    reader = load_reader(folder, device=device.name, threads=threads)
    text = paths.sample_path().read_text(encoding="utf-8")
    page, book = text[:_PAGE], "\n\n".join([text] * _COPIES)
    question = paths.sample_questions_path().read_text(encoding="utf-8").splitlines()[0]
    finish(reader.answer(question, page))
    yield 1
    pages: list[float] = []
    while len(pages) < _PAGES_READ and sum(pages) < seconds / 3:
        _, duration = yield from _read(reader, question, page, seconds, 1)
        pages.append(duration)
    yield from _read(reader, question, book, seconds / 6, 2)  # warm-up: tokenizes the text, sizes the batches
    speeds = []
    for _ in range(2):
        count, duration = yield from _read(reader, question, book, seconds / 2, 2)
        speeds.append(count / duration)
    return Timing(device.name, median(pages), max(speeds))


def _read(
    reader: Reader, question: str, text: str, seconds: float, step: int
) -> Generator[int, None, tuple[int, float]]:
    """Read for about ``seconds``. Yields ``step``; returns the number of windows, 1 or more, and the seconds they took.

    Raises ``DeviceError`` where the device failed and the processor took its place.
    """
    device = reader.choice.device
    work = reader.answer(question, text)
    answers: Answers | None = None
    duration = 0.0
    while duration < seconds or not (answers and answers.read):
        began = time.perf_counter()
        try:
            answers = next(work).answers
        except StopIteration as end:
            answers = end.value
            break
        finally:
            duration += time.perf_counter() - began
        yield step
    work.close()
    if answers and answers.notice:
        raise DeviceError(Sentence("device.replaced", {"device": device}))
    return answers.read if answers else 0, duration
