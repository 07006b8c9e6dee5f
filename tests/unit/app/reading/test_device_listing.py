"""Devices are listed with the reason for the choice, measured, and the fastest is taken."""

from __future__ import annotations

import ast
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from qadesk.app.reading import device_listing as app
from qadesk.app.reading import load as app_reader
from qadesk.app.reading.device_listing import list_devices, time_devices
from qadesk.app.reading.device_timings import DeviceTimings, Timing, key_of, load_timings, save_timings
from qadesk.app.reading.load import load_reader, model_folder
from qadesk.errors import DeviceError, ModelError
from qadesk.progress import Progress, finish
from qadesk.qa import devices, models
from qadesk.qa.devices import CPU_PROVIDER, Computer, Device
from qadesk.qa.engine import Reader, open_reader
from qadesk.sentences import Sentence, verbatim
from qadesk.settings import Settings

CARD = Device("cuda", "Card A", "torch", "bfloat16", 16.0)
WITH_CARD = Computer(lambda: (CARD,), lambda: (CPU_PROVIDER,), lambda: True, lambda: 4)
PLAIN = Computer(tuple, lambda: (CPU_PROVIDER,), lambda: False, lambda: 4)
MODEL = models.inspect(model_folder(None))


def keep(*timings: Timing, computer: Computer = WITH_CARD, threads: int = 0) -> Settings:
    settings = Settings()
    key = key_of(MODEL, devices.listed(MODEL, computer), threads)
    save_timings(settings, DeviceTimings(key, date(2026, 11, 24), timings))
    return settings


def test_the_list_shows_what_is_there_and_what_is_taken() -> None:
    listing = list_devices(Settings(), PLAIN)
    (cpu,) = listing.devices
    assert cpu.reason == "the model's faster form for processors, on 4 cores; no graphics card was found"
    assert cpu.lines[0] == "Processor"
    assert cpu.lines[1].startswith("4 cores")
    assert "int8" not in " ".join(cpu.lines)  # it is in the tooltip, and on the command line
    assert cpu.lines[2] == f"In use: {cpu.reason}."
    assert (listing.measured, listing.problem, listing.when) == (None, None, "Not measured yet.")


def test_the_list_follows_the_settings() -> None:
    settings = Settings()
    assert [device.reason[:6] for device in list_devices(settings, WITH_CARD).devices] == ["", "Card A"]
    settings.set("model.device", "cpu")
    assert [device.reason for device in list_devices(settings, WITH_CARD).devices] == [
        "chosen in the settings; the model's faster form for processors, on 4 cores",
        "",
    ]
    settings.set("model.device", "cuda:1")
    listing = list_devices(settings, WITH_CARD)
    assert not any(device.reason for device in listing.devices)
    assert "'cuda:1' is not available" in (listing.problem or "")


def test_a_folder_without_a_model_is_reported_in_words() -> None:
    settings = Settings()
    settings.set("model.folder", "/nowhere")
    with pytest.raises(ModelError, match="no folder"):
        list_devices(settings)
    with pytest.raises(ModelError, match="no folder"):
        finish(time_devices(settings))


def test_timings_are_listed_while_they_hold() -> None:
    settings = keep(Timing("cpu", 0.025, 31.46), Timing("cuda", problem=verbatim("It broke.")))
    cpu, card = list_devices(settings, WITH_CARD).devices
    assert cpu.lines[2] == "One page in 25 ms · 31.5 parts of a long text a second"
    assert cpu.reason == "fastest when measured on 24 November 2026: 31 parts of a long text a second"
    assert card.lines[2] == "Could not be measured: It broke."
    assert list_devices(settings, WITH_CARD).when == "Measured on 24 November 2026."
    for changed_computer in (PLAIN, replace(WITH_CARD, gpus=lambda: (replace(CARD, title="Card B"),))):
        assert list_devices(settings, changed_computer).devices[0].timing is None
    settings.set("model.threads", 1)
    assert list_devices(settings, WITH_CARD).measured is None


def test_a_device_that_cannot_be_used_has_a_reason() -> None:
    no_cuda = replace(PLAIN, nvidia_driver=lambda: True)
    _, card = list_devices(Settings(), no_cuda).devices
    assert card.lines == ["NVIDIA graphics card", "Cannot be used: the PyTorch that is installed cannot use it."]


def test_measuring_times_what_works_and_lists_what_fails() -> None:
    settings = Settings()
    steps = time_devices(settings, seconds=0.2, computer=WITH_CARD)
    progress: list[Progress] = []
    while True:
        try:
            progress.append(next(steps))
        except StopIteration as end:
            measured: DeviceTimings = end.value
            break
    cpu, card = measured.timings
    assert 0 < cpu.page < 5
    assert 0.5 < cpu.speed < 10_000
    assert card == Timing("cuda", problem=Sentence("device.not_available", {"device": "cuda"}))
    assert measured.fastest == cpu
    assert measured.key == key_of(MODEL, devices.listed(MODEL, WITH_CARD), 0)
    assert [step.done for step in progress] == sorted(step.done for step in progress)
    assert {step.total for step in progress} == {6}
    assert {step.what for step in progress} == {"Measuring Processor:", "Measuring Card A:"}
    assert load_timings(settings) is None  # the caller stores it


