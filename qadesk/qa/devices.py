"""What can run a model here, which of them is taken, and why. Nothing is chosen at import time."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from qadesk.errors import DeviceError, ModelError
from qadesk.qa.models import Model


@dataclass(frozen=True, slots=True)
class Choice:
    """A device and precision, and the reason for them in words. ``backend`` is 'onnx' or 'torch'."""

    device: str
    backend: str
    precision: str
    reason: str


def choose(wanted: str, model: Model, precision: str = "auto") -> Choice:
    """Choose for ``wanted``: auto, cpu, cuda or mps; ``precision`` float32 asks for torch's float arithmetic.

    ``auto`` takes a GPU only where a driver is installed and torch can use it. Raises ``DeviceError``
    where the device is not there and ``ModelError`` where the model has no weights for it.
    """
    if precision not in ("auto", "float32"):
        raise DeviceError(f"There is no precision '{precision}'.", "Use auto or float32.")
    if wanted not in ("auto", "cpu", "cuda", "mps"):
        raise DeviceError(f"There is no device '{wanted}'.", "Use auto, cpu, cuda or mps.")
    if wanted == "auto":
        gpu = _gpu() if model.safetensors and precision == "auto" else None
        return gpu or _cpu(model, precision)
    if wanted == "cpu":
        return _cpu(model, precision)
    gpu = _gpu()
    if gpu is None or gpu.device != wanted:
        raise DeviceError(f"The device '{wanted}' is not available on this computer.", "Use auto or cpu.")
    _need_weights(model)
    return gpu if precision == "auto" else Choice(gpu.device, "torch", "float32", gpu.reason)


def available() -> dict[str, str]:
    """The devices that ``choose`` takes here, with a description. Imports torch only where a GPU may be."""
    found = {"cpu": f"{physical_cores()} cores{', with VNNI' if has_vnni() else ''}"}
    gpu = _gpu()
    if gpu:
        found[gpu.device] = f"{gpu.reason}, {gpu.precision}"
    return found


def _cpu(model: Model, precision: str) -> Choice:
    if precision == "float32":
        _need_weights(model)
        return Choice("cpu", "torch", "float32", "float32 was asked for")
    if model.onnx is None:
        return Choice("cpu", "torch", "float32", "this model has no ONNX graph")
    words = "int8" if "int8" in model.onnx.name else "float32"
    return Choice("cpu", "onnx", words, f"optimised graph on {physical_cores()} cores")


def _need_weights(model: Model) -> None:
    if not model.safetensors:
        raise ModelError(
            f"The model '{model.name}' has an ONNX graph only, which runs on the processor.", "Use the device cpu."
        )


def _gpu() -> Choice | None:
    """The GPU that torch can use; torch is imported only where a driver says that there may be one."""
    if sys.platform != "darwin" and not _has_nvidia_driver():
        return None
    import torch

    if torch.cuda.is_available():
        name = torch.cuda.get_device_name(0)
        precision = "bfloat16" if torch.cuda.is_bf16_supported() else "float16"
        memory = torch.cuda.get_device_properties(0).total_memory / 2**30
        return Choice("cuda", "torch", precision, f"{name}, {memory:.0f} GB")
    if torch.backends.mps.is_available():
        return Choice("mps", "torch", "float16", "Apple GPU")
    return None


def _has_nvidia_driver() -> bool:
    try:
        ctypes.CDLL("nvcuda.dll" if os.name == "nt" else "libcuda.so.1")
    except OSError:
        return False
    return True


def has_vnni() -> bool:
    """Whether the processor is known to multiply bytes without saturating (AVX-512 or AVX VNNI; every 64-bit ARM).

    Told by Linux only; elsewhere an Intel or AMD processor is taken not to.
    """
    if platform.machine().lower() in ("arm64", "aarch64"):
        return True
    try:
        flags = Path("/proc/cpuinfo").read_text().partition("flags")[2].partition("\n")[0].split()
    except OSError:
        return False
    return bool({"avx512_vnni", "avx_vnni"} & set(flags))


def physical_cores() -> int:
    """How many physical cores this process may use: affinity, cgroup quota and hyper-threads taken into account."""
    allowed = _allowed_cpus()
    cores = {_core_of(cpu) for cpu in allowed}
    quota = _cgroup_quota()
    return max(1, min(len(cores), int(quota)) if quota else len(cores))


def _allowed_cpus() -> list[int]:
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def _core_of(cpu: int) -> str:
    """A name for the physical core of a logical processor; its own number where the system does not tell."""
    try:
        return Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list").read_text().strip()
    except OSError:
        return str(cpu)


def _cgroup_quota(path: Path = Path("/sys/fs/cgroup/cpu.max")) -> float | None:
    """Processors that the control group (version 2) grants, None if unlimited."""
    try:
        quota, period = path.read_text().split()
        return None if quota == "max" else float(quota) / float(period)
    except (OSError, ValueError):
        return None
