"""Which models there are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qadesk import paths
from qadesk.errors import ModelError
from qadesk.qa import graphs, models
from qadesk.qa.models import Model


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model folder: its name, what it holds and how fast it is, or the ``problem`` that keeps it from being used."""

    name: str
    folder: Path
    bundled: bool
    description: str = ""
    speed: str = ""
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
    description = f"{model.architecture}, {formats}, {model.max_tokens} tokens"
    return ListedModel(model.name, folder, bundled, description, _speed(model))


def _speed(model: Model) -> str:
    """Whether the model has a fast graph, in words. Reads no weights."""
    if model.onnx:
        return "fast graph of its own"
    prepared = graphs.find_known(model)
    if prepared is None:
        return "no fast graph yet: it is made at the first use, or by 'qadesk prepare'"
    kind = f"fast graph in {prepared.precision}" if prepared.graph else "no fast graph"
    return f"{kind}. {prepared.reason}" if prepared.reason else kind
