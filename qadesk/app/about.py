"""Versions, devices, folders and models, for ``qadesk info`` and the About box."""

from __future__ import annotations

import platform
import sys
from importlib import metadata

from qadesk import paths
from qadesk.app.models.manage import list_models
from qadesk.qa import devices
from qadesk.version import __version__

_LIBRARIES = (
    "numpy", "onnxruntime", "optimum", "optimum-onnx", "pypdf", "pypdfium2", "pyside6", "tokenizers", "torch",
    "transformers",
)  # fmt: skip


def info() -> dict[str, dict[str, str]]:
    """Names and values by heading: versions, devices, paths, models. Imports torch only where a GPU may be."""
    return {
        "versions": {
            "qadesk": __version__,
            "python": platform.python_version(),
            **{name: _version(name) for name in _LIBRARIES},
        },
        "devices": {device.name: _description(device) for device in devices.listed()},
        "paths": {
            "program": sys.executable,
            "resources": str(paths.resources_dir()),
            "data": str(paths.data_dir()),
            "config": str(paths.config_dir()),
            "logs": str(paths.log_dir()),
        },
        "models": {model.name: str(model.folder) for model in list_models() if model.problem is None},
    }


def _description(device: devices.Device) -> str:
    return f"{device.description} ({device.problem.text})" if device.problem else device.description


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"
