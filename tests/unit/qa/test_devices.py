"""Which device runs a model, and why."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from qadesk import paths
from qadesk.errors import DeviceError, ModelError
from qadesk.qa import devices, models
from qadesk.qa.devices import CPU_PROVIDER, CUDA_PROVIDER, Choice, Computer, Device
from qadesk.settings import row

BUNDLED = models.inspect(paths.bundled_model_dir())
GRAPH_ONLY = replace(BUNDLED, safetensors=())
WEIGHTS_ONLY = replace(BUNDLED, onnx=None)
CARDS = (Device("cuda", "Card A", "torch", "bfloat16", 16.0), Device("cuda:1", "Card B", "torch", "float16", 8.0))
APPLE = (Device("mps", "Apple GPU", "torch", "float16", 12.0),)


def computer(
    gpus: tuple[Device, ...] = (), providers: tuple[str, ...] = (), *, driver: bool = False, cores: int = 4
) -> Computer:
    return Computer(lambda: gpus, lambda: (*providers, CPU_PROVIDER), lambda: driver, lambda: cores)


def test_a_processor_takes_the_graph_and_reports_it() -> None:
    assert devices.choose("cpu", BUNDLED, computer=computer()) == Choice(
        "cpu", "onnx", "int8", "the model's faster form for processors, on 4 cores"
    )
    assert (
        devices.choose("cpu", BUNDLED, computer=computer(cores=1)).reason
        == "the model's faster form for processors, on 1 core"
    )


def test_a_graph_in_float32_is_named_so(tmp_path: Path) -> None:
    assert devices.choose("cpu", replace(BUNDLED, onnx=tmp_path / "model.onnx")).precision == "float32"


def test_float32_is_torch() -> None:
    choice = devices.choose("auto", BUNDLED, "float32", computer(CARDS))
    assert (choice.device, choice.backend, choice.precision) == ("cpu", "torch", "float32")
    assert choice.reason == "float32 was asked for"


def test_without_a_graph_torch_runs_the_model() -> None:
    choice = devices.choose("cpu", WEIGHTS_ONLY)
    assert (choice.backend, choice.reason) == ("torch", "this model has no faster form for processors")


def test_a_graph_alone_has_no_float_weights() -> None:
    with pytest.raises(ModelError, match="ONNX graph only"):
        devices.choose("cpu", GRAPH_ONLY, "float32")


def test_auto_takes_a_graphics_card_and_names_it() -> None:
    choice = devices.choose("auto", BUNDLED, computer=computer(CARDS))
    assert choice == Choice("cuda", "torch", "bfloat16", "Card A, 16 GB; a graphics card goes before the processor")
    assert devices.choose("auto", BUNDLED, computer=computer(APPLE)).device == "mps"


@pytest.mark.parametrize(
    ("model", "this_computer", "words"),
    [
        (BUNDLED, computer(), "no graphics card was found"),
        (GRAPH_ONLY, computer(CARDS), "Card B cannot be used: it has an ONNX graph only"),
        (BUNDLED, computer(driver=True), "the PyTorch that is installed cannot use it"),
        (BUNDLED, computer(providers=("DmlExecutionProvider",)), "no graphics card was found"),
    ],
)
def test_auto_takes_the_processor_else_and_gives_the_reason(
    model: models.Model, this_computer: Computer, words: str
) -> None:
    choice = devices.choose("auto", model, computer=this_computer)
    assert (choice.device, choice.backend) == ("cpu", "onnx")
    assert choice.reason.startswith("the model's faster form for processors, on 4 cores; ")
    assert words in choice.reason


def test_each_card_can_be_named() -> None:
    this_computer = computer(CARDS)
    assert devices.choose("cuda:1", BUNDLED, computer=this_computer) == Choice(
        "cuda:1", "torch", "float16", "Card B, 8 GB"
    )
    assert devices.choose("cuda:0", BUNDLED, computer=this_computer) == devices.choose(
        "cuda", BUNDLED, computer=this_computer
    )
    assert devices.choose("cuda:1", BUNDLED, "float32", this_computer).precision == "float32"


def test_onnx_runtime_has_cuda_where_torch_has_not() -> None:
    this_computer = computer(providers=(CUDA_PROVIDER,), driver=True)
    choice = devices.choose("cuda", BUNDLED, computer=this_computer)
    assert (choice.backend, choice.provider, choice.precision) == ("onnx", CUDA_PROVIDER, "int8")
    assert devices.choose("auto", GRAPH_ONLY, computer=this_computer).provider == CUDA_PROVIDER
    assert devices.choose("auto", BUNDLED, computer=computer(CARDS, (CUDA_PROVIDER,), driver=True)).backend == "torch"
    without_driver = computer(providers=(CUDA_PROVIDER,))  # what a GPU build of ONNX Runtime says on any computer
    assert devices.choose("auto", BUNDLED, computer=without_driver).device == "cpu"


@pytest.mark.parametrize("name", devices.PROVIDERS)
def test_a_provider_is_taken_by_its_name(name: str) -> None:
    this_computer = computer(providers=(devices.PROVIDERS[name][0],))
    choice = devices.choose(name, BUNDLED, computer=this_computer)
    assert (choice.device, choice.backend, choice.provider) == (name, "onnx", devices.PROVIDERS[name][0])
    assert [device.name for device in devices.listed(BUNDLED, this_computer)] == ["cpu", name]
    with pytest.raises(ModelError, match="no ONNX graph"):
        devices.choose(name, WEIGHTS_ONLY, computer=this_computer)
    with pytest.raises(ModelError, match="not in float32"):
        devices.choose(name, BUNDLED, "float32", this_computer)


def test_the_names_of_providers_are_onnx_runtimes() -> None:
    import onnxruntime

    providers = set(onnxruntime.get_all_providers())
    assert {CPU_PROVIDER, CUDA_PROVIDER, *(provider for provider, _ in devices.PROVIDERS.values())} <= providers
    assert CPU_PROVIDER in devices.find_providers()


def test_the_list_shows_what_cannot_be_used_and_why() -> None:
    cpu, card, other_card = devices.listed(GRAPH_ONLY, computer(CARDS))
    assert (cpu.problem, cpu.precision) == (None, "int8")
    assert card.problem
    assert card.problem.text == "it has an ONNX graph only, and this takes safetensors"
    assert other_card.name == "cuda:1"
    driver_only = devices.listed(BUNDLED, computer(driver=True))[1]
    assert driver_only.problem
    assert driver_only.problem.text == "the PyTorch that is installed cannot use it"
    with pytest.raises(DeviceError, match="'cuda' cannot be used: the PyTorch"):
        devices.choose("cuda", BUNDLED, computer=computer(driver=True))


def test_without_a_model_the_list_shows_the_hardware() -> None:
    cpu, card, _ = devices.listed(computer=computer(CARDS))
    assert cpu.precision == ""
    assert cpu.description.startswith("Processor, ")
    assert card.description == "Card A, 16 GB"


@pytest.mark.parametrize("name", ["gpu", "", "cuda:9", "CPU"])
def test_an_unknown_device(name: str) -> None:
    with pytest.raises(DeviceError, match="no device"):
        devices.choose(name, BUNDLED)


def test_an_unknown_precision() -> None:
    with pytest.raises(DeviceError, match="no precision"):
        devices.choose("cpu", BUNDLED, "int2")


@pytest.mark.parametrize("name", ["cuda", "cuda:3", "mps", "directml", "coreml", "openvino"])
def test_a_device_that_is_not_there(name: str) -> None:
    with pytest.raises(DeviceError, match="not available"):
        devices.choose(name, BUNDLED, computer=computer())


def test_the_setting_takes_every_name() -> None:
    assert row("model.device").choices == devices.NAMES


@pytest.mark.parametrize(
    ("version_file", "build"),
    [
        ("cuda: Optional[str] = '12.8'\nhip: Optional[str] = None\n", "cuda"),
        ("cuda = '12.8'\n", "cuda"),
        ("cuda: Optional[str] = None\nhip: Optional[str] = '6.4'\n", "hip"),
        ("cuda: Optional[str] = None\nhip: Optional[str] = None\n", ""),
        (None, None),
    ],
)
def test_torch_shows_its_build_without_being_imported(
    version_file: str | None, build: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch" / "__init__.py").write_text("raise AssertionError('torch was imported')")
    if version_file is not None:
        (tmp_path / "torch" / "version.py").write_text(version_file)
    assert devices.torch_build() == build


def test_choosing_on_a_computer_without_a_driver_imports_no_torch() -> None:
    code = (
        "import sys; from qadesk import paths; from qadesk.qa import devices, models; "
        "devices.has_nvidia_driver = lambda: False; devices.torch_build = lambda: 'cuda'; sys.platform = 'linux'; "
        "this_computer = devices.Computer(nvidia_driver=lambda: False); "
        "devices.choose('auto', models.inspect(paths.bundled_model_dir()), computer=this_computer); "
        "print({'torch', 'onnxruntime'} & set(sys.modules))"
    )
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert process.stdout.strip() == "set()"
