"""What can run a model here, which of them is taken, and why. Nothing is asked or chosen at import time.

    cpu              ONNX Runtime with the optimised graph, or torch for a model without one
    cuda, cuda:1 …   NVIDIA cards, through torch; through ONNX Runtime where torch has no CUDA but that has
    mps              Apple's GPU, through torch
    directml, coreml, openvino   where that build of ONNX Runtime is installed

torch is imported only where a driver says that there may be a GPU and the installed build can use one.
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
from qadesk.sentences import Sentence

CPU_PROVIDER = "CPUExecutionProvider"
CUDA_PROVIDER = "CUDAExecutionProvider"
PROVIDERS = {
    "directml": ("DmlExecutionProvider", "Graphics card through DirectML"),
    "coreml": ("CoreMLExecutionProvider", "Apple GPU and Neural Engine through Core ML"),
    "openvino": ("OpenVINOExecutionProvider", "Intel hardware through OpenVINO"),
}
"""Devices that only ONNX Runtime can use: the name of its execution provider, and a title."""

NAMES = ("auto", "cpu", "cuda", *(f"cuda:{number}" for number in range(1, 8)), "mps", *PROVIDERS)
"""What ``choose`` takes."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A device and precision, and the reason for them in words. ``backend`` is 'onnx' or 'torch'.

    ``provider`` is ONNX Runtime's name of what runs the graph; of no meaning for torch.
    """

    device: str
    backend: str
    precision: str
    reason: str
    provider: str = CPU_PROVIDER


@dataclass(frozen=True, slots=True)
class Device:
    """Something that may run models. ``memory`` in GB (2**30 bytes), None where it is not told.

    ``precision`` is '' as long as it depends on the model's graph; ``problem`` says why the device cannot be used.
    """

    name: str
    title: str
    backend: str
    precision: str = ""
    memory: float | None = None
    note: str = ""
    provider: str = CPU_PROVIDER
    problem: str | None = None

    @property
    def description(self) -> str:
        """The title with memory and note: 'NVIDIA A2, 16 GB'."""
        size = f"{self.memory:.0f} GB" if self.memory else ""
        return ", ".join(part for part in (self.title, size, self.note) if part)

    def choice(self, reason: str = "") -> Choice:
        """The choice of this device for ``reason``; for being what it is if none is given."""
        return Choice(self.name, self.backend, self.precision, reason or self.description, self.provider)


def find_gpus() -> tuple[Device, ...]:
    """The GPUs that torch can use, found once: none, or CUDA cards in torch's order, or Apple's."""
    return _torch_gpus() if _may_have_gpu() else ()


def find_providers() -> tuple[str, ...]:
    """The execution providers of the ONNX Runtime that is installed. Imports it, which takes a moment."""
    import onnxruntime

    return tuple(onnxruntime.get_available_providers())


@cache
def has_nvidia_driver() -> bool:
    """Whether the library of an NVIDIA driver is there."""
    try:
        ctypes.CDLL("nvcuda.dll" if os.name == "nt" else "libcuda.so.1")
    except OSError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Computer:
    """Where to ask what is here; each is asked only when it matters. Tests bring answers of their own."""

    gpus: Callable[[], tuple[Device, ...]] = find_gpus
    providers: Callable[[], tuple[str, ...]] = find_providers
    nvidia_driver: Callable[[], bool] = has_nvidia_driver
    cores: Callable[[], int] = physical_cores


HERE = Computer()


def choose(wanted: str, model: Model, precision: str = "auto", computer: Computer = HERE) -> Choice:
    """Choose for ``wanted``, one of ``NAMES``; ``precision`` 'float32' asks for float arithmetic.

    ``auto`` takes a GPU where torch, or ONNX Runtime's CUDA, can use one, else the processor: whether the other
    providers are faster can only be measured. Raises ``DeviceError`` where the device is not there or cannot be
    used, and ``ModelError`` where the model has no weights for it.
    """
    if precision not in ("auto", "float32"):
        raise DeviceError(f"There is no precision '{precision}'.", "Use auto or float32.")
    wanted = "cuda" if wanted == "cuda:0" else wanted
    if wanted not in NAMES:
        raise DeviceError(f"There is no device '{wanted}'.", f"Use one of: {', '.join(NAMES)}.")
    if wanted == "auto":
        return _choose_best(model, precision, computer)
    if wanted == "cpu":
        return _choose_cpu(model, precision, computer)
    found = {device.name: device for device in _others(wanted, computer)}
    if wanted not in found:
        raise DeviceError(Sentence("device.not_available", {"device": wanted}), "Use auto or cpu.")
    if found[wanted].problem:
        raise DeviceError(f"The device '{wanted}' cannot be used: {found[wanted].problem}.", "Use auto or cpu.")
    device = _with_model(found[wanted], model, precision)
    if device.problem:
        raise ModelError(f"The model '{model.name}' cannot run on '{wanted}': {device.problem}.", "Use the device cpu.")
    return device.choice()


def listed(model: Model | None = None, computer: Computer = HERE) -> tuple[Device, ...]:
    """All devices, the processor first, usable or not; with a ``model``, in which precision they would run it."""
    found = [_cpu(computer), *_graphics(computer), *_provided(computer)]
    return tuple(_with_model(device, model) if model else device for device in found)


def _choose_best(model: Model, precision: str, computer: Computer) -> Choice:
    if precision == "float32":
        return _choose_cpu(model, precision, computer)
    why_not = "no graphics card was found"
    for device in (_with_model(each, model) for each in _graphics(computer)):
        if not device.problem:
            return device.choice(f"{device.description}; a graphics card goes before the processor")
        why_not = f"{device.title} cannot be used: {device.problem}"
    chosen = _choose_cpu(model, precision, computer)
    return replace(chosen, reason=f"{chosen.reason}; {why_not}")


def _choose_cpu(model: Model, precision: str, computer: Computer) -> Choice:
    device = _with_model(_cpu(computer), model, precision)
    if device.problem:
        raise ModelError(f"The model '{model.name}' cannot run so: {device.problem}.", "Use the precision auto.")
    if precision == "float32":
        return device.choice("float32 was asked for")
    if device.backend == "torch":
        return device.choice("this model has no ONNX graph")
    cores = computer.cores()
    return device.choice(f"optimised graph on {cores} {'core' if cores == 1 else 'cores'}")


def _cpu(computer: Computer) -> Device:
    cores = computer.cores()
    words = f"{cores} {'core' if cores == 1 else 'cores'}{' with VNNI' if has_vnni() else ''}"
    return Device("cpu", "Processor", "onnx", memory=memory(), note=words)


def _others(wanted: str, computer: Computer) -> list[Device]:
    return _provided(computer) if wanted in PROVIDERS else _graphics(computer)


def _graphics(computer: Computer) -> list[Device]:
    """The GPUs of torch; where it has none, NVIDIA's through ONNX Runtime, or why a card cannot be used."""
    found = list(computer.gpus())
    if found or not computer.nvidia_driver():
        return found
    card = Device("cuda", "NVIDIA graphics card", "onnx", note="through ONNX Runtime", provider=CUDA_PROVIDER)
    if CUDA_PROVIDER in computer.providers():
        return [card]
    return [replace(card, note="", problem="the PyTorch that is installed cannot use it")]


