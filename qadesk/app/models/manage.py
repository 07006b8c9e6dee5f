"""The models that are there, and what can be done with one: use, rename, remove, go back to the one before.

The user's models are the folders in ``models/`` of the user's data. The settings name such a model by its folder's
name, so that the data can move as a whole; any other folder by its path, and the bundled model by ''. Folders whose
name begins with a dot are unfinished work (``app.models.transfer``) and never listed.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qadesk import paths
from qadesk.app.models import describe, naming
from qadesk.app.reading.load import model_folder
from qadesk.errors import ModelError
from qadesk.qa import graphs, models
from qadesk.qa.models import Model
from qadesk.settings import Settings

_MAX_JSON = 2**20  # bytes


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model folder: its name, what it holds and how fast it is, or the ``problem`` that keeps it from being used.

    ``size`` of its files is in bytes. ``origin`` says in words where it came from, ``marks`` how good it was when it
    was trained, or is ''. ``owned`` models are in the user's folder of models: they can be renamed and removed.
    """

    name: str
    folder: Path
    bundled: bool
    description: str = ""
    speed: str = ""
    problem: str | None = None
    size: int = 0
    origin: str = ""
    marks: str = ""
    owned: bool = False
    in_use: bool = False

    @property
    def lines(self) -> list[str]:
        """In words: the name; its state, origin and size; then what keeps it from being used, or what it is."""
        state = "In use" if self.in_use else ""
        about = [state, self.origin, describe.megabytes(self.size) if self.size else ""]
        rest = [f"Cannot be used: {self.problem}"] if self.problem else [self.marks]
        return [line for line in (self.name, " · ".join(filter(None, about)), *rest) if line]


def list_models(settings: Settings | None = None) -> list[ListedModel]:
    """The bundled model, the user's models, and the one that the settings name where it is none of these.

    Usable or not, without reading weights. ``settings`` are those on the disk if none are given.
    """
    used = model_folder((settings or Settings())["model.folder"])
    folders = [paths.bundled_model_dir(), *own_folders()]
    if not any(_is_same(used, each) for each in folders):
        folders.append(used)
    return [_listed(each, used) for each in folders]


def own_folders() -> list[Path]:
    """The user's model folders, by name."""
    place = models_dir()
    return sorted(each for each in place.iterdir() if each.is_dir() and not each.name.startswith("."))


def models_dir() -> Path:
    """Where the user's models are. Made if it is not there."""
    folder = paths.data_dir() / "models"
    folder.mkdir(exist_ok=True)
    return folder


def new_place(name: str, settings: Settings | None = None) -> Path:
    """The folder of a new model called ``name``. Raises ``ModelError`` if it cannot be called so, or another one is."""
    wanted = naming.check(name)
    if wanted.casefold() in taken_names(settings):
        raise ModelError(f"There is already a model called '{wanted}'.", "Choose another name.")
    return models_dir() / wanted


def taken_names(settings: Settings | None = None) -> set[str]:
    """What models and their folders are called, in one case."""
    listed = list_models(settings)
    return {each.name.casefold() for each in listed} | {each.folder.name.casefold() for each in listed if each.owned}


def find(settings: Settings, name: str) -> ListedModel:
    """The listed model called ``name``: by what it is called, its folder's name, or its path. Raises ``ModelError``."""
    listed = list_models(settings)
    path = Path(name).expanduser().absolute()
    for is_it in (
        lambda each: each.name == name,
        lambda each: each.folder.name == name,
        lambda each: _is_same(each.folder, path),
    ):
        found = [each for each in listed if is_it(each)]
        if len(found) == 1:
            return found[0]
        if found:
            raise ModelError(f"{len(found)} models are called '{name}'.", "Name the folder of the one that you mean.")
    raise ModelError(f"There is no model '{name}'.", "See 'qadesk models list', or the list of models in the window.")


def use(settings: Settings, folder: Path) -> None:
    """Let the settings name the model in ``folder``, and keep the one before for ``roll_back``.

    Raises ``ModelError`` if it is not usable, ``SettingError`` if the settings cannot be written.
    """
    models.inspect(folder)
    before, wanted = settings["model.folder"], _setting_of(folder)
    if not _is_same(model_folder(before), folder):
        settings.set("model.previous", before)
        settings.set("model.folder", wanted)


def previous(settings: Settings) -> ListedModel | None:
    """The model that ``roll_back`` would go to; None where no other one was used before, or it is gone."""
    used, before = model_folder(settings["model.folder"]), model_folder(settings["model.previous"])
    if _is_same(used, before) or not before.is_dir():
        return None
    return _listed(before, used)


