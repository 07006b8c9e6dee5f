"""The devices that can run a model on this computer, which one is chosen, and why. Importing this detects nothing.

    cpu              ONNX Runtime with the optimised graph, or torch for a model without one
    cuda, cuda:1 …   NVIDIA cards, through torch; through ONNX Runtime where only that was built with CUDA
    mps              Apple's GPU, through torch
    directml, coreml, openvino   where that build of ONNX Runtime is installed

torch is imported only where there is a driver for a GPU and the installed build can use it.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import platform
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from qadesk.errors import DeviceError, ModelError
from qadesk.qa.models import Model
from qadesk.qa.processor import has_vnni, memory, physical_cores
from qadesk.sentences import Argument, Sentence

CPU_PROVIDER = "CPUExecutionProvider"
CUDA_PROVIDER = "CUDAExecutionProvider"
PROVIDERS = {
    "directml": ("DmlExecutionProvider", "Graphics card through DirectML"),
    "coreml": ("CoreMLExecutionProvider", "Apple GPU and Neural Engine through Core ML"),
    "openvino": ("OpenVINOExecutionProvider", "Intel hardware through OpenVINO"),
}
"""Devices that only ONNX Runtime can use: the name of its execution provider, and a title."""

NAMES = ("auto", "cpu", "cuda", *(f"cuda:{number}" for number in range(1, 8)), "mps", *PROVIDERS)
"""The names of devices that ``choose`` accepts."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A device and a precision, with the reason for them in English. ``backend`` is 'onnx' or 'torch'.

    ``provider`` is ONNX Runtime's execution provider; torch ignores it.
    """

    device: str
    backend: str
    precision: str
    reason: str
    provider: str = CPU_PROVIDER


@dataclass(frozen=True, slots=True)
class Device:
    """A processor or graphics card. ``memory`` in GB (2**30 bytes), None where it is unknown.

    ``precision`` is '' while it depends on a model's graph. ``problem`` says why the device cannot be used, or is None.
    """

    name: str
    title: str
    backend: str
    precision: str = ""
    memory: float | None = None
    note: str = ""
    provider: str = CPU_PROVIDER
    problem: Sentence | None = None

    @property
    def description(self) -> str:
        """The title with memory and note: 'NVIDIA A2, 16 GB'."""
        size = f"{self.memory:.0f} GB" if self.memory else ""
        return ", ".join(part for part in (self.title, size, self.note) if part)

    def choice(self, reason: str = "") -> Choice:
        """The choice of this device for ``reason``, by default its description."""
        return Choice(self.name, self.backend, self.precision, reason or self.description, self.provider)


def find_gpus() -> tuple[Device, ...]:
    """The GPUs that torch can use: CUDA cards in torch's order, or Apple's, or none."""
    return _torch_gpus() if _may_have_gpu() else ()


def find_providers() -> tuple[str, ...]:
    """The execution providers of the installed ONNX Runtime. Imports it, which is slow."""
    import onnxruntime

    return tuple(onnxruntime.get_available_providers())


@cache
def has_nvidia_driver() -> bool:
    """Whether the library of an NVIDIA driver can be loaded."""
    try:
        ctypes.CDLL("nvcuda.dll" if os.name == "nt" else "libcuda.so.1")
    except OSError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Computer:
    """The functions that detect the hardware, called only where their result matters. Tests replace them."""

    gpus: Callable[[], tuple[Device, ...]] = find_gpus
    providers: Callable[[], tuple[str, ...]] = find_providers
    nvidia_driver: Callable[[], bool] = has_nvidia_driver
    cores: Callable[[], int] = physical_cores


HERE = Computer()


def choose(name: str, model: Model, precision: str = "auto", computer: Computer = HERE) -> Choice:
    """The choice for the device ``name``, one of ``NAMES``; ``precision`` is 'auto' or 'float32'.

    ``auto`` chooses a GPU where torch, or ONNX Runtime's CUDA, can use one, else the processor: whether the other
    providers are faster can only be measured. Raises ``DeviceError`` where the device is not available or cannot be
    used, and ``ModelError`` where the model has no weights for it.
    """
    if precision not in ("auto", "float32"):
        raise DeviceError(Sentence("device.unknown_precision", {"precision": precision}), "Use auto or float32.")
    name = "cuda" if name == "cuda:0" else name
    if name not in NAMES:
        raise DeviceError(Sentence("device.unknown", {"device": name}), f"Use one of: {', '.join(NAMES)}.")
    if name == "auto":
        return _choose_best(model, precision, computer)
    if name == "cpu":
        return _choose_cpu(model, precision, computer)
    candidates = _provider_devices(computer) if name in PROVIDERS else _graphics_cards(computer)
    device = next((candidate for candidate in candidates if candidate.name == name), None)
    if device is None:
        raise DeviceError(Sentence("device.not_available", {"device": name}), "Use auto or cpu.")
    if device.problem:
        raise DeviceError(
            Sentence("device.has_problem", {"device": name, "problem": device.problem}), "Use auto or cpu."
        )
    device = _for_model(device, model, precision)
    if device.problem:
        arguments: dict[str, Argument] = {"model": model.name, "device": name, "problem": device.problem}
        raise ModelError(Sentence("model.not_on_device", arguments), "Use the device cpu.")
    return device.choice()


def listed(model: Model | None = None, computer: Computer = HERE) -> tuple[Device, ...]:
    """All devices, usable or not, the processor first; with a ``model``, in the precision that they run it in."""
    devices = [_processor(computer), *_graphics_cards(computer), *_provider_devices(computer)]
    return tuple(_for_model(device, model) if model else device for device in devices)


def _choose_best(model: Model, precision: str, computer: Computer) -> Choice:
    if precision == "float32":
        return _choose_cpu(model, precision, computer)
    why_not = "no graphics card was found"
    for card in _graphics_cards(computer):
        device = _for_model(card, model)
        if not device.problem:
            return device.choice(f"{device.description}; a graphics card goes before the processor")
        why_not = f"{device.title} cannot be used: {device.problem.text}"
    choice = _choose_cpu(model, precision, computer)
    return replace(choice, reason=f"{choice.reason}; {why_not}")


def _choose_cpu(model: Model, precision: str, computer: Computer) -> Choice:
    device = _for_model(_processor(computer), model, precision)
    if device.problem:
        arguments: dict[str, Argument] = {"model": model.name, "problem": device.problem}
        raise ModelError(Sentence("model.not_in_precision", arguments), "Use the precision auto.")
    if precision == "float32":
        return device.choice("float32 was asked for")
    if device.backend == "torch":
        return device.choice("this model has no faster form for processors")
    cores = computer.cores()
    return device.choice(f"the model's faster form for processors, on {cores} {'core' if cores == 1 else 'cores'}")


def _processor(computer: Computer) -> Device:
    cores = computer.cores()
    instructions = ", with instructions for 8-bit numbers (VNNI)" if has_vnni() else ""
    note = f"{cores} {'core' if cores == 1 else 'cores'}{instructions}"
    return Device("cpu", "Processor", "onnx", memory=memory(), note=note)


def _graphics_cards(computer: Computer) -> list[Device]:
    """The GPUs of torch; where it has none, NVIDIA's card through ONNX Runtime, or with the problem that it has."""
    gpus = list(computer.gpus())
    if gpus or not computer.nvidia_driver():
        return gpus
    card = Device("cuda", "NVIDIA graphics card", "onnx", note="through ONNX Runtime", provider=CUDA_PROVIDER)
    if CUDA_PROVIDER in computer.providers():
        return [card]
    return [replace(card, note="", problem=Sentence("problem.not_in_torch"))]