def _provided(computer: Computer) -> list[Device]:
    there = computer.providers()
    return [
        Device(name, title, "onnx", provider=provider)
        for name, (provider, title) in PROVIDERS.items()
        if provider in there
    ]


def _with_model(device: Device, model: Model, precision: str = "auto") -> Device:
    """``device`` with the precision in which it runs ``model``, or with the problem that keeps it from that."""
    if device.problem:
        return device
    graph = "int8" if model.onnx and "int8" in model.onnx.name else "float32"
    if device.name == "cpu" and (precision == "float32" or model.onnx is None):
        device = replace(device, backend="torch", precision="float32")
    if device.backend == "torch":
        if not model.safetensors:
            return replace(device, problem="it has an ONNX graph only, and this takes safetensors")
        return replace(device, precision="float32") if precision == "float32" else device
    if model.onnx is None:
        return replace(device, problem="it has no ONNX graph")
    if precision == "float32" and graph != "float32":
        return replace(device, problem="its graph is in int8, not in float32")
    return replace(device, precision=graph)


def _may_have_gpu() -> bool:
    if sys.platform == "darwin":
        return platform.machine() == "arm64"
    build = torch_build()
    return build == "hip" or (build != "" and has_nvidia_driver())


def torch_build() -> str | None:
    """What the installed torch was built for: 'cuda', 'hip' (AMD) or '', without importing it; None if not told."""
    spec = importlib.util.find_spec("torch")
    if spec is None or spec.origin is None:
        return ""
    try:
        told = Path(spec.origin).with_name("version.py").read_text(encoding="utf-8")
    except OSError:  # in a frozen program it is inside an archive
        return None
    return next((kind for kind in ("cuda", "hip") if re.search(rf"^{kind}\b.*= *'", told, re.MULTILINE)), "")


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
    # Older cards than NVIDIA's Ampere (8) only emulate bfloat16, slowly; AMD's that torch supports have it.
    precision = "bfloat16" if card.major >= 8 or torch.version.hip else "float16"
    return Device(f"cuda:{number}" if number else "cuda", card.name, "torch", precision, card.total_memory / 2**30)
