"""The models that can be used: list them, use one, go back to the previous one, rename, remove.

The user's models are the folders in ``models/`` of the data folder. The setting ``model.folder`` holds the name of such
a folder, so that the data folder can be moved; the path of any other folder; and '' for the bundled model. Folders
whose name begins with a dot are incomplete (``app.models.staging``) and not listed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from qadesk import paths
from qadesk.app.models import describe, metadata, naming
from qadesk.app.reading.load import model_folder
from qadesk.errors import ModelError
from qadesk.progress import megabytes
from qadesk.qa import graphs, models
from qadesk.qa.models import Model
from qadesk.settings import Settings


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model folder with texts about it. ``problem`` says why it cannot be used; None if it can.

    ``pace`` says in plain words how fast it answers; ``description`` and ``speed`` are for those who know models.
    ``size`` is that of its files, in bytes. ``origin`` says where it came from, ``scores`` how its training changed F1,
    '' if that is not known. ``owned`` models are among the user's: they can be renamed and removed.
    """

    name: str
    folder: Path
    bundled: bool
    description: str = ""
    speed: str = ""
    pace: str = ""
    problem: str | None = None
    size: int = 0
    origin: str = ""
    scores: str = ""
    owned: bool = False
    in_use: bool = False

    @property
    def lines(self) -> list[str]:
        """Lines of text: the name; state, origin and size; then the problem, or the scores."""
        state = "In use" if self.in_use else ""
        about = [state, self.origin, megabytes(self.size) if self.size else ""]
        rest = [f"Cannot be used: {self.problem}"] if self.problem else [self.scores]
        return [line for line in (self.name, " · ".join(filter(None, about)), *rest) if line]


def list_models(settings: Settings | None = None) -> list[ListedModel]:
    """The bundled model, the user's models, and the model in use if it is none of these; usable or not.

    Reads no weights. ``settings`` are those on the disk if none are given.
    """
    used = model_folder((settings or Settings())["model.folder"])
    folders = [paths.bundled_model_dir(), *own_folders()]
    if not any(_is_same(used, folder) for folder in folders):
        folders.append(used)
    return [_listed(folder, used) for folder in folders]


def own_folders() -> list[Path]:
    """The folders of the user's models, sorted by name."""
    return sorted(path for path in models_dir().iterdir() if path.is_dir() and not path.name.startswith(naming.HIDDEN))


def models_dir() -> Path:
    """The folder that holds the user's models. It is created if it is missing."""
    folder = paths.data_dir() / "models"
    folder.mkdir(exist_ok=True)
    return folder


def new_folder(name: str, settings: Settings | None = None) -> Path:
    """The path for a new model called ``name``. Raises ``ModelError`` if the name is not valid or is taken."""
    name = naming.valid_name(name)
    if name.casefold() in taken_names(settings):
        raise ModelError(f"There is already a model called '{name}'.", "Choose another name.")
    return models_dir() / name


def taken_names(settings: Settings | None = None) -> set[str]:
    """The names of all models and of their folders, case-folded."""
    listed = list_models(settings)
    names = {model.name.casefold() for model in listed}
    return names | {model.folder.name.casefold() for model in listed if model.owned}


def find_listed(settings: Settings, name: str) -> ListedModel:
    """The listed model whose name, folder name or path is ``name``, in this order.

    Raises ``ModelError`` if there is none, or more than one.
    """
    listed = list_models(settings)
    path = Path(name).expanduser().absolute()
    rules: tuple[Callable[[ListedModel], bool], ...] = (
        lambda model: model.name == name,
        lambda model: model.folder.name == name,
        lambda model: _is_same(model.folder, path),
    )
    for is_match in rules:
        matches = [model for model in listed if is_match(model)]
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise ModelError(f"{len(matches)} models are called '{name}'.", "Name the folder of the one that you mean.")
    raise ModelError(f"There is no model '{name}'.", "See 'qadesk models list', or the list of models in the window.")


def use(settings: Settings, folder: Path) -> None:
    """Set the model in use to that in ``folder``, and remember the previous one for ``roll_back``.

    Raises ``ModelError`` if it is not usable, ``SettingError`` if the settings cannot be written.
    """
    models.inspect(folder)
    before = settings["model.folder"]
    if not _is_same(model_folder(before), folder):
        settings.set("model.previous", before)
        settings.set("model.folder", _setting_of(folder))


def previous(settings: Settings) -> ListedModel | None:
    """The model that ``roll_back`` would use; None if there was no other one, or its folder is gone."""
    used, before = model_folder(settings["model.folder"]), model_folder(settings["model.previous"])
    if _is_same(used, before) or not before.is_dir():
        return None
    return _listed(before, used)


