"""Load a reader; list the models that are there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from qadesk import paths
from qadesk.app.reading.device_timings import Measured, key_of, recall
from qadesk.errors import DeviceError, ModelError
from qadesk.qa import devices, graphs, models
from qadesk.qa.backends import gains_from_graph
from qadesk.qa.engine import Reader, load
from qadesk.qa.graphs import Prepared
from qadesk.qa.models import Model
from qadesk.settings import Settings


def load_reader(
    model: str | Path | None = None, *, device: str = "auto", precision: str = "auto", threads: int = 0
) -> Reader:
    """Load the model folder ``model``, or the bundled one for None or ''.

    ``model`` may also be the name of a folder among the user's models. Raises ``ModelError`` with a sentence if
    it is not usable, ``DeviceError`` if the device is not there.
    """
    found = models.inspect(model_folder(model))
    prepared = graphs.find(found)
    try:
        reader = _load(_with_graph(found, prepared), device, precision, threads)
    except ModelError:
        if prepared is None or prepared.graph is None:
            raise
        graphs.forget(found)  # damaged since it was checked
        return _load(found, device, precision, threads)
    choice = reader.choice
    if prepared and not prepared.graph and gains_from_graph(choice):
        reader.choice = replace(choice, reason=f"{choice.reason}. {prepared.reason}")
    return reader


def find_model(model: str | Path | None) -> Model:
    """What ``model`` names, with the graph that QADesk made of it as its own. Raises ``ModelError``."""
    found = models.inspect(model_folder(model))
    return _with_graph(found, graphs.find(found))


def _with_graph(model: Model, prepared: Prepared | None) -> Model:
    return replace(model, onnx=prepared.graph) if prepared and prepared.graph else model


def _load(model: Model, device: str, precision: str, threads: int) -> Reader:
    if (device, precision) == ("auto", "auto"):
        return _load_auto(model, threads)
    return load(model.folder, device=device, precision=precision, threads=threads, graph=model.onnx)


def _load_auto(model: Model, threads: int) -> Reader:
    """The model on the device that was the fastest, else on what 'auto' takes, else on the processor."""
    measured = _measured(model, threads)
    fastest = measured.fastest if measured else None
    failed = ""
    for device in [fastest.device, "auto"] if fastest else ["auto"]:
        try:
            reader = load(model.folder, device=device, threads=threads, graph=model.onnx)
        except (DeviceError, ModelError) as error:
            failed += f"; {error.message}"
            continue
        reason = measured.reason if measured and device != "auto" else reader.choice.reason
        break
    else:
        reader = load(model.folder, device="cpu", threads=threads, graph=model.onnx)
        reason = reader.choice.reason
    reader.choice = replace(reader.choice, reason=reason + failed.rstrip("."))
    return reader


def _measured(model: Model, threads: int) -> Measured | None:
    measured = recall(Settings())
    if measured is None:
        return None
    return measured if measured.key == key_of(model, devices.listed(model), threads) else None


def model_folder(model: str | Path | None) -> Path:
    """The folder that ``model`` names: a path, the name of one of the user's models, or the bundled one."""
    if not model:
        return paths.bundled_model_dir()
    named = paths.data_dir() / "models" / str(model)
    return named if named.is_dir() else Path(model).expanduser()