def _provider_devices(computer: Computer) -> list[Device]:
    """The devices that only ONNX Runtime can use."""
    installed = computer.providers()
    return [
        Device(name, title, "onnx", provider=provider)
        for name, (provider, title) in PROVIDERS.items()
        if provider in installed
    ]


def _for_model(device: Device, model: Model, precision: str = "auto") -> Device:
    """``device`` with the precision in which it runs ``model``, or with the problem why it cannot."""
    if device.problem:
        return device
    graph = "int8" if model.onnx and "int8" in model.onnx.name else "float32"
    if device.name == "cpu" and (precision == "float32" or model.onnx is None):
        device = replace(device, backend="torch", precision="float32")
    if device.backend == "torch":
        if not model.safetensors:
            return replace(device, problem=Sentence("problem.only_graph"))
        return replace(device, precision="float32") if precision == "float32" else device
    if model.onnx is None:
        return replace(device, problem=Sentence("problem.no_graph"))
    if precision == "float32" and graph != "float32":
        return replace(device, problem=Sentence("problem.graph_in_int8"))
    return replace(device, precision=graph)


def _may_have_gpu() -> bool:
    if sys.platform == "darwin":
        return platform.machine() == "arm64"
    build = torch_build()
    return build == "hip" or (build != "" and has_nvidia_driver())


def torch_build() -> str | None:
    """What the installed torch was built for, without importing it: 'cuda', 'hip' (AMD) or ''; None if unknown."""
    spec = importlib.util.find_spec("torch")
    if spec is None or spec.origin is None:
        return ""
    try:
        code = Path(spec.origin).with_name("version.py").read_text(encoding="utf-8")
    except OSError:  # in a frozen program it is inside an archive
        return None
    return next((kind for kind in ("cuda", "hip") if re.search(rf"^{kind}\b.*= *'", code, re.MULTILINE)), "")


@cache
def _torch_gpus() -> tuple[Device, ...]:
    import torch

    if torch.cuda.is_available():
        return tuple(_cuda_card(number) for number in range(torch.cuda.device_count()))
    if torch.backends.mps.is_available():
        size = torch.mps.recommended_max_memory() / 2**30
        return (Device("mps", "Apple GPU", "torch", "float16", size),)
    return ()


def _cuda_card(number: int) -> Device:
    import torch

    card = torch.cuda.get_device_properties(number)
    # NVIDIA's cards before Ampere (8) only emulate bfloat16, slowly; AMD's that torch supports have it.
    precision = "bfloat16" if card.major >= 8 or torch.version.hip else "float16"
    return Device(f"cuda:{number}" if number else "cuda", card.name, "torch", precision, card.total_memory / 2**30)