def roll_back(settings: Settings) -> ListedModel:
    """Use the previous model again, and return it. The one in use becomes the previous. Raises ``ModelError``."""
    before = previous(settings)
    if before is None:
        raise ModelError("There is no model to go back to.", "Choose one in the list of models.")
    use(settings, before.folder)
    return before


def rename(settings: Settings, folder: Path, name: str) -> None:
    """Set the name of the user's model in ``folder``; the folder keeps its own. Raises ``ModelError``."""
    name = naming.valid_name(name)
    listed = _owned(settings, folder, "renamed")
    if listed.problem:
        raise ModelError(f"'{listed.name}' cannot be renamed: {listed.problem}", "Remove it, or mend its folder.")
    others = [model for model in list_models(settings) if model.folder != folder]
    if any(name.casefold() == model.name.casefold() for model in others):
        raise ModelError(f"There is already a model called '{name}'.", "Choose another name.")
    metadata.update_metadata(folder, name=name)


def remove(settings: Settings, folder: Path) -> None:
    """Delete the user's model in ``folder``, and the graph that was made of it.

    Raises ``ModelError`` for the model in use, and for models that are not the user's.
    """
    listed = _owned(settings, folder, "removed")
    if listed.in_use:
        raise ModelError(f"'{listed.name}' is in use.", "Use another model first, then remove this one.")
    hidden = folder.with_name(f"{naming.HIDDEN}removed-{folder.name}")
    shutil.rmtree(hidden, ignore_errors=True)  # of an earlier attempt
    try:
        folder.rename(hidden)  # from here on it is not listed, even if deleting fails
        shutil.rmtree(hidden)
        graphs.tidy("")
    except OSError as error:
        raise ModelError(
            f"'{listed.name}' could not be removed.", "Close other programs that have its files open.", str(error)
        ) from error


def _owned(settings: Settings, folder: Path, action: str) -> ListedModel:
    """The user's model in ``folder``. Raises ``ModelError`` with ``action`` ('renamed') if it is not the user's."""
    listed = next((model for model in list_models(settings) if _is_same(model.folder, folder)), None)
    if listed is None:
        raise ModelError(f"There is no model in '{folder}'.", "It may have been removed.")
    if listed.bundled:
        raise ModelError(f"'{listed.name}' comes with QADesk and cannot be {action}.")
    if not listed.owned:
        raise ModelError(
            f"'{listed.name}' is not among QADesk's own models and cannot be {action} here.", f"It is in {folder}."
        )
    return listed


def _setting_of(folder: Path) -> str:
    if _is_same(folder, paths.bundled_model_dir()):
        return ""
    return folder.name if _is_owned(folder) else str(folder.absolute())


def _is_owned(folder: Path) -> bool:
    return _is_same(folder.parent, models_dir())


def _is_same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def _listed(folder: Path, used: Path) -> ListedModel:
    bundled, in_use = _is_same(folder, paths.bundled_model_dir()), _is_same(folder, used)
    owned = not bundled and _is_owned(folder)
    about = metadata.read_metadata(folder)
    origin = "Comes with QADesk" if bundled else describe.origin(about) or ("" if owned else f"In {folder}")
    size, scores = _size(folder), describe.scores(about)
    row = ListedModel(folder.name, folder, bundled, size=size, origin=origin, scores=scores, owned=owned, in_use=in_use)
    try:
        model = models.inspect(folder)
    except ModelError as error:
        return replace(row, problem=str(error))
    files = (("safetensors", model.safetensors), ("ONNX", model.onnx))
    formats = " and ".join(name for name, present in files if present)
    description = f"{model.architecture}, {formats}, {model.max_tokens} tokens"
    name = describe.in_one_line(model.name)
    speed, pace = _speed(model)
    return replace(row, name=name, description=describe.in_one_line(description), speed=speed, pace=pace)


def _size(folder: Path) -> int:
    """The bytes of the files in ``folder`` and in its folder ``onnx``."""
    parents = [parent for parent in (folder, folder / "onnx") if parent.is_dir()]
    return sum(path.stat().st_size for parent in parents for path in parent.iterdir() if path.is_file())


def _speed(model: Model) -> tuple[str, str]:
    """Whether the model has a fast graph, and the same in plain words. Reads no weights."""
    if model.onnx:
        return "fast graph of its own", "Fast on any processor"
    prepared = graphs.find_prepared_unread(model)
    if prepared is None:
        speed = "no fast graph yet: it is made at the first use, or by 'qadesk prepare'"
        return speed, "Slower at first: a faster form is made when it is used"
    if prepared.graph:
        kind, pace = f"fast graph in {prepared.precision}", "Fast: a faster form was made, and answers like the model"
    else:
        kind, pace = "no fast graph", "Slower: no faster form was made that answers like the model"
    return f"{kind}. {prepared.reason}" if prepared.reason else kind, pace
