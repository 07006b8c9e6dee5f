"""Load a reader; list the models that are there."""

from __future__ import annotations

from pathlib import Path

from qadesk import paths
from qadesk.qa.engine import Reader, load


def load_reader(
    model: str | Path | None = None, *, device: str = "auto", precision: str = "auto", threads: int = 0
) -> Reader:
    """Load the model folder ``model``, or the bundled one for None or ''.

    ``model`` may also be the name of a folder among the user's models. Raises ``ModelError`` with a sentence if
    it is not usable, ``DeviceError`` if the device is not there.
    """
    return load(model_folder(model), device=device, precision=precision, threads=threads)


def model_folder(model: str | Path | None) -> Path:
    """The folder that ``model`` names: a path, the name of one of the user's models, or the bundled one."""
    if not model:
        return paths.bundled_model_dir()
    named = paths.data_dir() / "models" / str(model)
    return named if named.is_dir() else Path(model).expanduser()