def roll_back(settings: Settings) -> ListedModel:
    """Use the model before again, and give it: twice goes back and forth. Raises ``ModelError``."""
    before = previous(settings)
    if before is None:
        raise ModelError("There is no model to go back to.", "Choose one in the list of models.")
    use(settings, before.folder)
    return before


def rename(settings: Settings, folder: Path, name: str) -> None:
    """Call the user's model in ``folder`` by another name; its folder stays where it is. Raises ``ModelError``."""
    wanted = naming.check(name)
    listed = _owned(settings, folder, "renamed")
    if listed.problem:
        raise ModelError(f"'{listed.name}' cannot be renamed: {listed.problem}", "Remove it, or mend its folder.")
    if any(wanted.casefold() == each.name.casefold() and each.folder != folder for each in list_models(settings)):
        raise ModelError(f"There is already a model called '{wanted}'.", "Choose another name.")
    note(folder, name=wanted)


def remove(settings: Settings, folder: Path) -> None:
    """Delete the user's model in ``folder``, and the graph that was made of it.

    Raises ``ModelError`` for the model in use and for those that are not among the user's.
    """
    listed = _owned(settings, folder, "removed")
    if listed.in_use:
        raise ModelError(f"'{listed.name}' is in use.", "Use another model first, then remove this one.")
    gone = folder.with_name(f"{naming.UNFINISHED}removed-{folder.name}")
    shutil.rmtree(gone, ignore_errors=True)  # of an attempt before
    try:
        folder.rename(gone)  # listed no more, whatever comes now
        shutil.rmtree(gone)
        graphs.tidy("")
    except OSError as error:
        raise ModelError(
            f"'{listed.name}' could not be removed.", "Close other programs that have its files open.", str(error)
        ) from error


def note(folder: Path, **facts: Any) -> None:
    """Write ``facts`` into ``qadesk.json`` of the model in ``folder``, beside what is there. Raises ``ModelError``."""
    path = folder / "qadesk.json"
    part = path.with_name(".qadesk.json.part")
    try:
        part.write_text(json.dumps({**extras(folder), **facts}, indent=1, ensure_ascii=False), encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        raise ModelError(
            f"The name of '{folder.name}' could not be written.", f"Check that {folder} can be written to.", str(error)
        ) from error


def extras(folder: Path) -> dict[str, Any]:
    """What ``qadesk.json`` in ``folder`` says; nothing if it is not there or cannot be read."""
    path = folder / "qadesk.json"
    with contextlib.suppress(OSError, ValueError, RecursionError):
        if path.stat().st_size <= _MAX_JSON:
            found = json.loads(path.read_text(encoding="utf-8"))
            return found if isinstance(found, dict) else {}
    return {}


def _owned(settings: Settings, folder: Path, what: str) -> ListedModel:
    listed = next((each for each in list_models(settings) if _is_same(each.folder, folder)), None)
    if listed is None:
        raise ModelError(f"There is no model in '{folder}'.", "It may have been removed.")
    if listed.bundled:
        raise ModelError(f"'{listed.name}' comes with QADesk and cannot be {what}.")
    if not listed.owned:
        raise ModelError(
            f"'{listed.name}' is not among QADesk's own models and cannot be {what} here.", f"It is in {folder}."
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
    said = extras(folder)
    origin = "Comes with QADesk" if bundled else describe.origin(said) or ("" if owned else f"In {folder}")
    size, marks = _size(folder), describe.marks(said)
    row = ListedModel(folder.name, folder, bundled, size=size, origin=origin, marks=marks, owned=owned, in_use=in_use)
    try:
        model = models.inspect(folder)
    except ModelError as error:
        return replace(row, problem=str(error))
    formats = " and ".join(name for name, there in (("safetensors", model.safetensors), ("ONNX", model.onnx)) if there)
    description = f"{model.architecture}, {formats}, {model.max_tokens} tokens"
    name = describe.in_one_line(model.name)
    return replace(row, name=name, description=describe.in_one_line(description), speed=_speed(model))


def _size(folder: Path) -> int:
    """The bytes of the files in ``folder``, and in its folder of graphs."""
    total = 0
    for place in (folder, folder / "onnx"):
        if place.is_dir():
            total += sum(each.stat().st_size for each in place.iterdir() if each.is_file())
    return total


def _speed(model: Model) -> str:
    """Whether the model has a fast graph, in words. Reads no weights."""
    if model.onnx:
        return "fast graph of its own"
    prepared = graphs.find_known(model)
    if prepared is None:
        return "no fast graph yet: it is made at the first use, or by 'qadesk prepare'"
    kind = f"fast graph in {prepared.precision}" if prepared.graph else "no fast graph"
    return f"{kind}. {prepared.reason}" if prepared.reason else kind