def test_the_problem_of_a_measurement_is_stored_as_an_id(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(model_folder(None), mine)
    next(mine.glob("*.onnx")).write_bytes(b"not a graph at all")
    settings = Settings()
    settings.set("model.folder", str(mine))
    (cpu,) = finish(time_devices(settings, seconds=0.2, computer=PLAIN)).timings
    name = models.inspect(mine).name
    assert cpu.problem == Sentence("model.cannot_load_graph", {"model": name})
    assert cpu.problem.text == f"The ONNX graph of '{name}' cannot be loaded: it is broken or too new."


@pytest.mark.parametrize("module", ["models", "weights", "onnx_backend", "torch_backend", "backends", "devices"])
def test_an_error_of_loading_a_model_has_an_id(module: str) -> None:
    source = (Path(devices.__file__).parent / f"{module}.py").read_text(encoding="utf-8")
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    errors = [call for call in calls if ast.unparse(call.func) in ("DeviceError", "ModelError")]
    assert errors
    for error in errors:
        assert ast.unparse(error.args[0]).startswith("Sentence("), f"{module}.py:{error.lineno}"


def test_a_slow_device_reads_one_batch_at_least() -> None:
    (timing,) = finish(time_devices(Settings(), seconds=0.0001, computer=PLAIN)).timings
    assert timing.speed > 0
    assert timing.page > 0


def test_measuring_can_be_stopped() -> None:
    steps = time_devices(Settings(), seconds=60, computer=PLAIN)
    while next(steps).done < 2:
        pass
    steps.close()
    with pytest.raises(StopIteration):
        next(steps)


def test_a_device_that_gives_up_its_place_is_not_timed_with_the_others_speed(
    bundled: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    class ReplacedReader(Reader):
        def answer(self, *arguments: object) -> object:  # type: ignore[override]
            answers = yield from super().answer(*arguments)  # type: ignore[arg-type]
            return replace(answers, notice="The graphics card failed.")

    reader = ReplacedReader(bundled.model, bundled.choice, bundled._tokenizer, bundled._backend)
    monkeypatch.setattr(app, "load_reader", lambda *_, **__: reader)
    measured = finish(time_devices(Settings(), seconds=30, computer=PLAIN))
    assert measured.timings == (Timing("cpu", problem=Sentence("device.replaced", {"device": "cpu"})),)


@pytest.fixture(scope="module")
def bundled() -> Reader:
    return open_reader(model_folder(None), device="cpu")


class Loads:
    """A fake of ``engine.open_reader`` with which only the devices ``works`` can be loaded."""

    def __init__(self, reader: Reader, *works: str) -> None:
        self.reader, self.works = reader, works
        self.devices_tried: list[str] = []

    def __call__(self, _folder: object, *, device: str = "auto", **_: object) -> Reader:
        self.devices_tried.append(device)
        if device not in self.works:
            raise DeviceError(f"The device '{device}' is out of order.")
        reader = Reader(self.reader.model, self.reader.choice, self.reader._tokenizer, self.reader._backend)
        reader.choice = replace(reader.choice, device=device, reason="as always")
        return reader


def remembered(*timings: Timing) -> None:
    keep(*timings, computer=devices.HERE)


CPU, OTHER = Timing("cpu", 0.025, 31.0), Timing("openvino", 0.02, 45.0)


@pytest.mark.parametrize(
    ("timings", "works", "devices_tried", "reason"),
    [
        ((), ("auto",), ["auto"], "as always"),
        ((CPU,), ("auto",), ["auto"], "as always"),
        ((CPU, OTHER), ("openvino",), ["openvino"],
         "fastest when measured on 24 November 2026: 45 parts of a long text a second"),
        ((CPU, OTHER), ("auto",), ["openvino", "auto"], "as always; The device 'openvino' is out of order"),
        ((), ("cpu",), ["auto", "cpu"], "as always; The device 'auto' is out of order"),
    ],
)  # fmt: skip
def test_auto_takes_the_fastest_that_works(
    timings: tuple[Timing, ...],
    works: tuple[str, ...],
    devices_tried: list[str],
    reason: str,
    bundled: Reader,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loads = Loads(bundled, *works)
    monkeypatch.setattr(app_reader, "open_reader", loads)
    if timings:
        remembered(*timings)
    reader = load_reader()
    assert loads.devices_tried == devices_tried
    assert reader.choice.reason == reason


def test_only_auto_asks_for_the_fastest(bundled: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    remembered(CPU, OTHER)
    loads = Loads(bundled, "cpu", "auto")
    monkeypatch.setattr(app_reader, "open_reader", loads)
    load_reader(device="cpu")
    load_reader(precision="float32")
    load_reader(threads=2)  # measured with another number
    assert loads.devices_tried == ["cpu", "auto", "auto"]
    with pytest.raises(DeviceError):
        load_reader(device="cuda")


def test_a_model_that_cannot_be_loaded_is_reported_in_words_by_auto_too(tmp_path: object) -> None:
    with pytest.raises(ModelError, match="no folder"):
        load_reader("/nowhere")
