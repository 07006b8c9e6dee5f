"""Loads a reader: which model folder, which graph, which device."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from pathlib import Path

from qadesk import paths
from qadesk.app.reading.device_timings import DeviceTimings, key_of, load_timings
from qadesk.errors import DeviceError, ModelError
from qadesk.qa import devices, graphs, models
from qadesk.qa.backends import gains_from_graph
from qadesk.qa.engine import Reader, open_reader
from qadesk.qa.graphs import Prepared
from qadesk.qa.models import Model
from qadesk.settings import Settings

_log = logging.getLogger(__name__)


def load_reader(
    model: str | Path | None = None, *, device: str = "auto", precision: str = "auto", threads: int = 0
) -> Reader:
    """Load the model folder ``model``, or the bundled one for None or ''.

    ``model`` may also be the name of a folder among the user's models. Raises ``ModelError`` if it is not usable,
    ``DeviceError`` if the device is not available.
    """
    began = time.monotonic()
    inspected = models.inspect(model_folder(model))
    prepared = graphs.find_prepared(inspected)
    reader = _load_prepared(inspected, prepared, device, precision, threads)
    choice = reader.choice
    if prepared and not prepared.graph and gains_from_graph(choice):
        reader.choice = replace(choice, reason=f"{choice.reason}. {prepared.reason}")
    _log.debug(
        "reader loaded: %s on %s, %s, %s, %.2f s; %s", reader.model.name, choice.device, choice.backend,
        choice.precision, time.monotonic() - began, reader.choice.reason,
    )  # fmt: skip
    return reader


def find_model(model: str | Path | None) -> Model:
    """The model that ``load_reader`` would load, with the graph that it would use. Raises ``ModelError``."""
    inspected = models.inspect(model_folder(model))
    return _with_graph(inspected, graphs.find_prepared(inspected))


def model_folder(model: str | Path | None) -> Path:
    """The folder that ``model`` names: a path, the name of one of the user's models, or the bundled one."""
    if not model:
        return paths.bundled_model_dir()
    named = paths.data_dir() / "models" / str(model)
    return named if named.is_dir() else Path(model).expanduser()


def _with_graph(model: Model, prepared: Prepared | None) -> Model:
    return replace(model, onnx=prepared.graph) if prepared and prepared.graph else model


def _load_prepared(model: Model, prepared: Prepared | None, device: str, precision: str, threads: int) -> Reader:
    """Load ``model`` with its prepared graph; without it, if that was damaged since it was checked."""
    try:
        return _load(_with_graph(model, prepared), device, precision, threads)
    except ModelError as error:
        if prepared is None or prepared.graph is None:
            raise
        _log.debug("prepared graph removed: %s", error.detail or error)
        graphs.delete_prepared(model)
        return _load(model, device, precision, threads)


def _load(model: Model, device: str, precision: str, threads: int) -> Reader:
    if (device, precision) == ("auto", "auto"):
        return _load_auto(model, threads)
    return open_reader(model.folder, device=device, precision=precision, threads=threads, graph=model.onnx)


def _load_auto(model: Model, threads: int) -> Reader:
    """The model on the device that was measured as the fastest, else on what 'auto' chooses, else on the processor."""
    measured = _valid_timings(model, threads)
    fastest = measured.fastest if measured else None
    failures = ""
    for device in [fastest.device, "auto"] if fastest else ["auto"]:
        try:
            reader = open_reader(model.folder, device=device, threads=threads, graph=model.onnx)
        except (DeviceError, ModelError) as error:
            _log.debug("device %s not used: %s %s", device, error.message, error.detail)
            failures += f"; {error.message}"
            continue
        reason = measured.reason if measured and device != "auto" else reader.choice.reason
        break
    else:
        reader = open_reader(model.folder, device="cpu", threads=threads, graph=model.onnx)
        reason = reader.choice.reason
    reader.choice = replace(reader.choice, reason=reason + failures.rstrip("."))
    return reader


def _valid_timings(model: Model, threads: int) -> DeviceTimings | None:
    """The stored timings, None if the model, the devices or ``threads`` are not those of the measurement."""
    measured = load_timings(Settings())
    if measured is None:
        return None
    return measured if measured.key == key_of(model, devices.listed(model), threads) else None
