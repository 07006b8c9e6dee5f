"""Which models there are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qadesk import paths
from qadesk.errors import ModelError
from qadesk.qa import models


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model folder: its name and what it holds, or the ``problem`` that keeps it from being used."""

    name: str
    folder: Path
    bundled: bool
    description: str = ""
    problem: str | None = None


def list_models() -> list[ListedModel]:
    """The bundled model and the folders among the user's models, usable or not."""
    folder = paths.data_dir() / "models"
    added = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    return [_listed(paths.bundled_model_dir(), bundled=True), *(_listed(path, bundled=False) for path in added)]


def _listed(folder: Path, *, bundled: bool) -> ListedModel:
    try:
        model = models.inspect(folder)
    except ModelError as error:
        return ListedModel(folder.name, folder, bundled, problem=str(error))
    formats = " and ".join(name for name, there in (("safetensors", model.safetensors), ("ONNX", model.onnx)) if there)
    return ListedModel(model.name, folder, bundled, f"{model.architecture}, {formats}, {model.max_tokens} tokens")
