"""List what can run the model here, say which is taken and why, and measure which is the fastest."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

from qadesk import paths
from qadesk.app.reading.device_timings import Measured, Timing, in_words, key_of, recall
from qadesk.app.reading.load import find_model, load_reader
from qadesk.errors import DeviceError, ModelError, QadeskError
from qadesk.progress import Progress, finish
from qadesk.qa import devices
from qadesk.qa.devices import HERE, Computer, Device
from qadesk.qa.engine import Reader
from qadesk.qa.models import Model
from qadesk.qa.torch_backend import free_memory
from qadesk.records import Answers
from qadesk.settings import Settings

_PAGE = 1500  # characters: about 250 words
_COPIES = 40  # of the sample document: about 100 windows
_PAGES_READ = 9
_STEPS = 3  # of a device: to load it, to read pages, to read the long text


@dataclass(frozen=True, slots=True)
class ListedDevice:
    """A device, how fast it was when it was last measured, and ``reason``: why the settings take it, or ''."""

    device: Device
    timing: Timing | None
    reason: str

    @property
    def lines(self) -> list[str]:
        """In words: the title; what it is made of and how it runs the model; its speed; whether it is taken and why."""
        device, timing = self.device, self.timing
        size = f"{device.memory:.0f} GB" if device.memory else ""
        lines = [device.title, " · ".join(part for part in (device.note, size, device.precision) if part)]
        if timing and timing.problem:
            lines.append(f"Could not be measured: {timing.problem}")
        elif timing:
            lines.append(f"One page in {timing.page * 1000:,.0f} ms · {timing.speed:,.1f} windows a second")
        if device.problem:
            lines.append(f"Cannot be used: {device.problem}.")
        if self.reason:
            lines.append(f"Taken: {self.reason}.")
        return [line for line in lines if line]


@dataclass(frozen=True, slots=True)
class Listing:
    """The devices, the processor first; when they were measured; and why the one in the settings cannot be taken."""

    devices: tuple[ListedDevice, ...]
    measured: date | None
    problem: str | None

    @property
    def when(self) -> str:
        """When they were measured, in a sentence."""
        return f"Measured on {in_words(self.measured)}." if self.measured else "Not measured yet."


def list_devices(settings: Settings, computer: Computer = HERE) -> Listing:
    """What is there for the model that the settings name. May import torch. Raises ``ModelError``."""
    model = find_model(settings["model.folder"])
    found = devices.listed(model, computer)
    measured = recall(settings)
    if measured and measured.key != key_of(model, found, settings["model.threads"]):
        measured = None
    timings = {timing.device: timing for timing in measured.timings} if measured else {}
    problem, taken, reason = None, "", ""
    try:
        taken, reason = _taken(settings["model.device"], model, measured, computer)
    except (DeviceError, ModelError) as error:
        problem = str(error)
    rows = [ListedDevice(each, timings.get(each.name), reason if each.name == taken else "") for each in found]
    return Listing(tuple(rows), measured.day if measured else None, problem)


def _taken(wanted: str, model: Model, measured: Measured | None, computer: Computer) -> tuple[str, str]:
    """The name of the device that the settings take, and why."""
    if wanted == "auto" and measured and measured.fastest:
        return measured.fastest.device, measured.reason
    choice = devices.choose(wanted, model, computer=computer)
    return choice.device, choice.reason if wanted == "auto" else f"chosen in the settings; {choice.reason}"


def measure(
    settings: Settings, *, seconds: float = 6.0, computer: Computer = HERE
) -> Generator[Progress, None, Measured]:
    """Time each usable device with the settings' model on the sample document, for about ``seconds`` each at most.

    Yields progress, returns the timings; ``fastest.remember`` keeps them. A device that fails is timed with its
    problem. Closing the generator stops. Raises ``ModelError``.
    """
    model, threads = find_model(settings["model.folder"]), settings["model.threads"]
    found = devices.listed(model, computer)
    usable = [device for device in found if not device.problem]
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
            timings.append(Timing(device.name, problem=error.message))
        free_memory()
    return Measured(key_of(model, found, threads), date.today(), tuple(timings))


def _time(folder: Path, device: Device, threads: int, seconds: float) -> Generator[int, None, Timing]:
    """Load, warm up and time one device. Yields the number of steps that are done, often."""
    yield 0
    reader = load_reader(folder, device=device.name, threads=threads)
    text = paths.sample_path().read_text(encoding="utf-8")
    page, book = text[:_PAGE], "\n\n".join([text] * _COPIES)
    question = paths.sample_questions_path().read_text(encoding="utf-8").splitlines()[0]
    finish(reader.answer(question, page))
    yield 1
    pages: list[float] = []
    while len(pages) < _PAGES_READ and sum(pages) < seconds / 3:
        _, spent = yield from _read(reader, question, page, seconds, 1)
        pages.append(spent)
    yield from _read(reader, question, book, seconds / 6, 2)  # its tokens are made, and large batches are warm
    speeds = []
    for _ in range(2):
        read, spent = yield from _read(reader, question, book, seconds / 2, 2)
        speeds.append(read / spent)
    return Timing(device.name, median(pages), max(speeds))


def _read(
    reader: Reader, question: str, text: str, seconds: float, step: int
) -> Generator[int, None, tuple[int, float]]:
    """Ask, for about ``seconds``: how many windows were read, one at least, and in how many seconds of the reader's.

    Raises ``DeviceError`` where the device failed and another took its place.
    """
    work = reader.answer(question, text)
    answers: Answers | None = None
    spent = 0.0
    while spent < seconds or not (answers and answers.read):
        began = time.perf_counter()
        try:
            answers = next(work).answers
        except StopIteration as end:
            answers = end.value
            break
        finally:
            spent += time.perf_counter() - began
        yield step
    work.close()
    if answers and answers.notice:
        raise DeviceError(answers.notice)
    return answers.read if answers else 0, spent
